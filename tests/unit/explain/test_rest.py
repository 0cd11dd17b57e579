"""Nothing of findings and conclusion is lost: what no statement rests on comes back in the report's own words."""

import re

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import OwnWords
from plainrad.domain.report import Report, ReportStatus


def left(plainrad: Plainrad, text: str) -> list[str]:
    return [one.text for one in plainrad.annotate(Report(text, ReportStatus.FINAL)).own_words]


def test_a_sentence_that_nothing_was_read_in_is_shown_as_it_stands(plainrad: Plainrad) -> None:
    assert left(plainrad, "Findings: The wibble is quibbled. No pneumothorax.") == ["The wibble is quibbled."]


def test_a_part_of_a_sentence_that_no_statement_rests_on_is_shown(plainrad: Plainrad) -> None:
    assert left(plainrad, "Findings: The heart size is normal; the wibble is quibbled.") == ["the wibble is quibbled."]


@pytest.mark.parametrize(
    "text",
    ["Findings:\nAbdomen and pelvis\nNo free fluid.", "Findings:\nBones\nNo fracture.", "Conclusion:\n1. No fracture."],
)
def test_a_heading_and_a_number_are_no_words_to_be_lost(plainrad: Plainrad, text: str) -> None:
    assert left(plainrad, text) == []


def test_request_and_technique_are_not_findings(plainrad: Plainrad) -> None:
    assert left(plainrad, "Clinical details: Wibbles.\nTechnique: Quibbled.\nFindings: No fracture.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Findings: Small left pleural effusion, wibbled. Quibbles?\nConclusion: 1. Wibble.\n2. No fracture; quibble.\nAdvice: Wobble it.",
        "No fracture. Wibble, \n\n- quibble 4 mm; heart size is normal and the wobble is wide.",
    ],
)
def test_every_word_of_findings_and_conclusion_is_in_a_source_or_in_the_own_words(
    plainrad: Plainrad, text: str
) -> None:
    patient = plainrad.annotate(Report(text, ReportStatus.FINAL))
    spans = [(one.start, one.end) for told in patient.statements for one in told.source]
    spans += [(one.start, one.end) for one in patient.own_words]
    for sentence in patient.reading.sentences:
        for word in re.finditer(r"[a-z]{4,}", text[sentence.start : sentence.end], re.IGNORECASE):
            at = sentence.start + word.start()
            assert any(one <= at < two for one, two in spans), word.group()


def test_own_words_are_a_stretch_of_the_original() -> None:
    with pytest.raises(ValueError, match="stretch"):
        OwnWords(0, 3, "four", "findings")
