"""What an addendum takes back: older sentences that it contradicts, corrects or makes doubtful are shown in their own words only.

`check.addendum-corrects` marks what stands no longer; `check.addendum-adds` marks a "normal" or a "no" that was written before the addendum
named a finding in the same place, or in no place that is known. In doubt an older "no" is taken back, and never an older finding.
"""

from collections.abc import Iterable

from spacy.tokens import Doc

from plainrad.domain.phrases import SetPhrase
from plainrad.domain.reading import Flag
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.addendum_words import CORRECTS, put_right_in, said_in, sides_corrected, withdraws
from plainrad.pipeline.drafts import Draft, Line, evidence, flag, work

_OLD = frozenset({"findings", "conclusion", "recommendation"})
_ADDS_TO = frozenset({"addendum", "addenda", "supplementary"})
_SHORT_WORD = 4
_NO_NAMES = frozenset(
    {"there", "acute", "evidence", "significant", "focal", "right", "upper", "lower", "small", "large", "bilateral"}
)
_NARROWS = frozenset({"other", "further", "another", "additional", "also", "new", "second", "associated", "displaced", "too", "extra", "well"})  # fmt: skip
_INJURIES = frozenset({"fracture", "dislocation", "avulsion"})
_WIDE = frozenset({"body"})
_SETTLES = frozenset({"corresponds", "correspond", "represents", "represent", "proves", "proved"})
_OPPOSITES = (("internal", "external"), ("superior", "inferior"), ("anterior", "posterior"), ("medial", "lateral"), ("proximal", "distal"))  # fmt: skip


