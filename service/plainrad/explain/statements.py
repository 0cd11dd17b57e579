"""Mentions -> statements, in the fixed wording of `phrases/wording.toml`."""

import re
from collections.abc import Iterator

from plainrad.domain.patient import Statement, StatementGroup
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.heads import stands_alone
from plainrad.explain.phrase import Thing, name_of, part_name
from plainrad.explain.restrict import restriction, tail_restricts
from plainrad.explain.sizes import size_sentences
from plainrad.explain.sources import LEVEL, elsewhere, level_of, own_words
from plainrad.glossary.lookup import Glossary

MAX_WORDS = 20
_LABEL = re.compile(r"\s*(?:[-*]\s+)?([^:.;]{1,60}):\s*$")
_SPINAL = frozenset({"spine", "bone", "general"})
_LATE = frozenset({"conclusion", "addendum", "recommendation"})


class StatementWriter:
    """Writes the statements of one report."""

    def __init__(self, *, reading: Reading, text: str, glossary: Glossary, book: PhraseBook) -> None:
        self._reading = reading
        self._text = text
        self._glossary = glossary
        self._book = book

    def write(self) -> list[Statement]:
        """Return the statements in the order of the report, numbered; repeats are one statement with all its sources."""
        merged: dict[tuple[str, str], Statement] = {}
        for statement in self._all():
            key = (statement.group, statement.text)
            before = merged.get(key)
            if before is None:
                merged[key] = statement
                continue
            merged[key] = Statement(
                before.id, before.group, before.text, before.certainty, before.source + statement.source, before.quote,
                before.mentions + statement.mentions, before.conclusion or statement.conclusion,
            )  # fmt: skip
        return [self._numbered(number, one) for number, one in enumerate(merged.values(), start=1)]

    def _all(self) -> Iterator[Statement]:
        for number in sorted(self._reading.by_sentence):
            if 0 <= number < len(self._reading.sentences):
                yield from self._sentence(number, list(self._reading.by_sentence[number]))

    def _sentence(self, number: int, mentions: list[Mention]) -> Iterator[Statement]:
        phrases = [one for one in mentions if one.reading_id and one.reportable]
        for phrase in phrases:
            inside = [
                one.id for one in mentions if phrase.start <= one.start and one.end <= phrase.end and one is not phrase
            ]
            yield self._phrase(number, phrase, inside)
        whole = [one for one in phrases if one.reading_id != "next-step"]
        free = [one for one in mentions if not any(p.start <= one.start and one.end <= p.end for p in whole)]
        yield from self._normals(number, free)
        yield from self._limited(number, free)
        yield from self._described(number, free)
        for mention in free:
            if mention.term_id is None:
                continue
            if stands_alone(mention, free, self._text, self._glossary):
                statement = self._finding(number, mention)
                if statement is not None:
                    yield statement

    def _phrase(self, number: int, phrase: Mention, inside: list[str]) -> Statement:
        if phrase.reading_id == "next-step":
            quote = self._quote(Extent(phrase.start, phrase.end))
            text = self._book.wording["next_step"].format(quote=quote)
            return self._statement(
                number, "next_step", text, phrase, [phrase.id, *inside], at=Extent(phrase.start, phrase.end)
            )
        known = self._book.phrases[phrase.reading_id or ""]
        sentence = self._reading.sentences[number]
        label = _LABEL.match(self._text[sentence.start : phrase.start])
        text = (
            self._book.wording["labelled"].format(label=" ".join(label[1].split()), text=known.text)
            if label
            else known.text
        )
        start = sentence.start if label else phrase.start
        return self._statement(number, known.group, text, phrase, [phrase.id, *inside], at=Extent(start, phrase.end))

    def _normals(self, number: int, mentions: list[Mention]) -> Iterator[Statement]:
        """As in "The liver, spleen and pancreas are normal" is one statement."""
        groups: dict[tuple[str, int], list[Mention]] = {}
        for one in mentions:
            if one.normal and one.reportable and one.term_id and one.assertion == "present":
                cue = next(item for item in one.evidence if item.rule == f"normal.{one.normal}")
                groups.setdefault((one.normal, cue.start), []).append(one)
        for (normal, _), members in groups.items():
            names = [part_name(one, self._glossary, self._book) for one in members]
            words = self._book.normals[normal]
            template = words.many if len(names) > 1 or names[0][1] else words.one
            text = template.format(part=_join([name for name, _ in names]))
            if len(text.split()) <= MAX_WORDS + 6:
                yield self._statement(number, "normal", text, members[0], [one.id for one in members])

    def _limited(self, number: int, mentions: list[Mention]) -> Iterator[Statement]:
        """As in "The pancreas is obscured": the parts that a clause says could not be seen well."""
        for one in mentions:
            hidden = any(item.rule.startswith("lim.") for item in one.evidence)
            if hidden and one.kind == "anatomy" and one.term_id and one.reportable and one.assertion == "neutral":
                name, _ = part_name(one, self._glossary, self._book)
                text = self._book.wording["limited"].format(thing=name)
                yield self._statement(number, "limitation", text, one, [one.id])

    def _described(self, number: int, mentions: list[Mention]) -> Iterator[Statement]:
        """As in "the bile duct is mildly dilated": told with the describing word's own gloss, and the report's words in brackets."""
        for one in mentions:
            word = self._reading.by_id.get(one.described or "")
            if (
                word is None
                or word.term_id is None
                or one.term_id is None
                or not one.reportable
                or one.assertion != "present"
            ):
                continue
            rule = next(item for item in one.evidence if item.rule == "described.predicate")
            said = " ".join(self._text[rule.start : rule.end].split()[1:])
            name, _ = part_name(one, self._glossary, self._book)
            gloss = self._glossary.term(word.term_id).plain
            text = (
                self._book.wording["described"]
                .format(part=name, gloss=gloss, said=said)
                .replace(f"{gloss} ({gloss})", gloss)
            )
            yield self._statement(number, "found", text, one, [one.id, word.id])

    def _finding(self, number: int, mention: Mention) -> Statement | None:
        section = self._reading.sentences[number].section
        if section in ("technique", "comparison", "other"):
            return None
        if section == "history":
            return self._background(number, mention)
        if not mention.reportable or mention.assertion in ("hypothetical", "other_person"):
            return None
        group, template, extra = self._choose(mention)
        text = None if template == "own_words" else self._fitted(template, mention, extra)
        if text is None:
            place = own_words(mention, self._reading, self._text)
            text = self._book.wording["own_words"].format(quote=self._quote(place))
        return self._statement(
            number, group, text, mention, [mention.id, *([mention.location] if mention.location else [])]
        )

    def _choose(self, mention: Mention) -> tuple[StatementGroup, str, dict[str, str]]:
        """Return the group, the name of the sentence and what else it needs."""
        if mention.assertion == "neutral":
            limited = any(one.rule.startswith("lim.") for one in mention.evidence)
            return ("limitation", "limited", {}) if limited else ("found", "neutral", {})
        if mention.assertion == "historical":
            return "unchanged_or_known", "historical", {}
        if mention.assertion == "absent":
            if mention.change == "resolved":
                return "unchanged_or_known", "resolved", {}
            if self._glossary.term(mention.term_id or "").sensitivity == "pregnancy":
                return "looked_for_not_found", "own_words", {}  # never in other words than those that were chosen
            kind, words = restriction(mention, self._reading, self._text)
            if kind == "own" or (kind != "seen" and tail_restricts(mention, self._reading, self._text)):
                return "looked_for_not_found", "own_words", {}
            return "looked_for_not_found", f"absent_{kind}" if kind else "absent", {"called": words}
        if mention.assertion == "possible":
            return "possible", f"possible_{mention.certainty}", {}
        if mention.certainty == "likely":
            return "found", "present_likely", {}
        if mention.kind == "device":
            return "found", "device", {"quote": self._quote(self._source(mention.sentence))}
        if mention.change == "new":
            return "found", "present_new", {}
        if mention.change in ("unchanged", "larger", "smaller", "healing"):
            return "unchanged_or_known", mention.change, {}
        return "found", "present", {}

    def _background(self, number: int, mention: Mention) -> Statement | None:
        name = {"historical": "background", "hypothetical": "background_question", "absent": "background_absent"}.get(
            mention.assertion
        )
        if name is None:
            return None
        text = self._fitted(name, mention, {})
        return None if text is None else self._statement(number, "background", text, mention, [mention.id])

    def _fitted(self, name: str, mention: Mention, extra: dict[str, str]) -> str | None:
        """Return the sentence at full length, without the place, or None when even that is too long."""
        for place in (True, False):
            if not place and mention.assertion == "absent" and mention.location:
                return None  # without its place a "no" would say more than the report
            sure = mention.assertion != "neutral"  # in doubt nothing is said but the name
            thing = name_of(
                mention, self._reading, self._glossary, self._book,
                place=place and sure, describe=sure and mention.assertion != "absent", side=sure,
            )  # fmt: skip
            text = self._book.wording[name].format(**self._slots(name, thing), **extra)
            if max(len(part.split()) for part in text.split("“")[0].split(". ")) <= MAX_WORDS:
                return text + size_sentences(mention, thing, self._text, self._book)
        return None

    def _slots(self, name: str, thing: Thing) -> dict[str, str]:
        slots = thing.slots()
        if name.startswith("absent") and not thing.plural and thing.countable:
            slots["a"] = ""
        return slots

    def _statement(
        self,
        number: int,
        group: StatementGroup,
        text: str,
        mention: Mention,
        ids: list[str],
        *,
        at: Extent | None = None,
    ) -> Statement:
        source = at or self._source(number)
        late = self._reading.sentences[number].section in _LATE
        sources = (source, *elsewhere(mention, source, self._reading))
        region = self._glossary.term(mention.term_id).region if mention.term_id else "spine"
        level = level_of(number, self._reading, self._text, named=region == "spine")
        if (
            level is not None
            and region in _SPINAL
            and group not in ("next_step", "background")
            and not LEVEL.search(text)
        ):
            text = self._book.wording["labelled"].format(label=self._text[level.start : level.end], text=text)
            sources = (*sources, level) if level.start < source.start else sources
        quote = self._quote(source)
        return Statement("s0", group, text, mention.certainty, sources, quote, tuple(dict.fromkeys(ids)), late)

    def _source(self, number: int) -> Extent:
        sentence = self._reading.sentences[number]
        return Extent(sentence.start, sentence.end)

    def _quote(self, extent: Extent) -> str:
        return " ".join(self._text[extent.start : extent.end].split())

    def _numbered(self, number: int, one: Statement) -> Statement:
        return Statement(f"s{number}", one.group, one.text, one.certainty, tuple(dict.fromkeys(one.source)), one.quote, tuple(dict.fromkeys(one.mentions)), one.conclusion)  # fmt: skip


def _join(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
