"""`rad_flags`: what the reviewing radiologist may want to look at. Patients do not see flags."""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Flag
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.addenda import Addenda
from plainrad.pipeline.drafts import Draft, evidence, flag, work
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.typos import repaired_flags

_MAX_MM = {"mm": 1.0, "cm": 10.0}
_IMPLAUSIBLE_MM = 400.0


class Flagger:
    """Adds report-level flags, and makes neutral what an addendum says was wrong."""

    def __init__(self, glossary: Glossary, grammar: Grammar, addenda: Addenda) -> None:
        self._glossary = glossary
        self._addenda = addenda
        self._count_nouns = grammar.count_nouns

    def __call__(self, doc: Doc) -> Doc:
        """Add to `doc._.flags`."""
        flags = work(doc).flags
        drafts = work(doc).drafts
        flags.extend(repaired_flags(doc))
        self._negator_typos(doc, drafts, flags)
        self._addenda(doc, drafts, flags)
        self._unexplained(doc, drafts, flags)
        self._sizes(doc, drafts, flags)
        self._sides(doc, drafts, flags)
        self._contradictions(doc, drafts, flags)
        self._sensitive(doc, drafts, flags)
        if not any(draft.term_id for draft in drafts):
            flags.append(
                Flag(
                    "nothing_recognised",
                    "No word of this report was recognised. Check that the text is a radiology report in English.",
                )
            )
        return doc

    def _unexplained(self, doc: Doc, drafts: list[Draft], flags: list[Flag]) -> None:
        for draft in drafts:
            if (
                any(one.rule == "check.unexplained-cue" for one in draft.evidence)
                and draft.kind == "finding"
                and draft.reportable
            ):
                flags.append(flag(doc, "unexplained_cue", "A word here may negate or hedge this finding, and no rule understood it. Patients are shown your own words instead.", [(draft.start, draft.end)]))  # fmt: skip

    def _negator_typos(self, doc: Doc, drafts: list[Draft], flags: list[Flag]) -> None:
        """As in "Know fracture", "now evidence of": never repaired, always flagged, and never told as present."""
        words = work(doc).tokens.words
        for number, line in enumerate(work(doc).lines):
            if line.section in ("history", "technique", "comparison", "other"):
                continue
            first = words[line.start]
            if first not in ("know", "now", "knot") and not (
                first.startswith("no") and words[line.start][2:] in ("bony", "focal", "evidence", "acute")
            ):
                continue
            following = words[line.start + 1 : line.start + 5]
            clause_verb = any(
                word in ("is", "are", "shows", "demonstrates", "has", "have", "there", "measures", "seen")
                for word in words[line.start + 1 : line.start + 3]
            )
            members = [one for one in drafts if one.line == number and one.kind in ("finding", "other")]
            if members and (first in ("know", "knot") or not clause_verb) and following and "," not in following[:1]:
                for draft in members:
                    draft.assertion, draft.certainty = "neutral", "possible"
                    draft.evidence.append(evidence(doc, "check.negator-typo", line.start, line.start + 1))
                flags.append(flag(doc, "possible_negator_typo", f"'{work(doc).tokens.raw[line.start]}' may be a typing or dictation error for 'no'. Check the sentence; patients are shown your own words.", [(line.start, line.start + 1)]))  # fmt: skip

        for draft in drafts:
            at = draft.start - 1
            if at >= 2 and words[at] == "now" and words[at - 2 : at] in (["there", "is"], ["there", "are"]) and words[draft.end - 1] in self._count_nouns:  # fmt: skip
                draft.assertion, draft.certainty = "neutral", "possible"
                draft.evidence.append(evidence(doc, "check.negator-typo", at, at + 1))
                flags.append(flag(doc, "possible_negator_typo", f"'{work(doc).tokens.raw[at]}' may be a typing or dictation error for 'no'. Check the sentence; patients are shown your own words.", [(at, at + 1)]))  # fmt: skip

    def _sizes(self, doc: Doc, drafts: list[Draft], flags: list[Flag]) -> None:
        for draft in drafts:
            for one in draft.measurements:
                if one.unit in _MAX_MM and max(one.values) * _MAX_MM[one.unit] > _IMPLAUSIBLE_MM:
                    flags.append(flag(doc, "implausible_measurement", "This size is larger than the body part can be. Check the number and the unit.", [(draft.start, draft.end)]))  # fmt: skip

    def _sides(self, doc: Doc, drafts: list[Draft], flags: list[Flag]) -> None:
        """The same finding on one side in the findings and on the other in the conclusion, or against the exam's title."""
        body: dict[str, list[Draft]] = {}
        for draft in drafts:
            if (
                draft.term_id
                and draft.kind == "finding"
                and draft.assertion in ("present", "possible")
                and draft.laterality in ("left", "right")
            ):
                body.setdefault(draft.term_id, []).append(draft)
        said: list[list[tuple[int, int]]] = []
        for found in (*body.values(), *self._by_part(drafts)):
            ends = [one for one in found if work(doc).lines[one.line].section in ("conclusion", "addendum")]
            starts = [one for one in found if work(doc).lines[one.line].section == "findings"]
            if ends and starts and {one.laterality for one in ends}.isdisjoint({one.laterality for one in starts}):
                spans = [(one.start, one.end) for one in (*starts, *ends)]
                if spans in said:
                    continue
                said.append(spans)
                flags.append(flag(doc, "laterality_discrepancy", "The findings and the conclusion name different sides for the same finding. Check which side is meant.", spans))  # fmt: skip
        title = f" {(work(doc).exam.title or '').lower()} "
        ordered = {
            side
            for side, words in (("left", (" left ", " lt ", " l ")), ("right", (" right ", " rt ", " r ")))
            if any(word in title for word in words)
        }
        if len(ordered) == 1:
            told = [one for found in body.values() for one in found]
            if told and ordered.isdisjoint({one.laterality for one in told}):
                flags.append(flag(doc, "laterality_discrepancy", f"The exam ordered names the {ordered.pop()} side; the report speaks only of the other. Check which side is meant.", [(one.start, one.end) for one in told]))  # fmt: skip

    def _by_part(self, drafts: list[Draft]) -> list[list[Draft]]:
        """Return sided findings grouped by the sided part of the body that they sit in."""
        groups: dict[str, list[Draft]] = {}
        for draft in drafts:
            if (
                draft.kind != "finding"
                or draft.laterality not in ("left", "right")
                or draft.assertion not in ("present", "possible")
            ):
                continue
            place = draft.location.anatomy if draft.location is not None else ()
            for part in {*draft.anatomy, *place}:
                if part in self._glossary.parts and self._glossary.parts[part].sides:
                    groups.setdefault(part, []).append(draft)
        return list(groups.values())

    def _contradictions(self, doc: Doc, drafts: list[Draft], flags: list[Flag]) -> None:
        """The same finding, on the same side and in the same place, is there in the findings and not in the conclusion, or the other way."""
        told: dict[tuple[str, str | None, str | None], list[Draft]] = {}
        for draft in drafts:
            if (
                draft.kind == "finding"
                and draft.term_id
                and draft.assertion in ("present", "absent")
                and draft.change is None
            ):
                place = draft.location.term_id if draft.location is not None else None
                told.setdefault((draft.term_id, draft.laterality, place), []).append(draft)
        for found in told.values():
            late = {one.assertion for one in found if work(doc).lines[one.line].section == "conclusion"}
            early = {one.assertion for one in found if work(doc).lines[one.line].section == "findings"}
            if len(late) == len(early) == 1 and late != early:
                flags.append(flag(doc, "contradiction", "The findings and the conclusion say opposite things about this. Check which is meant.", [(one.start, one.end) for one in found]))  # fmt: skip

    def _sensitive(self, doc: Doc, drafts: list[Draft], flags: list[Flag]) -> None:
        for kind in ("cancer", "pregnancy", "safeguarding", "urgent", "mental-health"):
            found = [
                one
                for one in drafts
                if one.term_id
                and self._glossary.terms[one.term_id].sensitivity == kind
                and one.reportable
                and one.assertion in ("present", "possible", "neutral")
            ]
            if found:
                flags.append(flag(doc, f"sensitive_{kind.replace('-', '_')}", f"The report mentions something that the glossary marks as sensitive ({kind}). Consider speaking with the patient before release.", [(one.start, one.end) for one in found]))  # fmt: skip


@Language.factory(
    "rad_flags",
    requires=["doc._.tokens", "doc._.sections", "doc._.lines", "doc._.drafts", "doc._.exam", "doc._.flags"],
    assigns=["doc._.flags", "doc._.drafts"],
)
def make_flags(nlp: Language, name: str) -> Flagger:
    """Return the component."""
    resources = resources_of(nlp)
    addenda = Addenda(resources.glossary, resources.readings.known)
    return Flagger(resources.glossary, resources.rules.grammar, addenda)
