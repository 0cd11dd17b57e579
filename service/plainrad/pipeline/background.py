"""Where a request, a technique or a comparison ends and findings begin that have no header of their own.

"Clinical details: fall. There is a fracture." is one line in many reports. Read to its end as the request, nothing would be told as found.
"""

import re

from plainrad.pipeline.rules import Grammar, SectionRules

_LABEL = re.compile(r"^(?P<line>[^\S\n]*(?:[*\-\u2022][^\S\n]*)?(?P<title>[A-Za-z][A-Za-z /]{1,30}?)[^\S\n]*:)", re.M)
_SPACE = re.compile(r"[\s\-]+")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*(?=\S)")
_NEXT = re.compile(r"\n\s*(?=\S)|(?<=[.?!;])\s+(?=[A-Z0-9?(])")
_NOTHING = re.compile(r"\W*(?:none|nil|not available|no (?:previous|prior|recent|relevant)\b[^.\n]*)\W*$", re.I)
_WORD = re.compile(r"[a-z][a-z\-']*|\?")
_SAYS = ("there is", "there are", "there has", "there have")
_SHORTEST = 2  # words of a sentence that can say what a picture shows


class BackgroundEnd:
    """Finds the place, by an empty line, an organ's label, or the first sentence that says what pictures show."""

    def __init__(self, rules: SectionRules, grammar: Grammar) -> None:
        self._labels = rules.labels
        self._personal = rules.personal_headers
        self._pictures = rules.picture_words
        self._people = rules.request_words | grammar.symptom_words
        self._denied = rules.denied_in_requests | grammar.symptom_words

    def find(self, text: str, title: str, body: int, end: int, *, findings_follow: bool) -> int:
        """Return where findings begin in `text[body:end]` under the header `title`; `end` where none do, or a later header opens them."""
        first = re.compile(r"\S").search(text, body, end)
        if first is None:
            return end
        gap = _EMPTY_LINE.search(text, first.start(), end)
        label = next((m for m in _LABEL.finditer(text, first.start(), end) if self._is_label(m["title"])), None)
        stops = [match.end() for match in (gap,) if match] + [match.start("line") for match in (label,) if match]
        if not findings_follow:
            personal = title.lower() in self._personal
            stops.append(self._first_said(text, first.start(), min([end, *stops]), personal=personal))
        return min([end, *stops])

    def _is_label(self, title: str) -> bool:
        key = _SPACE.sub(" ", title.lower()).strip()
        return key in self._labels or key.removeprefix("right ").removeprefix("left ") in self._labels

    def _first_said(self, text: str, start: int, end: int, *, personal: bool) -> int:
        """Return where the sentences begin that say what was seen: after the last question, and never the first sentence."""
        starts = [start, *(match.end() for match in _NEXT.finditer(text, start, end))]
        parts = [text[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
        asked = max((number for number, part in enumerate(parts) if self._asks(part)), default=-1)
        from_here = max(1, asked + 1)
        said = [number for number in range(from_here, len(parts)) if self._says(parts[number], personal=personal)]
        if not said:
            return end
        if asked >= 0:
            return starts[asked + 1]  # what follows the question is the answer
        lines = [number for number in range(1, said[0] + 1) if "\n" in text[starts[number - 1] : starts[number]]]
        return starts[lines[-1] if lines else said[0]]

    def _asks(self, part: str) -> bool:
        words = _WORD.findall(part.lower())
        return "?" in words or words[:1] == ["query"] or "please" in words

    def _says(self, part: str, *, personal: bool) -> bool:
        words = _WORD.findall(part.lower())
        if len(words) < _SHORTEST or _NOTHING.match(part):
            return False
        if personal:
            return bool(self._pictures & set(words)) and not self._people & set(words)
        if words[0] in ("no", "nil"):
            return not self._denied & set(words)  # "No fracture", but not "no previous surgery"
        return not self._people & set(words) and (part.lower().startswith(_SAYS) or bool(self._pictures & set(words)))
