"""The picture of the body shows what the list says, where it is sure, and never in another state."""

import re
from collections.abc import Sequence

import pytest

from plainrad.content import content_folder
from plainrad.domain.people import Sex
from plainrad.explain.bodymap import STATES, BodyPart, State
from plainrad.render import render_html
from plainrad.render.picture import Drawing, draw
from plainrad.render.places import picture, places
from tests.support.patient import patient_report
from tests.unit.render.page_reader import read_page

SEXES = [None, *Sex]


def part(part_id: str, state: State = "found", side: str | None = None) -> BodyPart:
    return BodyPart(part_id, part_id, side, state)  # type: ignore[arg-type]


def only(parts: Sequence[BodyPart], sex: Sex | None = None) -> Drawing:
    (drawing,), _ = draw(parts, sex=sex)
    return drawing


def states(drawing: Drawing) -> dict[tuple[State, str], int]:
    return {(area.state, area.half): area.number for area in drawing.areas}


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("state", [one for one in STATES if one != "named"])
def test_every_place_can_be_drawn_in_every_body_that_has_it(sex: Sex | None, state: State) -> None:
    for place in {one.id: one for one in places().body.values()}.values():
        drawings, numbers = draw([part(place.parts[0], state, "left" if place.paired else None)], sex=sex)
        for drawing in drawings:
            x, y, width, height = drawing.box
            (area,), (marker,) = drawing.areas, drawing.markers
            assert (
                area.state,
                area.number,
                numbers[part(place.parts[0], state, "left" if place.paired else None)],
            ) == (state, 1, 1)
            assert x <= marker.to[0] <= x + width, place.id
            assert y <= marker.to[1] <= y + height, place.id
            assert x <= marker.at[0] <= x + width
            if place.paired and place.view in ("arms", "legs"):
                assert drawing.middle is not None
                assert area.at[0] > drawing.middle, "image right is the patient's left"


def test_the_right_of_the_patient_is_the_left_of_the_picture() -> None:
    for name in ("neutral", "male", "female"):
        body = picture(name)
        for organ in ("UBERON_0002048", "UBERON_0002113"):
            assert body.shapes[organ].middles["right"][0] < body.middle < body.shapes[organ].middles["left"][0]
    drawing = only([part("knee", side="right")])
    assert drawing.middle is not None
    assert drawing.areas[0].at[0] < drawing.middle


def test_one_side_of_a_pair_is_cut_at_the_middle_and_the_other_stays_empty() -> None:
    assert states(only([part("lung", side="right")])) == {("found", "right"): 1}


def test_each_side_has_its_own_state() -> None:
    drawing = only([part("lung", "found", "right"), part("lung", "normal", "left")])
    assert states(drawing) == {("found", "right"): 1, ("normal", "left"): 2}


def test_two_sides_of_which_the_same_is_said_are_one_area() -> None:
    assert states(only([part("lung", "found", "both")])) == {("found", "whole"): 1}


def test_a_finding_in_one_of_a_pair_is_not_drawn_where_the_report_names_no_side() -> None:
    assert draw([part("kidney", "found")], sex=None) == ((), {})
    assert draw([part("kidney", "possible")], sex=None) == ((), {})


@pytest.mark.parametrize("state", ["normal", "not_found"])
def test_what_is_said_of_a_pair_without_a_side_is_said_of_both(state: State) -> None:
    assert states(only([part("kidney", state)])) == {(state, "whole"): 1}


def test_a_part_that_is_only_named_or_has_no_place_is_not_drawn() -> None:
    assert draw([part("liver", "named"), part("bone"), part("never-heard-of")], sex=None) == ((), {})


def test_a_weaker_word_on_the_same_area_does_not_carry_its_number() -> None:
    drawings, numbers = draw([part("sigmoid-colon", "found"), part("large-bowel", "normal")], sex=None)
    assert numbers == {part("sigmoid-colon", "found"): 1}
    assert [area.state for area in drawings[0].areas] == ["found"]


