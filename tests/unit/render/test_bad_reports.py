"""Whatever a report holds, the page stays whole and safe, in every format."""

import io
import re
from collections import Counter

import pypdf
import pytest

from plainrad.domain.patient import PatientReport
from plainrad.render import render_fragment, render_html, render_pdf, render_text
from plainrad.render.strings import load_strings
from plainrad.render.verbatim import showable
from tests.support.bad_reports import BAD, HOSTILE, LONG_NAME, TURNED, everywhere, many
from tests.unit.render.page_reader import read_page

CASES = pytest.mark.parametrize("patient", BAD.values(), ids=BAD)
FORMATS = pytest.mark.parametrize("render", [render_html, render_fragment], ids=["page", "fragment"])


@CASES
@FORMATS
def test_the_tree_is_whole_and_ids_are_unique_and_links_lead_somewhere(patient: PatientReport, render) -> None:  # type: ignore[no-untyped-def]
    page = read_page(render(patient))
    ids = Counter(one.attributes["id"] for one in page.all() if "id" in one.attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    inside = [one.attributes["href"][1:] for one in page.all("a") if one.attributes["href"].startswith("#")]
    assert [name for name in inside if name not in ids] == []
    prefix = "" if render is render_html else "plainrad-"
    assert page.by_id(f"{prefix}original-text").text == showable(patient.report.text)


@CASES
@FORMATS
def test_nothing_runs_and_nothing_is_loaded(patient: PatientReport, render) -> None:  # type: ignore[no-untyped-def]
    page = read_page(render(patient))
    tags = Counter(one.tag for one in page.all())
    assert not tags.keys() & {"script", "img", "base", "iframe", "link", "object", "form"}
    assert tags["style"] == 1
    for one in page.all():
        assert not [name for name in one.attributes if name.startswith("on") or name in ("style", "src")]
        if one.tag == "a":
            assert one.attributes["href"].startswith(("#", "https://"))


@CASES
def test_a_page_always_says_who_to_ask_and_shows_the_report(patient: PatientReport) -> None:
    page = read_page(render_html(patient))
    (said,) = page.all(css_class="disclaimer")
    assert "".join(said.text.split()) == "".join(showable(patient.disclaimer).split())
    assert page.all("h1")[0].text.strip()


@CASES
def test_text_and_pdf_are_made_too(patient: PatientReport) -> None:
    assert patient.report.text in render_text(patient)
    if len(patient.statements) < 100:
        assert pypdf.PdfReader(io.BytesIO(render_pdf(patient))).pages


def test_hostile_markup_is_shown_as_it_was_written_in_every_field() -> None:
    page = read_page(render_html(everywhere(HOSTILE)))
    words = " ".join(HOSTILE.split())
    for css_class in ("title", "says", "quote", "disclaimer", "asked", "word-title", "lead-lines"):
        found = page.all(css_class=css_class)
        assert found, css_class
        assert any(words in " ".join(one.text.split()) for one in found), css_class
    assert "49" not in page.text.replace(HOSTILE, "")


def test_what_turns_the_direction_stays_inside_its_own_box() -> None:
    page = read_page(render_html(everywhere(TURNED)))
    assert page.all("h1")[0].all("bdi")
    for one in page.all(css_class="quote"):
        assert one.attributes["dir"] == "auto"
    assert page.by_id("original-text").attributes["dir"] == "auto"


def test_four_hundred_findings_give_four_hundred_statements_in_their_order() -> None:
    page = read_page(render_html(many()))
    assert [one.attributes["id"] for one in page.all(css_class="statement")] == [f"s{number}" for number in range(400)]
    assert len(page.all(css_class="word")) == 400


def test_a_long_name_is_not_cut() -> None:
    assert read_page(render_html(BAD["a name longer than the line"])).all("h1")[0].text == LONG_NAME


def test_the_scheme_of_every_address_is_that_of_the_web() -> None:
    assert re.findall(r'href="(?!#|https://)[^"]*"', render_html(everywhere(HOSTILE))) == []


def test_a_report_without_plain_words_says_so_in_every_form() -> None:
    patient, line = BAD["one letter"], load_strings().no_plain
    assert line in render_html(patient)
    assert line in render_fragment(patient)
    assert line in " ".join(render_text(patient).split())
    assert line not in render_html(BAD["400 findings"])


def test_a_very_long_title_is_set_smaller() -> None:
    assert 'class="title long"' in render_html(BAD["a name longer than the line"])
    assert 'class="title long"' not in render_html(BAD["400 findings"])
