"""Mentions -> statements, in the fixed wording of `phrases/wording.toml`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from plainrad.domain.patient import Statement, StatementGroup
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.advice import advises, gives_advice
from plainrad.explain.background import BackgroundWriter
from plainrad.explain.choice import choose
from plainrad.explain.drafts import Draft
from plainrad.explain.exact import endless, group_of_no
from plainrad.explain.heads import names_its_row, stands_alone
from plainrad.explain.lists import whole_lists, without_halves
from plainrad.explain.once import beside_one
from plainrad.explain.overtaken import overtaken
from plainrad.explain.parts import PartTeller
from plainrad.explain.quotes import quoted
from plainrad.explain.repeats import without_repeats
from plainrad.explain.restrict import of_its_subject
from plainrad.explain.sources import (
    CAVEAT,
    LEVEL,
    elsewhere,
    follows,
    heading_of,
    headings,
    level_of,
    level_told_before,
    own_words,
    row_label,
    row_of_a_side,
    side_is_elsewhere,
    side_label,
    with_sentence_before,
)
from plainrad.explain.superseded import no_step_left, outdated, superseded, told_anew
from plainrad.explain.telling import Teller
from plainrad.glossary.lookup import Glossary

_LABEL = re.compile(r"\s*(?:[-*]\s+)?([^:.;]{1,60}):\s*$")
_POINTS_BACK = re.compile(r"\b(?:of|for|to) (?:this|these|it|them)\b|^(?:this|these|it|they)\b", re.IGNORECASE)
_MISTAKE = re.compile(r"\b(?:incorrect(?:ly)?|in error|wrong(?:ly)?|erroneous(?:ly)?|mistake)\b", re.IGNORECASE)
_MISWRITTEN = re.compile(r"[\s\"”’']*\b(?:should|is to|must|ought to) (?:now )?(?:read|be)\b", re.IGNORECASE)
_NOT_OURS = re.compile(r"“[^”]*”|\([^)]*\)")
_OF_THIS = re.compile(r"\b(?:this|these|the)\s+$", re.IGNORECASE)
_CORRESPONDS = re.compile(r"“correspond", re.IGNORECASE)
_SIDE = re.compile(r"\b(?:left|right|both)\b", re.IGNORECASE)
_SPINAL = frozenset({"spine", "bone", "general"})
_ANYWHERE = frozenset({"bone", "general", "soft-tissue"})
_GOOD_NEWS = frozenset({"looked_for_not_found", "normal"})
_EVERYWHERE = frozenset({"bone", "joint", "body"})
_MAY_BE_LABELLED = frozenset({"found", "possible", "looked_for_not_found"})
_TOLD = frozenset({"findings", "conclusion", "addendum"})
_LATE = frozenset({"conclusion", "addendum", "recommendation"})


class StatementWriter:
    """Writes the statements of one report."""

    def __init__(self, *, reading: Reading, text: str, glossary: Glossary, book: PhraseBook) -> None:
        self._reading = reading
        self._text = text
        self._glossary = glossary
        self._book = book
        self._there: dict[str, list[Mention]] = {}
        for one in reading.mentions:
            if one.term_id and one.reportable and one.assertion in ("present", "possible") and one.section in _TOLD:
                self._there.setdefault(one.term_id, []).append(one)
        self._background = BackgroundWriter(reading=reading, text=text, glossary=glossary, book=book)
        self._resolved = [one for one in reading.mentions if one.change == "resolved" and one.term_id]
        self._old_group: StatementGroup = "background" if told_anew(reading, text) else "found"
        self._headings = headings(reading, text)
        self._parts = PartTeller(reading=reading, text=text, glossary=glossary, book=book)
        self._teller = Teller(reading=reading, text=text, glossary=glossary, book=book)

    def write(self) -> list[Statement]:
        """Return the statements in the order of the report, numbered; one finding is told once, with all its sources."""
        told = without_repeats(list(self._all()), self._teller, self._reading, self._glossary, self._text)
        return [replace(one, id=f"s{number}") for number, one in enumerate(beside_one(told, self._book), start=1)]

    def _all(self) -> Iterator[Draft]:
        for number in sorted(self._reading.by_sentence):
            if 0 <= number < len(self._reading.sentences):
                yield from self._sentence(number, list(self._reading.by_sentence[number]))

    def _sentence(self, number: int, mentions: list[Mention]) -> Iterator[Draft]:
        phrases = [one for one in mentions if one.reading_id and one.reportable]
        for phrase in phrases:
            if phrase.reading_id == "next-step" and not advises(phrase, self._text):
                continue
            within = [one for one in mentions if phrase.start <= one.start and one.end <= phrase.end]
            inside = [one.id for one in within if one is not phrase]
            yield self._phrase(number, phrase, inside)
        earlier = superseded(number, self._reading, self._text)
        if earlier:
            yield self._earlier(number, earlier)
            return
        old = outdated(number, self._reading)
        if old:
            text = self._book.wording["before_addition"].format(quote=self._quote(number))
            yield self._statement(number, self._old_group, text, old[0], [one.id for one in old])
            mentions = [one for one in mentions if one not in old]
        whole = [one for one in phrases if one.reading_id != "next-step"]
        free = [one for one in mentions if not any(p.start <= one.start and one.end <= p.end for p in whole)]
        for group, told, members in self._parts.told(number, free):
            yield self._statement(number, group, told, members[0], [one.id for one in members])
        if self._reading.sentences[number].section == "addendum" and _MISTAKE.search(self._quote(number)):
            return  # what was wrong in the report is no finding; it is told in the report's own words
        if self._reading.sentences[number].section == "history":
            yield from self._request(
                number, [one for one in free if one.term_id and stands_alone(one, free, self._text, self._glossary)]
            )
            return
        things = [one for one in free if one.term_id and stands_alone(one, free, self._text, self._glossary)]
        drafts = [draft for draft in (self._finding(number, one) for one in things) if draft is not None]
        drafts = without_halves(drafts, self._reading, self._book)
        yield from whole_lists(drafts, self._reading, self._text, self._book)

    def _earlier(self, number: int, corrected: list[Mention]) -> Draft:
        """Return a sentence that an addendum corrects: told once, as what the report said before; nothing of it stands as found."""
        text = self._book.wording["earlier_version"].format(quote=self._quote(number))
        group = self._old_group
        beside = [one for one in self._reading.by_sentence[number] if one.kind in ("finding", "device") and one.term_id]
        return self._statement(number, group, text, corrected[0], [one.id for one in (*corrected, *beside)])

    def _phrase(self, number: int, phrase: Mention, inside: list[str]) -> Draft:
        if phrase.reading_id == "next-step":
            at = Extent(phrase.start, phrase.end)
            if _POINTS_BACK.search(self._text[phrase.start : phrase.end]):
                at = with_sentence_before(at, self._reading, self._text)
            late = self._reading.sentences[number].section == "addendum" or not no_step_left(self._reading, self._text)
            text = self._book.wording["next_step" if late else "before_addition"].format(quote=quoted(self._text, at))
            group: StatementGroup = "next_step" if late else "background"
            return self._statement(number, group, text, phrase, [phrase.id, *inside], at=at)
        known = self._book.phrases[phrase.reading_id or ""]
        sentence = self._reading.sentences[number]
        label = _LABEL.match(self._text[sentence.start : phrase.start])
        start = sentence.start if label else phrase.start
        name, before = (" ".join(label[1].split()), None) if label else ("", None)
        if not label:
            name, before = row_label(sentence.start, self._reading, self._text)
        if not label and known.anatomy:
            name, before = row_of_a_side(Extent(sentence.start, sentence.end), self._reading, self._text)
        if not label and before is None and known.group == "looked_for_not_found" and set(known.anatomy) <= _EVERYWHERE:
            name, before = heading_of(sentence.start, self._headings, self._reading, self._text)
        text, end = known.text, phrase.end
        caveat = known.group in _GOOD_NEWS and CAVEAT.search(self._text, phrase.end, sentence.end)
        of_one_or_all = not name and "focal" in known.id and not known.anatomy and follows(number, self._reading)
        if caveat or of_one_or_all:
            text, end = self._book.wording["own_words"].format(quote=self._quote(number)), sentence.end
        if name:
            text = self._book.wording["labelled_normal" if known.of_scan else "labelled"].format(
                label=name[:1].upper() + name[1:], text=text
            )
        draft = self._statement(number, known.group, text, phrase, [phrase.id, *inside], at=Extent(start, end))
        if before is None:
            return draft
        return replace(draft, statement=replace(draft.statement, source=(*draft.statement.source, before)))

    def _finding(self, number: int, mention: Mention) -> Draft | None:
        section = self._reading.sentences[number].section
        if section in ("technique", "comparison", "other"):
            return None
        if not mention.reportable or mention.assertion in ("hypothetical", "other_person"):
            return None
        if names_its_row(mention, self._reading, self._text, self._glossary):
            return None
        if section == "addendum" and _MISWRITTEN.match(self._text, mention.end):
            return None  # "know hydrocephalus" should read no hydrocephalus: the old words are no finding
        if _OF_THIS.search(self._text[max(0, mention.start - 8) : mention.start]) and gives_advice(
            number, self._reading
        ):
            return None  # "... is required for further characterisation of this mass": it was told where it was found
        ids = [mention.id, *([mention.location] if mention.location else []), *mention.also_in]
        if overtaken(mention, self._resolved, self._reading, self._glossary, self._text):
            past = self._book.wording["own_words"].format(quote=self._quote(number))
            return self._statement(number, "unchanged_or_known", past, mention, ids)
        group, template, extra = choose(mention, self._reading, self._text, self._glossary, self._book)
        if template == "present_likely" and _CORRESPONDS.search(extra["said"]):
            return None  # the same thing once more: it is told with the finding before it
        labelled = self._level(number, mention, group="found") and level_told_before(mention, self._reading)
        about = replace(mention, location=None) if labelled and not mention.also_in else mention  # its label says it
        text = None if template == "own_words" else self._teller.told(template, about, extra)
        if text is None and template != "own_words" and side_is_elsewhere(mention, self._source(number)):
            about = replace(about, laterality=None)  # too long with a side that the sentence itself does not name
            text = self._teller.told(template, about, extra)
        if text is None and template != "own_words" and mention.assertion in ("present", "possible"):
            text = self._teller.shortened(mention, template, extra)
            about = replace(mention, laterality=None, location=None, also_in=())
        if mention.assertion == "absent" and group == "looked_for_not_found":
            if endless(number, self._reading, self._text) and (text is None or self._stands_elsewhere(mention)):
                return None  # words without stops are shown as they stand
            if self._stands_elsewhere(mention):
                return self._no_here(number, mention, ids)
            if of_its_subject(mention, self._reading, self._text, self._glossary):
                return self._no_in_sentence(number, mention, ids)
        if text is None:
            quote = quoted(self._text, own_words(mention, self._reading, self._text))
            if group == "looked_for_not_found" and quote.rstrip(".") == self._quote(number).rstrip("."):
                group = group_of_no(mention, self._reading)
            text = self._book.wording["own_words"].format(quote=quote)
            return self._statement(number, group, text, mention, ids)
        return replace(self._statement(number, group, text, mention, ids), about=about, template=template, extra=extra)

    def _stands_elsewhere(self, mention: Mention) -> bool:
        """Return True when a "no" without a place is of a thing that the report finds, or does not rule out, elsewhere on that side."""
        if mention.location:
            return False
        there = (one for one in self._there.get(mention.term_id or "", ()) if one.sentence != mention.sentence)
        return any(mention.laterality in (None, "both", one.laterality) for one in there)

    def _no_here(self, number: int, mention: Mention, ids: list[str]) -> Draft:
        """Return a "no" that holds in one place only, behind the label of its place, or with the whole of its sentence."""
        place = own_words(mention, self._reading, self._text)
        label, before = row_label(place.start, self._reading, self._text)
        if before is None:
            return self._no_in_sentence(number, mention, ids)
        text = self._book.wording["own_words"].format(quote=quoted(self._text, place))
        draft = self._statement(number, "looked_for_not_found", text, mention, ids)
        if draft.label:
            return draft
        text = self._book.wording["labelled"].format(label=label, text=text)
        draft = self._statement(number, "looked_for_not_found", text, mention, ids)
        return replace(draft, statement=replace(draft.statement, source=(*draft.statement.source, before)))

    def _no_in_sentence(self, number: int, mention: Mention, ids: list[str]) -> Draft:
        text = self._book.wording["own_words"].format(quote=self._quote(number))
        return self._statement(number, group_of_no(mention, self._reading), text, mention, ids)

    def _request(self, number: int, mentions: list[Mention]) -> Iterator[Draft]:
        for text, row in self._background.rows(mentions):
            yield self._statement(number, "background", text, row[0], [one.id for one in row])

    def _statement(
        self,
        number: int,
        group: StatementGroup,
        text: str,
        mention: Mention,
        ids: list[str],
        *,
        at: Extent | None = None,
    ) -> Draft:
        source = at or self._source(number)
        late = self._reading.sentences[number].section in _LATE
        sources = (source, *elsewhere(mention, source, self._reading))
        label = ""
        level = self._level(number, mention, group=group)
        if level is not None and not LEVEL.search(_NOT_OURS.sub(" ", text)):
            label = self._text[level.start : level.end]
            text = self._book.wording["labelled"].format(label=label, text=text)
            sources = (*sources, level) if level.start < source.start else sources
        unsided = group in ("found", "possible") and at is None and not label and mention.kind == "finding"
        if unsided and not _SIDE.search(_NOT_OURS.sub(" ", text)):
            label = side_label(mention, source, self._text)
            if label:
                text = self._book.wording["labelled"].format(label=label, text=text)
        if not label and at is None and mention.kind == "finding" and group in _MAY_BE_LABELLED:
            label, place = self._place_label(mention, source, text, group)
            if place is not None:
                text = self._book.wording["labelled"].format(label=label, text=text)
                sources = (*sources, place)
        statement = Statement(
            "s0", group, text, mention.certainty, tuple(dict.fromkeys(sources)), quoted(self._text, source), tuple(dict.fromkeys(ids)), late
        )  # fmt: skip
        return Draft(statement, label=label)

    def _place_label(
        self, mention: Mention, source: Extent, text: str, group: StatementGroup
    ) -> tuple[str, Extent | None]:
        """Return what names the place of a whole row or paragraph, where neither the finding nor its sentence names one."""
        if not self._teller.names_a_side(text):
            label, place = row_of_a_side(source, self._reading, self._text)
            if place is not None:
                return label[:1].upper() + label[1:], place
        anywhere = mention.term_id and self._glossary.term(mention.term_id).region in _ANYWHERE
        if group == "looked_for_not_found" and anywhere and not mention.location and not mention.laterality:
            return heading_of(source.start, self._headings, self._reading, self._text)
        return "", None

    def _level(self, number: int, mention: Mention, *, group: StatementGroup) -> Extent | None:
        """Return the disc level that labels a statement, or None."""
        region = self._glossary.term(mention.term_id).region if mention.term_id else "spine"
        if region not in _SPINAL or group in ("next_step", "background"):
            return None
        return level_of(number, self._reading, self._text, named=region == "spine")

    def _quote(self, number: int) -> str:
        return quoted(self._text, self._source(number))

    def _source(self, number: int) -> Extent:
        sentence = self._reading.sentences[number]
        return Extent(sentence.start, sentence.end)
