"""The seven promises of Plainrad. Each test fails when its promise is broken."""

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.errors import ReportError, ReportNotVerifiedError
from plainrad.explain.rest import is_heading
from plainrad.formats.contract import to_json

PIECES = st.sampled_from(
    [
        "There is a small left pleural effusion.",
        "No pneumothorax.",
        "?fracture",
        "Cannot exclude a metastasis.",
        "Findings:",
        "Conclusion:\n",
        "4 mm",
        "12 x 9 mm nodule",
        "the right kidney",
        "without",
        "no evidence of",
        "\n",
        "\r\n",
        "\t",
        "\x00",
        "\x0b",
        "\u2028",
        "é",
        "×",
        "—",
        "“",
        "L4/5",
        "#NOF",
        "<script>alert(1)</script>",
        "&amp;",
        "\\.br\\",
        "|",
        "((((",
        ",,,,,,",
        "is not seen",
        "has resolved",
        "mother had breast cancer",
        "½",
        "😀",
        "\u202e",
        "A&E",
        "previously 9 mm",
        "on the left",
        "bilaterally",
        "Addendum: correction, should read right.",
        "PE (pulmonary embolism)",
    ]
)
HOSTILE = st.lists(st.one_of(PIECES, st.text(max_size=12)), min_size=1, max_size=60).map(" ".join).filter(lambda text: text.strip("\x00 \t\r\n\f\v\u00a0\ufeff\u200b"))  # fmt: skip
SLOW = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def annotate(plainrad: Plainrad, text: str) -> dict[str, Any]:
    return to_json(plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam("CT chest", "CT", ("chest",)))))


@SLOW
@given(text=HOSTILE)
def test_1_the_original_is_never_altered_and_every_offset_points_into_it(plainrad: Plainrad, text: str) -> None:
    answer = annotate(plainrad, text)
    assert answer["original"]["text"] == text
    for mention in answer["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]
        for size in mention["measurements"]:
            assert text[size["start"] : size["end"]] == size["text"]
        for evidence in mention["evidence"]:
            assert 0 <= evidence["start"] < evidence["end"] <= len(text)
    for section, following in zip(answer["sections"], answer["sections"][1:], strict=False):
        assert section["end"] <= following["start"]


@SLOW
@given(text=HOSTILE)
def test_2_nothing_is_said_that_the_report_does_not_say(plainrad: Plainrad, text: str) -> None:
    answer = annotate(plainrad, text)
    known = {mention["id"] for mention in answer["mentions"]}
    for statement in answer["statements"]:
        assert statement["source"]
        assert statement["mentions"]
        assert set(statement["mentions"]) <= known
        source = " ".join(text[span["start"] : span["end"]] for span in statement["source"])
        said = re.sub(r"“[^”]*”", "", statement["text"])
        assert set(re.findall(r"\d+(?:[.,]\d+)?", said)) <= set(re.findall(r"\d+(?:[.,]\d+)?", source))
        for quote in re.findall(r"“([^”]*)”", statement["text"]):
            assert all(word in source.lower() for word in quote.lower().split())


@SLOW
@given(text=HOSTILE)
def test_2_the_reports_own_words_are_exactly_its_own(plainrad: Plainrad, text: str) -> None:
    answer = annotate(plainrad, text)
    for words in answer["own_words"]:
        assert text[words["start"] : words["end"]] == words["text"]
    for before, after in zip(answer["own_words"], answer["own_words"][1:], strict=False):
        assert before["end"] <= after["start"]


@SLOW
@given(text=HOSTILE)
def test_2_nothing_of_findings_and_conclusion_is_lost(plainrad: Plainrad, text: str) -> None:
    patient = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam("CT chest", "CT", ("chest",))))
    places = [(one.start, one.end) for told in patient.statements for one in told.source]
    places += [(one.start, one.end) for one in patient.own_words]
    for number, sentence in enumerate(patient.reading.sentences):
        if sentence.section not in ("findings", "conclusion") or is_heading(patient.reading, number, text):
            continue
        for word in re.finditer(r"[^\W\d_]{5,}", text[sentence.start : sentence.end]):
            at = sentence.start + word.start()
            small = word.group().lower() in ("otherwise", "again", "however", "there")
            assert small or any(start <= at < end for start, end in places)


