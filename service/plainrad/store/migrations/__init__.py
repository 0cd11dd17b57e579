"""Steps from one shape of the tables to the next. Each runs up and down, on SQLite and on PostgreSQL."""
