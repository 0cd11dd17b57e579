"""How far a cue reaches: over a list, over alternatives, over the next thing only, over a clause.

The ideas are those of NegEx (Chapman et al. 2001) and ConText (Harkema et al. 2009), with scopes that end where English ends them:
at a finite verb with a subject of its own, at "with", at an exception, at a word that opens a fresh statement.
"""

from collections.abc import Sequence

from plainrad.pipeline.drafts import Cue, Draft
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.unstopped import device_follows, says_afresh

_CARRIED = frozenset({"probable", "consistent"})  # "no A to suggest B": the no reaches B
_STOPS_NEGATION = frozenset({"exception", "negated", "possible", "unlikely", "hypothetical", "limited", "family"})
_PHRASE_ENDS = frozenset(
    {"with", "for", "by", "causing", "which", "who", "that", "in", "on", "at", "and", "or", "nor", ",", ":"}
)
_STOP_AT_ANY_VERB = frozenset({"negated", "resolved", "partial", "history"})  # "possibly there is a fracture" goes on
_TOO_MUCH = frozenset(
    {"abnormal", "increased", "pathological", "suspicious", "focal", "high", "restricted", "significant", "avid"}
)
_NEW_NAME = frozenset({"a", "an", "the", "this", "these", "there", "it"})
FRESH = frozenset({"small", "tiny", "large", "moderate", "mild", "minor", "minimal", "multiple", "several", "few", "extensive", "subtle", "marked", "severe", "trace", "bilateral", "bibasal", "incidental", "degenerative", "stable", "unchanged"})  # fmt: skip
_ADDED = frozenset({"superadded", "superimposed", "coexistent", "coexisting", "concurrent", "concomitant"})
_WITH_IT = frozenset({"no", "or", "out", "any"})


