"""What a patient is told, sentence by sentence: one file because the cases share their reports."""

from dataclasses import replace

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus

CHEST = Exam("XR chest", "XR", ("chest",))


def told(plainrad: Plainrad, text: str, exam: Exam = CHEST) -> list[tuple[str, str]]:
    return [(one.group, one.text) for one in plainrad.annotate(Report(text, ReportStatus.FINAL, exam=exam)).statements]


def groups(plainrad: Plainrad, text: str) -> set[str]:
    return {group for group, _ in told(plainrad, text)}


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Small left pleural effusion.", "found"),
        ("Possible left pleural effusion.", "possible"),
        ("Stable left pleural effusion.", "unchanged_or_known"),
        ("The pneumothorax has resolved.", "unchanged_or_known"),
        ("No bronchiectasis.", "looked_for_not_found"),
        ("The pancreas is normal.", "normal"),
        ("Repeat chest X-ray in 6 weeks is recommended.", "next_step"),
        ("The pancreas is obscured by gas.", "limitation"),
        ("Clinical details: known COPD.\nFindings: As below.", "background"),
    ],
)
def test_each_kind_of_statement_has_its_group(plainrad: Plainrad, text: str, group: str) -> None:
    found = groups(plainrad, text)
    assert found == {group}


def test_side_size_and_amount_are_told_as_the_report_gives_them(plainrad: Plainrad) -> None:
    ((_, text),) = told(plainrad, "Small left pleural effusion measuring 12 mm.")
    assert text == "There is a small amount of fluid around the left lung (pleural effusion). It measures 12 mm."


def test_a_distance_is_not_told_as_a_size(plainrad: Plainrad) -> None:
    assert not any(
        "measures" in text for _, text in told(plainrad, "Pneumothorax. The tube lies 3 cm above the carina.")
    )


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("No significant stenosis.", "there is no narrowing (stenosis)."),
        ("No acute fracture.", "there is no broken bone (fracture)."),
        ("No pulmonary embolus to segmental level.", "there is no blood clot in the lung (pulmonary embolus)."),
        ("No displaced fracture.", "there is no broken bone (fracture)."),
    ],
)
def test_a_no_that_is_narrowed_is_never_told_as_a_plain_no(plainrad: Plainrad, text: str, never: str) -> None:
    assert not any(one.endswith(never) for _, one in told(plainrad, text)), told(plainrad, text)


def test_a_label_is_told_with_its_phrase(plainrad: Plainrad) -> None:
    ((_, text),) = told(plainrad, "L1/2: No significant abnormality.", Exam("MRI spine", "MR", ("spine",)))
    assert text.startswith("L1/2: ")


def test_a_phrase_with_an_exception_is_not_read_as_a_whole(plainrad: Plainrad) -> None:
    assert not any(group == "normal" for group, _ in told(plainrad, "Heart size is normal apart from a bulge."))


def test_words_that_only_describe_are_no_statement(plainrad: Plainrad) -> None:
    text = "Disc protrusion displacing the nerve root."
    found = told(plainrad, text, Exam("MRI spine", "MR", ("spine",)))
    assert [group for group, _ in found] == ["found"]


def test_repeats_of_the_conclusion_are_one_statement(plainrad: Plainrad) -> None:
    text = "Findings: Left pleural effusion.\nConclusion: Left pleural effusion."
    statements = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=CHEST)).statements
    assert len(statements) == 1
    assert len(statements[0].source) == 2
    assert statements[0].conclusion


def test_risk_figures_are_not_findings(plainrad: Plainrad) -> None:
    text = "FRAX 10 year probability: major osteoporotic fracture 11%, hip fracture 2.5%."
    assert not any(one.startswith("There ") for _, one in told(plainrad, text))


def test_links_are_never_offered_for_what_was_ruled_out(plainrad: Plainrad) -> None:
    absent = plainrad.annotate(Report("No pneumonia.", ReportStatus.FINAL, exam=CHEST))
    present = plainrad.annotate(Report("Left pneumonia.", ReportStatus.FINAL, exam=CHEST))
    assert "pneumonia" not in {one.term_id for one in absent.explanations if one.links}
    assert "pneumonia" in {one.term_id for one in present.explanations if one.links}


