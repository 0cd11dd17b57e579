"""Told in neutral words by choice: only that the report mentions it, and its own words; nothing more than before, and nothing unchecked."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.explain.bodymap import body_parts
from plainrad.explain.faithfulness import refusal
from plainrad.explain.neutral import RULE, as_chosen, in_neutral_words, neutral_items
from tests.support.golden_cases import example
from tests.support.reports import EXAMPLES

TEXT = (
    "Findings: There is a 9 mm nodule in the right upper lobe, suspicious for malignancy. No pneumothorax. The heart is normal in size. "
    "Small left pleural effusion, unchanged.\nConclusion: Small left pleural effusion."
)


@pytest.fixture
def whole(plainrad: Plainrad) -> PatientReport:
    return plainrad.annotate(Report(TEXT, ReportStatus.FINAL, Exam("CT chest", "CT", ("chest",))))


def item(patient: PatientReport, words: str) -> str:
    return next(one.id for one in patient.statements if words in one.text)


def told(patient: PatientReport, number: str) -> tuple[str, str]:
    return next((one.group, one.text) for one in patient.statements if one.id == number)


def test_a_statement_says_only_that_the_report_mentions_it_and_gives_every_sentence_of_it(
    plainrad: Plainrad, whole: PatientReport
) -> None:
    number = item(whole, "pleural effusion")
    assert told(whole, number)[0] == "unchanged_or_known"
    made = in_neutral_words(whole, {number}, book=plainrad.book)
    assert told(made, number) == (
        "found",
        "The report mentions this: fluid around the lung (pleural effusion). In the report’s words: "
        "“Small left pleural effusion, unchanged.” “Small left pleural effusion.”",
    )
    others = [one for one in made.statements if one.id != number]
    assert others == [one for one in whole.statements if one.id != number]


def test_what_the_check_would_refuse_is_told_in_the_reports_own_words_alone(
    plainrad: Plainrad, whole: PatientReport
) -> None:
    number = item(whole, "pneumothorax")
    made = in_neutral_words(whole, {number}, book=plainrad.book)
    assert told(made, number) == ("found", "The report says: “No pneumothorax”"), "never that it mentions leaked air"


def test_a_word_in_doubt_has_no_plain_name_anywhere(plainrad: Plainrad, whole: PatientReport) -> None:
    made = in_neutral_words(whole, {"pleural-effusion"}, book=plainrad.book)
    assert "fluid" not in " ".join(one.text for one in made.statements)
    assert "pleural-effusion" not in {one.term_id for one in made.explanations}
    assert "pleural-effusion" not in {one.term_id for one in made.reading.mentions}
    assert "pleura" not in {one.id for one in made.anatomy}


def test_the_evidence_says_that_a_person_chose_it(plainrad: Plainrad, whole: PatientReport) -> None:
    number = item(whole, "pleural effusion")
    made = in_neutral_words(whole, {number}, book=plainrad.book)
    (statement,) = [one for one in made.statements if one.id == number]
    about = [made.reading.by_id[one] for one in statement.mentions]
    assert {one.assertion for one in about} == {"neutral"}
    assert all(RULE in [cue.rule for cue in one.evidence] for one in about)
    assert statement.certainty == "possible"


def test_the_line_that_names_it_goes_with_the_reading_and_who_can_explain_it_stays(
    plainrad: Plainrad, whole: PatientReport
) -> None:
    made = in_neutral_words(whole, {item(whole, "(malignancy)")}, book=plainrad.book)
    assert [one.about for one in whole.lead] == ["cancer", "cancer"]
    assert [one.text for one in made.lead] == [dict(plainrad.book.leads)["sensitive"]]


def test_the_picture_marks_nothing_as_found_of_which_only_the_words_are_told(plainrad: Plainrad) -> None:
    text = "Findings: The heart is normal in size. Clear lungs."
    whole = plainrad.annotate(Report(text, ReportStatus.FINAL, Exam("XR chest", "XR", ("chest",))))
    made = in_neutral_words(whole, {one.id for one in whole.statements}, book=plainrad.book)
    assert {one.state for one in body_parts(whole)} == {"normal"}
    assert {one.state for one in body_parts(made)} <= {"named"}


def test_what_is_hidden_and_neutral_is_hidden(plainrad: Plainrad, whole: PatientReport) -> None:
    number = item(whole, "pleural effusion")
    made = as_chosen(whole, hidden={number}, neutral={number}, book=plainrad.book)
    assert number not in {one.id for one in made.statements}


def test_nothing_chosen_changes_nothing(plainrad: Plainrad, whole: PatientReport) -> None:
    assert as_chosen(whole, hidden=(), neutral=(), book=plainrad.book) is whole


@pytest.mark.parametrize("number", ["s999", "w1", "no-such-term", ""])
def test_only_what_a_reading_stands_behind_can_be_chosen(plainrad: Plainrad, whole: PatientReport, number: str) -> None:
    assert number not in neutral_items(whole, book=plainrad.book)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_whatever_is_chosen_stays_faithful_and_never_says_more(plainrad: Plainrad, name: str) -> None:
    whole = plainrad.annotate(example(name))
    for number in sorted(neutral_items(whole, book=plainrad.book)):
        made = in_neutral_words(whole, {number}, book=plainrad.book)
        assert all(
            refusal(one, whole.report.text, claims=plainrad.book.claims) is None
            for one in made.statements
            if one.certainty == "possible" and one not in whole.statements
        )
        assert {one.id for one in made.statements} == {one.id for one in whole.statements}
        assert set(made.questions) <= set(whole.questions)
        assert set(made.links) <= set(whole.links)
        assert {one.about for one in made.lead} <= {one.about for one in whole.lead}
        assert all(one in made.reading.by_id for statement in made.statements for one in statement.mentions)
        assert all(one.shown_for for one in made.explanations)
