"""`rad_typos`: misspelt medical words, mended only where one word of the glossary is clearly nearest, and never a negator.

Optimal string alignment (Damerau 1964; one slip, two in long words) by rapidfuzz, over words of the same first letter and length. A word
of the English dictionary (that of symspellpy, 82,765 words) is never a slip, nor is one that differs in a prefix that turns the sense.
"""

from collections import defaultdict
from collections.abc import Mapping

from rapidfuzz.distance import OSA
from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Flag
from plainrad.glossary.forms import plural
from plainrad.pipeline.drafts import flag, work
from plainrad.pipeline.patterns import Trie
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.spelling import FROM, SHORT_FROM, Spelling, english_words
from plainrad.pipeline.text import Tokens, match_words

_PREFIXES = (
    ("hyper", "hypo"), ("ab", "ad"), ("inter", "intra"), ("ante", "anti"), ("pre", "pro"), ("endo", "ecto"), ("para", "peri"), ("supra", "infra"),
    ("macro", "micro"), ("mono", "poly"), ("extra", "intra"), ("dextro", "levo"), ("tracheo", "trache"), ("ileo", "ilio"), ("pero", "peri"), ("peri", "pre"),
)  # fmt: skip
_TWO_SLIPS_FROM = 15
_TWO_SLIPS_IN_DOUBT_FROM = 9


class TypoMender:
    """Knows the words of the glossary; what is no word of English and one slip from one of them is that word."""

    def __init__(self, slips: Mapping[str, str], hedges: frozenset[str], spelling: Spelling) -> None:
        self._hedges = sorted(hedges)
        self._slips: Trie[tuple[str, ...]] = Trie()
        for wrong, right in slips.items():
            self._slips.add(match_words(wrong), match_words(right))
        self._known, self._english, self._pairs = spelling.known, english_words(), spelling.pairs
        self._buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in spelling.medical:
            self._buckets[word[0], len(word)].append(word)

    def __call__(self, doc: Doc) -> Doc:
        """Put the mended words into `doc._.tokens.words`; assign `doc._.repaired`, the indices of mended tokens."""
        tokens = work(doc).tokens
        repaired: set[int] = set()
        for index, word in enumerate(tokens.words):
            if len(word) >= SHORT_FROM and word.isalpha() and word not in self._known and word not in self._english:
                doubt = self._hedge(word)
                nearest = doubt or self.nearest(word)
                if nearest is not None and (doubt or self._sure(tokens.words, index, nearest)):
                    tokens.words[index] = nearest
                    repaired.add(index)
            slip = self._slips.longest(tokens.words, index)
            if slip is not None:
                repaired.update(self._slip(tokens, index, *slip))
        work(doc).repaired = repaired
        return doc

    def _hedge(self, word: str) -> str | None:
        """Return the word of doubt that a word of no language is a slip away from, or None: "likley" is no certainty."""
        most = 2 if len(word) >= _TWO_SLIPS_IN_DOUBT_FROM else 1
        near = [
            (OSA.distance(word, one, score_cutoff=most), one)
            for one in self._hedges
            if one[0] == word[0] and abs(len(one) - len(word)) <= most
        ]
        return min(((far, one) for far, one in near if far <= most), default=(0, None))[1]

    def _sure(self, words: list[str], index: int, nearest: str) -> bool:
        """Return True when the mended word is long, or makes a name of the glossary with the word beside it."""
        if len(words[index]) >= FROM and len(nearest) >= FROM:
            return True
        before, after = words[index - 1] if index else "", words[index + 1] if index + 1 < len(words) else ""
        return f"{before} {nearest}" in self._pairs or f"{nearest} {after}" in self._pairs

    def nearest(self, word: str) -> str | None:
        """Return the one glossary word that `word` is a slip away from, or None when there is none or more than one."""
        most = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        found: dict[str, int] = {}
        lengths = range(len(word) - most, len(word) + most + 1)
        for candidate in (one for length in lengths for one in self._buckets.get((word[0], length), ())):
            distance = OSA.distance(word, candidate, score_cutoff=most)
            if distance <= most and not _inflected(word, candidate) and not _other_sense(word, candidate):
                found[candidate] = distance
        if not found:
            return None
        least = min(found.values())
        best = [one for one, distance in found.items() if distance == least]
        roots = {one.rstrip("s") for one in best}
        return min(best, key=lambda one: (abs(len(one) - len(word)), one)) if len(roots) == 1 else None

    def _slip(self, tokens: Tokens, index: int, end: int, right: tuple[str, ...]) -> range:
        """Write the meant words over the written ones; a word too few is left as an empty token that nothing matches."""
        for place in range(index, end):
            offset = place - index
            tokens.words[place] = right[offset] if offset < len(right) else "\n"
        return range(index, end)


def _other_sense(word: str, candidate: str) -> bool:
    """Return True when the two differ in a prefix that turns the sense: hyper and hypo, ab and ad, inter and intra."""
    return any(
        (word.startswith(one) and candidate.startswith(two)) or (word.startswith(two) and candidate.startswith(one))
        for one, two in _PREFIXES
    )


def _inflected(word: str, candidate: str) -> bool:
    """Return True when one is the other with an ending: "increase" and "increased" are two words, not a slip."""
    if plural(candidate) == word or plural(word) == candidate:
        return True
    short, long = sorted((word, candidate), key=len)
    return long.startswith(short) or (
        short[:-1] == long[: len(short) - 1] and long[-1] in "sdgy" and short[-1] in "esdy"
    )


@Language.factory("rad_typos", requires=["doc._.tokens", "doc._.lines"], assigns=["doc._.tokens", "doc._.repaired"])
def make_typos(nlp: Language, name: str) -> TypoMender:
    """Return the component."""
    resources = resources_of(nlp)
    return TypoMender(resources.rules.slips, resources.rules.hedges, resources.spelling)


def repaired_flags(doc: Doc) -> list[Flag]:
    """Return one flag for each mended word that a mention rests on."""
    repaired = work(doc).repaired
    if not repaired:
        return []
    return [
        flag(
            doc,
            "repaired_typo",
            "A word here was read as a misspelling of a term that the glossary knows. Check that it is the one you meant.",
            [(one.start, one.end)],
        )
        for one in work(doc).drafts
        if one.term_id is not None and any(index in repaired for index in range(one.start, one.end))
    ]
