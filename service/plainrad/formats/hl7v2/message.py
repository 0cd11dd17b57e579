"""The structure of a message: segments, fields, repetitions, components; every character kept as it was sent.

python-hl7's `parse` is used in the tests as a second opinion and not here: it builds an object for each component of each line of a
report (some 800 messages a second against over 10,000), strips the last field, and gives text a tree that has to be put together again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from plainrad.formats.hl7v2.encodings import decode, encoding_of, plain
from plainrad.formats.hl7v2.escapes import Delimiters, unescape
from plainrad.formats.hl7v2.refusals import refused

_NAME = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)
_FRAME = b"\x0b\x1c\r\n"
MOST_SEGMENTS = 20_000  # the longest report has fewer lines; each costs half a kilobyte
_SHORT = 200  # a delimiter stands in the first characters of MSH, or nowhere
_ENCODING_CHARACTERS = (4, 5)


@dataclass(frozen=True)
class Segment:
    """One segment. `fields[n]` is field n as it was sent; for MSH too (MSH-1 is the separator)."""

    name: str
    fields: tuple[str, ...]
    delimiters: Delimiters

    def raw(self, number: int) -> str:
        """Return field `number` as it was sent, or ""; HL7's null ("") is no value either."""
        value = self.fields[number] if number < len(self.fields) else ""
        return "" if value == '""' else value

    def repetitions(self, number: int) -> list[str]:
        """Return the repetitions of a field that hold anything."""
        return [one for one in self.raw(number).split(self.delimiters.repetition) if one.strip()]

    def get(self, number: int, component: int = 1, subcomponent: int = 1, *, encoding: str = "utf-8") -> str:
        """Return one value of the first repetition, unescaped and stripped, or ""."""
        return self.part(self.raw(number).split(self.delimiters.repetition, 1)[0], component, subcomponent, encoding)

    def part(self, repetition: str, component: int = 1, subcomponent: int = 1, encoding: str = "utf-8") -> str:
        """Return one value of a repetition, unescaped and stripped, or ""."""
        components = repetition.split(self.delimiters.component)
        if component > len(components):
            return ""
        parts = components[component - 1].split(self.delimiters.subcomponent)
        value = parts[subcomponent - 1] if subcomponent <= len(parts) else ""
        return "" if value == '""' else unescape(value, self.delimiters, encoding=encoding).strip()

    @property
    def text(self) -> str:
        """Return the segment as it was sent."""
        head = self.fields[2:] if self.name == "MSH" else self.fields[1:]
        return self.delimiters.field.join((self.name, *head))


@dataclass(frozen=True)
class Message:
    """A message whose header can be read. Nothing is known yet about what it means."""

    segments: tuple[Segment, ...]
    delimiters: Delimiters
    encoding: str

    @property
    def header(self) -> Segment:
        """Return MSH."""
        return self.segments[0]

    def all(self, name: str) -> list[Segment]:
        """Return the segments of this name, in order."""
        return [one for one in self.segments if one.name == name]

    @cached_property
    def control_id(self) -> str:
        """Return MSH-10."""
        return self.header.get(10)

    @cached_property
    def sender(self) -> tuple[str, str]:
        """Return MSH-3 and MSH-4 (first components)."""
        return self.header.get(3), self.header.get(4)

    @cached_property
    def version(self) -> str:
        """Return MSH-12.1."""
        return self.header.get(12)


def parse_message(data: bytes, *, default_encoding: str | None = None) -> Message:
    """Return the message in `data` (without or with its frame); raises MessageError."""
    data, marked = plain(data.lstrip(_FRAME))
    data = data.strip(_FRAME)
    if not data.strip():
        raise refused("message_empty")
    delimiters, head = _header(data)
    declared = head.part(head.raw(18).split(delimiters.repetition, 1)[0])
    encoding = marked or encoding_of(declared, default_encoding)
    text = decode(data, encoding)
    segments = tuple(_segments(text, delimiters))
    if sum(one.name == "MSH" for one in segments) > 1:
        raise refused("message_several")
    return Message(segments, delimiters, encoding)


def peek_header(data: bytes) -> Segment | None:
    """Return MSH of whatever can be read of it, so that even what is refused is answered to the right message."""
    try:
        return _header(plain(data.lstrip(_FRAME))[0].lstrip(_FRAME))[1]
    except Exception:
        return None  # whatever is wrong with it, parse_message says so


def _header(data: bytes) -> tuple[Delimiters, Segment]:
    """Return MSH read as Latin-1, which every encoding that is taken here agrees with in the characters that matter."""
    line = re.split(rb"[\r\n]", data, maxsplit=1)[0].decode("latin-1")
    mark = line[3:4]
    end = line.find(mark, 4, _SHORT) if mark else -1
    characters = line[4:end] if end > 0 else line[4:9]
    every = mark + characters
    usable = all(one.isascii() and one.isprintable() and not one.isalnum() and one not in ' "' for one in every)
    if line[:3] != "MSH" or len(characters) not in _ENCODING_CHARACTERS or not usable or len(set(every)) < len(every):
        raise refused("message_header")
    delimiters = Delimiters(mark, *characters)
    return delimiters, _segment(line, delimiters)


def _segment(line: str, delimiters: Delimiters) -> Segment:
    name, *fields = line.split(delimiters.field)
    if name == "MSH":
        fields.insert(0, delimiters.field)
    return Segment(name, (name, *fields), delimiters)


def _segments(text: str, delimiters: Delimiters) -> Iterator[Segment]:
    """Yield the segments. What ends MSH ends every segment: CR by the standard, LF or both in files.

    A line that is no segment is refused: it could be the rest of a text, and a "no" in it would be lost. A line feed inside a text
    (where CR ends the segments) is a line break of that text; where a segment follows it, nobody can know what was meant.
    """
    ends = "\n" if re.search("[\r\n]", text + "\r").group() == "\n" else "\r"  # type: ignore[union-attr]
    if ends == "\r" and text.find("\r\n") == text.find("\r"):
        text = text.replace("\r\n", "\r")
    if text.count(ends) > MOST_SEGMENTS:
        raise refused("message_too_large")
    beginning = re.compile(rf"\n[A-Z][A-Z0-9]{{2}}{re.escape(delimiters.field)}")
    for line in text.split(ends):
        if not line.strip():
            continue
        if len(line) < 4 or line[3] != delimiters.field or not _NAME.fullmatch(line[:3]):
            raise refused("segment_invalid")
        if ends == "\r" and "\n" in line and beginning.search(line):
            raise refused("segment_invalid")
        yield _segment(line.removesuffix("\r") if ends == "\n" else line, delimiters)
