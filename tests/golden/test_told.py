"""No statement says the opposite of what two careful people read in a golden sentence."""

from collections.abc import Iterator
from typing import Any

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport, Statement
from plainrad.domain.report import Exam, Report, ReportStatus
from tests.support.golden import GOLDEN, load, span_of
from tests.support.golden_cases import NAMES, example
from tests.support.patient import long_sentences

_PLAIN_THERE = ("There is", "There are", "It is", "They are")
_NEVER_THERE = frozenset({"absent", "hypothetical", "other_person", "possible", "neutral"})


def statements_about(patient: PatientReport, item: dict[str, Any]) -> Iterator[Statement]:
    """Return the statements that speak of the finding whose words are quoted."""
    start, end = span_of(patient.report.text, item)
    here = {
        one.id
        for one in patient.reading.mentions
        if one.term_id and one.kind in ("finding", "device") and start <= one.start and one.end <= end
    }
    for statement in patient.statements:
        named = [patient.reading.by_id[one] for one in statement.mentions if one in patient.reading.by_id]
        findings = {one.id for one in named if one.kind in ("finding", "device")}
        if findings and findings <= here:
            yield statement


def contradiction(statement: Statement, item: dict[str, Any]) -> str | None:
    """Return what a statement says against an expectation, or None."""
    said, wanted = (
        statement.text.partition("“")[0].partition(": ")[2] or statement.text.partition("“")[0],
        item["assertion"],
    )
    if statement.group == "found" and wanted in _NEVER_THERE and said.startswith(_PLAIN_THERE):
        return "told as there"
    if statement.group == "looked_for_not_found" and wanted in ("present", "possible") and said.startswith("No "):
        return "told as not there"
    if statement.group == "possible" and wanted == "absent" and said.startswith("The report says"):
        return "told as possible"
    side, other = item.get("laterality"), {"left": "right", "right": "left"}.get(item.get("laterality") or "")
    if other and f" {other} " in f" {said} " and f" {side} " not in f" {said} ":
        return "told on the other side"
    return None


def contradictions(plainrad: Plainrad, rows: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Return how many statements were compared, and those that contradict."""
    compared, found = 0, []
    for row in rows:
        exam = Exam(title=row.get("exam"), modality=row.get("modality"))
        patient = plainrad.annotate(Report(row["text"], ReportStatus.FINAL, exam=exam))
        for item in row.get("expect", []):
            if "assertion" not in item:
                continue
            for statement in statements_about(patient, item):
                compared += 1
                why = contradiction(statement, item)
                found += [f"{row['id']}: {why}: {statement.text}"] if why else []
    return compared, found


def test_no_statement_contradicts_a_golden_sentence(plainrad: Plainrad) -> None:
    compared, found = contradictions(plainrad, load(GOLDEN / "sentences"))
    assert compared > 900
    assert found == []


def test_few_statements_contradict_sentences_that_the_rules_were_not_written_for(plainrad: Plainrad) -> None:
    compared, found = contradictions(plainrad, load(GOLDEN / "unseen" / "sentences.jsonl"))
    assert compared > 400
    assert len(found) <= 0.015 * compared


def test_no_sentence_for_patients_has_more_than_twenty_words(plainrad: Plainrad) -> None:
    reports = [example(name) for name in NAMES]
    reports += [
        Report(row["text"], ReportStatus.FINAL, exam=Exam(title=row.get("exam"), modality=row.get("modality")))
        for row in [*load(GOLDEN / "sentences"), *load(GOLDEN / "unseen")]
    ]
    assert [one for report in reports for one in long_sentences(plainrad.annotate(report))] == []
