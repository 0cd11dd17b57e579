"""Sections and sentences of real house styles."""

import itertools
from datetime import UTC, datetime

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus
from tests.support.golden_cases import example
from tests.support.reports import EXAMPLES


def kinds(plainrad: Plainrad, text: str) -> list[tuple[str, str | None]]:
    return [(one.kind, one.title) for one in plainrad.reader.read(Report(text, ReportStatus.FINAL)).sections]


def sentences(plainrad: Plainrad, text: str) -> list[str]:
    return [text[one.start : one.end] for one in plainrad.reader.read(Report(text, ReportStatus.FINAL)).sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Clinical details: Cough.\nFindings: Clear lungs.\nConclusion: Normal.", [("history", "Clinical details"), ("findings", "Findings"), ("conclusion", "Conclusion")]),
        ("INDICATION: Cough. FINDINGS: Clear lungs. IMPRESSION: Normal.", [("history", "INDICATION"), ("findings", "FINDINGS"), ("conclusion", "IMPRESSION")]),
        ("Fidings: Clear lungs.\nConcluson: Normal.", [("findings", "Fidings"), ("conclusion", "Concluson")]),
        ("Lungs: clear.\nHeart: normal.", [("findings", None)]),
        ("CT HEAD\nNo bleed.", [("other", None), ("findings", None)]),
        ("Clin Details: Cough.\nReport: Clear lungs.", [("history", "Clin Details"), ("findings", "Report")]),
        ("There is a nodule.\n\nPrevious report for reference:\nThere is an effusion.", [("findings", None), ("comparison", "Previous report")]),
        ("68F, weight loss, ?primary.\n\nThere is a mass in the liver.", [("history", None), ("findings", None)]),
        ("The heart is normal.", [("findings", None)]),
        ("Findings: Fracture.\nADDENDUM (8 October 2026, 10:25)\nThe side is wrong.", [("findings", "Findings"), ("addendum", "ADDENDUM")]),
        ("There is a mass.\n\nPrevious report:\nFindings: Clear.\nConclusion: Normal.", [("findings", None), ("comparison", "Previous report")]),
        ("There is a mass.\n--- Prior CT 03/02/2023 ---\nThere is a cyst.", [("findings", None), ("comparison", "Prior CT")]),
        ("The cyst is seen as in the\nprevious report\nand is larger.", [("findings", None)]),
        ("Previous report: Cyst.\nFindings: There is a mass.", [("comparison", "Previous report"), ("findings", "Findings")]),
        ("No stone. No mass. There is a renal cyst.\nBenign renal cyst. Repeat US in 12/12.\nGP informed.", [("findings", None), ("conclusion", None), ("recommendation", None), ("conclusion", None)]),
        ("Opinion: Stable cyst. Further scan in 12 months;\nearlier if pain.", [("conclusion", "Opinion"), ("recommendation", None)]),
        ("No stone. No mass. There is a renal cyst.\nBladder: mass. Normal ureters.", [("findings", None)]),
        ("There is a mass. ADDENDUM 14:10 There is a cyst.", [("findings", None), ("addendum", "ADDENDUM")]),
        ("Clinical information: Pain.\n\n- Uterus: bulky.\nOpinion: Fibroids.", [("history", "Clinical information"), ("findings", None), ("conclusion", "Opinion")]),
    ],
)  # fmt: skip
def test_sections_by_their_headers_and_without(
    plainrad: Plainrad, text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert kinds(plainrad, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Clear lungs. Normal heart.", ["Clear lungs.", "Normal heart."]),
        ("A 1.2 cm node. Seen by Dr. Test.", ["A 1.2 cm node.", "Seen by Dr. Test."]),
        ("1. No fracture.\n2. Effusion.", ["1. No fracture.", "2. Effusion."]),
        ("- No fracture\n- Effusion", ["No fracture", "Effusion"]),
        (
            "There is a stone in the left\nkidney. No dilatation.",
            ["There is a stone in the left\nkidney.", "No dilatation."],
        ),
        ("?fracture ?dislocation", ["?fracture ?dislocation"]),
        ("No fracture\nNo effusion", ["No fracture", "No effusion"]),
        ("#NOF on the right.", ["#NOF on the right."]),
    ],
)
def test_sentences_of_dictated_text(plainrad: Plainrad, text: str, expected: list[str]) -> None:
    assert sentences(plainrad, text) == expected


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_sentences_stand_one_after_the_other(plainrad: Plainrad, name: str) -> None:
    """An implied history ends before the first word of the findings: that word is not a sentence of its own."""
    sentences = plainrad.annotate(example(name)).reading.sentences
    assert all(one.end <= two.start for one, two in itertools.pairwise(sentences))


def test_a_second_report_of_the_day_of_the_exam_is_no_older_one(plainrad: Plainrad) -> None:
    text = "There is a mass.\n\nReport of 03/04/2024:\nThere is a cyst."
    exam = Exam(performed_at=datetime(2024, 4, 3, 9, 0, tzinfo=UTC))
    of_that_day = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=exam))
    assert [one.kind for one in of_that_day.sections] == ["findings"]
    assert kinds(plainrad, text) == [("findings", None), ("comparison", "Report of 03/04/2024")]


@pytest.mark.parametrize("space", ["\n", " ", "\t", " \n"])
@pytest.mark.parametrize("end", ["", "."])
def test_pages_of_nothing_take_no_longer_than_words(plainrad: Plainrad, space: str, end: str) -> None:
    """Each of them took minutes where an expression looked for the end of the white space from each of its characters."""
    text = f"No fracture{end}{space * 60_000}{end}"
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL))
    assert [one.text for one in reading.mentions if one.kind == "finding"] == ["fracture"]
