"""Is a DICOM file whole? pydicom reads what there is of a file that was cut short; half a report may say the opposite of the whole.

The elements are walked without looking at values: every length must fit into what is around it (PS3.5, section 7). Only the little-endian
syntaxes without compression are read, so nothing can swell.
"""

from typing import Final

from plainrad.errors import DicomInvalidError, DicomUnsupportedError
from plainrad.formats.dicom.names import EXPLICIT_LITTLE, SYNTAXES

MAX_DEPTH: Final = 60
MAX_ELEMENTS: Final = 200_000
_UNDEFINED: Final = 0xFFFFFFFF
_LONG: Final = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_ITEM: Final = 0xFFFEE000
_ITEM_END: Final = 0xFFFEE00D
_SEQUENCE_END: Final = 0xFFFEE0DD
_SYNTAX: Final = 0x00020010


def check_whole(data: bytes) -> None:
    """Return if `data` is one whole DICOM file; raises DicomInvalidError or DicomUnsupportedError."""
    if len(data) < 140 or data[128:132] != b"DICM":
        raise _broken()
    walk = _Walk(data)
    start = walk.meta(132)
    if walk.syntax not in SYNTAXES:
        raise DicomUnsupportedError(
            "The transfer syntax is not read. Send explicit or implicit VR little endian, uncompressed."
        )
    if start >= len(data):
        raise _broken()
    walk.elements(start, len(data), explicit=walk.syntax == EXPLICIT_LITTLE, depth=0)


def _broken() -> DicomInvalidError:
    return DicomInvalidError("This is not a whole DICOM file: it is damaged or was cut short. Send it again.")


class _Walk:
    """Walks over the elements of one file, and counts them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count = 0
        self.syntax = ""

    def meta(self, at: int) -> int:
        """Return where the data set begins, and learn its transfer syntax."""
        while at + 4 <= len(self._data) and self._data[at : at + 2] == b"\x02\x00":
            tag, _, length, value = self._head(at, len(self._data), explicit=True)
            if length == _UNDEFINED:
                raise _broken()
            at = value + length
            if at > len(self._data):
                raise _broken()
            if tag == _SYNTAX:
                self.syntax = self._data[value:at].rstrip(b"\x00 ").decode("ascii", "replace")
        return at

    def elements(self, at: int, end: int, *, explicit: bool, depth: int, until: int | None = None) -> int:
        """Walk to `end`, or to the delimiter `until`, and return the place after it."""
        if depth > MAX_DEPTH:
            raise _broken()
        before = -1
        while at < end:
            tag, kind, length, value = self._head(at, end, explicit=explicit)
            if until is not None and tag == until:
                return value
            if tag <= before or tag >> 16 == 0xFFFE:
                raise _broken()
            before = tag
            if length == _UNDEFINED:
                inner = explicit and kind != b"UN"  # an unknown sequence of undefined length is implicit (PS3.5, 6.2.2)
                at = self._items(value, end, explicit=inner, depth=depth, until=True)
            else:
                at = value + length
                if at > end:
                    raise _broken()
                if kind == b"SQ":
                    self._items(value, at, explicit=explicit, depth=depth, until=False)
        if until is not None or at != end:
            raise _broken()
        return at

    def _items(self, at: int, end: int, *, explicit: bool, depth: int, until: bool) -> int:
        while at < end:
            tag, _, length, value = self._head(at, end, explicit=False)
            if until and tag == _SEQUENCE_END:
                return value
            if tag != _ITEM:
                raise _broken()
            if length == _UNDEFINED:
                at = self.elements(value, end, explicit=explicit, depth=depth + 1, until=_ITEM_END)
            else:
                at = value + length
                if at > end:
                    raise _broken()
                self.elements(value, at, explicit=explicit, depth=depth + 1)
        if until or at != end:
            raise _broken()
        return at

    def _head(self, at: int, end: int, *, explicit: bool) -> tuple[int, bytes, int, int]:
        """Return tag, VR, length and where the value begins."""
        self._count += 1
        if at + 8 > end or self._count > MAX_ELEMENTS:
            raise _broken()
        data = self._data
        tag = int.from_bytes(data[at : at + 2], "little") << 16 | int.from_bytes(data[at + 2 : at + 4], "little")
        if not explicit or tag >> 16 == 0xFFFE:
            return tag, b"", int.from_bytes(data[at + 4 : at + 8], "little"), at + 8
        kind = data[at + 4 : at + 6]
        if kind in _LONG:
            if at + 12 > end:
                raise _broken()
            return tag, kind, int.from_bytes(data[at + 8 : at + 12], "little"), at + 12
        return tag, kind, int.from_bytes(data[at + 6 : at + 8], "little"), at + 8
