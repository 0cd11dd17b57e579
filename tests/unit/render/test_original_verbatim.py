"""Promise 1 on the page: the text content of the original's box is the report, character for character."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.domain.patient import PatientReport
from plainrad.domain.reading import Extent
from plainrad.render import render_html, render_text
from plainrad.render.strings import load_strings
from plainrad.render.verbatim import verbatim
from tests.support.patient import TEXT, explanation, mention, patient_report, plain_report, statement, with_mentions
from tests.unit.render.page_reader import read_page


def shown(patient: PatientReport) -> str:
    return read_page(render_html(patient)).by_id("original-text").text


def test_the_box_holds_the_report() -> None:
    assert shown(patient_report()) == TEXT


@pytest.mark.parametrize(
    "text",
    [
        "\n\n  two empty lines and spaces first, then two last  \n\n",
        "MSH lines\rend in a bare\rcarriage return\r",
        "Windows\r\nline\r\nends",
        "<b>bold</b> & &amp; &#13; \"quoted\" 'quoted' </div></body></html>",
        "<script>alert(1)</script><!-- comment --> ]]> <style>p{}</style>",
        "{{ 7 * 7 }} {% raw %} {# note #} {{ page.disclaimer }}",
        "tab\tvertical\vform\fnext line\x85 line\u2028paragraph\u2029 byte order\ufeff",
        "right to left \u202etxet\u202c, joined é e\u0301, emoji 👩\u200d⚕️, soft\xadhyphen, no\xa0break",
        "bell \x07 escape \x1b[31m delete \x7f",
    ],
)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    patient = plain_report(text)
    assert shown(patient) == text
    assert text in render_text(patient)


HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            ["\r", "\n", "\r\n", "\v", "\x85", "<", ">", "&", '"', "&lt", "&#13;", "</div>", "<br>", "{{", "{%"]
        ),
    ),
    max_size=20,
).map("".join)
SPANS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=10)


@given(inside=HOSTILE, words=SPANS, sources=SPANS)
def test_no_text_and_no_overlapping_links_change_a_character(
    inside: str, words: list[tuple[int, int]], sources: list[tuple[int, int]]
) -> None:
    text = f"x{inside}"
    patient = plain_report(
        text,
        explanations=tuple(explanation(f"t{number}", f"t{number}") for number in range(4)),
        statements=tuple(statement(number, source=(Extent(*span),)) for number, span in enumerate(sources)),
    )
    mentions = [mention(number, *span, text=text, term_id=f"t{number % 6}") for number, span in enumerate(words)]
    assert shown(with_mentions(patient, *mentions)) == text.replace("\0", "\ufffd")
    assert text in render_text(patient)


def test_what_no_page_can_hold_is_replaced_and_the_page_says_so() -> None:
    patient = plain_report("NUL \0 and half a pair \ud83d.")
    assert shown(patient) == "NUL \ufffd and half a pair \ufffd."
    html = render_html(patient)
    html.encode("utf-8")
    assert load_strings().original_unshowable in html
    assert load_strings().original_unshowable not in render_html(patient_report())


def test_half_a_pair_anywhere_else_does_not_stop_the_page() -> None:
    exam = replace(patient_report().report.exam, title="CT \ud83d")
    render_html(plain_report("x", report=replace(plain_report("x").report, exam=exam))).encode("utf-8")


def test_a_break_that_is_not_a_line_feed_is_shown_without_adding_text() -> None:
    assert verbatim("a\rb\r\nc") == "a&#13;<br>b&#13;\nc"


def test_the_report_is_shown_with_its_white_space() -> None:
    (rule,) = re.findall(r"\n\.plainrad \.original \{(.*?)\}", render_html(patient_report()), re.DOTALL)
    assert "white-space: pre-wrap" in rule
