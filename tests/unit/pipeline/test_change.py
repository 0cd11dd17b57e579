"""Which findings a word of change speaks of, over the borders of clauses and in a conclusion that sums up."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus

_REDUCED = "The lung nodules measure 6 mm (was 11 mm). The liver metastasis has reduced from 32 to 21 mm."


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("The 12 mm mass is a meningioma; it has not altered since 2014.", {"mass": "unchanged", "meningioma": "unchanged"}),
        ("An arachnoid cyst abuts a meningioma; it has not altered.", {"arachnoid cyst": None, "meningioma": None}),
        ("Renal calculi of 3 mm and 4 mm are unchanged.", {"renal calculi": "unchanged"}),
        ("Renal mass 41 mm (was 96 mm), SUVmax 2.4.", {"renal mass": "smaller"}),
        (f"Findings: {_REDUCED}\nConclusion: Smaller lung nodules and liver metastasis, but new ascites.", {"lung nodules": "smaller", "liver metastasis": "smaller", "ascites": "new"}),
        ("Conclusion: Smaller lung nodules and liver metastasis, but new ascites.", {"lung nodules": "smaller", "liver metastasis": None}),
        ("Conclusion: Dominant right lung nodule. Smaller lung nodules on the left.", {"lung nodules": None}),
        ("the feeding tube is in place the consolidation has increased", {"feeding tube": None, "consolidation": "larger"}),
    ],
)  # fmt: skip
def test_a_change_is_told_of_what_the_wording_means(
    plainrad: Plainrad, text: str, changes: dict[str, str | None]
) -> None:
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam(title="CT chest", modality="CT")))
    found = {one.text.lower(): one.change for one in reading.mentions}
    assert {one: found.get(one, "not read") for one in changes} == changes
