r"""Escape sequences of HL7 v2 (chapter 2, 2.7), in and out.

python-hl7's `unescape` is not used: it swallows what stands between two stray backslashes ("L4\5 and L5\S1"), puts "_" for
highlighting, reads \Xdd\ one byte at a time whatever the character set, fails on a malformed \.sp\, and logs the field's words.
Here a sequence that is not known, or cannot be decoded, stays exactly as it was sent.
"""

import re
from dataclasses import dataclass

_MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What MSH-1 and MSH-2 name. `truncation` (2.7) is only carried."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    truncation: str = ""

    @property
    def encoding_characters(self) -> str:
        """Return MSH-2."""
        return self.component + self.repetition + self.escape + self.subcomponent + self.truncation


STANDARD = Delimiters()
_PATTERNS: dict[str, re.Pattern[str]] = {}


def unescape(text: str, delimiters: Delimiters = STANDARD, *, encoding: str = "utf-8") -> str:
    """Return the text that was meant: delimiters, line breaks, characters by number; layout and highlighting carry no words."""
    mark = delimiters.escape
    if mark not in text:
        return text
    pattern = _PATTERNS.get(mark)
    if pattern is None:
        quoted = re.escape(mark)
        pattern = _PATTERNS[mark] = re.compile(
            rf"{quoted}(?:([FSTREHN])|\.(br|ce|fi|nf|(?:sp|sk|in|ti)([+-]?\d{{0,3}}))|X((?:[0-9A-Fa-f]{{2}})+)){quoted}"
        )
    meant = {
        "F": delimiters.field,
        "S": delimiters.component,
        "R": delimiters.repetition,
        "T": delimiters.subcomponent,
        "E": mark,
        "H": "",
        "N": "",
    }

    def character(match: re.Match[str]) -> str:
        letter, command, number, digits = match.groups()
        if letter:
            return meant[letter]
        if command:
            return _layout(command[:2], number or "")
        return _characters(digits, encoding) or match.group()

    return pattern.sub(character, text)


def _layout(command: str, number: str) -> str:
    count = min(max(int(number.lstrip("+-") or 1), 0), _MOST_LINES)
    return {"br": "\n", "ce": "\n", "sp": "\n" * count, "sk": " " * count}.get(command, "")


def _characters(digits: str, encoding: str) -> str | None:
    """Return the characters of hexadecimal bytes, or None where they are none or would be control characters other than line ends."""
    try:
        text = bytes.fromhex(digits).decode(encoding)
    except (UnicodeDecodeError, ValueError):
        return None
    return None if any(ord(one) < 0x20 and one not in "\t\n\r" for one in text) else text


def escape(text: str, delimiters: Delimiters = STANDARD) -> str:
    """Return `text` as it stands in a field: delimiters as escapes, every kind of line end as one .br; no other escape is used.

    Receivers such as Patients Know Best read only these.
    """
    mark = delimiters.escape
    table = {
        mark: "E",
        delimiters.field: "F",
        delimiters.component: "S",
        delimiters.repetition: "R",
        delimiters.subcomponent: "T",
        "\n": ".br",
    }
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(f"{mark}{table[one]}{mark}" if one in table else one for one in joined)
