"""HL7 v2: bytes -> Report or a refusal that can be answered; PatientReport -> ORU^R01; acknowledgements. Nothing here does I/O."""