def test_what_was_found_lies_on_top() -> None:
    drawing = only([part("liver"), part("colon", "not_found"), part("stomach", "normal")])
    assert [area.state for area in drawing.areas] == ["not_found", "normal", "found"]


@pytest.mark.parametrize(
    ("sex", "name"),
    [(None, "neutral"), (Sex.OTHER, "neutral"), (Sex.UNKNOWN, "neutral"), (Sex.MALE, "male"), (Sex.FEMALE, "female")],
)
def test_the_body_is_male_or_female_only_if_the_sender_says_so(sex: Sex | None, name: str) -> None:
    assert only([part("liver")], sex).name == name


def test_an_organ_that_the_body_does_not_have_is_told_in_words() -> None:
    assert draw([part("prostate")], sex=Sex.FEMALE) == ((), {})
    assert draw([part("uterus")], sex=Sex.MALE) == ((), {})
    assert only([part("uterus"), part("prostate")]).name == "neutral"


def test_numbers_in_the_margin_do_not_lie_on_one_another() -> None:
    parts = [
        part(one.parts[0], side="left" if one.paired else None)
        for one in {one.id: one for one in places().body.values()}.values()
    ]
    drawing = only(parts)
    assert len(drawing.areas) == len(drawing.markers) == 24
    for first in drawing.markers:
        for second in drawing.markers:
            if first != second and first.at[0] == second.at[0]:
                assert abs(first.at[1] - second.at[1]) >= 2 * drawing.radius


def test_the_brain_is_shown_for_what_was_found_in_a_part_of_it_and_never_for_a_side() -> None:
    found, _ = draw([part("frontal-lobe")], sex=None)
    assert [one.name for one in found] == ["brain-side"]
    assert draw([part("frontal-lobe", side="left")], sex=None) == ((), {})
    assert draw([part("frontal-lobe", "normal")], sex=None) == ((), {})


def test_every_placed_part_is_in_the_glossary() -> None:
    text = content_folder("glossary").joinpath("anatomy.toml").read_text(encoding="utf-8")
    known = set(re.findall(r'^id = "([^"]+)"', text, re.MULTILINE))
    assert {*places().body, *places().brain} - known == set()


def test_no_part_has_two_places() -> None:
    for table in (places().body, places().brain):
        listed = [one for place in {one.id: one for one in table.values()}.values() for one in place.parts]
        assert len(listed) == len(set(listed))


def test_the_picture_says_in_words_what_it_shows() -> None:
    page = read_page(render_html(patient_report()))
    (svg,) = page.all(css_class="picture")
    (title,) = svg.all("title")
    assert svg.attributes["role"] == "img"
    assert svg.attributes["aria-labelledby"] == title.attributes["id"]
    assert title.text == (
        "Picture of the body, seen from the front. The left of the picture is your right. "
        "The report describes something here: Lung, left side (number 1), Lining around the lung (pleura), left side (number 2). "
        "Looked normal: Heart (number 3)."
    )


def test_the_numbers_of_the_list_are_those_of_the_picture() -> None:
    page = read_page(render_html(patient_report()))
    listed = {one.text for one in page.all(css_class="parts")[0].all(css_class="number")}
    listed |= {one.text for many in page.all(css_class="parts") for one in many.all(css_class="number")}
    assert listed == {one.text for one in page.all(css_class="badge-number")}


def test_states_differ_by_more_than_colour() -> None:
    drawing = render_html(patient_report())
    template = content_folder("templates").joinpath("partials", "picture.html").read_text(encoding="utf-8")
    assert "stripes" in template
    assert "dots" in template
    assert "stroke-dasharray" in template
    assert 'class="area found"' in drawing


def test_the_source_of_the_pictures_is_named_and_their_licence_is_there() -> None:
    assert "Expression Atlas, EMBL-EBI (Apache 2.0)" in render_html(patient_report())
    folder = content_folder("templates").joinpath("pictures")
    assert "Apache License" in folder.joinpath("LICENSE-anatomogram.txt").read_text(encoding="utf-8")
    for name in ("male", "female", "brain"):
        assert "Expression Atlas" in folder.joinpath(f"{name}.svg").read_text(encoding="utf-8")
