"""`rad_terms`: every place in which a form of the glossary stands, by one matcher over all forms.

Hyphens do not count ("ground-glass" is "ground glass"); case counts only for abbreviations.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Candidate, Line, work
from plainrad.pipeline.form_trie import Entry, FormTrie
from plainrad.pipeline.patterns import Trie
from plainrad.pipeline.ranges import numbered
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.senses import choose
from plainrad.pipeline.text import Tokens, normalise, tokenise

_JOINERS = frozenset({"of", "in", "at", "on", "the", "to", "within"})
_SIDES = frozenset({"left", "right", "lt", "rt", "bilateral", "both"})
Found = tuple[int, int, Entry, str]
_FEWEST_VOTES = 3
# Short forms that are everyday words when a report is typed in capitals throughout.
_WORDS_IN_CAPITALS = frozenset({"US", "IT", "AS", "AM", "OR", "AN", "AT", "IN", "IS", "NO", "ALL", "HAD", "HAS", "HE", "SHE", "MAN", "ARE", "SO", "DO", "BE", "TIPS", "PET", "CAT", "COLD", "MASS", "AIDS", "FAST", "SIT", "ICE", "ASPECTS"})  # fmt: skip


class TermFinder:
    """Finds terms and abbreviations sentence by sentence."""

    def __init__(self, glossary: Glossary, spelt: Mapping[str, tuple[str, ...]]) -> None:
        self._glossary = glossary
        self._general = frozenset(
            one.id for one in glossary.terms.values() if one.region == "general" and one.kind == "finding"
        )
        self._forms = FormTrie(glossary, spelt)
        self._shorts: Trie[Entry] = Trie()
        for short, senses in glossary.abbreviations.items():
            if short not in glossary.ambiguous:
                self._shorts.add(_raw_words(short), (senses, False))
                if short.isupper() and len(short) > 1:
                    self._shorts.add(_raw_words(short + "s"), (senses, True))

    def __call__(self, doc: Doc) -> Doc:
        """Assign `doc._.candidates`."""
        rows = [self._found(work(doc).tokens, line) for line in work(doc).lines]
        if not work(doc).exam.body_regions:
            work(doc).exam = replace(work(doc).exam, body_regions=self._region([pending for _, _, pending in rows]))
        work(doc).candidates = [
            one for line, row in zip(work(doc).lines, rows, strict=True) for one in self._choose(doc, line, *row)
        ]
        return doc

    def _region(self, rows: list[list[Found]]) -> tuple[str, ...]:
        """Return the region that most parts and findings of the report belong to, where nobody named the exam."""
        votes: Counter[str] = Counter()
        for pending in rows:
            for _, _, (senses, _), _ in pending:
                term = self._glossary.terms[senses[0].term_id]
                if len(senses) == 1 and senses[0].when.is_empty() and term.kind in ("anatomy", "finding"):
                    votes[term.region] += term.region not in ("general", "blood", "soft-tissue", "vascular")
        ((region, most),) = votes.most_common(1) or [("", 0)]
        return (region,) if most >= _FEWEST_VOTES and most * 5 >= votes.total() * 2 else ()

    def _found(self, tokens: Tokens, line: Line) -> tuple[list[int], list[str], list[Found]]:
        """Return the tokens that count, their words, and every form that stands there."""
        index = [i for i in range(line.start, line.end) if tokens.words[i] not in ("-", "\n")]
        words = [tokens.words[i] for i in index]
        raw = [tokens.raw[i] for i in index]
        shouting = all(word.isupper() for word in raw if word.isalpha()) and len(raw) > 3
        pending: list[Found] = []
        for here in range(len(words)):
            for after, entry in self._forms.every(words, here):
                pending.append((here, after, entry, "term.form"))
            for after, entry in self._shorts.every(raw, here) if self._shorts.opens(raw[here]) else ():
                if shouting and after - here == 1 and raw[here] in _WORDS_IN_CAPITALS:
                    continue
                if raw[here] == "#" and here + 1 < len(raw) and raw[here + 1].isdigit():
                    continue  # "#3" is a number, "#NOF" a fracture
                pending.append((here, after, entry, "term.abbreviation"))
        pending += self._shared_heads(words, pending)
        pending += self._around_sides(words)
        pending += self._numbered(tokens, line, index)
        return index, words, pending

    def _numbered(self, tokens: Tokens, line: Line, index: list[int]) -> list[Found]:
        """As in "T4-T9", "ribs 4-7": parts that are named together by their numbers are one place."""
        first = tokens.starts[line.start]
        found: list[Found] = []
        for start, end, sense in numbered(tokens.text[first : tokens.ends[line.end - 1]]):
            here = bisect_left(index, tokens.at(first + start))
            after = bisect_right(index, tokens.at(first + end - 1))
            if here < after and sense.term_id in self._glossary.terms:
                found.append((here, after, ((sense,), True), "term.numbered"))
        return found

    def _choose(
        self, doc: Doc, line: Line, index: list[int], words: list[str], pending: list[Found]
    ) -> Iterator[Candidate]:
        """Return the forms whose sense is clear here."""
        parts, exam = self._parts(pending), work(doc).exam
        nearby = frozenset(region for _, _, region in parts)
        for here, after, (senses, plural), rule in pending:
            term_id = choose(senses, exam, line, words, here, after, nearby)
            if (
                term_id is None and len(nearby) > 1
            ):  # "nodules in the lungs and a liver cyst": the part beside it decides
                beside = min(parts, key=lambda one: (max(one[0] - after, here - one[1], 0), one))[2]
                term_id = choose(senses, exam, line, words, here, after, frozenset((beside,)))
            if term_id is None:
                term_id = choose(senses, exam, line, words, here, after, nearby, self._general)
            if term_id is not None:
                yield Candidate(index[here], index[after - 1] + 1, (term_id,), rule, plural=plural)

    def _around_sides(self, words: list[str]) -> list[Found]:
        """As in "undescended left testis": a side may stand inside a form."""
        kept = [place for place, word in enumerate(words) if word not in _SIDES]
        if len(kept) == len(words):
            return []
        bare = [words[place] for place in kept]
        return [
            (kept[here], kept[after - 1] + 1, entry, "term.around-side")
            for here in range(len(bare))
            for after, entry in self._forms.every(bare, here)
            if kept[after - 1] + 1 - kept[here] > after - here and not _JOINERS & set(bare[here:after])
        ]

    def _shared_heads(self, words: list[str], pending: Sequence[Found]) -> list[Found]:
        """As in "Pleural or pericardial effusion": the head that the last of a list has belongs to the others too."""
        found: list[Found] = []
        for here, after, _, rule in list(pending):
            if (
                after - here < 2
                or rule != "term.form"
                or here < 2
                or words[here - 1] not in ("or", "and", "/", "&", "nor")
            ):
                continue
            heads = [words[after - size : after] for size in range(1, after - here)]
            place = here - 1
            while place > 0 and words[place] in ("or", "and", "/", "&", ",", "nor"):
                for size in (2, 1):
                    start = place - size
                    if start < 0 or any(
                        word in ("or", "and", "/", "&", ",", "no", "the") for word in words[start:place]
                    ):
                        continue
                    wholes = [[*words[start:place], *head] for head in heads]
                    matches = [
                        entry for whole in wholes for end, entry in self._forms.every(whole, 0) if end == len(whole)
                    ]
                    if matches:
                        found.append((start, place, matches[0], "term.shared-head"))
                        place = start - 1
                        break
                else:
                    break
        return found

    def _parts(self, pending: Sequence[Found]) -> list[tuple[int, int, str]]:
        """Return (start, end, region) of the unambiguous parts of the body that the sentence names."""
        found = []
        for here, after, (senses, _), _ in pending:
            if len(senses) == 1 and senses[0].when.is_empty():
                term = self._glossary.terms[senses[0].term_id]
                if term.kind == "anatomy" and term.region != "general":
                    found.append((here, after, term.region))
        return found


def _raw_words(short: str) -> tuple[str, ...]:
    return tuple(word for word in tokenise(normalise(short)).raw if word != "-")


@Language.factory(
    "rad_terms", requires=["doc._.tokens", "doc._.lines", "doc._.exam"], assigns=["doc._.candidates", "doc._.exam"]
)
def make_terms(nlp: Language, name: str) -> TermFinder:
    """Return the component."""
    resources = resources_of(nlp)
    return TermFinder(resources.glossary, resources.spelt)
