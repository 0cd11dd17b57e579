"""A title, and a request, that stand at the beginning of a report without a header."""

import re

from plainrad.domain.reading import SectionKind
from plainrad.pipeline.asking import Asking
from plainrad.pipeline.rules import Rules
from plainrad.pipeline.text import match_words
from plainrad.pipeline.voices import Voices

_SAYS = frozenset({"is", "are", "there", "no", "was", "were", "has", "have", "this", "these", "not"})
_VERBS = frozenset({"seen", "demonstrated", "demonstrates", "shows", "identified", "noted", "visualised", "appears", "measures", "normal", "unremarkable", "clear"})  # fmt: skip
_ARRANGED = frozenset({"surveillance", "screening", "protocol", "clinic", "review"})  # "AAA surveillance"
_LONGEST_TITLE, _MOST_TITLE_WORDS = 80, 10
_LONGEST_REQUEST = 100  # words that are looked at
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_LOWEST = -2  # a few words of pictures may stand before the question: "CT shows a lesion. ?haemangioma"
_ENOUGH = 2  # points of a request as a whole


class Opening:
    """Finds where a title ends, and where a request does, before the first header."""

    def __init__(self, rules: Rules, voices: Voices) -> None:
        self._modalities = rules.exams.modalities
        self._voices = voices
        self._asking = Asking(rules.request, voices)

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
        tested = self._names_test(first)
        if self._voices.names_any(first) and not words & _ARRANGED and not tested:
            return 0
        if not tested and self._asking.points(first) >= _ENOUGH:
            return 0
        return line_end + 1 if line_end >= 0 else stop

    def _names_test(self, line: str) -> bool:
        words = match_words(line)
        return any(self._modalities.longest(words, start) for start in range(len(words)))

    def request_end(self, text: str, start: int, stop: int, following: SectionKind | None) -> int:
        """Return where a leading request ends (`start` when there is none); `following` is the kind of the first header.

        It ends where the points of its sentences sum to most: what comes behind speaks of pictures more than of the person.
        """
        begin = start + len(text[start:stop]) - len(text[start:stop].lstrip())
        starts, parts = self._voices.parts(text, begin, stop, telegram=True)
        if following == "findings" and not any(self._voices.says(part) for part in parts):
            return stop  # what stands before "Report:"
        best, most, total, words = 0, 0, 0, 0
        for number, part in enumerate(parts):
            words += len(part.split())
            if words > _LONGEST_REQUEST or (
                most >= _ENOUGH and _EMPTY_LINE.search(text, starts[number - 1], starts[number])
            ):
                break
            begins = self._asking.opens(part)
            if begins:
                total += begins
                best, most = (number, total) if total > most and number else (best, most)
                break
            points = self._asking.points(part)
            if total + points < _LOWEST or (most >= _ENOUGH and points <= _LOWEST):
                break  # pictures are spoken of
            total += points
            if total > most:
                best, most = number + 1, total
        else:
            if following in ("technique", "comparison") and best == len(parts):
                most += 1
        if most < _ENOUGH:
            return start
        if best == len(parts) and following is None:  # nothing but a request, or one long sentence about anything
            return stop if self._asking.of_somebody(parts[0]) and self._asking.asks_only(parts) else start
        best = self._rest_of_line(text, starts, parts, best)
        return starts[best] if best < len(parts) else stop

    def _rest_of_line(self, text: str, starts: list[int], parts: list[str], best: int) -> int:
        """Return the first part of the next line where the rest of this one tells nothing of pictures."""
        last = best
        while last < len(parts) and "\n" not in text[starts[last - 1] : starts[last]]:
            if self._voices.says(parts[last]) or self._asking.points(parts[last]) < -1:
                return best
            last += 1
        return last if last < len(parts) else best
