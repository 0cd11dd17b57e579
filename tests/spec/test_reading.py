"""How Plainrad reads the language of radiology. The sentences are the documentation."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Mention
from plainrad.domain.report import Exam, Report, ReportStatus, Target


def read(plainrad: Plainrad, marked: str, *, exam: Exam | None = None) -> Mention:
    """Return the mention of the [marked] words."""
    start = marked.index("[")
    text = marked.replace("[", "").replace("]", "")
    end = marked.index("]") - 1
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=exam or Exam(), targets=(Target(start, end),)))
    return next(
        one
        for one in reading.mentions
        if one.term_id is None and not one.reading_id and (one.start, one.end) == (start, end)
    )


@pytest.mark.parametrize(
    ("sentence", "assertion", "certainty"),
    [
        ("There is a [pleural effusion].", "present", "definite"),
        ("Appearances are in keeping with [pneumonia].", "present", "likely"),
        ("Probable [atelectasis] at the left base.", "possible", "likely"),
        ("Likely a [haemangioma].", "possible", "likely"),
        ("[Haemangioma] is likely.", "possible", "likely"),
        ("A small [fracture] cannot be excluded.", "possible", "possible"),
        ("?[PE]", "possible", "possible"),
        ("[Metastasis] is considered unlikely.", "possible", "unlikely"),
        ("No [pneumothorax].", "absent", "definite"),
        ("No evidence of A, B or [hydronephrosis].", "absent", "definite"),
        ("Neither stone nor [hydronephrosis] is seen.", "absent", "definite"),
        ("[Infarction] has been excluded.", "absent", "definite"),
        ("The [pneumothorax] has resolved.", "absent", "definite"),
        ("The [pneumothorax] has not resolved.", "present", "definite"),
        ("No fracture but a large [effusion].", "present", "definite"),
        ("No abnormality apart from a small [cyst].", "present", "definite"),
        ("No significant change in the [nodule].", "present", "definite"),
        ("No mass with [calcification].", "present", "definite"),
        ("No focal consolidation, large [pleural effusion], or pneumothorax.", "absent", "definite"),
        ("No consolidation to suggest [pneumonia].", "absent", "definite"),
        ("This is collapse rather than [consolidation].", "absent", "definite"),
        ("Liver laceration with [free fluid].", "present", "definite"),
        ("CT is advised to exclude [malignancy].", "hypothetical", "possible"),
        ("The risks, including [bleeding], were explained.", "hypothetical", "possible"),
        ("Her mother had [breast cancer].", "other_person", "definite"),
        ("The child has a femoral [fracture].", "present", "definite"),
        ("Known [aneurysm], unchanged at 41 mm.", "present", "definite"),
        ("Clinical details: known [COPD].\nFindings: Clear lungs.", "historical", "definite"),
        ("Clinical details: fall, ?[fracture].\nFindings: Clear lungs.", "hypothetical", "possible"),
        ("The [pancreas] is obscured by bowel gas.", "neutral", "possible"),
        ("Know [pneumothorax].", "neutral", "possible"),
        ("There is now [fracture].", "neutral", "possible"),
        ("There is now a [fracture].", "present", "definite"),
        ("[MS] seen.", "neutral", "possible"),
        ("Enhancement of the [lesion] cannot be assessed.", "present", "definite"),
        ("A normal mammogram does not exclude [breast cancer].", "neutral", "possible"),
        ("Not all [fetal abnormalities] can be detected by ultrasound.", "neutral", "possible"),
        ("Biopsy under ultrasound guidance: [haematoma].", "present", "definite"),
    ],
)
def test_what_is_said_of_a_finding(plainrad: Plainrad, sentence: str, assertion: str, certainty: str) -> None:
    mention = read(plainrad, sentence)
    assert (mention.assertion, mention.certainty) == (assertion, certainty)


@pytest.mark.parametrize(
    ("sentence", "change"),
    [
        ("New 6 mm [nodule].", "new"),
        ("The [nodule] is unchanged.", "unchanged"),
        ("No interval change in the [cyst].", "unchanged"),
        ("The [mass] has increased in size.", "larger"),
        ("The [effusion] has decreased.", "smaller"),
        ("Partial resolution of the [consolidation].", "smaller"),
        ("The [effusion] has resolved.", "resolved"),
        ("Healing [fracture].", "healing"),
        ("There is a [nodule].", None),
    ],
)
def test_change_is_kept_apart_from_presence(plainrad: Plainrad, sentence: str, change: str | None) -> None:
    assert read(plainrad, sentence).change == change


@pytest.mark.parametrize(
    ("sentence", "side"),
    [
        ("Left [pleural effusion].", "left"),
        ("[Cyst] in the upper pole of the right kidney.", "right"),
        ("[Pleural effusions], L>R.", "both"),
        ("Bilateral [hydronephrosis].", "both"),
        ("The left popliteal vein is expanded by [thrombus].", "left"),
        ("[Effusion] on the right. The left lung is clear.", "right"),
        ("The trachea is deviated to the left. [Cardiomegaly].", None),
        ("Left kidney: 4 mm [stone].", "left"),
        ("[Fracture] right scaphoid.", "right"),
        ("Hypodensity in the left cerebellum, suggestive of an evolving [infarct].", "left"),
        ("Left pleural effusion, likely due to [heart failure].", None),
        (
            "Loosening of the acetabular component of the left hip arthroplasty.".replace("Loosening", "[Loosening]"),
            "left",
        ),
        ("A [drain] was placed into the right pleural effusion.", "right"),
        ("MR arthrogram of the right shoulder. [SLAP tear].", "right"),
        ("AP and axial views of the left shoulder. Normal right elbow. [SLAP tear].", None),
    ],
)
def test_side(plainrad: Plainrad, sentence: str, side: str | None) -> None:
    assert read(plainrad, sentence).laterality == side


@pytest.mark.parametrize(
    ("sentence", "sizes"),
    [
        ("12 x 9 mm [nodule].", [("12 x 9 mm", "current")]),
        ("The [nodule] measures 12 mm (previously 9 mm).", [("12 mm", "current"), ("9 mm", "prior")]),
        ("[Nodule], 0.5 mm slices.", []),
        ("[Disc] bulge at L4/5.", []),
        ("[Nodule] on 12.3.24.", []),
        ("[Pain] for 3/12.", []),
    ],
)
def test_sizes_belong_to_what_they_measure(plainrad: Plainrad, sentence: str, sizes: list[tuple[str, str]]) -> None:
    assert [(one.text, one.when) for one in read(plainrad, sentence).measurements] == sizes


def test_every_decision_carries_its_rule_and_its_words(plainrad: Plainrad) -> None:
    text = "No convincing evidence of metastatic disease."
    mention = read(plainrad, text.replace("metastatic disease", "[metastatic disease]"))
    (evidence,) = [one for one in mention.evidence if one.rule.startswith("neg.")]
    assert text[evidence.start : evidence.end] == "No convincing evidence of"


def test_a_correction_outranks_what_it_corrects(plainrad: Plainrad) -> None:
    text = "Findings: Fracture of the left radius.\nAddendum: The side was recorded incorrectly. It should read right radius."
    reading = plainrad.reader.read(Report(text, ReportStatus.AMENDED))
    (first,) = [one for one in reading.mentions if one.kind == "finding" and one.section == "findings"]
    assert first.assertion == "neutral"
    assert "addendum_overrides" in {flag.code for flag in reading.flags}


def test_findings_and_conclusion_that_disagree_are_flagged(plainrad: Plainrad) -> None:
    text = "Findings: No pneumothorax.\nConclusion: Pneumothorax."
    codes = {flag.code for flag in plainrad.reader.read(Report(text, ReportStatus.FINAL)).flags}
    assert "contradiction" in codes
    agreed = plainrad.reader.read(Report(text.replace("No p", "P"), ReportStatus.FINAL))
    assert "contradiction" not in {flag.code for flag in agreed.flags}
