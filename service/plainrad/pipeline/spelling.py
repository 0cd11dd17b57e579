"""The words that are known to be spelt right, and the medical ones that a misspelt word may be mended to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.reading_book import ReadingBook
from plainrad.pipeline.rules import Rules

FROM = 7  # letters
SHORT_FROM = 5  # a shorter misspelt word is mended only beside a word with which it makes a name: "hiatus hrnia"
_KINDS = frozenset({"finding", "anatomy", "device", "procedure"})


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of glossary, phrases and rules; those that are mended to; and pairs ("hiatus hernia") that stand together in a name."""

    known: frozenset[str]
    medical: frozenset[str]
    pairs: frozenset[str]


def gather_spelling(
    rules: Rules, glossary: Glossary, readings: ReadingBook, spelt: Mapping[str, tuple[str, ...]]
) -> Spelling:
    """Return the spelling of all these words; `spelt` has the words of forms with more than letters."""
    of_things = {term.id for term in glossary.terms.values() if term.kind in _KINDS}
    known, named, pairs = set(glossary.common_words), set[str](), set[str]()
    for form, senses in glossary.forms.items():
        words = spelt[form] if form in spelt else form.split(" ")
        known.update(words)
        if senses[0].term_id in of_things or any(one.term_id in of_things for one in senses[1:]):
            named.update(words)
            if len(words) > 1:
                pairs.update(map(" ".join, pairwise(words)))
    known |= rules.cue_matcher.vocabulary | readings.phrases.vocabulary | readings.normals.vocabulary
    known |= rules.grammar.finite_verbs | rules.grammar.openers | rules.grammar.watch | rules.grammar.confirming
    in_pairs = {word for pair in pairs for word in pair.split(" ")}
    medical = {word for word in named if len(word) >= FROM or (len(word) >= SHORT_FROM and word in in_pairs)}
    mended_to = frozenset(word for word in medical - glossary.common_words if word.isalpha())
    return Spelling(frozenset(known), mended_to, frozenset(pairs))


@cache
def english_words() -> frozenset[str]:
    """Return the words of English, which are never taken for misspellings."""
    file = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    return frozenset(
        file.read_bytes().decode("utf-8-sig").split()[::2]
    )  # a word and how often it was seen, line by line
