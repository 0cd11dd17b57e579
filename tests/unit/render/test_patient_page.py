"""What a patient finds on the page, in which order, and what is never on it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.content import content_folder
from plainrad.domain.patient import STATEMENT_GROUPS, AnatomyLabel, Lead, OwnWords, PatientReport
from plainrad.domain.reading import Extent
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.formats.incoming import parse_report
from plainrad.render import render_html
from tests.support.patient import (
    NHS_CT,
    TEXT,
    explanation,
    mention,
    patient_report,
    plain_report,
    statement,
    with_mentions,
)
from tests.unit.render.page_reader import Element, read_page


def page_of(patient: PatientReport) -> Element:
    return read_page(render_html(patient))


def headings(page: Element, *tags: str) -> list[str]:
    return [one.text.strip() for one in page.all() if one.tag in tags]


def test_the_sections_stand_in_order() -> None:
    assert headings(page_of(patient_report()), "h1", "h2") == [
        "CT chest with contrast",
        "What this page is",
        "The report in plain words",
        "Parts of the body in this report",
        "What happens next, and who to ask",
        "Questions you may want to ask",
        "The report, word for word",
        "Where to read more",
        "Words explained",
        "How this page was made",
    ]


def test_the_groups_stand_in_the_order_in_which_a_person_asks() -> None:
    assert [
        one.text.strip() for group in page_of(patient_report()).all(css_class="group") for one in group.all("h3")
    ] == [
        "Why the scan was done, and background",
        "What the report describes",
        "What may be there (the report is not certain)",
        "What has changed or was known before",
        "What was looked for and not found",
        "What looked normal",
        "What could not be seen well",
        "What the report suggests next",
        "Also in the report, in its own words",
    ]


def test_every_group_has_its_icon() -> None:
    icons = content_folder("templates").joinpath("icons")
    assert all(icons.joinpath(f"{group}.svg").is_file() for group in (*STATEMENT_GROUPS, "conclusion"))


def groups_of(plainrad: Plainrad, text: str) -> list[tuple[str, list[str]]]:
    """Return the headings of the page of a report, each with the first words of its statements."""
    page = page_of(plainrad.annotate(parse_report({"text": text, "status": "final"})))
    return [
        (group.all("h3")[0].text.strip(), [" ".join(one.text.split()[:3]) for one in group.all(css_class="says")])
        for group in page.all(css_class="group")
    ]


def test_the_conclusion_stands_first_and_in_its_own_order(plainrad: Plainrad) -> None:
    text = (
        "Clinical details: Cough.\nFindings: Cardiomegaly. No pneumothorax. Simple cyst in the left kidney.\n"
        "Conclusion: Normal lungs. No fracture. Simple cyst in the left kidney. Possible hiatus hernia."
    )
    assert groups_of(plainrad, text) == [
        ("Why the scan was done, and background", ["The request for"]),
        ("What the report concludes", ["The lungs look", "No broken bone", "There is a", "The report says"]),
        ("What the report describes", ["There is an"]),
        ("What was looked for and not found", ["No leaked air"]),
    ]


def test_a_correction_stands_before_the_conclusion_that_it_corrects(plainrad: Plainrad) -> None:
    text = (
        "Findings: Effusion in the left knee.\nConclusion: No fracture. Normal alignment of the spine.\n"
        "ADDENDUM: There is a fracture of the right patella."
    )
    concluded = dict(groups_of(plainrad, text))["What the report concludes"]
    assert concluded[0] == "There is a"


def test_a_long_report_that_is_all_conclusion_keeps_its_groups(plainrad: Plainrad) -> None:
    found = ["Cardiomegaly", "Hiatus hernia", "Scoliosis", "Gallstones", "Hepatic steatosis", "Splenomegaly"]
    absent = ["pneumothorax", "pleural effusion", "fracture", "ascites", "hydronephrosis", "lymphadenopathy"]
    text = f"Impression: {'. '.join(found)}. {' '.join(f'No {one}.' for one in absent)}"
    assert [heading for heading, _ in groups_of(plainrad, text)] == [
        "What the report describes",
        "What was looked for and not found",
    ]


def test_statements_of_the_conclusion_come_first_in_their_group() -> None:
    statements = (statement(1), statement(2, conclusion=True), statement(3), statement(4, conclusion=True))
    page = page_of(plain_report(TEXT, statements=statements))
    assert [one.attributes["id"] for one in page.all(css_class="statement")] == ["s2", "s4", "s1", "s3"]


def test_a_report_without_a_title_is_called_your_scan_report() -> None:
    page = page_of(plain_report(TEXT))
    assert headings(page, "h1") == ["Your scan report"]
    assert page.all(css_class="eyebrow") == []


def test_a_statement_shows_the_words_it_rests_on_and_leads_to_them_and_back() -> None:
    page = page_of(patient_report())
    said = page.by_id("s5")
    assert [one.text for one in said.all("blockquote")] == [
        "There is a 7 mm nodule in the right upper lobe, unchanged since the previous CT."
    ]
    assert [one.attributes["href"] for one in said.all("a")] == ["#original-s5"]
    assert [one.attributes["href"] for one in page.by_id("original-s5").all("a")] == ["#s5"]


def test_a_statement_with_two_sources_leads_to_both() -> None:
    said = statement(1, source=(Extent(0, 5), Extent(9, 12)))
    links = page_of(plain_report(TEXT, statements=(said,))).by_id("s1").all("a")
    assert [(one.attributes["href"], one.text) for one in links] == [
        ("#original-s1", "See this in the report, place 1 of 2"),
        ("#original-s1-2", "See this in the report, place 2 of 2"),
    ]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        (AnatomyLabel("lung", "lung", "left", "chest", None, ()), "Lung, left side"),
        (AnatomyLabel("kidney", "kidney", "both", "urinary", None, ()), "Kidney, both sides"),
        (AnatomyLabel("heart", "heart", None, "heart", None, ()), "Heart"),
        (AnatomyLabel("rul", "top part of the right lung", "right", "chest", None, ()), "Top part of the right lung"),
    ],
)
def test_parts_of_the_body_are_named_with_their_side(label: AnatomyLabel, shown: str) -> None:
    (parts,) = page_of(plain_report(TEXT, anatomy=(label, label))).all(css_class="parts")
    assert [one.text for one in parts.all("li")] == [shown]


def test_links_name_their_publisher_and_open_in_a_new_tab_that_they_announce() -> None:
    page = page_of(plain_report(TEXT, links=(NHS_CT,)))
    (link,) = [one for one in page.all("a") if one.attributes["href"] == NHS_CT.url]
    assert link.text == "CT scan – NHS (opens in new tab)"
    assert (link.attributes["target"], link.attributes["rel"]) == ("_blank", "noopener noreferrer")


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    page = page_of(plain_report(TEXT, links=(replace(NHS_CT, url="javascript:alert(1)"),)))
    assert not any(one.attributes.get("href", "").startswith("javascript") for one in page.all("a"))


def test_sections_with_nothing_in_them_are_left_out() -> None:
    assert headings(page_of(plain_report(TEXT)), "h2") == [
        "What this page is",
        "What happens next, and who to ask",
        "The report, word for word",
        "Words explained",
        "How this page was made",
    ]


def test_the_small_print_names_program_content_and_the_fingerprint_of_the_original() -> None:
    patient = patient_report()
    (footer,) = page_of(patient).all("footer")
    assert [one.text for one in footer.all("dd")] == [
        "Plainrad 0.1.0",
        "2026.11.0+sha256:0123456789abcdef",
        "en_plainrad 0.1.0",
        "0 of 11",
        patient.report.sha256,
    ]


def test_flags_and_release_are_for_staff_and_not_on_the_page() -> None:
    held = ReleaseDecision("held", datetime(2026, 12, 19, 9, tzinfo=UTC), "Waiting for the team.")
    html = render_html(patient_report(release=held))
    assert "laterality_discrepancy" not in html
    assert "different sides" not in html
    assert "Waiting for the team." not in html


def test_hostile_words_stay_words_wherever_they_stand() -> None:
    bad = "\"><script>alert('x')</script>{{ 7*7 }}"
    patient = plain_report(
        bad,
        report=Report(bad, ReportStatus.FINAL, Exam(title=bad)),
        statements=(statement(text=bad, quote=bad),),
        explanations=(explanation("small", bad, plain=bad[1:], definition=bad),),
        anatomy=(AnatomyLabel("x", bad, "left", "chest", None, ()),),
        links=(replace(NHS_CT, title=bad, publisher=bad, url=f"https://x/{bad}"),),
        questions=(bad,),
        disclaimer=bad,
    )
    page = page_of(with_mentions(patient, mention(1, 0, len(bad), text=bad, term_id="small")))
    assert page.all("script") == []
    assert "49" not in page.all("h1")[0].text
    assert page.all("h1")[0].text == bad


def test_the_same_patient_report_gives_the_same_page() -> None:
    assert render_html(patient_report()) == render_html(patient_report())


def test_words_that_no_statement_rests_on_are_shown_as_they_stand_and_lead_to_their_place_and_back() -> None:
    start = TEXT.index("Assessment of the lung bases")
    words = OwnWords(start, start + 28, TEXT[start : start + 28], "findings")
    page = page_of(plain_report(TEXT, own_words=(words,)))
    own = page.by_id("own-1")
    assert [one.text for one in own.all("blockquote")] == ["Assessment of the lung bases"]
    assert [one.attributes["href"] for one in own.all("a")] == ["#original-own-1"]
    assert [one.attributes["href"] for one in page.by_id("original-own-1").all("a")] == ["#own-1"]
    assert page.by_id("original-text").text == TEXT


def test_what_is_sensitive_is_led_by_who_to_speak_to() -> None:
    lead = (Lead("cancer", "This report speaks of cancer."), Lead("urgent", "You can talk to the team."))
    (main,) = page_of(plain_report(TEXT, lead=lead)).all("main")
    assert [one.text for one in main.all("p")[:2]] == ["This report speaks of cancer.", "You can talk to the team."]
