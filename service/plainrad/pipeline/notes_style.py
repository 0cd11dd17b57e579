"""Notes without a full stop: what ends a sentence in them is the end of a line, or two spaces."""

import re
from typing import Final

from plainrad.pipeline.text import Tokens

_STOP = re.compile(r"[.;](?=\s|$)")
_GAP = re.compile(r"(?<=[A-Za-z0-9)%]) {2,3}(?=[A-Za-z])")
_COLUMN = re.compile(r"\S {4,}\S|\t")
_LEAST: Final = 3  # lines or gaps: fewer are no habit


class NotesStyle:
    """Says where a sentence ends in the words of one section, over and above what full stops and line ends say."""

    def __init__(self, text: str, *, wrapped: bool) -> None:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        small = sum(line[0].islower() for line in lines)
        stopped = _STOP.search(text) is not None
        self._by_line = not stopped and not wrapped and len(lines) >= _LEAST and small * 2 > len(lines)
        self._by_gap = not stopped and not _COLUMN.search(text) and len(_GAP.findall(text)) >= _LEAST

    def ends(self, tokens: Tokens, index: int) -> bool:
        """Return True where token `index` is the last of its sentence."""
        if self._by_line and tokens.raw[index] == "\n":
            return True
        if not self._by_gap or index + 1 >= len(tokens):
            return False
        return _GAP.match(tokens.text, tokens.ends[index]) is not None
