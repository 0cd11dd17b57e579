"""What a sentence says of the parts of the body themselves: normal, not seen well, or described."""

from collections.abc import Iterator

from plainrad.domain.patient import StatementGroup
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.doubt import seems_only
from plainrad.explain.exact import endless, of_others
from plainrad.explain.limits import limited_name
from plainrad.explain.normals import in_sentences
from plainrad.explain.phrase import described, describes_next, part_name
from plainrad.explain.quotes import quoted
from plainrad.glossary.lookup import Glossary

Told = tuple[StatementGroup, str, list[Mention]]


class PartTeller:
    """Tells the parts of one report."""

    def __init__(self, *, reading: Reading, text: str, glossary: Glossary, book: PhraseBook) -> None:
        self._reading = reading
        self._text = text
        self._glossary = glossary
        self._book = book

    def told(self, number: int, mentions: list[Mention]) -> Iterator[Told]:
        """Yield the group, the text and the mentions of each statement about a part in a sentence."""
        yield from self._normals(number, mentions)
        yield from self._limited(number, mentions)
        yield from self._described(mentions)

    def _normals(self, number: int, mentions: list[Mention]) -> Iterator[Told]:
        """As in "The liver, spleen and pancreas are normal" is one statement."""
        groups: dict[tuple[str, int], list[Mention]] = {}
        for one in mentions:
            if one.normal and one.reportable and one.term_id and one.assertion == "present":
                cue = next(item for item in one.evidence if item.rule == f"normal.{one.normal}")
                groups.setdefault((one.normal, cue.start), []).append(one)
        for (normal, _), members in groups.items():
            told = [
                one for one in members if not any(describes_next(one, other, self._text) for other in members)
            ] or members
            if any(seems_only(one, self._reading, self._text) or of_others(one, self._text) for one in told):
                text = self._book.wording["own_words"].format(quote=self._quote(number))
                yield "normal", text, members
                continue
            names = [part_name(one, self._glossary, self._book, self._text) for one in told]
            text = in_sentences(names, self._book.normals[normal], self._book.grammar)
            yield "normal", text, members

    def _limited(self, number: int, mentions: list[Mention]) -> Iterator[Told]:
        """As in "The pancreas is obscured": the parts that a clause says could not be seen well."""
        hidden = [
            one
            for one in mentions
            if one.kind == "anatomy" and one.term_id and one.reportable and one.assertion == "neutral"
            and any(item.rule.startswith("lim.") for item in one.evidence)
        ]  # fmt: skip
        if hidden and not endless(number, self._reading, self._text):
            told = [one for one in hidden if not any(describes_next(one, other, self._text) for other in hidden)]
            name = self._book.grammar.listed(
                [part_name(one, self._glossary, self._book, self._text)[0] for one in told]
            )
            cue = next(item for item in hidden[0].evidence if item.rule.startswith("lim."))
            template = self._book.wording[limited_name(self._text[cue.start : cue.end])]
            text = template.format(thing=name, quote=self._quote(number))
            yield "limitation", text, hidden

    def _described(self, mentions: list[Mention]) -> Iterator[Told]:
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
            name, _ = part_name(one, self._glossary, self._book, self._text)
            gloss = self._glossary.term(word.term_id).plain
            text = described(name, gloss=gloss, said=said, book=self._book)
            yield "found", text, [one, word]

    def _quote(self, number: int) -> str:
        sentence = self._reading.sentences[number]
        return quoted(self._text, Extent(sentence.start, sentence.end))
