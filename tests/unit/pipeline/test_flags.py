"""What the reviewing radiologist is told. Each flag has the words that it is about, and says what to do."""

from datetime import UTC, date, datetime

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.content import content_folder
from plainrad.domain.people import Patient, Sex
from plainrad.domain.reading import Flag
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.pipeline.rules import rule_file

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
AGES = rule_file(content_folder("models"), "patient.toml")["age"]


def flags(plainrad: Plainrad, text: str, *, exam: Exam | None = None, patient: Patient | None = None) -> list[Flag]:
    report = Report(text, ReportStatus.FINAL, exam=exam or Exam(), verified_at=NOW, patient=patient)
    return list(plainrad.reader.read(report).flags)


def person(*, sex: Sex | None = None, age: int | None = None) -> Patient:
    return Patient(sex=sex, birth_date=date(NOW.year - age, 1, 1) if age is not None else None)


@pytest.mark.parametrize(
    ("code", "text", "exam", "words"),
    [
        ("laterality_discrepancy", "Findings: Left pleural effusion.\nConclusion: Right pleural effusion.", Exam(), ["pleural effusion", "pleural effusion"]),
        ("laterality_discrepancy", "Fracture of the right distal radius.", Exam("XR left wrist", "XR"), ["Fracture"]),
        ("contradiction", "Findings: No pneumothorax.\nConclusion: Pneumothorax.", Exam(), ["pneumothorax", "Pneumothorax"]),
        ("implausible_measurement", "There is a 120 cm renal cyst.", Exam(), ["renal cyst"]),
        ("repaired_typo", "Left pleural efusion.", Exam(), ["pleural efusion"]),
        ("possible_negator_typo", "Know pneumothorax.", Exam(), ["Know"]),
        ("unexplained_cue", "Pneumothorax hardly.", Exam(), ["Pneumothorax"]),
        ("ambiguous_abbreviation", "MS seen.", Exam(), ["MS"]),
        ("addendum_overrides", "Findings: Pneumothorax.\nAddendum: There is no pneumothorax.", Exam(), ["There is no pneumothorax."]),
        ("sensitive_cancer", "There is a lung cancer.", Exam(), ["lung cancer"]),
        ("sensitive_urgent", "There is a tension pneumothorax.", Exam(), ["tension pneumothorax"]),
    ],
)  # fmt: skip
def test_a_flag_is_raised_on_its_words(plainrad: Plainrad, code: str, text: str, exam: Exam, words: list[str]) -> None:
    (found,) = [one for one in flags(plainrad, text, exam=exam) if one.code == code]
    assert [text[span.start : span.end] for span in found.spans] == words
    assert any(word in found.message for word in ("Check", "Consider", "Write", "shown"))


def test_nothing_recognised_is_said(plainrad: Plainrad) -> None:
    assert [one.code for one in flags(plainrad, "Lorem ipsum dolor.")] == ["nothing_recognised"]


@pytest.mark.parametrize(
    ("text", "sex", "spans"),
    [
        ("The uterus is normal.", Sex.MALE, ["uterus"]),
        ("The prostate is enlarged.", Sex.FEMALE, ["prostate is enlarged"]),
        ("There is an ovarian cyst.", Sex.MALE, ["ovarian cyst"]),
        ("Clinical details: 45 year old man. Findings: Normal chest.", Sex.FEMALE, ["45 year old man"]),
        ("This 62F has a cough.\nFindings: Clear lungs.", Sex.MALE, ["62F"]),
        ("This 45-year-old man has pain.\nFindings: The uterus is bulky.", None, ["uterus is bulky"]),
    ],
)
def test_a_sex_that_does_not_fit_is_flagged(plainrad: Plainrad, text: str, sex: Sex | None, spans: list[str]) -> None:
    (found,) = [one for one in flags(plainrad, text, patient=person(sex=sex)) if one.code == "sex_mismatch"]
    assert [text[span.start : span.end] for span in found.spans] == spans
    assert "Check that" in found.message


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("The uterus is normal.", Sex.FEMALE),
        ("The uterus is normal.", Sex.OTHER),
        ("The uterus is normal.", Sex.UNKNOWN),
        ("The uterus is normal.", None),
        ("The breast is normal.", Sex.MALE),
        ("Clinical details: Mother had ovarian cancer. Findings: Normal chest.", Sex.MALE),
        ("Clinical details: mother a 60 year old woman with breast cancer. Findings: Normal chest.", Sex.MALE),
        ("There is a stone in the bladder.", Sex.MALE),
    ],
)
def test_a_sex_that_fits_or_is_not_known_is_not_flagged(plainrad: Plainrad, text: str, sex: Sex | None) -> None:
    assert "sex_mismatch" not in {one.code for one in flags(plainrad, text, patient=person(sex=sex))}


def test_an_age_that_is_not_the_one_given_is_flagged(plainrad: Plainrad) -> None:
    text = "Clinical details: 45 year old man with pain. Findings: Clear lungs."
    codes = {age: {one.code for one in flags(plainrad, text, patient=person(age=age))} for age in (44, 45, 46, 70)}
    assert {age for age, found in codes.items() if "age_mismatch" in found} == {70}


def test_how_long_somebody_has_been_ill_is_no_age(plainrad: Plainrad) -> None:
    text = "Clinical details: 20 years of back pain. Findings: Disc bulge at L4/5."
    assert "age_mismatch" not in {one.code for one in flags(plainrad, text, patient=person(age=70))}


@pytest.mark.parametrize("row", AGES, ids=lambda row: row["id"])
def test_a_row_of_ages_is_flagged_where_it_says_and_spared_where_it_says(
    plainrad: Plainrad, row: dict[str, str]
) -> None:
    def codes(text: str, age: int) -> set[str]:
        return {one.code for one in flags(plainrad, text, patient=person(age=age), exam=Exam(row.get("exam")))}

    assert "age_mismatch" in codes(row["fires"], int(row["at"]))
    assert "age_mismatch" not in codes(row["spares"], int(row["spares_at"]))


def test_a_flag_holds_nothing_that_the_sender_gave_of_the_patient(plainrad: Plainrad) -> None:
    patient = Patient(sex=Sex.MALE, birth_date=date(1956, 3, 4), family="Sample", given=("Testing",))
    for one in flags(plainrad, "This 45 year old woman.\nFindings: The uterus is bulky.", patient=patient):
        assert not {"1956", "Sample", "Testing", "70"} & set(one.message.replace(".", " ").split())
