"""Words that mean one thing here and another there: each is read in its right sense, and nowhere else."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Exam, Report, ReportStatus


def annotated(plainrad: Plainrad, title: str, text: str) -> PatientReport:
    return plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam(title)))


def terms(plainrad: Plainrad, title: str, text: str) -> dict[str, str]:
    """Return what each term that is mentioned was read in: id -> the words of the report."""
    return {one.term_id: one.text for one in annotated(plainrad, title, text).reading.mentions if one.term_id}


@pytest.mark.parametrize(
    ("title", "text", "term", "not_term"),
    [
        ("CT head", "Findings: ASPECTS 8.", "aspects", None),
        ("CT head", "FINDINGS: THE ANTERIOR ASPECTS OF BOTH LOBES ARE NORMAL.", "anterior", "aspects"),
        ("CT head", "Findings: The lateral aspects of the ventricles are normal.", "lateral", "aspects"),
        ("CT head", "Findings: Mucosal disease in the ethmoid sinuses.", "sinus-disease", "mucosa"),
        ("MR small bowel", "Findings: Mucosal disease of the terminal ileum.", "mucosa", "sinus-disease"),
        ("MR shoulder", "Findings: There is a partial tear of the subscapularis tendon.", None, "partial-ligament-tear"),
        ("MR elbow", "Findings: Partial tear. The biceps tendon is thickened.", None, "partial-ligament-tear"),
        ("MR wrist", "Findings: The extensor tendon shows a partial tear.", "partial-tendon-tear", "partial-ligament-tear"),
        ("MR wrist", "Findings: The dorsal ligament shows a partial tear.", "partial-ligament-tear", "partial-tendon-tear"),
        ("MR wrist", "Findings: There is a partial tear.", None, "partial-tendon-tear"),
        ("CT angiogram", "Technique: CTA of the neck.", "ct-angiogram", None),
        ("XR chest", "Clinical details: Lungs CTA bilaterally.", "lung", "ct-angiogram"),
        ("XR chest", "Clinical details: Chest: CTA B.", "chest", "ct-angiogram"),
        # Found by reading every explanation of 24 reports:
        ("CT head", "Findings: Left frontal scalp haematoma.", "frontal", "frontal-view"),
        ("XR chest", "Technique: Frontal and lateral views.", "frontal-view", "frontal"),
        ("CT KUB", "Findings: 5 mm obstructing calculus in the left ureter.", "obstructing", "obstructed"),
        ("CT KUB", "Findings: The left kidney is obstructed.", "obstructed", "obstructing"),
        ("US early pregnancy", "Findings: The viability cannot be determined.", "viability", "viable"),
        ("XR wrist", "Conclusion: Fracture clinic review.", "fracture-clinic", "orthopaedics"),
        ("NM bone scan", "Findings: Uptake in the right parietal region of the skull.", "skull-bones", "parietal-lobe"),
        ("CT head", "Findings: Infarct in the left parietal region.", "parietal-lobe", "skull-bones"),
        ("CT head", "Conclusion: MRI could be done if clinically indicated.", "clinically-indicated", "clinically"),
        ("CT neck", "Findings: From the base of the brain to the thoracic inlet.", "base-of", "lung-base"),
        ("XR chest", "Findings: Atelectasis at the left base.", "lung-base", "base-of"),
        ("CT abdomen", "Findings: The hernia neck measures 2.7 cm.", "neck-of-a-bulge", "neck"),
        ("NM whole body scan", "Technique: Iodine-131 was given.", "radioactive-iodine", "iodine"),
        ("CT head", "Findings: The mastoid air cells are clear.", "mastoid-air-cell", "mastoid"),
        ("XR wrist", "Findings: Fracture of the distal radius.", "distal-radius-fracture", "radius"),
        # Found by reading what the scorer left unexplained:
        ("CT head", "Clinical details: A HCT on admission was unremarkable.", "ct-head", "haematocrit"),
        ("CT head", "Clinical details: Hb 10.4, HCT 31%.", "haematocrit", "ct-head"),
        ("US obstetric", "Findings: BPD 77 mm, HC 283 mm.", "biparietal-diameter", None),
        ("MR ankle", "Findings: The PTT tendon is torn.", "tibialis-posterior", "clotting-test"),
        ("CT abdomen", "Clinical details: PT/PTT and INR normal.", "clotting-test", "tibialis-posterior"),
        ("CT chest abdomen pelvis", "Findings: A 9 mm nodule is seen.", "nodule", "lung-nodule"),
        # Found by a second reading of 500 entries:
        ("CT aorta", "Findings: The left renal vein is draped over the aneurysm.", "draped-over", "prepped-and-draped"),
        ("IR angiogram", "Technique: The groin was prepped and draped.", "prepped-and-draped", "draped-over"),
        ("MR spine", "Findings: The canal is decompressed.", None, "non-distended"),
        ("US abdomen", "Findings: The bladder is decompressed.", "non-distended", None),
        ("MR ankle", "Findings: Thickening of the tendon sheaths.", "tendon-sheath-thickening", "tendinopathy"),
        ("MR head", "Clinical details: Plantar responses were flexor.", "plantar-response", "babinski-sign"),
        ("MR head", "Clinical details: Extensor plantar response.", "babinski-sign", None),
        ("CT liver", "Findings: Remote from the lesion there is fat.", None, "old"),
        ("CT head", "Findings: Remote lacunar infarct.", "old", None),
        ("CT thorax", "Findings: A perihilar opacity.", "perihilar", None),
        ("CT liver", "Findings: A perihilar stricture of the bile duct.", None, "perihilar"),
        ("US kidneys", "Findings: Cortical irregularity of the left kidney.", None, "cortical-irregularity"),
        ("MR knee", "Technique: Gradient echo images.", "gradient-echo", "susceptibility-weighted-imaging"),
        ("XR panoramic dental", "Findings: Crown and bridge work.", "dental-crown", "tooth-crown"),
        ("NM bone scan", "Clinical details: Lymphoma, post BMT.", "bone-marrow-transplant", None),
        ("CT carotid angiogram", "Clinical details: Carotid stenosis on BMT.", None, "bone-marrow-transplant"),
        ("MR head", "Clinical details: Previous neurosurgery.", "neurosurgery", "neurosurgeon"),
        ("MR breast", "Conclusion: BI-RADS 4.", "bi-rads", None),
        ("US pelvis", "Conclusion: O-RADS 3.", "o-rads", None),
    ],
)  # fmt: skip
def test_a_word_has_the_sense_of_its_place(
    plainrad: Plainrad, title: str, text: str, term: str | None, not_term: str | None
) -> None:
    found = terms(plainrad, title, text)
    assert term is None or term in found
    assert not_term not in found


@pytest.mark.parametrize(
    "text",
    [
        "Motion artefact in the lower lobes.",
        "There is motion artifact.",
        "Respiratory motion.",
        "Respiratory motion at the lung bases.",
        "Suboptimal inspiration.",
        "Low lying diaphragm and poor inspiratory effort.",
        "Patient movement.",
        "Streak artefact from dental fillings.",
        "There is beam hardening artefact in the pelvis.",
        "Susceptibility artefact is present.",
        "Minor movement artefact but diagnostic.",
        "Partial volume averaging at the dome.",
    ],
)
def test_what_spoils_a_picture_is_a_limit_of_the_test_and_no_finding(plainrad: Plainrad, text: str) -> None:
    told = annotated(plainrad, "CT chest", f"Findings: {text}").statements
    assert {one.group for one in told} == {"limitation"}


def test_the_words_for_a_spoilt_picture_are_not_findings(plainrad: Plainrad) -> None:
    for name in ("artefact", "movement-artefact", "poor-inspiration", "summation-shadow", "partial-volume-effect"):
        assert plainrad.glossary.term(name).kind == "other", name


@pytest.mark.parametrize("text", ["Indeterminate.", "1. Indeterminate.", "Equivocal."])
def test_a_word_of_doubt_alone_is_no_finding(plainrad: Plainrad, text: str) -> None:
    patient = annotated(plainrad, "CT abdomen", f"Conclusion: {text}")
    assert not any(one.kind == "finding" for one in patient.reading.mentions)
    assert not any(one.group == "found" for one in patient.statements)


@pytest.mark.parametrize(
    "text",
    [
        "Fetal demise.",
        "Intrauterine death.",
        "No fetal heartbeat seen.",
        "No heartbeat.",
        "Absent fetal cardiac activity.",
        "Non-viable pregnancy.",
        "Early pregnancy failure.",
        "Missed miscarriage.",
        "Stillbirth.",
        "Fetal loss.",
        "The pregnancy is not viable.",
    ],
)
def test_the_loss_of_a_pregnancy_is_marked_as_sensitive_however_it_is_said(plainrad: Plainrad, text: str) -> None:
    patient = annotated(plainrad, "US obstetric", f"Findings: {text}")
    assert "pregnancy" in {one.about for one in patient.lead}
    assert not any(one.group == "normal" for one in patient.statements)


@pytest.mark.parametrize(
    "text",
    [
        "Findings are concerning for non-accidental injury.",
        "Non accidental trauma suspected.",
        "Suspected physical abuse.",
        "Appearances raise the possibility of inflicted injury.",
        "Abusive head trauma is likely.",
        "Possible shaken baby syndrome.",
        "Safeguarding concern.",
    ],
)
def test_harm_by_another_person_raises_the_safeguarding_sensitivity(plainrad: Plainrad, text: str) -> None:
    patient = annotated(plainrad, "XR skeletal survey", f"Conclusion: {text}")
    assert "safeguarding" in {one.about for one in patient.lead}
    assert "trauma" not in terms(plainrad, "XR skeletal survey", text)  # never "accidental trauma"


def test_suspected_abuse_is_never_told_as_found(plainrad: Plainrad) -> None:
    for text in ("Suspected physical abuse.", "Possible non-accidental injury.", "Conclusion: ?NAI"):
        assert not any(one.group == "found" for one in annotated(plainrad, "XR skeletal survey", text).statements)


def test_abuse_that_is_ruled_out_leads_nothing(plainrad: Plainrad) -> None:
    patient = annotated(plainrad, "XR skeletal survey", "Conclusion: No evidence of non-accidental injury.")
    assert "safeguarding" not in {one.about for one in patient.lead}


@pytest.mark.parametrize(
    "text", ["Artefact or thrombus.", "Thrombus or flow artefact.", "This may be artefact or thrombus."]
)
def test_what_may_be_an_artefact_instead_is_in_doubt(plainrad: Plainrad, text: str) -> None:
    patient = annotated(plainrad, "CT pulmonary angiogram", f"Findings: {text}")
    (thrombus,) = (one for one in patient.reading.mentions if one.text.lower() == "thrombus")
    assert thrombus.assertion == "possible"


def test_that_something_is_likely_an_artefact_is_told_beside_what_it_may_be_instead(plainrad: Plainrad) -> None:
    text = "Findings: This is favoured to represent artefact, though an embolus cannot be excluded."
    told = [
        one.text for one in annotated(plainrad, "CT pulmonary angiogram", text).statements if one.group == "possible"
    ]
    assert any("false mark on the picture (artefact) is likely" in one for one in told)
    assert any("cannot be excluded" in one for one in told)


def test_drinking_and_drugs_are_no_harm_by_another_person(plainrad: Plainrad) -> None:
    found = terms(plainrad, "CT head", "Findings: History of alcohol abuse and substance abuse.")
    assert not any(plainrad.glossary.term(one).sensitivity == "safeguarding" for one in found)
