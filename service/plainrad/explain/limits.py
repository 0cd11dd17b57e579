"""Which sentence tells that something could not be seen."""

import re

_NOT_SCANNED = re.compile(
    r"\bnot (?:been )?(?:scanned|imaged|included|examined|covered|performed|done|requested)\b", re.IGNORECASE
)


def limited_name(cue: str) -> str:
    """Return which sentence tells a limit: what was no part of the scan, or what could not be seen well."""
    return "not_scanned" if _NOT_SCANNED.search(cue) else "limited"
