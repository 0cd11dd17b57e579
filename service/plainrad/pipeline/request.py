"""A title, and a request, that stand at the beginning of a report without a header."""

import re

from plainrad.domain.reading import SectionKind
from plainrad.pipeline.rules import Rules
from plainrad.pipeline.text import match_words
from plainrad.pipeline.voices import Voices

_PERSON = re.compile(r"\s*\d{1,3}\s?(?:[MF]\b|yo\b|y/o\b|yrs?\b|year)", re.I)  # "68F, weight loss"
_CUE = re.compile(r"[a-z/]+|\?")
_SAYS = frozenset({"is", "are", "there", "no", "was", "were", "has", "have", "this", "these", "not"})
_VERBS = frozenset({"seen", "demonstrated", "demonstrates", "shows", "identified", "noted", "visualised", "appears", "measures", "normal", "unremarkable", "clear"})  # fmt: skip
_ARRANGED = frozenset({"surveillance", "screening", "protocol", "clinic", "review"})  # "AAA surveillance"
# One of these is enough where two other words of a request are asked for.
_TOLD = re.compile(
    r"\b(?:end of treatment|(?:re)?staging|(?:on|for) (?:chemo\w*|immunotherapy|treatment)|follow[ -]?up of|colonoscopy:|bx)\b",
    re.I,
)
_LONGEST_TITLE, _MOST_TITLE_WORDS = 80, 10
_LONGEST_REQUEST = 40  # words of a block that is taken for a request by one cue


class Opening:
    """Finds where a title ends, and where a request does, before the first header."""

    def __init__(self, rules: Rules, voices: Voices) -> None:
        self._modalities = rules.exams.modalities
        self._cues = rules.request_cues
        self._voices = voices

    def title_end(self, text: str, stop: int, *, more: bool) -> int:
        """Return where the title in the first line ends; 0 where the first line is none: it asks, or names a finding and no test."""
        line_end = text.find("\n", 0, stop)
        first = text[: line_end if line_end >= 0 else stop].strip()
        rest = text[line_end + 1 : stop].strip() if line_end >= 0 else ""
        words = set(first.lower().split())
        long = len(first) > _LONGEST_TITLE or len(first.split()) > _MOST_TITLE_WORDS
        if not first or not (rest or more) or long or first.endswith((".", ";", ",")) or "?" in first:
            return 0
        if rest[:1].islower() or words & (_VERBS | _SAYS):
            return 0
        if self._voices.names_any(first) and not words & _ARRANGED and not self._names_test(first):
            return 0
        return line_end + 1 if line_end >= 0 else stop

    def _names_test(self, line: str) -> bool:
        words = match_words(line)
        return any(self._modalities.longest(words, start) for start in range(len(words)))

    def request_end(self, text: str, start: int, stop: int, following: SectionKind | None) -> int:
        """Return where a leading request ends (`start` when there is none); `following` is the kind of the first header."""
        body = text[start:stop]
        starts, parts = self._voices.parts(text, start + len(body) - len(body.lstrip()), stop)
        if following == "findings" and not any(self._voices.says(part) for part in parts):
            return stop  # what stands before "Report:"
        if self._voices.says(parts[0]) or self._voices.doubts(parts[0]):
            return start
        block = re.match(r"\s*(.+?)\n[^\S\n]*\n(?=\s*\S)", body, re.DOTALL)
        if block is not None and self._is_block(block[1]):
            return start + block.end()
        new_line = next((n for n in range(1, len(parts)) if "\n" in text[starts[n - 1] : starts[n]]), len(parts))
        end_of_line = starts[new_line] if new_line < len(parts) else stop
        asked = max((n for n in range(new_line) if self._voices.asks(parts[n])), default=-1)
        line, more = text[start:end_of_line], end_of_line < stop
        if asked >= 0 and len(line.split()) <= 2 * _LONGEST_REQUEST:
            if more and not any(self._voices.says(part) for part in parts[asked + 1 : new_line]):
                return end_of_line
            if asked + 1 < new_line:
                return starts[asked + 1]
            return end_of_line if more or following is not None or _PERSON.match(body) else start
        return self._told(text, start, end_of_line, parts[:new_line], more=more or following is not None)

    def _is_block(self, block: str) -> bool:
        words = _CUE.findall(block.lower())
        return len(words) <= _LONGEST_REQUEST and not set(words) & _VERBS and bool(set(words) & self._cues)

    def _told(self, text: str, start: int, end: int, parts: list[str], *, more: bool) -> int:
        """Return the end of a line that asks nothing and tells why the scan was asked for: by its words, or by what no scan shows."""
        line = text[start:end]
        words = _CUE.findall(line.lower())
        if set(words) & _VERBS or len(words) > _LONGEST_REQUEST or any(self._voices.says(part) for part in parts):
            first = _CUE.findall(parts[0].lower())
            told = len(set(first) & self._cues) > 1 and not set(first) & _VERBS and len(parts) > 1
            return start + line.index(parts[0]) + len(parts[0]) if told else start
        if not more and not _PERSON.match(line):
            first = _CUE.findall(parts[0].lower())
            told = len(parts) > 1 and len(set(first) & self._cues) > 1
            return start + line.index(parts[0]) + len(parts[0]) if told else start
        told = len(set(words) & self._cues) > 1 or bool(_TOLD.search(line)) or self._voices.only_background(line)
        return end if told else start
