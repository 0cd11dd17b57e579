"""A "no" that would deny what the report finds elsewhere is told in the report's own words."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus


def denied(plainrad: Plainrad, text: str, exam: str = "CT abdomen") -> list[str]:
    report = Report(f"Findings: {text}", ReportStatus.FINAL, exam=Exam(title=exam, modality="CT"))
    return [one.text for one in plainrad.annotate(report).statements if one.group == "looked_for_not_found"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Stones in the gallbladder. The common duct is slender and holds no stone.", "no stone"),
        ("Fracture of the distal fibula. The ossicle is an accessory centre rather than a fracture.", "rather than a fracture"),
        ("5 mm renal calculus. No intravesical mass or stone.", "No intravesical mass or stone"),
    ],
)  # fmt: skip
def test_it_is_quoted(plainrad: Plainrad, text: str, quoted: str) -> None:
    said = denied(plainrad, text)
    assert any(quoted in one for one in said), said
    assert not any(one.endswith("was found.") and ("stone" in one or "broken" in one) for one in said)


@pytest.mark.parametrize(
    "text",
    [
        "Large left pleural effusion. No right pleural effusion.",
        "Fracture of the left clavicle. No skull fracture.",
        "Known emphysema. No pneumothorax.",
    ],
)
def test_what_is_kept_apart_is_told_plainly(plainrad: Plainrad, text: str) -> None:
    assert any(one.endswith("was found.") for one in denied(plainrad, text, "CT chest"))
