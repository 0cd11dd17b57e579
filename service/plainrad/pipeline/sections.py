"""`rad_sections`: the parts of a report by their headers; a request without a header at the beginning is found too."""

import re
from collections.abc import Iterator
from datetime import datetime

from rapidfuzz.distance import OSA
from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import SectionKind
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.background import BackgroundEnd
from plainrad.pipeline.closings import Closing
from plainrad.pipeline.copied import find_copy, set_apart
from plainrad.pipeline.drafts import SectionDraft, work
from plainrad.pipeline.request import Opening
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Rules, SectionRules
from plainrad.pipeline.voices import Voices

_HEADER = re.compile(r"(?:^|(?<=[.!?;]\s)|(?<=[.!?]))[^\S\n]*(?:[*\-#]+[^\S\n]*)?(?P<title>[A-Za-z][A-Za-z/&'() \-]{1,48}?)[^\S\n]*(?P<mark>:|(?=\n|$)|(?<=\s)-(?=\s))", re.M)  # fmt: skip
_SPACE = re.compile(r"[\s\-]+")
_ADDENDUM = re.compile(r"^[^\S\n]*(?P<title>addendum|addenda|amendment|correction|supplementary (?:report|comment)|amended report|corrected report)\b(?:[^\n:]|:(?=\d)){0,60}(?::(?!\d)|$)", re.I | re.M)  # fmt: skip
# "ADDENDUM 14:10  On further review ...", "Addendum 12/03/24 The ...", and "On further review, ..." at the beginning of a line.
_LATER = re.compile(
    r"(?:^[^\S\n]*[-=_*]*[^\S\n]{0,2}|(?<=[.!?])[^\S\n]{1,4})(?P<title>(?i:addendum|amendment|supplementary report|amended report))[^\S\n]+(?i:(?:no\.? ?)?\d[^\S\n]+)?"
    r"(?i:(?:on|at|dated)[^\S\n]+)?(?:\d{1,2}[/.:\-]\d{1,2}(?:[/.:\-]\d{2,4})?(?:[^\S\n]{1,2}(?i:at |@ ?)?\d{1,2}[:.]\d{2})?(?i:hrs|h)?[^\S\n]*[-:,]?)(?=\s)",
    re.M,
)
_SECOND_LOOK = re.compile(
    r"(?<=\S)[^\S\n]*\n\s*(?=(?P<title>(?i:on (?:further|second|subsequent|retrospective|later|re-?)[ -]?(?:review|look|reading|inspection)|having (?:re-?reviewed|reviewed (?:this|the images|these images) again)))\b)"
)
_LATER_WORDS = (
    "addend",
    "amend",
    "correct",
    "supplementary",
)  # one of them stands in all that _ADDENDUM and _LATER find
_LOOK_WORDS = ("review", "look", "reading", "inspection")  # and one of these in what _SECOND_LOOK does
_SHOUTED_COLON = re.compile(r"[A-Z)][^\S\n]*:")
_OLDER = re.compile(r"\b(?:previous|prior|last|earlier|old|outside)\s+$", re.IGNORECASE)
_NEAR_BEFORE = 12  # characters
_FUZZY_FROM = 7
_Header = tuple[SectionKind, str, int, int]  # kind, title, where the header begins, where its words do
_BACKGROUND = ("history", "technique", "comparison")