def test_the_disclaimer_is_word_for_word(plainrad: Plainrad) -> None:
    patient = plainrad.annotate(Report("Clear lungs.", ReportStatus.FINAL))
    assert patient.disclaimer == (
        "This report has been sent to the referring clinician (doctor or other healthcare professional) who referred you for this "
        "investigation. If you have any questions, please discuss with your referring clinician."
    )


def test_a_report_in_which_nothing_is_known_still_has_original_and_disclaimer(plainrad: Plainrad) -> None:
    patient = plainrad.annotate(Report("Lorem ipsum dolor.", ReportStatus.FINAL))
    assert patient.report.text == "Lorem ipsum dolor."
    assert patient.disclaimer
    assert "nothing_recognised" in {flag.code for flag in patient.flags}


def test_a_site_that_wants_approved_words_only_shows_no_draft(plainrad: Plainrad) -> None:
    strict = replace(plainrad, approved_only=True)
    patient = strict.annotate(
        Report(
            "Small left pleural effusion. Heart size is normal. Repeat X-ray in 6 weeks is advised.",
            ReportStatus.FINAL,
            exam=CHEST,
        )
    )
    assert patient.explanations == ()
    assert {one.group for one in patient.statements} <= {"next_step"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Conclusion: Left disc protrusion with contact of the traversing left L5 nerve root.", "contact of the traversing left L5 nerve root"),
        ("Findings: Mild scoliosis, appropriate for age.", "appropriate for age"),
        ("Findings: Moderate degenerative change at the first CMC joint on the right, mild on the left.", "mild on the left"),
        ("Findings: Pulmonary nodules: 9 mm on the right and 7 mm on the left.", "9 mm on the right and 7 mm on the left"),
        ("Findings: Focus in the right 7th rib.", "7th rib"),
        ("Findings: Liver metastases in segments 6 and 4a.", "segment"),
        ("Findings: The nodal mass has reduced from 62 x 45 mm to 31 x 20 mm.", "It measures 31 x 20 mm. Before, it measured 62 x 45 mm."),
        ("Findings: The proximal colon is normal.", "proximal colon"),
        ("Findings: Mild left hydronephrosis.", "The report calls it mild."),
        ("Conclusion: Right breast M4 U4, suspicious of malignancy.", "The report is suspicious of cancer on the right"),
        ("Findings: The right leg was not scanned.", "was not part of the scan"),
        ("Findings: Disc protrusion possibly impinging the exiting L5 nerve root.", "possibly impinging the exiting L5 nerve root"),
        ("Findings: Disc bulge not contacting the left L5 root.", "not contacting the left L5 root"),
        ("Findings: Stable small left pleural effusion.", "has not changed. The report calls it small."),
        ("Findings: Small to moderate left pleural effusion.", "small to moderate"),
        ("Findings: Without high-grade central canal or foraminal narrowing.", "“Without high-grade central canal or foraminal narrowing”"),
        ("Findings: Age indeterminate fracture of the left 5th rib.", "The report cannot say how old it is."),
        ("Findings: The large bowel is normal in calibre without obstruction.", "The large bowel is normal in calibre without obstruction"),
        ("Findings: Old rib fractures, healed.", "have healed"),
        ("Findings: Persistent left pleural effusion.", "still there (persistent)"),
        ("Findings: Possible embolus cannot be entirely excluded.", "cannot be entirely excluded"),
        ("Findings:\nEndometrium: 7 mm. No focal lesion.", "Endometrium: Nothing abnormal"),
    ],
)  # fmt: skip
def test_what_narrows_a_finding_is_told_with_it(plainrad: Plainrad, text: str, words: str) -> None:
    exam = Exam("CT", "CT", ("abdomen", "spine", "bone", "chest", "pelvis", "brain"))
    assert any(words in one for _, one in told(plainrad, text, exam)), told(plainrad, text, exam)


def test_what_a_normal_list_holds_is_no_finding(plainrad: Plainrad) -> None:
    text = "There was normal flow, compression and augmentation within the popliteal vein."
    assert "found" not in groups(plainrad, text)


def test_suspicion_is_not_told_as_likely(plainrad: Plainrad) -> None:
    said = [one for group, one in told(plainrad, "Suspicious of malignancy.") if group == "possible"]
    assert said
    assert not any("likely" in one for one in said)
    assert all("suspicious of" in one for one in said)


