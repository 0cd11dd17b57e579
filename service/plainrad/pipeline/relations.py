"""`rad_relations`: which part of the body a finding sits in, by how the words stand together."""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.pipeline.drafts import Draft, Line, work
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Grammar, Rules

_PLACED = frozenset({"finding", "device", "other"})
_LOCATIVE = frozenset({"of", "in", "at", "on", "within", "involving", "affecting", "throughout", "inside", "to"})
_FIXED_WITH = frozenset({"keeping", "consistent", "compatible", "line", "correlates", "commensurate"})
_ARISES = frozenset({"arising", "arises", "originating", "originates", "extending", "extends"})
_ARTICLES = frozenset({"the", "a", "an", "left", "right"})
_AWAY = frozenset({"from", "above", "below", "near", "beside", "behind", "outside"})
_SIDES = frozenset({"left", "right", "both"})
_SIDE_WORDS = frozenset({"left", "right", "both", "lt", "rt", "l", "r", "bilateral"})
_LOBES = frozenset(
    {"rul", "rml", "rll", "lul", "lll", "ruq", "luq", "rif", "lif", "ruz", "luz", "rmz", "lmz", "rlz", "llz"}
)
# "The osteophyte contacts the ventral surface of the cord": what is touched or pushed is not where the finding is.
_TOUCHES = frozenset({"contacts", "contact", "contacting", "abuts", "abut", "abutting", "indents", "indent", "indenting", "effaces", "efface", "effacing", "displaces", "displace", "displacing", "compresses", "compress", "compressing", "touches", "touching", "impinges", "impinging", "distorts", "distorting"})  # fmt: skip
# "Mass lower pole right kidney": an end of an organ that is named without "of the".
_ENDS = frozenset({"upper", "lower", "mid", "middle", "inferior", "superior", "interpolar"})
_JOINERS = frozenset({"and", "&", "or", "nor", ",", "/"})
_SAID_OF = frozenset(
    {"normal", "unremarkable", "clear", "intact", "unchanged", ":", "-", "unaffected", "spared", "appearing"}
)
_COPULA = frozenset({"is", "are", "was", "were", "also", "again", "centred", "located", "situated", "now", "persists", "persist", "remains", "remain", "lies", "lie", "sits"})  # fmt: skip
_FIGURES = frozenset({"mm", "cm", "x", "-", "ml", "measuring", "approximately", "(", ")"})
# "In the right upper lobe but no pneumothorax" puts nothing there.
_ANEW = frozenset({"but", "no", "although", "though", "however"})
_HOLDS = frozenset({"contains", "shows", "demonstrates", "has", "contain", "show", "demonstrate", "have", "with", "containing", "reveals", "harbours", "exhibits"})  # fmt: skip