class Addenda:
    """Compares each addendum with what was written before it."""

    def __init__(self, glossary: Glossary, phrases: dict[str, SetPhrase]) -> None:
        self._glossary = glossary
        self._phrases = phrases

    def __call__(self, doc: Doc, drafts: list[Draft], flags: list[Flag]) -> None:
        """Mark what an addendum takes back, and flag the addendum."""
        lines = work(doc).lines
        words = work(doc).tokens.words
        for section in work(doc).sections:
            if section.kind != "addendum":
                continue
            members = [
                n
                for n, line in enumerate(lines)
                if line.section == "addendum" and section.start <= work(doc).tokens.starts[line.start] < section.end
            ]
            said = {words[i] for n in members for i in range(lines[n].start, lines[n].end)}
            title = set((section.title or "").lower().split())
            found = [
                one
                for one in drafts
                if one.line in members
                and (one.kind in ("finding", "device", "score", "other") or one.described is not None)
                and one.assertion in ("present", "absent", "possible", "neutral")
            ]
            corrects = bool((said | title) & CORRECTS) or {"should", "read"} <= said
            withdrawn = any(withdraws(doc, n) for n in members)
            if not members or not (corrects or found or withdrawn):
                continue
            span = (lines[members[0]].start, lines[members[-1]].end)
            flags.append(
                flag(
                    doc,
                    "addendum_overrides",
                    "An addendum adds to or corrects this report. Older sentences that it contradicts are shown in your own words only.",
                    [span],
                )
            )
            told = [one for one in drafts if lines[one.line].section in _OLD]
            older = [one for one in told if one.line < members[0]]
            if not older and title & _ADDS_TO:
                older = (
                    told  # an addendum may stand above what it adds to; below a corrected report stands what is right
                )
            if withdrawn:
                for one in older:
                    one.assertion, one.certainty, one.reportable = (
                        "neutral",
                        "possible",
                        one.reading_id is None and one.reportable,
                    )
                    one.evidence.append(evidence(doc, "check.addendum-corrects", *span))
                continue
            put_right = {one.term_id for one in found if put_right_in(doc, one, members[0])} if corrects else set()
            if title & CORRECTS:
                put_right = {one.term_id for one in found}
            self._correct(doc, older, found, span, sides=sides_corrected(doc, members, title), put_right=put_right)
            self._add(doc, older, found, span)

    def _correct(
        self,
        doc: Doc,
        older: list[Draft],
        found: list[Draft],
        span: tuple[int, int],
        *,
        sides: bool,
        put_right: set[str | None],
    ) -> None:
        """A correction outranks what it corrects. Sides that it speaks of are not told from the older words."""
        newer: dict[str, list[Draft]] = {}
        for one in found:
            newer.setdefault(one.term_id or "", []).append(one)
        taken: set[tuple[int, int]] = (
            set()
        )  # the words of a finding may be a question of the caller too, which comes last
        for draft in sorted(older, key=lambda one: one.target):
            idle = (
                draft.kind == "other" and draft.term_id is not None
            )  # a ward, a team: nothing that could be contradicted
            same = [
                one for one in newer.get(draft.term_id or "-", ()) if not (idle or self._elsewhere(doc, one, draft))
            ]
            contradicted = (draft.start, draft.end) in taken or (
                bool(same) and draft.assertion not in {one.assertion for one in same}
            )
            if draft.assertion == "absent" and self._ruled_out_in_vain(doc, draft, found):
                contradicted = True
            if draft.assertion in ("present", "possible") and any(
                self._denies(doc, one, draft) or self._other_side(doc, one, draft) or self._settles(doc, one, draft)
                for one in found
            ):
                contradicted = True
                taken.add((draft.start, draft.end))
            corrected = (sides and draft.laterality is not None) or (
                draft.term_id in newer and draft.term_id in put_right
            )
            if (contradicted or corrected) and draft.reading_id:
                draft.reportable = False
            elif contradicted or corrected:
                draft.assertion, draft.certainty = "neutral", "possible"
                draft.evidence.append(evidence(doc, "check.addendum-corrects", *span))

    def _denies(self, doc: Doc, newer: Draft, older: Draft) -> bool:
        """Return True where the addendum rules out what the older words found, by the same name or a wider one."""
        if newer.assertion != "absent" or newer.change == "resolved" or older.term_id is None:
            return False
        if "bony-injury" in (newer.reading_id or ""):
            return bool(_INJURIES & self._names(older)) and not self._narrowed(doc, newer)
        if newer.term_id is None:
            return False
        if self._narrowed(doc, newer) or self._apart(newer, older) or self._elsewhere(doc, newer, older):
            return False
        one, two = self._names(newer), self._names(older)
        return bool(one) and one <= two

    def _elsewhere(self, doc: Doc, newer: Draft, older: Draft) -> bool:
        """Return True where their sentences name parts that have nothing in common: "the rib uptake is not a metastasis" leaves T10."""
        one, two = (
            {
                part
                for near in work(doc).drafts
                if near.line == each.line and near.kind == "anatomy"
                for part in near.anatomy
                if part in self._glossary.parts
            }
            - _WIDE
            for each in (newer, older)
        )
        two |= self._parts(older)
        if not one or not two:
            return False
        return self._with_ancestors(one).isdisjoint(self._with_ancestors(two))

    def _ruled_out_in_vain(self, doc: Doc, older: Draft, found: list[Draft]) -> bool:
        """Return True where a new finding shares a word with an older "no", and is neither in another place nor of the opposite kind."""
        names, mine = self._words_of(doc, older), self._with_word_before(doc, older)
        for one in found:
            if one.assertion not in ("present", "possible") or not self._words_of(doc, one) & names:
                continue
            theirs = self._with_word_before(doc, one)
            opposite = any((a in mine and b in theirs) or (b in mine and a in theirs) for a, b in _OPPOSITES)
            if not opposite and not self._elsewhere(doc, one, older):
                return True  # never for "no external hernia" beside an internal one
        return False

    def _settles(self, doc: Doc, newer: Draft, older: Draft) -> bool:
        """As in "the rib uptake corresponds to a healing fracture": what was only a spot in that rib has a name now."""
        general = older.term_id is not None and self._glossary.term(older.term_id).region == "general"
        if not general or older.kind != "finding" or newer.assertion != "present" or newer.term_id == older.term_id:
            return False
        here, there = self._parts(older), self._new_parts(doc, newer) - {"bone"}
        meet = here & self._with_ancestors(there) or there & self._with_ancestors(here)
        return bool(said_in(doc, newer.line) & _SETTLES and meet) and not self._narrowed(doc, newer)

    def _with_word_before(self, doc: Doc, draft: Draft) -> set[str]:
        line: Line = work(doc).lines[draft.line]
        return set(work(doc).tokens.words[max(line.start, draft.start - 1) : draft.end])

    def _other_side(self, doc: Doc, newer: Draft, older: Draft) -> bool:
        """As in "of the LEFT fibula, not the right": the same finding in the same part, on the other side, is the same one."""
        if newer.assertion not in ("present", "possible") or not (newer.term_id and newer.term_id == older.term_id):
            return False
        if {newer.laterality, older.laterality} != {"left", "right"} or self._narrowed(doc, newer):
            return False
        one, two = (place.location.term_id if place.location else None for place in (newer, older))
        return one == two or None in (one, two)

    def _apart(self, newer: Draft, older: Draft) -> bool:
        """Return True where the two are on different sides, or in places of which neither holds the other."""
        if {newer.laterality, older.laterality} == {"left", "right"}:
            return True
        one, two = (set(place.location.anatomy) if place.location else set() for place in (newer, older))
        if not one or not (two or older.anatomy):
            return False
        two = two or set(older.anatomy)
        return self._with_ancestors(one).isdisjoint(two) and self._with_ancestors(two).isdisjoint(one)

    def _narrowed(self, doc: Doc, newer: Draft) -> bool:
        """Return True for "no other fracture", "a further nodule": nothing older is spoken of."""
        line: Line = work(doc).lines[newer.line]
        return bool(_NARROWS & set(work(doc).tokens.words[line.start : line.end]))

    def _add(self, doc: Doc, older: list[Draft], found: list[Draft], span: tuple[int, int]) -> None:
        """What was called normal, or ruled out, in the place of a finding that the addendum names is told so no longer."""
        known = {one.term_id for one in older if one.assertion in ("present", "possible", "neutral")}
        new = [
            one
            for one in found
            if one.term_id not in known
            and one.assertion in ("present", "possible", "neutral")
            and (one.kind == "finding" or one.described is not None)
            and one.reportable
            and one.change not in ("unchanged", "resolved")
            and not one.background
        ]
        if not new:
            return
        where = [self._new_parts(doc, one) for one in new]
        whole = [one for one in older if self._says_all_well(one) and self._meets(one, where)]
        for draft in older:
            inside = any(one.start <= draft.start and draft.end <= one.end for one in whole)
            plain_no = draft.assertion == "absent" and draft.kind in ("finding", "other") and not draft.reading_id
            if inside or ((plain_no or draft.normal) and self._meets(draft, where)):
                if draft.reading_id:
                    draft.reportable = False
                draft.evidence.append(evidence(doc, "check.addendum-adds", *span))

    def _says_all_well(self, draft: Draft) -> bool:
        phrase = self._phrases.get(draft.reading_id or "")
        return phrase is not None and phrase.group in ("normal", "looked_for_not_found")

    def _meets(self, older: Draft, where: list[set[str]]) -> bool:
        """Return True where the older words speak of the place of a new finding, of what holds it, or of no place."""
        here = self._parts(older)
        if not here:
            return True
        around = self._with_ancestors(here)
        wide = older.reading_id is not None or older.normal is not None
        return any((wide and not new) or here & self._with_ancestors(new) or new & around for new in where)

    def _new_parts(self, doc: Doc, draft: Draft) -> set[str]:
        """Return the parts that a new finding is in: all that its sentence names, and "bone" for those of the skeleton."""
        near = [one for one in work(doc).drafts if one.line == draft.line and one.kind == "anatomy"]
        parts = self._parts(draft).union(*(one.anatomy for one in near)) & set(self._glossary.parts)
        skeleton = any("bone" in self._glossary.parts[one].system for one in parts)
        return (parts | ({"bone"} if skeleton else set())) - _WIDE

    def _parts(self, draft: Draft) -> set[str]:
        phrase = self._phrases.get(draft.reading_id or "")
        parts: Iterable[str] = phrase.anatomy if phrase is not None else draft.anatomy
        placed = draft.location.anatomy if draft.location is not None else ()
        return ({*parts, *placed} & set(self._glossary.parts)) - _WIDE

    def _with_ancestors(self, parts: Iterable[str]) -> set[str]:
        known = (one for one in parts if one in self._glossary.parts)
        return {up.id for one in known for up in self._glossary.ancestors(one)} - _WIDE

    def _names(self, draft: Draft) -> set[str]:
        """Return the words of a finding's name in the glossary, singular."""
        name = self._glossary.term(draft.term_id or "").term.lower().replace("-", " ")
        return {word.rstrip("s") for word in name.split() if word not in ("of", "the", "a", "in")}

    def _words_of(self, doc: Doc, draft: Draft) -> set[str]:
        """Return the words that name a finding, singular: "fracture of the tibial plateau" and "no fracture" share one."""
        named = {*work(doc).tokens.words[draft.start : draft.end], *draft.concept.lower().replace("-", " ").split()}
        return {word.rstrip("s") for word in named if len(word) > _SHORT_WORD and word not in _NO_NAMES}
