"""`rad_modifiers`: describing words that a statement must not lose: size, amount, degree, age."""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Modifier
from plainrad.pipeline.drafts import Draft, work
from plainrad.pipeline.patterns import Trie
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Rules

_DESCRIBED = frozenset({"finding", "device"})
_REACH = 7
_TURNS = frozenset({"with", "although", "though", "but", "however", "while", "whereas", "which"})
_SIDES = frozenset({"left", "right", "l", "r", "lt", "rt"})
_ADJECTIVE = (
    "ed",
    "ing",
    "al",
    "ic",
    "ar",
    "ous",
    "ive",
    "id",
    "ary",
    "able",
    "less",
    "ent",
    "ant",
)  # "lobulated, enhancing mass"


class ModifierFinder:
    """Gives a describing word to the finding that it stands before ("small left effusion") or after ("the effusion is small")."""

    def __init__(self, rules: Rules, trie: Trie[str]) -> None:
        self._grammar = rules.grammar
        self._trie = trie

    def __call__(self, doc: Doc) -> Doc:
        """Fill in `modifiers`."""
        words = work(doc).tokens.words
        by_line: dict[int, list[Draft]] = {}
        for draft in work(doc).drafts:
            if draft.kind in _DESCRIBED:
                by_line.setdefault(draft.line, []).append(draft)
        for number, members in by_line.items():
            line = work(doc).lines[number]
            at = [place for place in range(line.start, line.end) if words[place] not in ("-", "\n")]
            bare = [words[place] for place in at]  # as forms are kept: "age-indeterminate" is "age indeterminate"
            here = 0
            while here < len(at):
                match = self._trie.longest(bare, here, len(at))
                if match is None:
                    here += 1
                    continue
                last, name = match
                index, after = at[here], at[last - 1] + 1
                owner: Draft | None = self._described(words, members, index, after, line.end)
                if (
                    owner is not None
                    and words[index] == "old"
                    and {"year", "years", "yo"} & set(words[max(line.start, index - 2) : index])
                ):
                    owner = None  # "72-year-old": the age of a person
                if owner is not None and words[after - 1].endswith("ly") and owner.start != after:
                    owner = None  # "minimally displaced fracture": the fracture is not minimal
                if owner is not None and _of_one_side(owner, work(doc).tokens.starts[index]):
                    owner = None  # "severe L and moderate R narrowing": neither word tells of both sides
                if owner is not None:
                    tokens = work(doc).tokens
                    start, end = tokens.starts[index], tokens.ends[after - 1]
                    owner.modifiers.append(Modifier(name, tokens.text[start:end], start, end))
                here = last
        return doc

    def _described(self, words: list[str], members: list[Draft], start: int, after: int, end: int) -> Draft | None:
        last = next((one for one in members if one.end == start - 1), None)
        if last is not None and words[start - 1] == "," and (after == end or words[after] in ",.;)"):
            return last  # "hyperintensities, non-specific, ..."
        for index in range(after, min(end, after + _REACH)):
            draft = next((one for one in members if one.start == index), None)
            if draft is not None:
                return draft
            word = words[index]
            if (
                word in self._grammar.finite_verbs
                or word in self._grammar.prepositions
                or word in ";:.()?"
                or word in _TURNS
                or (word == "and" and not _SIDES.issuperset((words[index - 1], *words[index + 1 : index + 2])))
                or (word == "," and index > after and not words[index - 1].endswith(_ADJECTIVE))
            ):
                break
        if last is not None and words[start - 1] == ":":
            return last  # "Infarct: old, left-sided"
        if start >= 2 and words[start - 1] in ("is", "are", "appears", "remains", "was", "were"):
            before = [one for one in members if one.end <= start - 1]
            if before and start - before[-1].end <= 3:
                return before[-1]
        return None


def _of_one_side(draft: Draft, at: int) -> bool:
    """Return True for a word at character `at` that stands between the two sides which a finding was given."""
    return any(one.rule == "side.of-both" and one.start < at < one.end for one in draft.evidence)


@Language.factory("rad_modifiers", requires=["doc._.tokens", "doc._.lines", "doc._.drafts"], assigns=["doc._.drafts"])
def make_modifiers(nlp: Language, name: str) -> ModifierFinder:
    """Return the component."""
    resources = resources_of(nlp)
    return ModifierFinder(resources.rules, resources.readings.modifiers)