def test_2_a_line_that_leads_names_nothing_that_was_ruled_out(plainrad: Plainrad) -> None:
    assert annotate(plainrad, "No evidence of malignancy. No pulmonary embolus. No pneumothorax.")["lead"] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "An effusion is hardly seen.",
        "Whether there is a fracture, I would not like to say.",
        "Effusion: never.",
        "A nodule, perhaps.",
        "Barely a pneumothorax.",
    ],
)
def test_3_a_doubt_that_no_rule_understood_is_never_told_as_present(plainrad: Plainrad, sentence: str) -> None:
    for mention in annotate(plainrad, sentence)["mentions"]:
        if mention["kind"] == "finding":
            assert mention["assertion"] != "present"


def test_3_a_short_form_with_two_meanings_stays_unexplained_without_evidence(plainrad: Plainrad) -> None:
    answer = to_json(plainrad.annotate(Report("RA seen.", ReportStatus.FINAL)))
    assert not [one for one in answer["mentions"] if one["text"] == "RA" and one["term_id"]]
    assert "ambiguous_abbreviation" in {flag["code"] for flag in answer["flags"]}


@pytest.mark.parametrize(
    "status", ["preliminary", "partial", "registered", "cancelled", "entered-in-error", "unknown", "wet read"]
)
def test_4_only_verified_reports_are_accepted(status: str) -> None:
    with pytest.raises(ReportNotVerifiedError):
        ReportStatus.parse(status)


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "appended", "FINAL "])
def test_4_verified_statuses_are_accepted(status: str) -> None:
    assert ReportStatus.parse(status).value == status.strip().lower()


def test_5_the_release_time_is_stated_and_not_before_the_policy(plainrad: Plainrad) -> None:
    verified = datetime(2026, 10, 5, 14, 20, tzinfo=UTC)
    patient = plainrad.annotate(Report("No fracture.", ReportStatus.FINAL, verified_at=verified))
    assert patient.release.available_from is not None
    assert patient.release.available_from >= verified + timedelta(days=plainrad.policy.days)


def test_6_no_error_message_and_no_log_line_holds_a_word_of_the_report(
    plainrad: Plainrad, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "Zyxwvutania"
    plainrad.annotate(Report(f"{secret} has a nodule, ?{secret}.", ReportStatus.FINAL))
    for make in (
        lambda: ReportStatus.parse(secret),
        lambda: Report(" \n", ReportStatus.FINAL),
        lambda: Report(secret * 30_000, ReportStatus.FINAL),
        lambda: Report(secret, ReportStatus.FINAL, verified_at=datetime(2026, 1, 1)),  # noqa: DTZ001
    ):
        with pytest.raises(ReportError) as caught:
            make()
        assert secret not in str(caught.value)
    assert secret not in caplog.text


def test_6_the_vocabulary_forgets_the_words_of_a_report(plainrad: Plainrad) -> None:
    secret = "Zyxwvutaniaq"
    plainrad.annotate(Report(f"{secret} has a nodule.", ReportStatus.FINAL))
    assert secret not in plainrad.reader.nlp.vocab.strings


@SLOW
@given(text=HOSTILE)
def test_7_the_same_input_gives_the_same_output(plainrad: Plainrad, text: str) -> None:
    assert annotate(plainrad, text) == annotate(plainrad, text)


def test_7_both_versions_are_on_every_answer(plainrad: Plainrad) -> None:
    provenance = annotate(plainrad, "No fracture.")["provenance"]
    assert provenance["plainrad"]
    assert "+sha256:" in provenance["glossary"]
    assert provenance["pipeline"].startswith("rules-")