@pytest.mark.parametrize(
    "text",
    [
        "No acute fracture.",
        "No large central pulmonary embolus.",
        "No avid lung lesion.",
        "No focal consolidation.",
        "No mild wibbled stenosis.",
    ],
)
def test_a_word_that_narrows_a_no_is_said_or_quoted(plainrad: Plainrad, text: str) -> None:
    for _, one in told(plainrad, text):
        assert "that it calls" not in one
        assert any(word in one for word in text.lower().rstrip(".").split()[1:-1]) or "“" in one


@pytest.mark.parametrize(
    "text",
    [
        "Primary consideration is of a pleomorphic adenoma.",
        "Mild pulmonary edema, interstitial infiltrates difficult to exclude.",
        "Left pleural effusion is a consideration.",
    ],
)
def test_doubt_that_stands_around_a_finding_is_never_lost(plainrad: Plainrad, text: str) -> None:
    exam = Exam("CT", "CT", ("chest", "neck"))
    assert "found" not in {group for group, _ in told(plainrad, text, exam)}, told(plainrad, text, exam)
    assert "possible" in {group for group, _ in told(plainrad, text, exam)}


def test_doubt_about_the_next_finding_is_not_doubt_about_this_one(plainrad: Plainrad) -> None:
    text = "There is a left pleural effusion and pneumonia cannot be excluded."
    assert "found" in groups(plainrad, text)


def test_a_change_that_is_said_of_the_next_thing_is_not_told(plainrad: Plainrad) -> None:
    assert "unchanged_or_known" not in groups(plainrad, "Kyphosis with increased AP dimension of the thorax.")


def test_another_test_of_the_same_day_is_not_told_as_the_test(plainrad: Plainrad) -> None:
    text = "Technique: Two views of the neck. However, there was an ultrasound of the neck performed on the same day.\nFindings: Normal."
    assert not any("The test was" in one for _, one in told(plainrad, text, Exam("XR neck", "XR", ("neck",))))


def test_what_is_to_be_looked_for_is_no_finding(plainrad: Plainrad) -> None:
    text = "If there was no recent catheterization, correlate for signs and symptoms of urinary tract infection."
    assert "found" not in groups(plainrad, text)


def test_how_the_skin_was_prepared_is_no_description(plainrad: Plainrad) -> None:
    assert "found" not in groups(plainrad, "The right groin was sterilely cleansed and draped.")


def test_what_could_represent_a_thing_does_not_fit_with_it(plainrad: Plainrad) -> None:
    said = told(plainrad, "Irregular opacities in the left apex, that could represent a cavitary lesion.")
    assert not any("fits with" in one and "cavitary" in one for _, one in said), said


def test_what_is_within_limits_of_normal_is_no_finding(plainrad: Plainrad) -> None:
    assert "found" not in groups(
        plainrad, "Heart size and pulmonary vascular engorgement appear within limits of normal."
    )


def test_the_number_of_a_picture_is_no_broken_bone(plainrad: Plainrad) -> None:
    text = "There is a jugulodigastric node with normal morphology (image #33/68)."
    assert not any("broken" in one for _, one in told(plainrad, text, Exam("CT neck", "CT", ("neck",))))


def test_a_no_that_holds_in_one_place_is_told_with_its_place(plainrad: Plainrad) -> None:
    text = (
        "Findings:\nLEFT MAIN CORONARY ARTERY:\nThere is no stenosis.\n\n"
        "RIGHT CORONARY ARTERY:\nThere is a stenosis in the mid vessel."
    )
    said = [
        one
        for group, one in told(plainrad, text, Exam("CT heart", "CT", ("heart",)))
        if group == "looked_for_not_found"
    ]
    assert said
    assert all(one.startswith("LEFT MAIN CORONARY ARTERY:") for one in said), said


def test_a_shift_to_the_left_and_one_to_the_right_are_two_statements(plainrad: Plainrad) -> None:
    text = "Findings: 5 mm midline shift to the right side.\nConclusion: 5 mm midline shift to the left side."
    patient = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam("CT head", "CT", ("brain",))))
    assert all(len({place.start for place in one.source}) == 1 or "“" in one.text for one in patient.statements), (
        patient.statements
    )


