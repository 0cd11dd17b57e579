"""`rad_cues`: the rules of `cues.toml` where they fire: one pass, the longest wins, a word is used once."""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.pipeline.drafts import Cue, Draft, Line, work
from plainrad.pipeline.patterns import END, START
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Rules
from plainrad.pipeline.text import Tokens

# A cue word inside a longer name belongs to the name: "non-displaced fracture", "loss of normal signal".
_NAMES = frozenset({"finding", "device", "procedure", "anatomy", "score", "measurement"})
_COMPARES_SIDES = frozenset(
    {
        "marked",
        "prominent",
        "extensive",
        "conspicuous",
        "less",
        "pronounced",
        "apparent",
        "larger",
        "smaller",
        "worse",
        "bigger",
    }
)
_NEVER_BLOCKED = frozenset({"change", "partial"})


class CueFinder:
    """Finds the cues of each sentence."""

    def __init__(self, rules: Rules) -> None:
        self._matcher = rules.cue_matcher

    def __call__(self, doc: Doc) -> Doc:
        """Assign `doc._.cues`: one list a sentence, in the order of the text."""
        tokens = work(doc).tokens
        inside: dict[int, Draft] = {}
        for draft in work(doc).drafts:
            if (draft.kind in _NAMES or draft.target) and draft.end - draft.start > 1:
                inside.update(dict.fromkeys(range(draft.start, draft.end), draft))
        work(doc).cues = [self._line(tokens, line, inside) for line in work(doc).lines]
        return doc

    def _line(self, tokens: Tokens, line: Line, inside: dict[int, Draft]) -> list[Cue]:
        index = [i for i in range(line.start, line.end) if tokens.words[i] not in ("-", "\n")]
        while index and tokens.raw[index[-1]] in ".!":
            index.pop()
        words = [START, *(tokens.words[i] for i in index), END]
        cues: list[Cue] = []
        here = 0
        while here < len(words) - 1:
            opens = self._matcher.opens(words[here])
            match = self._matcher.longest(words, here, self._limit(index, here, inside)) if opens else None
            if match is None:
                here += 1
                continue
            after, rule = match
            first, last = max(here, 1) - 1, min(after, len(words) - 1) - 2
            start, end = index[first], index[last] + 1
            holder = inside.get(start)
            if holder is not None and end <= holder.end and rule.kind not in _NEVER_BLOCKED:
                here += 1
                continue
            if tokens.words[start] == "?" and end == start + 1 and start == index[-1]:
                here += 1  # a question mark at the end asks about what stands before it
                continue
            if all(group & set(words) for group in rule.needs) and not _compares_sides(
                rule.change, words, max(here, 1), after
            ):
                cues.append(Cue(rule, start, end))
            here = after
        return cues

    def _limit(self, index: list[int], here: int, inside: dict[int, Draft]) -> int | None:
        """Return the place (in words with the start mark) of the first name that begins after `here`: a cue ends before it."""
        held = inside.get(index[here - 1]) if here else None
        for place in range(max(here, 1), min(here + 10, len(index))):
            name = inside.get(index[place])
            if name is not None and name is not held and name.start == index[place]:
                return place + 1
        return None


def _compares_sides(change: str | None, words: list[str], start: int, end: int) -> bool:
    """As in "smaller than the right", "more marked on the left": the sides are compared, not two scans."""
    return (
        change is not None
        and words[end - 1] not in (",", ";")
        and bool(_COMPARES_SIDES & set(words[start:end]))
        and bool({"left", "right"} & set(words[end : end + 3]))
    )


@Language.factory("rad_cues", requires=["doc._.tokens", "doc._.lines", "doc._.drafts"], assigns=["doc._.cues"])
def make_cues(nlp: Language, name: str) -> CueFinder:
    """Return the component."""
    return CueFinder(resources_of(nlp).rules)
