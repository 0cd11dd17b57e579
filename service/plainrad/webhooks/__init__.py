"""Telling portals that a report was released: whom we may call, how it is signed, when it is tried again. No word of a report goes out."""
