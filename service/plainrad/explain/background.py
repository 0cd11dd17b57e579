"""What the test was, what was done, and why it was asked for: as the report gives it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from plainrad.domain.patient import Statement
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading, SectionKind
from plainrad.explain.phrase import MAX_WORDS, name_of
from plainrad.explain.quotes import quoted
from plainrad.explain.rest import own_words
from plainrad.explain.restrict import restriction
from plainrad.glossary.lookup import Glossary

LONGEST_QUOTE = 60  # words: a longer stretch is shown in the report's own words as it stands
_DONE = re.compile(
    r"\b(?:inject\w*|needle|biops\w+|cores?|passes|drain\w*|aspirat\w+|stent\w*|catheter\w*|guidewire|emboli[sz]\w+|sheath|complications?)\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(r"\b(?:consent|risks?|benefits|discussed|explained)\b", re.IGNORECASE)
_ANOTHER_TEST = re.compile(
    r"\b(?:however|prior|previous\w*|compar\w+|correlat\w+|same day|earlier|dated|outside|post-procedure|there (?:is|was|were) (?:an?|no))\b",
    re.IGNORECASE,
)
_A_VERB = re.compile(
    r"\b(?:is|are|was|were|underwent|shows?|showed|demonstrat\w+|reveal\w*|has|had|no)\b", re.IGNORECASE
)
_REQUEST: frozenset[SectionKind] = frozenset({"history"})
_LONGEST_TITLE, _SHORT_TITLE = 14, 5
_TITLE = re.compile(r"[^.:;]{3,90}[.:]?$", re.DOTALL)
_KINDS = {  # how the sender names a kind of test
    "ct": re.compile(r"\bCT", re.IGNORECASE),
    "mr": re.compile(r"\bMRI?\b|\bmagnetic", re.IGNORECASE),
    "us": re.compile(r"\bUSS?\b|ultraso|sonogra|doppler", re.IGNORECASE),
    "x": re.compile(r"\b(?:XR|CR|DX|MG)\b|x-?ray|radiograph|mammo", re.IGNORECASE),
}
_JOINED = re.compile(r"[+&]|,|\b(?:and|with)\b", re.IGNORECASE)
_LONGEST_REQUEST = 45
_LONGEST_TOGETHER = 60
_ASKED = {"historical": "background", "hypothetical": "background_question", "absent": "background_absent"}


class BackgroundWriter:
    """Tells the background of one report."""

    def __init__(self, *, reading: Reading, text: str, glossary: Glossary, book: PhraseBook) -> None:
        self._reading = reading
        self._text = text
        self._glossary = glossary
        self._book = book

    def rows(self, mentions: Sequence[Mention]) -> Iterator[tuple[str, list[Mention]]]:
        """What a sentence of the request mentions, asks about or rules out: each in one sentence, as far as it is not too long."""
        for assertion, name in _ASKED.items():
            row: list[Mention] = []
            for one in [self._with_own_side(item) for item in mentions if item.assertion == assertion]:
                if row and not self._row(name, [*row, one]):
                    yield from self._told(name, row)
                    row = []
                row.append(one)
            yield from self._told(name, row)

    def _with_own_side(self, mention: Mention) -> Mention:
        """Return a symptom without a side that is said of what stands before it: "R sided weakness + expressive dysphasia"."""
        sentence = self._reading.sentences[mention.sentence]
        if any(one.rule == "side.of-request" and one.start < sentence.start for one in mention.evidence):
            return replace(mention, laterality=None)  # it is told with the sentence that names the side
        given = [one for one in mention.evidence if one.rule == "side.word" and sentence.start <= one.start]
        if not given or given[-1].end > mention.start:
            return mention
        parts = [one for one in self._reading.by_sentence[mention.sentence] if one.kind == "anatomy"]
        if any(given[-1].end <= one.start < mention.start for one in parts):
            return mention
        if _JOINED.search(self._text, given[-1].end, mention.start):
            return replace(mention, laterality=None)
        return mention

    def _told(self, name: str, row: list[Mention]) -> Iterator[tuple[str, list[Mention]]]:
        text = self._row(name, row) if row else None
        if text:
            yield text, row

    def _row(self, name: str, row: list[Mention]) -> str | None:
        """Return the sentence about all of `row`, or None when it is too long."""
        if name == "background_absent" and (len(row) > 1 or restriction(row[0], self._reading, self._text)[0]):
            return None
        things = [name_of(one, self._reading, self._glossary, self._book, text=self._text) for one in row]
        grammar = self._book.grammar
        named = [thing.slots(grammar)["a"] + thing.words for thing in things]
        slots = things[0].slots(grammar) | {"things": grammar.listed(named)}
        text = self._book.wording[name].format(**slots)
        return text if len(text.split()) <= MAX_WORDS else None

    def exam(self) -> Iterator[Statement]:
        """What the test was, where the report names it in its title, its technique or its first line."""
        first = next((one for one, item in enumerate(self._reading.sentences) if item.section == "findings"), None)
        for number, sentence in enumerate(self._reading.sentences):
            if sentence.section not in ("other", "technique", "history") and number != first:
                continue
            tests = [
                one
                for one in self._reading.by_sentence.get(number, ())
                if one.kind == "procedure" and one.term_id and one.assertion == "present"
            ]
            words = self._text[sentence.start : sentence.end]
            if (
                not tests
                or len(words.split()) > _LONGEST_TITLE
                or (number == first and (not _TITLE.match(words) or _A_VERB.search(words)))
            ):
                continue
            if sentence.section == "history" and (tests[0].start > sentence.start or len(words.split()) > _SHORT_TITLE):
                continue
            if _ANOTHER_TEST.search(words):
                continue
            test = next((one for one in tests if self._is_imaging(one)), None)
            if test is None or test is not tests[0]:
                continue  # an operation, a treatment or a test of the blood is not what the report is about
            sided = "{side }" in self._glossary.term(test.term_id or "").plain
            thing = name_of(test, self._reading, self._glossary, self._book, side=sided)
            text = self._book.wording["exam"].format(things=thing.slots(self._book.grammar)["a"] + thing.words)
            yield aside(self._reading, self._text, "background", text, Extent(sentence.start, sentence.end), [test])
            return

    def _is_imaging(self, mention: Mention) -> bool:
        """Return True for a test that makes pictures, of the kind that the sender names where it is known."""
        named = {kind for kind, ids in self._book.tests.items() if mention.term_id in ids}
        sent = f"{self._reading.exam.modality or ''} {self._reading.exam.title or ''}"
        asked = {kind for kind, names in _KINDS.items() if names.search(sent)}
        return bool(named & asked) if asked else bool(named)

    def procedure(self) -> Iterator[Statement]:
        """What was done in a procedure, as the report tells it: where a needle went, what was injected or taken."""
        for number, sentence in enumerate(self._reading.sentences):
            mentions = list(self._reading.by_sentence.get(number, ()))
            if sentence.section != "technique" or not mentions:
                continue
            extent = Extent(sentence.start, sentence.end)
            quote = quoted(self._text, extent)
            if _DONE.search(quote) and not _CONSENT.search(quote) and len(quote.split()) <= LONGEST_QUOTE:
                text = self._book.wording["done"].format(quote=quote)
                yield aside(self._reading, self._text, "background", text, extent, mentions)

    def request(self, told: Sequence[Statement]) -> Iterator[Statement]:
        """What of the request was not told in plain words: why the scan was asked for, as the report gives it."""
        left = own_words(self._reading, told, self._text, sections=_REQUEST, sides=self._book.grammar.sides)
        for section in self._reading.sections:
            rest = [one for one in left if section.start <= one.start < section.end]
            if section.kind != "history" or not rest:
                continue
            lines = [one for one in self._reading.sentences if section.start <= one.start < section.end]
            whole = Extent(lines[0].start, lines[-1].end)
            short = len(quoted(self._text, whole).split()) <= _LONGEST_REQUEST
            for extent in [whole] if short else [Extent(one.start, one.end) for one in rest]:
                mentions = inside(self._reading, extent)
                if mentions and len(quoted(self._text, extent).split()) <= LONGEST_QUOTE:
                    text = self._book.wording["background_quoted"].format(quote=quoted(self._text, extent))
                    yield aside(self._reading, self._text, "background", text, extent, mentions)


def request_once(statements: Sequence[Statement], book: PhraseBook) -> list[Statement]:
    """Return the statements; what the request mentions and its own words, which hold that too, are one statement."""
    opening = book.wording["background_quoted"].partition("{quote}")[0]
    merged: dict[str, Statement] = {}
    dropped: set[str] = set()
    for quote in statements:
        if quote.group != "background" or not quote.text.startswith(opening):
            continue
        rows = [
            one
            for one in statements
            if one.group == "background" and one.id not in merged and _row_of_request(one.text, book)
            and "“" not in one.text
            and all(any(at.start <= place.start and place.end <= at.end for at in quote.source) for place in one.source)
        ]  # fmt: skip
        if rows:
            said = [rows[0].text, *(_told_again(one.text, book) for one in rows[1:])]
            words = quote.text.removeprefix(opening).removesuffix("”")
            text = " ".join(said) + book.wording["in_its_words"].format(quote=words)
            ids = tuple(dict.fromkeys(name for one in (*rows, quote) for name in one.mentions))
            merged[rows[0].id] = replace(quote, id=rows[0].id, text=text, mentions=ids)
            dropped |= {one.id for one in (*rows[1:], quote)}
    return [merged.get(one.id, one) for one in statements if one.id not in dropped]


def _row_of_request(text: str, book: PhraseBook) -> str | None:
    """Return the name of the sentence in which a text tells what the request mentions, asks about or rules out, or None."""
    return next((name for name in _ASKED.values() if text.startswith(_opening(book.wording[name]))), None)


def _told_again(text: str, book: PhraseBook) -> str:
    """Return what is said of the request, behind a sentence that has named it."""
    name = _row_of_request(text, book) or "background"
    return _opening(book.wording[f"{name}_again"]) + text.removeprefix(_opening(book.wording[name]))


def _opening(template: str) -> str:
    return template.partition("{")[0]


def inside(reading: Reading, extent: Extent) -> list[Mention]:
    """Return the mentions of a stretch of the report."""
    first = bisect_right(reading.sentences, extent.start, key=lambda one: one.start) - 1
    after = bisect_left(reading.sentences, extent.end, key=lambda one: one.start)
    near = (one for number in range(max(first, 0), after) for one in reading.by_sentence.get(number, ()))
    return [one for one in near if extent.start <= one.start and one.end <= extent.end]


def aside(reading: Reading, text: str, group: str, told: str, extent: Extent, mentions: Sequence[Mention]) -> Statement:
    """Return a statement that rests on a stretch of the report, and on the sentence of its mentions where they stand elsewhere."""
    number = next((one for one in reading.sentences if one.start <= extent.start < one.end), None)
    late = number is not None and number.section in ("conclusion", "addendum", "recommendation")
    sources = [extent]
    if not any(extent.start <= one.start < extent.end for one in mentions):
        sentence = reading.sentences[mentions[0].sentence]
        sources.append(Extent(sentence.start, sentence.end))
    ids = tuple(dict.fromkeys(one.id for one in mentions))
    return Statement("s0", group, told, "definite", tuple(sources), quoted(text, extent), ids, late)  # type: ignore[arg-type]


def joined(statements: list[Statement], book: PhraseBook) -> list[Statement]:
    """Return the statements; what is said of how the test was done stands together, and of earlier scans too."""
    templates = [
        book.wording["done"],
        book.wording["background_quoted"],
        *(one.text for one in book.frames if one.together),
    ]
    openings = [_opening(one) for one in templates]
    kept: list[Statement] = []
    for one in statements:
        begins = next((opening for opening in openings if one.text.startswith(opening)), None)
        at = next(
            (
                place
                for place, other in enumerate(kept)
                if begins and other.text.startswith(begins) and other.conclusion == one.conclusion
            ),
            None,
        )
        if begins is None or at is None or len((kept[at].text + one.text).split()) > _LONGEST_TOGETHER:
            kept.append(one)
            continue
        text = f"{kept[at].text} “{one.text.removeprefix(begins)}"
        kept[at] = replace(
            kept[at],
            text=text,
            source=kept[at].source + one.source,
            mentions=kept[at].mentions + one.mentions,
            quote=f"{kept[at].quote} {one.quote}",
        )
    return kept
