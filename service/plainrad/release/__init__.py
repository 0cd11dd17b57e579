"""When may whom see what."""
