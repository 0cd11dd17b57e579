"""Which findings a word for "not seen", "may explain" or "resolved" speaks of."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NG tube in the stomach, tip not seen.", {"NG tube": "present"}),
        ("The tip of the NG tube is not seen.", {"NG tube": "present"}),
        ("The NG tube is not seen.", {"NG tube": "absent"}),
        ("Small effusion, pneumothorax not seen.", {"effusion": "present", "pneumothorax": "absent"}),
        ("Effusion or pneumothorax not seen.", {"Effusion": "absent", "pneumothorax": "absent"}),
        ("There was a haematoma which has resolved.", {"haematoma": "absent"}),
        ("A cyst and a haematoma which has resolved.", {"cyst": "present", "haematoma": "absent"}),
        ("Colitis may account for the oedema.", {"Colitis": "possible", "oedema": "present"}),
        ("The colitis may account for the pain.", {"colitis": "present"}),
        ("no rib fracture left chest drain in situ", {"rib fracture": "absent", "chest drain": "present"}),
        ("No fracture or chest drain in situ.", {"fracture": "absent", "chest drain": "absent"}),
        (
            "no pleural effusion appearances are in keeping with oedema",
            {"pleural effusion": "absent", "oedema": "present"},
        ),
        ("Lung nodules without features that suggest malignancy.", {"Lung nodules": "present", "malignancy": "absent"}),
        ("loops without free gas suggest ileus", {"free gas": "absent", "ileus": "possible"}),
        (
            "no collection the feeding tube is low, tip not included",
            {"collection": "absent", "feeding tube": "present"},
        ),
        ("Ulceration, absent foot pulses.", {"Ulceration": "present"}),
        ("Ulceration, absent.", {"Ulceration": "absent"}),
        ("in keeping with ARDS superadded infection cannot be excluded", {"ARDS": "present", "infection": "possible"}),
    ],
)
def test_a_cue_speaks_of_what_the_wording_means(plainrad: Plainrad, text: str, said: dict[str, str]) -> None:
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam()))
    found = {one.text: one.assertion for one in reading.mentions if one.text in said}
    assert found == said
