"""MLLP frames out of a stream of bytes, and into one. No I/O.

python-hl7's stream reader serves where the other side is known to behave (the sender uses it). Here it would not do: bytes before <VT>
spoil the message after them, an <FS> without <CR> stalls the connection, and of a message that is too large nothing is left to answer to.
"""

import re
from dataclasses import dataclass
from typing import Literal

START, END, RETURN = b"\x0b", b"\x1c", b"\r"
_BEGUN = re.compile(rb"\x0b(?=(?:\xef\xbb\xbf)?(?:MSH|BHS|FHS)[^A-Za-z0-9\s])")
_KEPT = 4_096  # of what is too large or no frame: enough for MSH


@dataclass(frozen=True, slots=True)
class Frame:
    """What came: a whole message; one that is too large, or bytes that are in no frame (then its beginning only)."""

    kind: Literal["message", "too_large", "unframed"]
    data: bytes


def frame(message: bytes) -> bytes:
    """Return the message between <VT> and <FS><CR>."""
    return START + message + END + RETURN


class Framer:
    """Cuts frames out of what is fed to it; holds no more than `limit` bytes and one piece."""

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._inside = False
        self._searched = 0

    @property
    def held(self) -> int:
        """Return how many bytes are held."""
        return len(self._buffer)

    @property
    def waiting(self) -> bool:
        """Return True while a message has begun and not ended."""
        return self._inside

    def feed(self, piece: bytes) -> list[Frame]:
        """Return what is complete now. After `too_large` or `unframed` the rest of the stream means nothing: close it."""
        self._buffer += piece
        found: list[Frame] = []
        while True:
            one = self._inside_frame() if self._inside else self._between()
            if one is None:
                return found
            if one.kind != "message":
                self._buffer.clear()
                self._inside, self._searched = False, 0
                return [*found, one]
            found.append(one)

    def drop(self) -> bytes:
        """Let go of what is held, and return its beginning. The rest of the stream means nothing: close it."""
        begun = bytes(self._buffer[:_KEPT])
        self._buffer.clear()
        self._inside, self._searched = False, 0
        return begun

    def end(self) -> Frame | None:
        """Return what a stream that has ended left unfinished, or None."""
        rest = bytes(self._buffer[:_KEPT]).strip(b"\r\n")
        return Frame("unframed", rest) if rest or self._inside else None

    def _between(self) -> Frame | None:
        """Skip line ends and <FS><CR> between frames (many senders write some); anything else must follow <VT>."""
        rest = self._buffer.lstrip(b"\r\n\x1c")
        self._buffer = bytearray(rest)
        if not rest:
            return None
        begin = rest.find(START)
        if begin == 0:
            del self._buffer[:1]
            self._inside, self._searched = True, 0
            return self._inside_frame()
        if begin < 0 and len(rest) < _KEPT and b"\r" not in rest:
            return None  # a piece may be cut anywhere
        return Frame("unframed", bytes(rest[:_KEPT]))

    def _inside_frame(self) -> Frame | None:
        end = self._buffer.find(END, self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return Frame("too_large", bytes(self._buffer[:_KEPT])) if len(self._buffer) > self._limit else None
        data = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if self._buffer.startswith(RETURN):
            del self._buffer[:1]
        self._inside, self._searched = False, 0
        if len(data) > self._limit:
            return Frame("too_large", data[:_KEPT])
        again = list(_BEGUN.finditer(data))
        if again:  # a message broke off and its sender began again; any other <VT> is a line break that somebody pasted
            data = data[again[-1].start() + 1 :]
        return Frame("message", data)
