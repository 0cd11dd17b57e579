"""Where a request, a technique or a comparison ends and findings begin that have no header of their own.

"Clinical details: fall. There is a fracture." is one line in many reports. Read to its end as the request, nothing would be told as found.
"""

import re

from plainrad.domain.reading import SectionKind
from plainrad.pipeline.rules import SectionRules
from plainrad.pipeline.voices import Voices

_LABEL = re.compile(r"^(?P<line>[^\S\n]*(?:[*\-\u2022][^\S\n]*)?(?P<title>[A-Za-z][A-Za-z /]{1,30}?)[^\S\n]*:)", re.M)
_EMPTY_LINE = re.compile(r"\n[^\S\n]{0,60}\n\s{0,60}(?=\S)")


class BackgroundEnd:
    """Finds the place, by an empty line, an organ's label, or the first sentence that says what pictures show."""

    def __init__(self, rules: SectionRules, voices: Voices) -> None:
        self._personal = rules.personal_headers
        self._voices = voices

    def find(self, text: str, kind: SectionKind, title: str, body: int, end: int, *, findings_follow: bool) -> int:
        """Return where findings begin in `text[body:end]` under the header `title`; `end` where none do, or a later header opens them."""
        first = re.compile(r"\S").search(text, body, end)
        if first is None:
            return end
        gap = _EMPTY_LINE.search(text, first.start(), end)
        label = next((m for m in _LABEL.finditer(text, first.start(), end) if self._voices.is_label(m["title"])), None)
        stops = [match.end() for match in (gap,) if match] + [match.start("line") for match in (label,) if match]
        if not findings_follow:
            until = min([end, *stops])
            if kind == "history":
                stops.append(self._after_request(text, first.start(), until, personal=title.lower() in self._personal))
            else:
                operation = "procedure" in title.lower()  # its story goes on over whatever was found on the way
                stops.append(self._after_technique(text, first.start(), until, names=not operation))
        return min([end, *stops])

    def _after_technique(self, text: str, start: int, end: int, *, names: bool) -> int:
        """Return where a sentence, but not the first, says what was seen or names a finding."""
        starts, parts = self._voices.parts(text, start, end)
        said = (
            n
            for n in range(1, len(parts))
            if self._voices.says(parts[n]) or (names and self._voices.names(parts[n], technique=True))
        )
        return next((starts[n] for n in said), end)

    def _after_request(self, text: str, start: int, end: int, *, personal: bool) -> int:
        """Return where the header's own line stops asking, else the first later line that says or names what is seen."""
        starts, parts = self._voices.parts(text, start, end)
        new_lines = [n for n in range(1, len(parts)) if "\n" in text[starts[n - 1] : starts[n]]]
        first_line = new_lines[0] if new_lines else len(parts)
        asked = max((n for n in range(first_line) if self._voices.asks(parts[n])), default=-1)
        said = [n for n in range(max(1, asked + 1), first_line) if self._voices.says(parts[n], personal=personal)]
        if said:
            return starts[asked + 1 if asked >= 0 else said[0]]  # what follows the question is the answer
        for number in new_lines:
            if self._voices.asks(parts[number]):
                continue
            named = not personal and self._voices.names(parts[number])
            if named or self._voices.says(parts[number], personal=personal):
                return starts[number]
        later = [n for n in range(first_line, len(parts)) if self._voices.says(parts[n], personal=personal)]
        lines = [n for n in new_lines if later and n <= later[0]]
        return starts[lines[-1]] if lines else end