def test_a_finding_that_could_hide_is_not_named_as_a_thing_that_was_there(plainrad: Plainrad) -> None:
    mention_words = told(plainrad, "Findings: Bony overlap could obscure a small nodule.")
    assert not any("could not be seen well:" in text for _, text in mention_words)
    assert not any(group == "found" for group, _ in mention_words)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "No focal consolidation, collapse, effusion or pneumothorax.",
            [
                "No solid-looking area of the lung (consolidation) in any one place (focal)",
                "No collapsed area of the lung in any one place (focal)",
                "No fluid around the lung (effusion)",
                "No air around the outside of the lung (pneumothorax)",
            ],
        ),
        ("No large collapse or pneumothorax.", ["No large collapsed", "No large amount of air"]),
        ("No acute collapse or fracture.", ["No new or sudden (acute) collapsed", "No new or sudden (acute) broken"]),
    ],
)
def test_each_of_a_list_is_told_with_the_word_that_may_narrow_it(
    plainrad: Plainrad, text: str, says: list[str]
) -> None:
    statements = [words for _, words in told(plainrad, text)]
    assert len(statements) == len(says), statements
    for words, part in zip(statements, says, strict=True):
        assert part in words


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Possible cerebral atrophy, appropriate for age.", "The report adds: “appropriate for age”"),
        ("Probable renal cyst, incidental.", "The report adds: “incidental”"),
        ("Diverticulosis, uncomplicated.", "The report calls them uncomplicated."),
        ("Moderate to moderately advanced atrophy.", "The report calls it moderate to moderately advanced."),
        ("No right hydronephrosis.", "No sign of a wider than usual urine space"),
        ("There is an old tiny lacunar infarct.", "an old or long-standing very small stroke"),
        ("Tiny micronodules.", "There are tiny spots"),
    ],
)
def test_nothing_that_takes_weight_from_a_finding_is_lost_and_nothing_is_said_twice(
    plainrad: Plainrad, text: str, says: str
) -> None:
    assert any(says in words for _, words in told(plainrad, f"Findings: {text}")), told(plainrad, f"Findings: {text}")


def test_what_belongs_to_the_next_finding_is_not_added_to_this_one(plainrad: Plainrad) -> None:
    text = "Findings: Diverticulosis with uncomplicated diverticulitis."
    assert not any("adds" in words for _, words in told(plainrad, text))


@pytest.mark.parametrize(
    "text", ["No fracture, zorbic haematoma or dislocation.", "No right hydronephrosis or significant hydronephrosis."]
)
def test_a_list_that_has_to_be_quoted_is_told_once_and_not_by_halves(plainrad: Plainrad, text: str) -> None:
    assert told(plainrad, text) == [("looked_for_not_found", f"The report says: “{text.removesuffix('.')}”")]


def test_a_no_that_is_only_not_clearly_seen_keeps_that_doubt_beside_another_word(plainrad: Plainrad) -> None:
    ((_, text),) = told(plainrad, "No obvious displaced dislocation.")
    assert text.startswith("No clear sign of") or "“No obvious" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("The olecranon soft tissues are normal.", "The “olecranon soft tissues” look normal."),
        ("The left shoulder soft tissues are normal.", "The “left shoulder soft tissues” look normal."),
    ],
)
def test_a_part_of_the_soft_tissues_is_never_told_as_all_of_them(plainrad: Plainrad, text: str, says: str) -> None:
    assert [words for _, words in told(plainrad, f"Findings: {text}")] == [says]


def test_of_two_quotes_of_one_no_the_longer_is_shown(plainrad: Plainrad) -> None:
    text = "At the T12-L1 and L1-2 levels, there is no evidence of herniated disk protrusion, central canal, or neural foraminal stenosis."
    quotes = [words for _, words in told(plainrad, text, Exam("MR spine", "MR", ("spine",))) if "“" in words]
    assert len(quotes) <= 1, quotes


def test_the_opening_of_a_sentence_is_no_word_of_doubt(plainrad: Plainrad) -> None:
    report = Report(
        "Findings: There is a possible nodule in the right lung.", ReportStatus.FINAL, exam=Exam("CT chest")
    )
    (told,) = [one.text for one in plainrad.annotate(report).statements if one.group == "possible"]
    assert "(“possible”)" in told
