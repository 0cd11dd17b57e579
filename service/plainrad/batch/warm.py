"""Imported by the process that the workers are copies of: what it builds, they have at once and share in memory."""

from contextlib import suppress

from plainrad.bootstrap import plainrad

# A worker that finds nothing built tries again, and says what was wrong.
with suppress(Exception):
    plainrad()
