"""Numbered parts that are named together: by rule, and never where the letters mean something else."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.pipeline.ranges import numbered


def groups(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], sense.term_id) for start, end, sense in numbered(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fusion from C5 to C7.", ("C5 to C7", "numbered-vertebrae")),
        ("Change at T4-T9.", ("T4-T9", "numbered-vertebrae")),
        ("Laminectomy L2-5.", ("L2-5", "numbered-vertebrae")),
        ("Fractures of T11 through L1.", ("T11 through L1", "numbered-vertebrae")),
        ("Deposits in T3, T5 and L2-L4.", ("T3, T5 and L2-L4", "numbered-vertebrae")),
        ("Bulges at T4/5 to T8/9.", ("T4/5 to T8/9", "numbered-levels")),
        ("Fractures of ribs 4-7.", ("ribs 4-7", "numbered-ribs")),
        ("Left 4th to 7th ribs.", ("4th to 7th ribs", "numbered-ribs")),
        ("Left 5-8th rib fractures.", ("5-8th rib", "numbered-ribs")),
        ("The fourth, fifth and sixth ribs.", ("fourth, fifth and sixth ribs", "numbered-ribs")),
        ("The 2nd to 4th metatarsals.", ("2nd to 4th metatarsals", "metatarsal")),
        ("3rd and 4th metacarpals.", ("3rd and 4th metacarpals", "metacarpal")),
        ("2nd and 3rd toes.", ("2nd and 3rd toes", "toe")),
        ("A lesion in segment 5/8.", ("segment 5/8", "liver-segment")),
        ("Cysts in segments II, IVa and VI.", ("segments II, IVa and VI", "liver-segment")),
    ],
)
def test_parts_named_by_their_numbers_are_one_group(text: str, found: tuple[str, str]) -> None:
    assert groups(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Disc bulge at L3/4.",  # one space between two bones has an entry of its own
        "L3-L4 is normal.",
        "L5-S1 is normal.",
        "T1, T2 and STIR images.",
        "T1 and T2 weighted images.",
        "T2-T4 tumour.",
        "L5 to L2.",  # upwards: not understood, so not joined
        "Rib 4 15 mm lesion.",
        "The 2nd and 3rd lesions.",
        "The 14th to 16th ribs.",
        "Ribs are normal. 3 and 4 mm nodules.",
        "Segment 8.",
        "On 3 to 4 occasions.",
    ],
)
def test_what_is_no_group_is_left_alone(text: str) -> None:
    assert groups(text) == []


def told(plainrad: Plainrad, title: str, text: str) -> list[str]:
    patient = plainrad.annotate(Report(f"Findings: {text}", ReportStatus.FINAL, exam=Exam(title)))
    return [one.text for one in patient.statements]


def test_the_whole_group_is_told_as_the_place_and_not_its_last_member(plainrad: Plainrad) -> None:
    (text,) = told(plainrad, "CT chest", "Fractures of the left 4th to 7th ribs.")
    assert text == "There are broken bones (fractures) in the left ribs (4th to 7th ribs)."
    (text,) = told(plainrad, "CT spine", "Compression fractures of T11 through L1.")
    assert text.endswith("in the bones of the spine (T11 through L1).")
    (text,) = told(plainrad, "XR foot", "Second through fifth metatarsal fractures.")
    assert text.endswith("in the long bones of the foot (second through fifth metatarsal).")


def test_segments_of_the_liver_are_not_told_as_parts_of_the_lung(plainrad: Plainrad) -> None:
    (text,) = told(plainrad, "CT chest", "Lesion in segment 5/8 of the liver.")
    assert "liver" in text
    assert "lung" not in text


@pytest.mark.parametrize("text", ["T1/T2 hypointense lesion.", "T2-T3 tumour of the rectum.", "Stage T3/T4 disease."])
def test_pictures_and_stages_are_no_place_in_the_spine(plainrad: Plainrad, text: str) -> None:
    reading = plainrad.reader.read(Report(f"Findings: {text}", ReportStatus.FINAL, exam=Exam("MR spine")))
    assert not any((one.term_id or "").startswith(("thoracic-", "numbered-")) for one in reading.mentions)
