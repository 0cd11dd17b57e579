"""Reading + reviewed words -> PatientReport. Everything said here rests on a mention and comes from reviewed wording."""
