"""Which fixed sentence tells a finding, and that sentence filled in: grammatical, at most twenty words a sentence, in plain words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.added import added, goes_on, softened
from plainrad.explain.exact import was_known
from plainrad.explain.phrase import MAX_WORDS, Thing, name_of
from plainrad.explain.quotes import quoted
from plainrad.explain.ranges import without_ranges
from plainrad.explain.sizes import size_sentences
from plainrad.explain.weight import conditional, placeless, unsaid
from plainrad.explain.where import places_apart, stands_in, told_apart
from plainrad.glossary.lookup import Glossary

EASY_WORDS = 13  # a longer sentence with a place is told as two
_DEFINITE = frozenset({"present", "present_new", "unchanged", "larger", "smaller"})
_THE = frozenset(
    {"unchanged", "larger", "smaller", "healing", "healed", "resolved"}
)  # "The {thing} ...": no amount stands there
_HEALED = ("healed", "healing")  # "the broken ribs have healed", not "the healed broken ribs have healed"
_PLACELESS = frozenset(
    {"device", "known", "historical"}
)  # where these are said to be is no place of this scan's finding
_ON_THE_SKIN = re.compile(
    r"\b(?:skin|site|area|region|spot|point)\b[^.;]*$", re.IGNORECASE
)  # "the area over the mass was marked"
_GENERAL = frozenset({"abnormality", "abnormalities", "pathology", "finding", "change", "changes"})
_LONGEST_ADDED = 50  # words
_LEFT_OR_RIGHT = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
_QUOTED_OR_IN_BRACKETS = re.compile(r"“[^”]*”|\([^)]*\)")
_LEFT_OUT = frozenset({"new-or-sudden", "tiny", "small", "large", "mild", "moderate", "severe"})
_ADVERB = re.compile(r"ly\b| of", re.IGNORECASE)  # "mildly", "small amount of": told by their plain word


class Teller:
    """Tells the findings of one report."""

    def __init__(self, *, reading: Reading, text: str, glossary: Glossary, book: PhraseBook) -> None:
        self._reading = reading
        self._text = text
        self._glossary = glossary
        self._book = book

    def told(
        self, name: str, mention: Mention, extra: Mapping[str, str], *, sizes: Sequence[Mention] = ()
    ) -> str | None:
        """Return the sentence at full length, without the place, or None when even that is too long.

        The size is that of the first of `sizes` (by default the mention itself) which has one.
        """
        whole = mention
        if self._on_several_sides(mention):
            mention = whole = replace(
                mention, laterality=None
            )  # "three lesions: left frontal, right peduncle, corpus callosum"
        mention, _ = without_ranges(whole, self._text, self._book, many=False)
        if name == "healed":
            mention = replace(mention, modifiers=tuple(one for one in mention.modifiers if one.id not in _HEALED))
        sure = mention.assertion != "neutral"  # in doubt nothing is said but the name
        spelled = self._text if mention.assertion not in ("absent", "neutral") else ""
        placed = stands_in(mention, self._reading, self._glossary, self._text)
        if not placed and mention.assertion == "absent":
            return None  # "no fluid next to the liver" is not "no fluid in the liver"
        where = (
            places_apart(mention, self._reading, self._glossary, self._book, self._text)
            if placed and sure and mention.assertion != "absent" and name not in _PLACELESS
            else ()
        )
        place_of = self._reading.by_id.get(mention.location or "")
        sided = sure and (placed or place_of is None or place_of.laterality != mention.laterality)
        ways = [("in", spelled), ("in", ""), ("none", "")] if placed else [("none", spelled), ("none", "")]
        ways[1:1] = [("apart", spelled), ("apart", "")] if where else []
        for place, own in ways:
            if place == "none" and mention.assertion == "absent" and mention.location:
                return None  # without its place a "no" would say more than the report
            if mention.assertion == "absent" and mention.also_in and not mention.location:
                return None  # the name holds the first place: "no stones in the gallbladder or kidneys"
            thing = name_of(
                mention, self._reading, self._glossary, self._book,
                text=own, amounts=name not in _THE, place=place != "none" and sure, describe=sure and mention.assertion != "absent", side=sided,
                apart=place == "apart",
            )  # fmt: skip
            compared = self._book.grammar.begins_as("compared", thing.words)
            if compared and name in ("absent_called", "absent_clear_called"):
                return None
            if compared and name == "absent":
                name = "absent_sign"  # never "there is no wider than usual space"
            text = self._book.wording[name].format(**self._slots(name, thing), **extra)
            if _longest_sentence(text) > (EASY_WORDS if place == "in" and where else MAX_WORDS):
                continue
            if place == "apart":
                text += told_apart(where, self._book, self._number(thing), sure=name in _DEFINITE)
            found = (size_sentences(one, thing, self._text, self._book) for one in (sizes or (mention,)))
            size = next((one for one in found if one), "")
            _, between = without_ranges(whole, self._text, self._book, many=thing.plural)
            more = between + self._called(mention, thing, amounts=name in _THE)
            more = more if mention.assertion in ("present", "possible") else ""
            if (
                (name in _HEALED and self._reading.sentences[mention.sentence].section == "addendum")
                or (
                    name in _DEFINITE
                    and ((place == "none" and (mention.location or mention.also_in)) or self._says_nothing(mention))
                )
                or (
                    name in _DEFINITE
                    and self._weighs(mention, text + size, change=name not in ("present", "present_new"))
                )
            ):
                more += self._book.wording["in_its_words"].format(quote=self._sentence(mention))
            elif name in _DEFINITE:
                more += (self._all_sizes(mention) if not size else "") or self._adds(mention)
            elif (
                (name == "present_likely" and self._has_no_subject(mention))
                or (
                    any(one.rule == "check.either-place" for one in mention.evidence)  # "in the liver or pancreas"
                )
                or (name.startswith("possible_") and self._leaves_open(mention))
            ):
                more += self._book.wording["in_its_words"].format(quote=self._sentence(mention))
            elif name == "present_likely" or name.startswith("possible_"):
                more += self._added(softened(mention, self._reading, self._text))
            return text + size + more
        return None

    def shortened(self, mention: Mention, template: str, extra: Mapping[str, str]) -> str | None:
        """Return a finding whose name is too long with its side, place and amount without them, beside its sentence, which has them."""
        kept = tuple(one for one in mention.modifiers if one.id not in _LEFT_OUT)
        about = replace(mention, modifiers=kept, laterality=None, location=None, also_in=())
        text = self.told(template, about, extra)
        quote = self._book.wording["in_its_words"].format(quote=self._sentence(mention))
        return text if text is None or text.endswith(quote) else text + quote

    def _weighs(self, mention: Mention, told: str, *, change: bool) -> bool:
        """Return True where the sentence says what is not told, and is short enough to be shown beside it."""
        more = unsaid(
            mention, told, self._reading, self._glossary, self._text, change=change, sided=self.names_a_side(told)
        )
        return (more or placeless(mention, self._reading, self._glossary, self._text)) and (
            len(self._sentence(mention).split()) <= _LONGEST_ADDED
        )

    def _on_several_sides(self, mention: Mention) -> bool:
        """Return True for several things with one side, whose sentence goes on with the other side and names no other finding."""
        if not mention.plural or mention.laterality not in ("left", "right") or mention.assertion != "present":
            return False
        sentence = self._reading.sentences[mention.sentence]
        things = [one for one in self._reading.by_sentence[mention.sentence] if one.kind in ("finding", "device")]
        sides = {one.lower() for one in _LEFT_OR_RIGHT.findall(self._text, mention.end, sentence.end)}
        return len(things) == 1 and sides == {"left", "right"}

    def _leaves_open(self, mention: Mention) -> bool:
        """Return True where what may be there is told without its place or its condition."""
        return len(self._sentence(mention).split()) <= _LONGEST_ADDED and (
            placeless(mention, self._reading, self._glossary, self._text)
            or conditional(mention, self._reading, self._text)
        )

    def _says_nothing(self, mention: Mention) -> bool:
        """Return True for a word so general that only the report's own words tell anything ("subtle abnormalities, not conclusive")."""
        return mention.term_id in _GENERAL and len(self._sentence(mention).split()) <= _LONGEST_ADDED

    def _has_no_subject(self, mention: Mention) -> bool:
        """Return True where the sentence tells no other finding, so that nobody could tell what it is that fits, or calls it known."""
        others = (one for one in self._reading.by_sentence.get(mention.sentence, ()) if one.end <= mention.start)
        return (was_known(mention, self._text) or not any(one.kind in ("finding", "device") for one in others)) and len(
            self._sentence(mention).split()
        ) <= _LONGEST_ADDED

    def _adds(self, mention: Mention) -> str:
        if self._reading.sentences[mention.sentence].section == "addendum":
            return self._book.wording["in_its_words"].format(quote=self._sentence(mention))
        owned = any(one.rule == "check.owned" for one in mention.evidence)  # "no enlargement of the haematoma"
        if owned or self._unlike(mention) or goes_on(mention, self._reading, self._text):
            return self._book.wording["in_its_words"].format(quote=self._sentence(mention))
        return self._added(added(mention, self._reading, self._text))

    def _unlike(self, mention: Mention) -> bool:
        """As in "severe L and moderate R narrowing": the sides differ, and only the report's own words tell how."""
        between = " ".join(self._text[one.start : one.end] for one in mention.evidence if one.rule == "side.of-both")
        return any(word in one.forms for word in between.lower().split() for one in self._book.modifiers.values())

    def _added(self, words: Extent | None) -> str:
        return self._book.wording["adds"].format(quote=quoted(self._text, words)) if words else ""

    def _all_sizes(self, mention: Mention) -> str:
        """Return the sentence itself where it gives sizes that no fixed sentence can tell ("9 mm on the right and 7 mm on the left")."""
        sentence = self._reading.sentences[mention.sentence]
        sizes = [one for one in mention.measurements if one.unit in ("mm", "cm") and one.when == "current"]
        several = sum(sentence.start <= one.start < sentence.end for one in sizes) > 1
        if not several or len(self._sentence(mention).split()) > _LONGEST_ADDED:
            return ""
        return self._book.wording["in_its_words"].format(quote=self._sentence(mention))

    def _called(self, mention: Mention, thing: Thing, *, amounts: bool) -> str:
        """Return what the report calls the thing, as a sentence of its own: " The report calls it mild."."""
        told = ""
        for modifier in mention.modifiers:
            if modifier.start > mention.end and _ON_THE_SKIN.search(
                self._text, max(0, mention.start - 80), mention.start
            ):
                continue
            table = self._book.modifiers[modifier.id]
            after = table.after
            plain = self._glossary.term(mention.term_id or "").plain
            if modifier.id == "large" and plain.startswith(f"{self._book.modifiers['small'].plain} "):
                after = self._book.wording["called"]
            if (
                amounts
                and not after
                and (table.amount or "").endswith(self._book.grammar.amount_ends)
                and not thing.countable
                and not thing.plural
            ):
                after = self._book.wording["called"]
            if after:
                own = " ".join(modifier.text.lower().split())
                own = self._book.modifiers[modifier.id].plain if _ADVERB.search(own) else own
                sentence = after.format(**self._number(thing), own=own)
                told += f" {sentence}" if sentence not in told else ""
        return told

    def _slots(self, name: str, thing: Thing) -> dict[str, str]:
        slots = thing.slots(self._book.grammar)
        if (
            name.startswith("absent")
            and name not in ("absent_clear", "absent_sign")
            and not thing.plural
            and thing.countable
        ):
            slots["a"] = ""
        return slots

    def names_a_side(self, text: str) -> bool:
        """Return True where our own words name a side."""
        ours = _QUOTED_OR_IN_BRACKETS.sub(" ", text)
        return any(side in ours for side in self._book.grammar.sides.values())

    def labelled(self, label: str, text: str) -> str:
        """Return the text behind the label of its row."""
        return self._book.wording["labelled"].format(label=label, text=text)

    def _number(self, thing: Thing) -> dict[str, str]:
        """Return what stands for the thing in a sentence about it: {it}, {It_is}, {They} ..."""
        return self._book.grammar.many if thing.plural else self._book.grammar.one

    def _sentence(self, mention: Mention) -> str:
        one = self._reading.sentences[mention.sentence]
        return quoted(self._text, Extent(one.start, one.end))


def _longest_sentence(text: str) -> int:
    """Return the number of words of the longest sentence before the report's own words."""
    ours = re.split(r" ?\(?“", text, maxsplit=1)[0]
    return max(len(part.split()) for part in re.split(r"(?<=[.?])\s", ours))
