"""Which part of the body a finding sits in."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus


@pytest.mark.parametrize(
    ("text", "finding", "place"),
    [
        ("Posterior osteophyte contacts the ventral surface of the spinal cord.", "osteophyte", None),
        ("Disc bulge contacts the surface of the thecal sac.", "Disc bulge", None),
        ("Lesion in the wall of the bladder.", "Lesion", "wall of the bladder"),
    ],
)
def test_what_a_finding_touches_is_not_where_it_is(
    plainrad: Plainrad, text: str, finding: str, place: str | None
) -> None:
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam()))
    by_id = {one.id: one.text for one in reading.mentions}
    found = next(one for one in reading.mentions if one.text == finding)
    assert by_id.get(found.location or "") == place
