"""What a professional says of a reading that is wrong, for those who mend the rules: the sentence, how it was read, what it should be."""

from typing import Any, get_args

from plainrad.domain.patient import PatientReport
from plainrad.domain.reading import Extent, Mention
from plainrad.domain.records import WrongKind
from plainrad.errors import RecordInvalidError
from plainrad.explain.hidden import said_by
from plainrad.store import annotations, reports
from plainrad.store.engine import Session
from plainrad.store.tables import VersionRow


def about_reading(session: Session, version: VersionRow, *, item: str, kind: str, wanted: str) -> dict[str, Any]:
    """Return it as plain values; raises RecordInvalidError for an item that this version has not.

    `sentences` are the words of the report, `told` what the patient reads of them, `read` each mention with its status, side, sense and
    rules, `wanted` the professional's own words, and `versions` what it was read with.
    """
    if kind not in get_args(WrongKind):
        raise RecordInvalidError(f"kind: one of {', '.join(get_args(WrongKind))}.")
    explained = annotations.explained_of(session, version, reports.report_of(version, None))
    told = said_by(explained, item) if explained is not None else ""
    if explained is None or not told:
        raise RecordInvalidError("item: give the id of a statement, an explained term or own words of this version.")
    places, mentions = _read(explained, item)
    text = explained.report.text
    sentences = [
        text[one.start : one.end]
        for one in explained.reading.sentences
        if any(place.start < one.end and one.start < place.end for place in places)
    ]
    return {
        "item": item,
        "kind": kind,
        "version": version.number,
        "sentences": sentences,
        "told": told,
        "read": [_mention(one, text) for one in mentions],
        "wanted": wanted,
        "versions": {
            "plainrad": explained.provenance.plainrad,
            "glossary": explained.provenance.glossary,
            "pipeline": explained.provenance.pipeline,
        },
    }


def _read(explained: PatientReport, item: str) -> tuple[list[Extent], list[Mention]]:
    """Return the places of an item, and the mentions that it rests on."""
    statement = next((one for one in explained.statements if one.id == item), None)
    if statement is not None:
        known = explained.reading.by_id
        return list(statement.source), [known[one] for one in statement.mentions if one in known]
    word = next((one for one in explained.explanations if one.term_id == item), None)
    if word is not None:
        mentions = [one for one in explained.reading.mentions if one.term_id == item]
        return [Extent(one.start, one.end) for one in mentions], mentions
    own = explained.own_words[int(item.removeprefix("w")) - 1]
    return [Extent(own.start, own.end)], [
        one for one in explained.reading.mentions if own.start < one.end and one.start < own.end
    ]


def _mention(one: Mention, text: str) -> dict[str, Any]:
    return {
        "words": one.text,
        "term": one.term_id,
        "concept": one.concept,
        "assertion": one.assertion,
        "certainty": one.certainty,
        "side": one.laterality,
        "change": one.change,
        "section": one.section,
        "rules": [{"rule": cue.rule, "words": text[cue.start : cue.end]} for cue in one.evidence],
    }