class Relator:
    """Sets `location`, the anatomy draft, where the wording leaves no doubt."""

    def __init__(self, rules: Rules) -> None:
        self._grammar: Grammar = rules.grammar

    def __call__(self, doc: Doc) -> Doc:
        """Fill in `location`."""
        drafts = work(doc).drafts
        words: list[str] = work(doc).tokens.words
        by_line: dict[int, list[int]] = {}
        for number, draft in enumerate(drafts):
            by_line.setdefault(draft.line, []).append(number)
        lines = work(doc).lines
        for line_number, members in by_line.items():
            if not 0 <= line_number < len(lines):
                continue
            line = lines[line_number]
            parts = [number for number in members if drafts[number].kind == "anatomy"]
            for number in members:
                if drafts[number].kind == "anatomy":
                    drafts[number].location = self._whole(words, drafts, drafts[number], parts)
                elif drafts[number].kind in _PLACED and parts:
                    place = self._place(words, line, drafts, drafts[number], parts)
                    drafts[number].location = None if place is None else drafts[place]
                    drafts[number].also_in = self._joined(words, line, drafts, drafts[number], parts)
                    if place is None:
                        drafts[number].beside = self._beside(words, drafts, drafts[number], parts)
        return doc

    def _place(self, words: list[str], line: Line, drafts: list[Draft], draft: Draft, parts: list[int]) -> int | None:
        if words[draft.start] in _TOUCHES:
            return (
                None  # "soft tissue compressing the cord": the part is what is pressed, and what stands before presses
            )
        after = next((n for n in parts if drafts[n].start >= draft.end), None)
        if after is not None and self._prepositional(words, draft.end, drafts[after].start):
            return after
        inside = next((n for n in parts if draft.start <= drafts[n].start and drafts[n].end <= draft.end), None)
        if inside is not None and draft.target:
            return inside
        before = next((n for n in reversed(parts) if drafts[n].end <= draft.start), None)
        gap = words[drafts[before].end : draft.start] if before is not None else []
        if before is not None and self._compound(gap) and not self._taken(drafts, drafts[before].end, draft):
            return before
        clause = next(((s, e) for s, e in line.clauses if s <= draft.start < e), (line.start, line.end))
        if after is not None and self._beside_itself(words, clause[1], draft, drafts[after]):
            return after
        if before is None:
            return None
        earlier = [n for n in parts if clause[0] <= drafts[n].start and drafts[n].end <= draft.start]
        if not earlier:
            return None
        subject = earlier[0]
        joined = words[drafts[subject].end : drafts[earlier[-1]].start]
        if joined in (["and"], [","], [",", "and"]):
            return None  # two parts are the subject: which of them is meant is not for us to say
        return next((n for n in earlier if self._holds(words, clause[0], drafts[n], draft, first=n == subject)), None)

    def _joined(self, words: list[str], line: Line, drafts: list[Draft], draft: Draft, parts: list[int]) -> list[Draft]:
        """Return the further places of a finding: "fractures of the left clavicle and right humerus"."""
        if draft.location is None and not _LOCATIVE & set(words[draft.start : draft.end]):
            return []
        if draft.location is not None and draft.location.end <= draft.start:
            return []  # "the liver contains cysts and the spleen ..." begins something else
        found: list[Draft] = []
        end = draft.end if draft.location is None else max(draft.end, draft.location.end)
        for number in parts:
            part = drafts[number]
            if part.start < end:
                continue
            gap = words[end : part.start]
            if draft.assertion != "absent" and {"or", "nor"} & set(gap):
                break  # "in the liver or pancreas": one of the two, and which is not said
            if not _JOINERS & set(gap) or not set(gap) <= _JOINERS | _ARTICLES | _SIDE_WORDS | _LOCATIVE:
                break
            if not self._closes(words, line, drafts, part):
                break
            found.append(part)
            end = part.end
        return found

    def _closes(self, words: list[str], line: Line, drafts: list[Draft], part: Draft) -> bool:
        """Return False for a part that something else is said of: "... and the left kidney is small", "... and right renal cysts"."""
        after = words[part.end : line.end]
        if after and (after[0] in self._grammar.finite_verbs or after[0] in _SAID_OF or after[0] in _HOLDS - {"with"}):
            return False
        following = next((one for one in drafts if one.start >= part.end and one.kind in _PLACED), None)
        return following is None or following.start >= line.end or not self._compound(words[part.end : following.start])

    def _beside_itself(self, words: list[str], end: int, draft: Draft, part: Draft) -> bool:
        """As in "fracture left radius", "Ca right breast 2016": the place follows without a preposition."""
        end = next((i for i in range(part.end, end) if words[i] in (",", ";", "-", "(")), end)
        gap = words[draft.end : part.start]
        if not gap and words[part.start] in _LOBES:
            return True
        if not gap and words[part.start] in _ENDS and draft.kind == "finding":
            return not self._grammar.finite_verbs & set(words[part.end : end])
        told = gap or words[part.start : part.start + 1]  # the side may be a word of the part: "nodule left lower lobe"
        return (
            len(gap) <= 3
            and bool(_SIDE_WORDS & set(told))
            and all(word in _SIDE_WORDS or word[0].isdigit() for word in told)
            and not self._grammar.finite_verbs & set(words[part.end : end])
        )

    def _holds(self, words: list[str], start: int, part: Draft, draft: Draft, *, first: bool) -> bool:
        """Return True when the wording puts `draft` into `part`: "the kidney contains", "in the liver there is", "Liver: "."""
        between = words[part.end : draft.start]
        if _SIDES & set(between):
            return False  # another side is named on the way
        before = [word for word in words[max(start, part.start - 3) : part.start] if word not in _ARTICLES]
        if before and before[-1] in _AWAY:
            return False  # "5 cm from the nipple, there is a mass": the mass is not in the nipple
        held = any(
            word in _HOLDS and not (word == "with" and between[place - 1 : place] and between[place - 1] in _FIXED_WITH)
            for place, word in enumerate(between)
        )
        if held or not first:
            return held
        lead = words[start : part.start]
        placed = 0 < len(lead) <= 4 and lead[0] in ("in", "within", "at", "involving") and "from" not in lead
        if placed and not any(word in self._grammar.finite_verbs for word in lead):
            return True
        return ":" in between[:2]

    def _whole(self, words: list[str], drafts: list[Draft], draft: Draft, parts: list[int]) -> Draft | None:
        """Return what a part is a part of: "the upper pole of the right kidney", "upper pole right kidney"."""
        after = next((n for n in parts if drafts[n].start >= draft.end), None)
        if after is None:
            return None
        gap = words[draft.end : drafts[after].start]
        beside = gap or words[drafts[after].start : drafts[after].start + 1]
        if set(beside) <= _SIDE_WORDS and words[draft.start] in _ENDS:
            return drafts[after]
        if "of" not in gap:
            return None
        return drafts[after] if self._prepositional(words, draft.end, drafts[after].start) else None

    def _beside(self, words: list[str], drafts: list[Draft], draft: Draft, parts: list[int]) -> Draft | None:
        """Return the part that a finding lies near ("adjacent to the left kidney"): it gives a side, but no place."""
        after = next((n for n in parts if drafts[n].start >= draft.end), None)
        if after is None or not self._prepositional(words, draft.end, drafts[after].start, locative=False):
            return None
        return drafts[after]

    def _prepositional(self, words: list[str], start: int, stop: int, *, locative: bool = True) -> bool:
        gap = [word for word in words[start:stop] if not word[0].isdigit() and word not in _FIGURES]
        while gap and (gap[0] in _COPULA or gap[0] in self._grammar.confirming):
            gap = gap[1:]
        if len(gap) > 1 and gap[0] in _ARISES and gap[1] == "from":
            gap = ["of", *gap[2:]]
        first = next((word for word in gap if word in self._grammar.prepositions), None)
        if first is None or len(gap) > 8 or (locative and first not in _LOCATIVE):
            return False  # "3 cm above the carina" is not in the carina
        return not any(
            word in self._grammar.finite_verbs
            or (locative and word in _TOUCHES)
            or word in (",", ";", ":", "and", "or", "with", ".", "for", "by", "from")
            for word in gap
        )

    def _compound(self, gap: list[str]) -> bool:
        return len(gap) <= 3 and not any(
            word in self._grammar.finite_verbs
            or word in _ANEW
            or word in self._grammar.prepositions
            or word in self._grammar.conjunctions
            or word in ",;:.()"
            for word in gap
        )

    def _taken(self, drafts: list[Draft], start: int, draft: Draft) -> bool:
        return any(one is not draft and one.kind in _PLACED and start <= one.start < draft.start for one in drafts)


@Language.factory("rad_relations", requires=["doc._.tokens", "doc._.lines", "doc._.drafts"], assigns=["doc._.drafts"])
def make_relations(nlp: Language, name: str) -> Relator:
    """Return the component."""
    return Relator(resources_of(nlp).rules)