class Clause:
    """One clause with its cues, and the reach of each of them."""

    def __init__(
        self,
        words: Sequence[str],
        start: int,
        end: int,
        cues: Sequence[Cue],
        drafts: Sequence[Draft],
        grammar: Grammar,
        dashes: frozenset[int] = frozenset(),
    ) -> None:
        self.words = words
        self.start = start
        self.end = end
        self.cues = [cue for cue in cues if start <= cue.start < end]
        self.drafts = drafts
        self.dashes = dashes
        self._grammar = grammar
        self._at = {cue.start: cue for cue in self.cues}
        self._names = {
            i for draft in drafts if draft.kind in ("finding", "device") for i in range(draft.start, draft.end)
        }

    def forward(self, cue: Cue) -> tuple[int, int]:
        """Return the token range that `cue` reaches after itself."""
        scope = cue.rule.scope
        if scope in ("clause", "sentence"):
            return cue.end, self._clause_end(cue)
        boundary: int | None = None
        seen_name = False
        index = cue.end
        while index < self.end:
            word = self.words[index]
            other = self._at.get(index)
            if cue.rule.kind == "negated" and self._device_follows(index):
                return cue.end, index  # "no consolidation pacemaker noted"
            if cue.rule.kind in ("negated", "unlikely") and seen_name and self._fresh_follows(index):
                return cue.end, index  # "no hydronephrosis small cyst", "no fracture - large effusion"
            if other is not None and other is not cue:
                if (self._stops(cue, other) and not self._relative(cue, other)) or self._is_sign(cue, other):
                    return cue.end, index
                if other.rule.kind == "pseudo" and any(self._finite(i) for i in range(other.start, other.end)):
                    return cue.end, index  # "without prior films it is not possible to say whether the ..."
                if cue.rule.scope == "phrase" and self.words[other.start] in self._grammar.finite_verbs:
                    return cue.end, index  # "not sent here, indicates a diagnosis of ..."
                if cue.rule.kind == "negated" and other.rule.kind in _CARRIED:
                    other.used = True
                index = max(other.end, index + 1)
                continue
            if (
                self._finite(index)
                and not (self._participle(index) and not seen_name)
                and (seen_name or cue.rule.kind in _STOP_AT_ANY_VERB)
            ):
                return cue.end, self._at_verb(index, boundary)
            if word in (";", "where") or (word == ":" and index > cue.end):
                return cue.end, index
            described = (
                cue.rule.explains and cue.rule.kind == "possible" and scope == "list"
            )  # "may be an ovary with ..."
            if (
                word == "with"
                and seen_name
                and not described
                and not (index + 1 < self.end and self.words[index + 1] in _WITH_IT)
            ):
                return cue.end, index
            if scope == "phrase" and seen_name and word in _PHRASE_ENDS and word not in self._grammar.conjunctions:
                return cue.end, index
            if word in self._grammar.conjunctions or word in (",", "/"):
                if self._breaks(cue, index, seen_name):
                    return cue.end, index
                boundary = index
            seen_name = seen_name or self._is_name(index)
            index += 1
        return cue.end, self.end

    def backward(self, cue: Cue) -> tuple[int, int]:
        """Return the token range that `cue` reaches before itself."""
        scope = cue.rule.scope
        if scope in ("clause", "sentence"):
            return self.start, cue.start
        index = last = self._before_relative(cue)
        named_before = cue.rule.kind == "resolved" and index > self.start and self.words[index] in ("which", "that")
        index = last = index - 1 if named_before else index  # "a leak which has resolved"
        seen_name = joined = False
        while index >= self.start:
            word = self.words[index]
            ended = next((one for one in self.cues if one.end == index + 1 and one is not cue), None)
            weighed = ended is not None and ended.rule.hedged is not None and cue.rule.kind == "probable"
            if (
                ended is not None
                and not weighed
                and ended.rule.kind in ("exception", "negated", "possible", "hypothetical", "limited")
            ):
                return index + 1, last + 1
            if (
                cue.rule.kind == "history"
                and ended is not None
                and self.words[ended.start] in ("following", "after", "post")
            ):
                return index + 1, last + 1  # "a mass following biopsy last week"
            if index < last and self._finite(index) and not self._reduced(index):
                return index + 1, last + 1
            if word == ";" or (word == ":" and index < last) or word in ("which", "who"):
                return index + 1, last + 1
            if word == "," and cue.rule.kind == "hypothetical":
                return index + 1, last + 1
            if index in self.dashes and index < last and seen_name and word == "-":
                return index + 1, last + 1  # "liver metastases - MRI of the liver is advised"
            if named_before and seen_name and word in ("and", ",", "with"):
                return index + 1, last + 1
            if scope in ("phrase", "alternatives") and seen_name and word in ("and", ","):
                return index + 1, last + 1
            if word in _ADDED and seen_name and self.words[index - 1] not in self._grammar.conjunctions | {",", "with"}:
                return index, last + 1  # "in keeping with ARDS superadded infection cannot be excluded"
            if word == "," and seen_name and not joined and cue.rule.kind != "negated":
                return index + 1, last + 1  # "would favour A, B is unlikely"
            joined = joined or word in self._grammar.conjunctions
            seen_name = seen_name or self._is_name(index)
            index -= 1
        return self.start, last + 1

    def _before_relative(self, cue: Cue) -> int:
        """Return where to look back from: before "which was present on admission" when the cue is what the subject does."""
        if self.words[cue.start] not in self._grammar.finite_verbs:
            return cue.start - 1
        for index in range(cue.start - 2, self.start, -1):
            if self.words[index] in ("which", "that") and self._is_name(index - 1):
                verbs = [place for place in range(index + 1, cue.start) if self._finite(place)]
                return index - 1 if verbs else cue.start - 1
        return cue.start - 1

    def _is_sign(self, cue: Cue, other: Cue) -> bool:
        """As in "absent flow in keeping with thrombosis": what is lacking is itself the sign of what follows."""
        if cue.rule.kind != "negated" or other.rule.kind != "consistent":
            return False
        lacking = self.words[cue.end : other.start]
        stop = next(
            (i for i, word in enumerate(lacking) if word in self._grammar.prepositions or word == ","), len(lacking)
        )
        return stop > 0 and lacking[stop - 1] in self._grammar.level_words and not _TOO_MUCH & set(lacking)

    def _relative(self, cue: Cue, other: Cue) -> bool:
        """As in "no lesion that may represent a metastasis": what is not there is no metastasis either."""
        return (
            cue.rule.kind == "negated"
            and other.rule.explains
            and self.words[other.start - 1] in ("that", "which", "to")
        )

    def _clause_end(self, cue: Cue) -> int:
        """A condition ends at its comma: "if pain persists, repeat the scan"."""
        if cue.rule.scope == "clause" and cue.rule.kind in ("hypothetical", "exception"):
            for index in range(cue.end, self.end):
                if self.words[index] == "," and any(
                    self.words[i] in self._grammar.finite_verbs for i in range(cue.end, index)
                ):
                    return index
        return self.end

    def _stops(self, cue: Cue, other: Cue) -> bool:
        kind = other.rule.kind
        if other.rule.direction == "backward":
            return True
        if kind == "exception":
            return True
        if cue.rule.kind == "negated":
            return kind in _STOPS_NEGATION or (kind in _CARRIED and says_afresh(self.words, cue, other, self._grammar))
        return kind in ("negated", "hypothetical") or (kind == cue.rule.kind and cue.rule.scope == "phrase")

    def _at_verb(self, index: int, boundary: int | None) -> int:
        following = self.words[index + 1 : index + 4]
        if boundary is None or any(word in self._grammar.confirming for word in following):
            return index
        return boundary

    def _breaks(self, cue: Cue, index: int, seen_name: bool) -> bool:
        word = self.words[index]
        following = self.words[index + 1] if index + 1 < self.end else ""
        if cue.rule.scope == "phrase" and word == "," and following in _NEW_NAME and index > cue.end:
            return True  # "not FDG avid, an adenoma"
        if not seen_name:
            return False
        if cue.rule.scope == "phrase":
            return not (cue.rule.kind in ("negated", "unlikely") and word in ("or", "nor"))
        if cue.rule.scope == "alternatives":
            return word in ("and", "&", "plus") or (word == "," and not self._alternative_follows(index + 1))
        if word in ("or", "nor", "/", "and/or"):
            return False
        if word == "," and following in self._grammar.conjunctions:
            return False
        if word == "," and any(one.start == index + 1 and one.like == "score" for one in self.drafts):
            return True
        if word == "," and self._grammar.score_words & set(self.words[index + 1 : min(self.end, index + 4)]):
            return True  # "no solid component, O-RADS 2"
        if word == "," and following[:1].isdigit():
            return True  # "no hydronephrosis, 22 mm cyst"
        return following in self._grammar.openers and not (
            cue.rule.kind == "negated" and self._alternative_follows(index + 1)
        )

    def _alternative_follows(self, index: int) -> bool:
        """Return True when the list that goes on here is closed by "or": "no A, large B, or C"."""
        for place in range(index, self.end):
            word = self.words[place]
            if word in ("or", "nor", "versus", "vs", "and/or"):
                return True
            if self._finite(place) or word in (";", "and", "with"):
                return False
        return False

    def _device_follows(self, index: int) -> bool:
        """Return True where a device follows a finding, and no "or" closes a list: a full stop was left out."""
        if index - 1 not in self._names or not device_follows(self.words, self.drafts, index, self._grammar):
            return False
        return not self._alternative_follows(index)

    def _fresh_follows(self, index: int) -> bool:
        """Return True where a size opens a fresh statement behind a dash, or right behind a finding where no "or" closes a list."""
        at = index + 1 if index in self.dashes else index
        return (
            (at > index or index - 1 in self._names)
            and at < self.end
            and (
                self.words[at] in FRESH or (self.words[at] == "the" and at not in self._names) or self._size_follows(at)
            )
            and (at > index or not self._alternative_follows(at))
        )

    def _size_follows(self, at: int) -> bool:
        """Return True for "5 mm stone": nobody measures what is not there."""
        units = self.words[at + 1 : at + 2]
        return self.words[at][:1].isdigit() and units in (["mm"], ["cm"])

    def _participle(self, index: int) -> bool:
        """Return True for "demonstrated" in "no demonstrated aneurysm", which describes and does not say."""
        return self.words[index].endswith("ed") or self.words[index] in ("found", "noted", "seen", "shown")

    def _reduced(self, index: int) -> bool:
        """Return True for "noted" in "the effusion noted previously is no longer seen": it says nothing of its own."""
        if not self._participle(index) or index == self.start or self.words[index] in ("had", "developed"):
            return False
        return self._is_name(index - 1) or self.words[index - 1] in ("previously", "earlier")

    def _finite(self, index: int) -> bool:
        """Return True for a finite verb: "to suggest" is none, nor is a verb that is part of a name."""
        if self.words[index] not in self._grammar.finite_verbs or index in self._names:
            return False
        return index == self.start or self.words[index - 1] != "to"

    def _is_name(self, index: int) -> bool:
        return any(draft.start <= index < draft.end for draft in self.drafts)
