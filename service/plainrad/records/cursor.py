"""Where a list goes on: opaque to callers, refused when it was not given out here."""

import base64
import binascii

from plainrad.errors import CursorInvalidError

_MARK = b"r1:"
_LAST = 2**31 - 1  # what a row number can be: PostgreSQL refuses to compare with more


def write_cursor(number: int) -> str:
    """Return the cursor for everything before a row."""
    return base64.urlsafe_b64encode(_MARK + str(number).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> int | None:
    """Return the row of a cursor (None for none); raises CursorInvalidError."""
    if cursor is None:
        return None
    try:
        if len(cursor) > 60:
            raise CursorInvalidError
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        number = raw.removeprefix(_MARK).decode("ascii")
        if not raw.startswith(_MARK) or not number.isdigit() or len(number) > 10 or int(number) > _LAST:
            raise CursorInvalidError
        return int(number)
    except (binascii.Error, ValueError):
        raise CursorInvalidError from None
