"""Where reports are kept: SQLAlchemy tables, the unit of work, sealed identifiers, the audit chain. SQLAlchemy is used here only."""
