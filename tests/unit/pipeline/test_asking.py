"""A request without a header, told from findings by points."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Report, ReportStatus


def opening(plainrad: Plainrad, text: str) -> str:
    """What is taken for the request."""
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL))
    return "".join(text[one.start : one.end] for one in reading.sections if one.kind == "history")


@pytest.mark.parametrize(
    ("request_", "findings"),
    [
        ("68F, weight loss. ", "The liver is enlarged."),
        ("5 year old boy. Fell off a swing. Swollen elbow, NVI. ", "Raised fat pads. No fracture is seen."),
        ("Sepsis ?source.\n", "Small bilateral effusions. No abscess."),
        ("Pancreatitis day 8. Amylase 900. ?necrosis\n", "The pancreas enhances normally."),
        ("CT showed a liver lesion. ?haemangioma\n", "18 mm haemangioma in segment 7."),
        ("D6 post hemicolectomy, distended, CRP 210 ", "Small bowel is dilated. No leak is seen."),
        ("36/40 reduced movements, previous small baby.\n", "Cephalic. Liquor volume normal."),
        ("L calf swelling 2/52, on tamoxifen ", "No DVT is seen."),
        ("f/u effusion, drain out yesterday ", "Compared with 3 May the effusion is smaller."),
        ("Infected kidney stone, temp 39 ", "Under aseptic technique the kidney was punctured. No complication."),
        ("Please assess prior to surgery.\n", "Full thickness tear of the supraspinatus."),
        (
            "Thyroid nodule noticed 6/52 ago, painless. Sister\nthyroid cancer.\n",
            "There is a 9 mm nodule in the right lobe.",
        ),
    ],
)
def test_it_ends_where_pictures_are_spoken_of(plainrad: Plainrad, request_: str, findings: str) -> None:
    assert opening(plainrad, request_ + findings) == request_


@pytest.mark.parametrize(
    "text",
    [
        "Gallstones. Fatty liver.\nSpleen normal.",
        "No fracture. Soft tissue swelling.",
        "2 cm mass in the left kidney ?RCC. No nodes.\nSpleen normal.",
        "Right basal consolidation ?infection.\nFollow-up film in 6 weeks.",
        "Liver: two cysts.\nKidneys: normal.",
        "Comparison: none. Mild cardiomegaly.",
        "Recurrent right effusion, larger than yesterday. No pneumothorax.",
        "There is a healing fracture of the ulna, 6 weeks after injury. Cast removed.",
        "?fracture - none seen. Alignment normal.",
    ],
)
def test_findings_are_no_request(plainrad: Plainrad, text: str) -> None:
    assert opening(plainrad, text) == ""
