"""What an addendum corrects stands no longer: it is told as what the report said before."""

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus

CORRECTED = """Findings: The right popliteal vein contains thrombus. Thrombus extends into the right posterior tibial veins. The right femoral vein is patent with normal flow. No Baker's cyst.

Conclusion: Acute right popliteal DVT.

Addendum: The side has been recorded incorrectly. All references to the right leg should read left. The conclusion should read: Acute LEFT popliteal DVT."""


def told(plainrad: Plainrad, text: str) -> list[tuple[str, str]]:
    report = Report(text, ReportStatus.FINAL, exam=Exam("US leg", "US", ("leg",)))
    return [(one.group, one.text) for one in plainrad.annotate(report).statements]


def test_a_side_that_was_corrected_is_quoted_only_as_an_earlier_version(plainrad: Plainrad) -> None:
    old = [(group, text) for group, text in told(plainrad, CORRECTED) if "right" in text and "should read" not in text]
    assert len(old) == 4
    for group, text in old:
        assert (group, text.split(": “")[0]) == ("background", "An earlier version of the report said")


def test_what_the_addendum_says_and_what_it_leaves_alone_is_told_as_ever(plainrad: Plainrad) -> None:
    statements = told(plainrad, CORRECTED)
    assert any(group == "found" and "LEFT" in text for group, text in statements)
    assert any(group == "looked_for_not_found" and "Baker" in text for group, text in statements)


def test_a_finding_that_the_addendum_does_not_tell_anew_stays_among_what_was_found(plainrad: Plainrad) -> None:
    text = "Findings: Fracture of the right wrist.\nAddendum: Correction: right should read left."
    assert ("found", "An earlier version of the report said: “Fracture of the right wrist.”") in told(plainrad, text)


def test_an_addendum_that_only_adds_leaves_the_other_side_as_it_was(plainrad: Plainrad) -> None:
    text = "Findings: Right pleural effusion.\nAddendum: There is also a left rib fracture."
    assert not any("earlier version" in words for _, words in told(plainrad, text))


def untold(plainrad: Plainrad, exam: Exam, text: str) -> list[str]:
    """Return what is told of the words before the addendum, quotes of what it said before left out."""
    patient = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=exam))
    end = text.index("Addendum")
    early = [one for one in patient.statements if one.source[0].start < end]
    assert any(one.group == "found" for one in patient.statements if one not in early)
    before = ("An earlier version of the report said: “", "Before something was added, the report said: “")
    return [one.text for one in early if not one.text.startswith(before)]


def test_a_no_is_told_no_longer_where_an_addendum_names_a_finding_in_its_place(plainrad: Plainrad) -> None:
    head, chest, ankle = Exam("CT head", "CT"), Exam("CT chest", "CT"), Exam("XR ankle", "XR")
    nodule = "Addendum: 8 mm nodule in the right upper lobe."
    assert (
        untold(plainrad, head, "No acute intracranial abnormality.\nAddendum: acute infarct in the left thalamus.")
        == []
    )
    assert untold(plainrad, head, "No haemorrhage.\nAddendum: There is a left subdural haematoma.") == []
    assert untold(plainrad, ankle, "No bony injury.\nAddendum: Fracture of the distal fibula.") == []
    assert untold(plainrad, chest, "No PE.\nAddendum: Small embolus in the right lower lobe.") == []
    assert untold(plainrad, chest, f"Normal chest. Lungs clear.\n{nodule}") == []


def test_a_no_of_another_place_is_told_as_ever(plainrad: Plainrad) -> None:
    text = "Lungs clear. The liver is normal. No pleural effusion.\nAddendum: 8 mm nodule in the right upper lobe."
    assert untold(plainrad, Exam("CT chest", "CT"), text) == [
        "No fluid around the lungs (pleural effusion) was found.",
        "The liver looks normal.",
    ]


def test_an_addendum_that_finds_no_injury_takes_back_a_fracture(plainrad: Plainrad) -> None:
    statements = told(plainrad, "Fracture of the distal radius.\nAddendum: No bony injury.")
    assert ("looked_for_not_found", "No damage to the bones was found.") in statements
    assert not any(text.startswith("There is a broken") for _, text in statements)
