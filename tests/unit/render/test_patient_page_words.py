"""The list of explained words on the page, and the box below it."""

from dataclasses import replace

import pytest

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report, ReportStatus
from plainrad.domain.term import Review
from plainrad.render import render_html
from tests.support.patient import (
    DISCLAIMER,
    TEXT,
    explanation,
    mention,
    patient_report,
    plain_report,
    with_mentions,
)
from tests.unit.render.page_reader import Element, read_page


def page_of(patient: PatientReport) -> Element:
    return read_page(render_html(patient))


def test_the_first_occurrence_of_an_explained_word_leads_to_its_explanation_and_back() -> None:
    page = page_of(patient_report())
    (link,) = [one for one in page.by_id("original-text").all("a") if one.text == "pleural effusion"]
    assert link.attributes["href"] == "#word-pleural-effusion"
    assert page.by_id(link.attributes["aria-describedby"]).text == "fluid around the lung"
    assert "#mark-pleural-effusion" in {one.attributes["href"] for one in page.by_id("word-pleural-effusion").all("a")}


def test_words_are_explained_from_a_to_z() -> None:
    explanations = tuple(explanation(term, term) for term in ("oedema", "Baker's cyst", "atelectasis"))
    page = page_of(plain_report(TEXT, explanations=explanations))
    assert [word.text for word in page.all(css_class="word-title")] == ["atelectasis", "Baker's cyst", "oedema"]
    (table,) = page.all(css_class="a-to-z")
    assert [one.text for one in table.all("th") if one.attributes["scope"] == "row"] == [
        "atelectasis",
        "Baker's cyst",
        "oedema",
    ]


def test_plain_words_that_only_repeat_the_term_are_left_out() -> None:
    word = page_of(plain_report(TEXT, explanations=(explanation(plain="Small"),))).by_id("word-small")
    assert word.all(css_class="means") == []
    assert word.all("p")[0].attributes["id"] == "means-small"


@pytest.mark.parametrize(
    ("written", "term", "shown"),
    [
        ("DOAC", "direct oral anticoagulant", ["In the report: “DOAC”"]),
        ("low\r\nattenuation", "hypodensity", ["In the report: “low attenuation”"]),
        ("Nodules", "nodule", []),
        ("nodule", "nodule", []),
    ],
)
def test_a_word_that_the_report_writes_otherwise_is_shown_as_it_is_written(
    written: str, term: str, shown: list[str]
) -> None:
    text = f"There is {written}."
    marked = with_mentions(plain_report(text), mention(1, 9, 9 + len(written), text=text, term_id="a"))
    page = page_of(replace(marked, explanations=(explanation("a", term),)))
    assert [one.text for one in page.by_id("word-a").all(css_class="written")] == shown


def test_the_top_of_the_page_leads_to_whom_to_ask() -> None:
    page = page_of(plain_report(TEXT))
    (link,) = page.all(css_class="about")[0].all("a")
    assert (link.text, link.attributes["href"]) == ("Who to ask, and when to call 111", "#important")


def test_a_word_that_is_not_marked_has_no_link_to_the_report() -> None:
    assert page_of(plain_report(TEXT, explanations=(explanation(),))).by_id("word-small").all("a") == []


REVIEWED = Review("reviewed", "the reviewing doctor", "2026-08-06", None)


@pytest.mark.parametrize(
    ("review", "state"),
    [
        (REVIEWED, "Reviewed by the reviewing doctor on 6 August 2026"),
        (Review("approved", "the reviewing doctor", None, None), "Approved by the reviewing doctor"),
        (Review("reviewed", None, None, None), "Reviewed"),
    ],
)
def test_an_explanation_says_who_reviewed_it(review: Review, state: str) -> None:
    word = page_of(plain_report(TEXT, explanations=(explanation(review=review),))).by_id("word-small")
    assert [one.text for one in word.all(css_class="state")] == [state]


@pytest.mark.parametrize("count", [1, 80])
def test_that_nobody_has_reviewed_the_explanations_is_said_once_at_the_top_and_once_above_them(count: int) -> None:
    explanations = tuple(explanation(f"w{number}", f"w{number}") for number in range(count))
    page = page_of(plain_report(TEXT, explanations=explanations))
    assert page.text.count("No doctor has reviewed these explanations yet.") == 2
    assert "Draft" not in page.all("main")[0].text


def test_where_some_are_reviewed_each_draft_is_marked() -> None:
    page = page_of(plain_report(TEXT, explanations=(explanation("a", "a"), explanation("b", "b", review=REVIEWED))))
    assert [one.text for one in page.by_id("word-a").all(css_class="state")] == ["Draft"]
    assert page.text.count("Explanations marked “Draft” have not yet been reviewed by a doctor.") == 2


def test_where_all_are_reviewed_nothing_is_said_of_drafts() -> None:
    page = page_of(plain_report(TEXT, explanations=(explanation(review=REVIEWED),)))
    assert "Draft" not in page.all("main")[0].text
    assert "No doctor" not in page.text


def test_help_stands_before_the_words() -> None:
    page = page_of(patient_report())
    ids = [one.attributes["id"] for one in page.all() if "id" in one.attributes]
    assert ids.index("important") < ids.index("questions") < ids.index("original") < ids.index("words")


def test_who_asked_for_the_scan_is_named_if_the_sender_says_so() -> None:
    report = Report(TEXT, ReportStatus.FINAL, requester="Chest clinic")
    (box,) = page_of(plain_report(TEXT, report=report)).all(css_class="important")
    assert box.all("p")[0].text == "Who asked for the scan: Chest clinic"


def test_without_explanations_the_page_says_so_and_still_gives_the_report_and_the_disclaimer() -> None:
    page = page_of(plain_report(TEXT))
    assert "No words in this report were explained." in page.text
    assert page.by_id("original-text").text == TEXT
    assert "Choose an underlined word" not in page.text
    assert [one.text for one in page.all(css_class="disclaimer")] == [DISCLAIMER]


def test_the_disclaimer_stands_word_for_word_before_its_plain_line_and_nhs_111() -> None:
    (box,) = page_of(patient_report()).all(css_class="important")
    assert [one.text for one in box.all("p")] == [
        DISCLAIMER,
        "Ask the person who sent you for the scan.",
        "If you feel unwell or worried, go to NHS 111 online (https://111.nhs.uk/) or call 111.",
    ]
    (address,) = box.all(css_class="on-paper-inline")
    assert address.text == " (https://111.nhs.uk/)"
