"""No name and no number ever gets among the missing words, and none stays in a sentence that editors read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.bootstrap import Plainrad
from plainrad.content import content_folder
from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.glossary.words import EverydayWords
from plainrad.records.nameless import BLANK, common_names, missing_words, names_of, without_names

EVERYDAY = EverydayWords.load(content_folder("glossary"))
PATIENT = Patient(NhsNumber("9990000018"), family="Zzaplinski", given=("Quorra", "Fenwyn-Mae"))
CT = Exam("CT chest", "CT", ("chest",))


def words(plainrad: Plainrad, text: str, **more: Any) -> frozenset[str]:
    report = Report(text, ReportStatus.FINAL, CT, patient=PATIENT, **more)
    return missing_words(report, plainrad.annotate(report), EVERYDAY)


def test_a_hard_word_of_the_findings_is_found(plainrad: Plainrad) -> None:
    assert words(plainrad, "Findings: There is a small zorblatic area. No florbling.") == {"zorblatic", "florbling"}


@pytest.mark.parametrize(
    "text",
    [
        "Findings: The zaplinski is seen with zzaplinski again.",  # the patient's family name, and mistyped by a letter
        "Findings: There is quorra and quorra's and fenwyn here.",  # given names, whatever stands behind them
        "Findings: There is zzaplinsky, and zzapliski.",
        "Findings: Discussed with dr blorpington at length.",
        "Findings: Seen by florbelina snark and mr grunzel.",
        "Findings: Small area. Telephoned to wimblethorpe on the ward.",
        "Findings: Small area in Blorpington, next to blorpington.",  # written with a capital elsewhere
        "Findings: Small area of BLORPINGTON.",
        "Findings: There is Blorpington.",
        "Findings: There is an mcgregor and a patel and an okafor.",  # common names, all small
        "Findings: There is blorp.ington@nhs.example and www.blorpington.example here.",
        "Findings: There is ab12cde and 4blorp and blorp7 and blorp_x and blorp/7.",
        "Findings: There is 9990000018 and 12/03/1950 and ls14ap.",
        "Findings: There is a zorblätic and a ζορβ area.",  # other letters
        "Findings: There is jdk and zq.",  # initials
        "History: Fell at blorpington, lives with florbling.\nFindings: Small area.",
        "Reported by: florbling zorblatic\nFindings: Small area.",
        "Findings: Small area.\nReported by florbling zorblatic, consultant.",
        "Findings: Small area. His daughter florbling was told.",
        "Addendum: Asked for by florbling.",
    ],
)
def test_what_could_be_a_name_or_a_number_is_no_missing_word(plainrad: Plainrad, text: str) -> None:
    assert words(plainrad, text) == frozenset()


def test_whoever_asked_and_whoever_reported_are_known_too(plainrad: Plainrad) -> None:
    text = "Findings: There is blorpington and snarkelly and zorblatic."
    assert words(plainrad, text, requester="Dr A Blorpington", reported_by=("Snarkelly^B",)) == {"zorblatic"}


@given(
    name=st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=12),
    said=st.sampled_from(["There is {} here.", "The {} is small.", "Small area ({}).", "Small {}, and {} again."]),
)
def test_no_part_of_the_patients_name_is_ever_a_missing_word(plainrad: Plainrad, name: str, said: str) -> None:
    patient = Patient(NhsNumber("9990000018"), family=name.title(), given=(name[::-1].title(),))
    text = f"Findings: {said.replace('{}', name)} {said.replace('{}', name[::-1])}"
    report = Report(text, ReportStatus.FINAL, CT, patient=patient)
    assert {name, name[::-1]}.isdisjoint(missing_words(report, plainrad.annotate(report), EVERYDAY))


@given(st.text(max_size=300))
def test_whatever_is_sent_a_missing_word_is_small_letters_and_hyphens(plainrad: Plainrad, text: str) -> None:
    report = Report(f"Findings: small area. {text}", ReportStatus.FINAL, CT, patient=PATIENT)
    for word in missing_words(report, plainrad.annotate(report), EVERYDAY):
        assert word.replace("-", "").isalpha()
        assert word.isascii()
        assert word == word.lower()
        assert 4 <= len(word) <= 40
        assert word not in common_names()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mrs Zzaplinski has a nodule.", f"Mrs {BLANK} has a nodule."),
        ("QUORRA ZZAPLINSKY has a nodule.", f"{BLANK} {BLANK} has a nodule."),
        ("Discussed with Dr blorp snark.", f"Discussed with Dr {BLANK}."),
        ("Her sister had breast cancer.", "Her sister had breast cancer."),
        ("Told Sister Mary O'Brien at 10:30 on 12/03/2026.", f"Told Sister {BLANK} at {BLANK} on {BLANK}."),
        ("Ring 07700 900123 or a.b@nhs.example, LS1 4AP.", f"Ring {BLANK} or {BLANK} {BLANK}."),
        ("Nodule of 12 x 9 mm, L4/5, T12.", "Nodule of 12 x 9 mm, L4/5, T12."),
        ("John fell. No fracture.", f"{BLANK} fell. No fracture."),
        ("NHS 999 000 0018, born 1950-01-31.", f"NHS {BLANK}, born {BLANK}."),
    ],
)
def test_a_sentence_for_editors_has_blanks_in_the_place_of_names_and_long_numbers(text: str, shown: str) -> None:
    people = names_of(Report("x", ReportStatus.FINAL, patient=PATIENT))
    assert without_names(text, people) == shown


def test_names_that_are_findings_stay() -> None:
    assert (
        without_names("Bell's palsy in Graves disease.", (), known=("bell's", "graves"))
        == "Bell's palsy in Graves disease."
    )
