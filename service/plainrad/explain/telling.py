"""Which fixed sentence tells a finding, and that sentence filled in: grammatical, at most twenty words a sentence, in plain words."""

import re
from collections.abc import Mapping, Sequence

from plainrad.domain.patient import StatementGroup
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.phrase import Thing, name_of
from plainrad.explain.restrict import restriction, tail_restricts
from plainrad.explain.sizes import size_sentences
from plainrad.glossary.lookup import Glossary

MAX_WORDS = 20
_HEDGES = ("poss.", "prob.", "unl.", "cons.", "alt.")
_SUSPECTS = re.compile(r"suspicious|suspicion|concern|worr|suspect", re.IGNORECASE)
_DEFINITE = frozenset({"present", "present_new", "unchanged", "larger", "smaller"})
_DOUBT_BEHIND = re.compile(
    r"[^.;:“”]{0,90}?(?P<doubt>\b(?:(?:is|are|was|were|of) )?(?:most |more |very |probably |highly )?"
    r"(?:likely|probably|possibly|presumably|presumed|suspected|thought to|favou?red to|felt to|indeterminate|equivocal|uncertain|suspicious|suggest\w*|in keeping|consistent|compatible)"
    r"\b[^.;“”]{0,120}?)(?=[.;]\s|[.;]?$|, (?:and|but|which|with)\b|\n\s*\n)",
    re.IGNORECASE,
)
_LOOSE_END = re.compile(r"^[\s,;:(]+|(?:[\s,;:(]+|\s+(?:an?|the|any))+$", re.IGNORECASE)
_ADVERB = re.compile(r"ly\b", re.IGNORECASE)


class Teller:
    """Tells the findings of one report."""

    def __init__(self, *, reading: Reading, text: str, glossary: Glossary, book: PhraseBook) -> None:
        self._reading = reading
        self._text = text
        self._glossary = glossary
        self._book = book

    def choose(self, mention: Mention) -> tuple[StatementGroup, str, dict[str, str]]:
        """Return the group, the name of the sentence and what else it needs."""
        if mention.assertion == "neutral":
            limited = any(one.rule.startswith("lim.") for one in mention.evidence)
            return (
                ("limitation", "limited", {}) if limited else ("found", "neutral", {"quote": self._sentence(mention)})
            )
        if mention.assertion == "historical":
            return "unchanged_or_known", "historical", {}
        if mention.assertion == "absent":
            return self._absent(mention)
        if mention.assertion == "possible":
            said = self._hedge(mention)
            grade = "suspicious" if mention.certainty == "likely" and _SUSPECTS.search(said) else mention.certainty
            return "possible", f"possible_{grade}", {"said": said}
        if mention.certainty == "likely":
            return "found", "present_likely", {"said": self._hedge(mention)}
        if mention.kind == "device":
            return "found", "device", {"quote": self._sentence(mention)}
        if mention.change == "new":
            return "found", "present_new", {}
        if mention.change in ("unchanged", "larger", "smaller", "healing"):
            return "unchanged_or_known", mention.change, {}
        return "found", "present", {}

    def _absent(self, mention: Mention) -> tuple[StatementGroup, str, dict[str, str]]:
        if mention.change == "resolved":
            return "unchanged_or_known", "resolved", {}
        if self._glossary.term(mention.term_id or "").sensitivity == "pregnancy":
            return "looked_for_not_found", "own_words", {}  # never in other words than those that were chosen
        kind, words = restriction(mention, self._reading, self._text)
        if kind == "own" or (kind != "seen" and tail_restricts(mention, self._reading, self._text)):
            return "looked_for_not_found", "own_words", {}
        if kind != "called":
            return "looked_for_not_found", f"absent_{kind}" if kind else "absent", {}
        known = [self._book.called.get(word) for word in words.split()]
        if any(one is None for one in known):
            return "looked_for_not_found", "own_words", {}
        before = "".join(f"{one.before} " for one in known if one and one.before)
        after = "".join(f" {one.after}" for one in known if one and one.after)
        return "looked_for_not_found", "absent_called", {"before": before, "after": after}

    def told(
        self, name: str, mention: Mention, extra: Mapping[str, str], *, sizes: Sequence[Mention] = ()
    ) -> str | None:
        """Return the sentence at full length, without the place, or None when even that is too long.

        The size is that of the first of `sizes` (by default the mention itself) which has one.
        """
        for place in (True, False):
            if not place and mention.assertion == "absent" and mention.location:
                return None  # without its place a "no" would say more than the report
            sure = mention.assertion != "neutral"  # in doubt nothing is said but the name
            thing = name_of(
                mention, self._reading, self._glossary, self._book,
                place=place and sure, describe=sure and mention.assertion != "absent", side=sure,
            )  # fmt: skip
            text = self._book.wording[name].format(**self._slots(name, thing), **extra)
            if max(len(part.split()) for part in re.split(r"(?<=[.?])\s", text.split("“")[0])) <= MAX_WORDS:
                found = (size_sentences(one, thing, self._text, self._book) for one in (sizes or (mention,)))
                more = self._called(mention, thing) if sure and mention.assertion in ("present", "possible") else ""
                more += self._cause(mention) if name in _DEFINITE else ""
                return text + next((one for one in found if one), "") + more
        return None

    def _cause(self, mention: Mention) -> str:
        """Return what the report adds behind a finding with doubt, where that is told nowhere else: "... is likely traumatic"."""
        sentence = self._reading.sentences[mention.sentence]
        match = _DOUBT_BEHIND.match(self._text, mention.end, sentence.end)
        if match is None:
            return ""
        start, end = match.span("doubt")
        others = self._reading.by_sentence.get(mention.sentence, ())
        if any(
            one.kind in ("finding", "device") and one is not mention and mention.end <= one.start < end
            for one in others
        ):
            return ""
        return self._book.wording["adds"].format(quote=quoted(self._text, Extent(start, end)))

    def _called(self, mention: Mention, thing: Thing) -> str:
        """Return what the report calls the thing, as a sentence of its own: " The report calls it mild."."""
        told = ""
        for modifier in mention.modifiers:
            after = self._book.modifiers[modifier.id].after
            if after:
                own = " ".join(modifier.text.lower().split())
                own = self._book.modifiers[modifier.id].plain if _ADVERB.search(own) or " of" in own else own
                sentence = after.format(it="them" if thing.plural else "it", own=own, was="were" if thing.plural else "was", They="They" if thing.plural else "It")  # fmt: skip
                told += f" {sentence}" if sentence not in told else ""
        return told

    def _slots(self, name: str, thing: Thing) -> dict[str, str]:
        slots = thing.slots()
        if name.startswith("absent") and not thing.plural and thing.countable:
            slots["a"] = ""
        return slots

    def _hedge(self, mention: Mention) -> str:
        """Return the report's own words of doubt, ready to stand behind ours: " (“cannot be excluded”)"."""
        sentence = self._reading.sentences[mention.sentence]
        for one in mention.evidence:
            if one.rule.startswith(_HEDGES) and sentence.start <= one.start < one.end <= sentence.end:
                words = _LOOSE_END.sub("", " ".join(self._text[one.start : one.end].split()))
                if len(words) > 2 and "“" not in words and "”" not in words:
                    return f" (“{words}”)"
        return ""

    def _sentence(self, mention: Mention) -> str:
        one = self._reading.sentences[mention.sentence]
        return quoted(self._text, Extent(one.start, one.end))


def quoted(text: str, extent: Extent) -> str:
    """Return the words of `extent` on one line."""
    return " ".join(text[extent.start : extent.end].split())
