"""A note of a professional: above the explanations, in a box of its own, in their words and never in those of the report."""

from datetime import UTC, datetime

import pytest

from plainrad.domain.patient import TeamNote
from plainrad.render import render_fragment, render_html, render_text
from plainrad.render.strings import load_strings
from tests.support.patient import patient_report

SAY = load_strings()
LATE = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
HOSTILE = "</p><script>alert(1)</script>\n\n{{ 7*7 }} & more"


def test_without_a_note_nothing_is_said_of_notes() -> None:
    for made in (render_html(patient_report()), render_text(patient_report()), render_fragment(patient_report())):
        assert SAY.note not in made
        assert SAY.note.upper() not in made


def test_it_stands_above_what_the_page_explains_and_below_whom_to_speak_to() -> None:
    patient = patient_report(notes=(TeamNote("Ring us.", LATE),))
    html = render_html(patient)
    assert html.index(patient.lead[0].text) < html.index("Ring us.") < html.index(SAY.about_text)
    text = render_text(patient)
    assert text.index("Ring us.") < text.index(SAY.about.upper())
    assert SAY.note_text in html


def test_the_day_is_that_of_the_place_where_it_was_written() -> None:
    assert "Written on 2 July 2026." in render_html(patient_report(notes=(TeamNote("Ring us.", LATE),)))


def test_a_name_is_there_only_when_it_was_given() -> None:
    signed = patient_report(notes=(TeamNote("Ring us.", LATE, "Dr Example"),))
    assert "Written by Dr Example on 2 July 2026." in render_html(signed)


def test_several_notes_stand_one_after_the_other() -> None:
    html = render_html(patient_report(notes=(TeamNote("First.", LATE), TeamNote("Second.", LATE))))
    assert html.index("First.") < html.index("Second.")
    assert html.count(SAY.note_text) == 1


def test_hostile_words_stay_words_and_lines_are_paragraphs() -> None:
    html = render_html(patient_report(notes=(TeamNote(HOSTILE, LATE, "<b>"),)))
    assert "<script>alert" not in html
    assert "<p>{{ 7*7 }} &amp; more</p>" in html
    assert "by &lt;b&gt; on" in html


@pytest.mark.parametrize(("text", "at"), [("", LATE), (" \n", LATE), ("x", LATE.replace(tzinfo=None))])
def test_a_note_without_words_or_moment_cannot_be_made(text: str, at: datetime) -> None:
    with pytest.raises(ValueError, match="note"):
        TeamNote(text, at)
