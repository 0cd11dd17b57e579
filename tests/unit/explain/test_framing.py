"""What stands around the statements: their order, the lines that lead, the questions."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import STATEMENT_GROUPS, PatientReport
from plainrad.domain.report import Exam, Report, ReportStatus


def patient(plainrad: Plainrad, text: str, exam: Exam | None = None) -> PatientReport:
    return plainrad.annotate(Report(text, ReportStatus.FINAL, exam=exam or Exam("CT", "CT", ("chest", "abdomen"))))


def about(plainrad: Plainrad, text: str) -> list[str]:
    return [one.about for one in patient(plainrad, text).lead]


def test_the_groups_follow_each_other_as_a_person_asks() -> None:
    assert STATEMENT_GROUPS == (
        "background",
        "found",
        "possible",
        "unchanged_or_known",
        "looked_for_not_found",
        "normal",
        "limitation",
        "next_step",
    )


def test_in_each_group_a_later_addition_comes_first_and_then_the_conclusion(plainrad: Plainrad) -> None:
    text = "Findings: Bronchiectasis.\nConclusion: Emphysema.\nAddendum: There is also a hiatus hernia."
    told = [one.quote for one in patient(plainrad, text).statements if one.group == "found"]
    assert told == ["There is also a hiatus hernia.", "Emphysema.", "Bronchiectasis."]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("There are liver metastases.", ["cancer", "cancer"]),
        ("Suspicious for malignancy.", ["cancer", "cancer"]),
        ("No evidence of malignancy.", []),
        ("Malignancy is unlikely.", []),
        ("Clinical details: known breast cancer.\nFindings: Clear lungs.", []),
        ("No fetal heartbeat is seen.", ["pregnancy", "pregnancy"]),
        ("There is an acute pulmonary embolus.", ["urgent"]),
        ("No pulmonary embolus.", []),
        ("Small hiatus hernia.", []),
    ],
)
def test_a_line_leads_where_something_sensitive_is_there_or_possible(
    plainrad: Plainrad, text: str, kinds: list[str]
) -> None:
    assert about(plainrad, text) == kinds


def test_a_possible_cancer_is_never_led_as_a_certain_one(plainrad: Plainrad) -> None:
    first = patient(plainrad, "Suspicious for malignancy.").lead[0].text
    assert "possib" in first
    assert "possib" not in patient(plainrad, "There are liver metastases.").lead[0].text


@pytest.mark.parametrize(
    "text", ["There is a renal tumour.", "There is recurrence in the hernia repair.", "There is invasion of the wall."]
)
def test_a_line_speaks_of_cancer_only_where_a_statement_does(plainrad: Plainrad, text: str) -> None:
    first = patient(plainrad, text)
    assert [one.text for one in first.lead] == [dict(plainrad.book.leads)["sensitive"]]
    assert not any("cancer" in one.text for one in first.statements)


def test_what_only_could_be_cancer_is_led_as_a_possibility(plainrad: Plainrad) -> None:
    first = patient(plainrad, "There is a suspicious bone lesion.").lead[0].text
    assert first == dict(plainrad.book.leads)["cancer-possible"]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Clinical details: ?PE\nFindings: Clear lungs.", "Does the scan answer the question that it was asked for?"),
        ("Clear lungs.", "If nothing was found, what could explain my symptoms?"),
        ("Possible pneumonia.", "How will we find out about the things that are not certain?"),
        ("Emphysema.", "Do I need any more tests or a follow-up?"),
        ("The left effusion has increased in size.", "What does the change since my last scan mean?"),
        ("9 mm pulmonary nodule.", "Will what was measured be measured again?"),
        ("There are liver metastases.", "Who is my main contact, such as a specialist nurse?"),
    ],
)
def test_questions_are_those_that_the_report_gives_reason_for(plainrad: Plainrad, text: str, question: str) -> None:
    assert question in patient(plainrad, text).questions
    assert (
        question not in patient(plainrad, "No fracture. Follow-up CT in 3 months is advised. Hiatus hernia.").questions
    )


def test_the_test_and_the_reason_for_it_come_first(plainrad: Plainrad) -> None:
    text = "CT head\n\nClinical details: Unwitnessed fall. ?intracranial bleed\n\nFindings: Normal study."
    told = [(one.group, one.text) for one in patient(plainrad, text, Exam("CT head", "CT", ("brain",))).statements]
    assert [group for group, _ in told] == ["background", "background", "normal"]
    assert told[0][1].startswith("The test was a CT scan of the head")
    assert any("asks about" in one for _, one in told)
    assert any("“Unwitnessed fall. ?intracranial bleed”" in one for _, one in told)


def test_the_request_is_told_in_its_own_words_where_no_plain_ones_are_known(plainrad: Plainrad) -> None:
    told = [
        one.text
        for one in patient(
            plainrad, "Clinical details: Previous left mastectomy. Right knee pain.\nFindings: Normal."
        ).statements
    ]
    assert any("Right knee pain" in one or "knee" in one for one in told)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("There is an old cerebral infarct.", []),
        ("There is an old pulmonary embolus.", []),
        ("There is an acute pulmonary embolus.", ["urgent"]),
        ("There is a cerebral infarct.", ["urgent"]),
        ("Old lacunar infarct. Acute pulmonary embolus.", ["urgent"]),
    ],
)
def test_what_happened_long_ago_brings_no_line_about_feeling_unwell_now(
    plainrad: Plainrad, text: str, kinds: list[str]
) -> None:
    assert about(plainrad, text) == kinds
