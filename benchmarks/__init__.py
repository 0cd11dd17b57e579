"""How fast Plainrad is and how much memory it takes: `make bench`. README.md says what each table means."""