class SectionFinder:
    """Finds headers: at the beginning of a line, or after the end of a sentence where a colon follows."""

    def __init__(self, rules: Rules, glossary: Glossary) -> None:
        self._rules: SectionRules = rules.sections
        self._voices = Voices(rules.sections, rules.grammar, glossary)
        self._closing = Closing(self._voices)
        self._opening = Opening(rules, self._voices)
        self._background_end = BackgroundEnd(rules.sections, self._voices)
        shouted = sorted((one.upper() for one in self._rules.headers if len(one) >= _FUZZY_FROM), key=len, reverse=True)
        self._shouted = re.compile(r"(?<=\s)(?P<title>" + "|".join(map(re.escape, shouted)) + r")[^\S\n]*:")
        bare = sorted(rules.sections.bare_headers, key=len, reverse=True)
        capitals = "|".join(one.upper() for one in bare)
        titles = "|".join(re.escape(one.capitalize()) for one in bare)
        # "?cancer REPORT There is ...", "?cancer Report: ...", and at the beginning of a line "Findings Heart size normal."
        self._bare = re.compile(
            rf"(?<![^\s])(?P<title>{capitals})\b(?!\s+[A-Z]{{2,}}\b)[^\S\n]*(?:[:\-]|(?=\S))"
            rf"|(?<=\s)(?P<colon>{titles})[^\S\n]*:|^(?P<first>{titles})\.?[^\S\n]+(?=[A-Z0-9?])"
            r"|(?<=\s)(?P<said>Report|Findings|Conclusion|Impression)[^\S\n]+(?=(?:There|No|The|Normal)\b)",
            re.MULTILINE,
        )
        self._title = re.compile(rf"(?<!\S)(?:{capitals}|{titles})")
        self._fuzzy = [header for header in self._rules.headers if len(header) >= _FUZZY_FROM]

    def __call__(self, doc: Doc) -> Doc:
        """Assign `doc._.sections`: together they cover the text from end to end."""
        text = work(doc).tokens.text
        found, older = self._found(text, work(doc).context.exam.performed_at)
        sections: list[SectionDraft] = []
        first = found[0][2] if found else len(text)
        if text[:first].strip():
            sections.extend(self._unheaded(text, first, found[0][0] if found else None))
        opens = max((n for n, one in enumerate(found) if one[0] == "findings"), default=-1)
        for index, (kind, title, start, body) in enumerate(found):
            end = found[index + 1][2] if index + 1 < len(found) else len(text)
            stop = end
            if kind in _BACKGROUND and start != older:
                follow = index < opens or (index + 1 < len(found) and found[index + 1][0] in _BACKGROUND)
                stop = self._background_end.find(text, kind, title, body, end, findings_follow=follow)
                stop = _out_of_quote(text, body, stop, end)
            sections.append(SectionDraft(kind, title, start, body, stop, older is not None and start >= older))
            if stop < end:
                sections.append(SectionDraft("findings", None, stop, stop, end))
        if sections:
            sections[0].start = 0
            sections = self._closing(text, sections)
        work(doc).sections = sections or [SectionDraft("findings", None, 0, 0, len(text))]
        return doc

    def _found(self, text: str, performed: datetime | None) -> tuple[list[_Header], int | None]:
        """Return the headers in their order, and where an older report begins that was copied below: its own headers count no more."""
        found = self._without_overlap([*self._headers(text), *self._inline(text)])
        told = [start for kind, _, start, _ in found if kind in ("findings", "conclusion")]
        older = find_copy(
            text,
            self._voices,
            opened=min(told, default=None),
            later=max(told, default=None),
            asked=any(kind == "history" for kind, *_ in found),
            performed=performed.date() if performed is not None else None,
        )
        if older is None:
            return found, None
        kept = [one for one in found if one[2] < older.start]
        added = [one for one in found if one[0] == "addendum" and one[2] > older.body and set_apart(text, one[2])]
        return [*kept, ("comparison", older.title, older.start, older.body), *added], older.start

    def _headers(self, text: str) -> Iterator[_Header]:
        for match in _HEADER.finditer(text):
            title, colon = match["title"], match["mark"] in (":", "-")
            line_start = text[: match.start("title")].rpartition("\n")[2].strip(" \t*-#") == ""
            if match["mark"] == "-" and not (line_start and title.lower().strip() in self._rules.headers):
                continue
            kind = self._kind(title, colon=colon, line_start=line_start)
            if kind is not None:
                yield kind, title.strip(), match.start("title"), match.end()

    def _inline(self, text: str) -> Iterator[_Header]:
        """Headers in capitals with a colon in the middle of a line: reports that lost their line ends."""
        low = text.lower()
        if any(word in low for word in _LATER_WORDS):
            for expression in (_ADDENDUM, _LATER):
                for match in expression.finditer(text):
                    yield "addendum", match["title"], match.start("title"), match.end()
        if any(word in low for word in _LOOK_WORDS):
            for match in _SECOND_LOOK.finditer(text):
                yield "addendum", match["title"], match.end(), match.end()
        if _SHOUTED_COLON.search(text):
            for match in self._shouted.finditer(text):
                yield self._rules.headers[match["title"].lower()], match["title"], match.start("title"), match.end()
        if text.isupper():
            return
        after = 0
        for word in self._title.finditer(text):
            bare = self._bare.match(text, word.start()) if word.start() >= after else None
            if bare is None:
                continue
            after = bare.end()
            title = next(one for one in bare.groups() if one)
            older = _OLDER.search(text, max(0, bare.start() - _NEAR_BEFORE), bare.start())
            if older is not None:  # "PREVIOUS REPORT (ultrasound, five weeks ago): ..."
                yield "comparison", older[0] + title, older.start(), bare.end()
            else:
                yield self._rules.headers[title.lower()], title, bare.start(), bare.end()

    def _without_overlap(self, found: list[_Header]) -> list[_Header]:
        kept: list[_Header] = []
        for one in sorted(found, key=lambda item: (item[2], -item[3])):
            if not kept or one[2] >= kept[-1][3]:
                kept.append(one)
        return kept

    def _kind(self, title: str, *, colon: bool, line_start: bool) -> SectionKind | None:
        key = _SPACE.sub(" ", title.lower()).strip()
        headers = self._rules.headers
        dashed = title.lower().strip()
        if key in self._rules.labels or dashed in self._rules.labels:
            return None
        kind = headers.get(key) or headers.get(dashed)
        if kind is not None:
            if colon:
                return kind
            return kind if line_start and (title.isupper() or title[:1].isupper()) and len(key) > 3 else None
        if colon and line_start and len(key) >= _FUZZY_FROM:
            for header in self._fuzzy:
                if abs(len(header) - len(key)) <= 1 and OSA.distance(key, header, score_cutoff=1) <= 1:
                    return headers[header]
        return None

    def _unheaded(self, text: str, stop: int, following: SectionKind | None) -> Iterator[SectionDraft]:
        """Words before the first header: a title line, a request, or the findings themselves."""
        position = self._opening.title_end(text, stop, more=following is not None)
        if position:
            yield SectionDraft("other", None, 0, 0, position)
        if not text[position:stop].strip():
            return
        request_end = self._opening.request_end(text, position, stop, following)
        if request_end > position:
            yield SectionDraft("history", None, position, position, request_end)
            position = request_end
        if text[position:stop].strip():
            yield SectionDraft("findings", None, position, position, stop)


def _out_of_quote(text: str, body: int, stop: int, end: int) -> int:
    """Return `stop`, or the end of the quotation that it stands in: 'CT of March, which reported: "Three nodules. No ascites."'."""
    if text.count('"', body, stop) % 2 == 0:
        return stop
    close = text.find('"', stop, end)
    return stop if close < 0 else close + 1


@Language.factory("rad_sections", requires=["doc._.tokens"], assigns=["doc._.sections"])
def make_sections(nlp: Language, name: str) -> SectionFinder:
    """Return the component."""
    resources = resources_of(nlp)
    return SectionFinder(resources.rules, resources.glossary)
