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


def shown(plainrad: Plainrad, text: str, exam: Exam) -> list[tuple[str, str]]:
    return [(one.group, one.text) for one in plainrad.annotate(Report(text, ReportStatus.FINAL, exam=exam)).statements]


CORONA = """The ET tube tip lies 4 cm above the corona. The left basal chest drain has been removed. Small right pleural effusion.

ADDENDUM: Agree with the above except that a small left pneumothorax is suspected. "Corona" should read carina."""


def test_a_word_put_right_takes_back_no_side(plainrad: Plainrad) -> None:
    told = shown(plainrad, CORONA, Exam("XR chest", "XR"))
    assert not any("earlier version" in text for _, text in told)
    assert any(group == "found" and "fluid around the right lung" in text for group, text in told)


def test_a_side_put_right_in_the_sentence_after_the_error_is_taken_back(plainrad: Plainrad) -> None:
    text = "Fracture of the right fifth metacarpal.\nAddendum: Side error. The images are of the LEFT hand."
    assert any(
        "earlier version" in one and "right fifth" in one for _, one in shown(plainrad, text, Exam("XR hand", "XR"))
    )


def test_the_old_word_of_a_correction_is_no_finding(plainrad: Plainrad) -> None:
    text = 'There is know hydrocephalus.\nAddendum: "know hydrocephalus" should read no hydrocephalus.'
    told = shown(plainrad, text, Exam("CT head", "CT"))
    assert not any(group == "found" and "hydrocephalus" in one for group, one in told)
    assert any(group == "looked_for_not_found" and "hydrocephalus" in one for group, one in told)


RIB = """Uptake at T10 and L2, suspicious for metastases. Focus in the right 5th rib, indeterminate. Total hip replacement, no uptake there.

Consultant addendum: The rib uptake corresponds to a healing fracture and is not a metastasis."""


def test_what_an_addendum_rules_out_in_one_part_stays_in_another(plainrad: Plainrad) -> None:
    told = shown(plainrad, RIB, Exam("NM bone scan", "NM"))
    assert any(group == "possible" and "metastases" in text for group, text in told)
    assert not any(text.startswith("No cancer") for _, text in told)


def test_a_spot_that_an_addendum_names_is_told_by_that_name(plainrad: Plainrad) -> None:
    told = shown(plainrad, RIB, Exam("NM bone scan", "NM"))
    assert any("An earlier version" in text and "5th rib" in text for _, text in told)
    assert any("healing fracture" in text and group == "unchanged_or_known" for group, text in told)


def test_a_no_of_the_opposite_kind_is_not_corrected(plainrad: Plainrad) -> None:
    text = "No external hernia.\nAddendum: An internal hernia cannot be excluded."
    told = shown(plainrad, text, Exam("CT abdomen", "CT"))
    assert not any("An earlier version" in one for _, one in told)
    text = "No hernia.\nAddendum: An internal hernia cannot be excluded."
    assert any("report said: “No hernia.”" in one for _, one in shown(plainrad, text, Exam("CT abdomen", "CT")))


def test_an_unrelated_no_before_an_addition_stands_in_the_background(plainrad: Plainrad) -> None:
    text = "There is no rotational deformity.\nAddendum: There is an avulsion fragment of the proximal phalanx."
    assert ("background", "Before something was added, the report said: “There is no rotational deformity.”") in shown(
        plainrad, text, Exam("XR hand", "XR")
    )


def test_a_part_called_intact_is_not_told_as_normal_where_an_addendum_finds_a_tear_in_it(plainrad: Plainrad) -> None:
    text = "Sub scapularis intact.\nAddendum: There is a partial thickness tear of subscapularis."
    told = shown(plainrad, text, Exam("MRI shoulder", "MR"))
    assert not any(group == "normal" for group, _ in told)
