"""The fragment that a portal puts into its own page: it brings nothing that reaches out of it."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from plainrad.errors import OptionInvalidError
from plainrad.render import render_fragment, render_html
from plainrad.render.templates import style_hash, stylesheet
from tests.support.patient import TEXT, patient_report, plain_report
from tests.unit.render.page_reader import Element, read_page


@pytest.fixture(params=["full", "empty"])
def fragment(request: pytest.FixtureRequest) -> Element:
    return read_page(render_fragment(patient_report() if request.param == "full" else plain_report(TEXT)))


def test_it_is_a_style_sheet_and_one_element(fragment: Element) -> None:
    assert [one.tag for one in fragment.inside if isinstance(one, Element)] == ["style", "div"]
    assert not [one for one in fragment.inside if isinstance(one, str) and one.strip()]


def test_it_is_no_page_and_runs_nothing(fragment: Element) -> None:
    tags = {one.tag for one in fragment.all()}
    assert not tags & {
        "html",
        "head",
        "body",
        "meta",
        "base",
        "main",
        "header",
        "footer",
        "script",
        "link",
        "img",
    }
    for one in fragment.all():
        assert "style" not in one.attributes
        assert not [name for name in one.attributes if name.startswith("on")]


def test_it_says_its_language_and_direction(fragment: Element) -> None:
    (root,) = fragment.all(css_class="plainrad")
    assert (root.attributes["lang"], root.attributes["dir"]) == ("en-GB", "ltr")


def test_every_id_begins_with_the_prefix_and_every_link_inside_leads_to_one(fragment: Element) -> None:
    ids = Counter(one.attributes["id"] for one in fragment.all() if "id" in one.attributes)
    assert set(ids.values()) == {1}
    assert all(name.startswith("plainrad-") for name in ids)
    wanted = [one.attributes["href"][1:] for one in fragment.all("a") if one.attributes["href"].startswith("#")]
    for name in ("aria-describedby", "aria-labelledby"):
        wanted += [one.attributes[name] for one in fragment.all() if name in one.attributes]
    assert [name for name in wanted if name not in ids] == []


def test_two_fragments_with_two_prefixes_share_no_id() -> None:
    first, second = (
        {
            one.attributes["id"]
            for one in read_page(render_fragment(patient_report(), prefix=prefix)).all()
            if "id" in one.attributes
        }
        for prefix in ("a-", "b-")
    )
    assert not first & second


@pytest.mark.parametrize("top", [1, 2, 3])
def test_headings_begin_at_the_level_that_the_portal_chooses_and_leave_none_out(top: int) -> None:
    page = read_page(render_fragment(patient_report(), top=top))
    levels = [int(one.tag[1]) for one in page.all() if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == min(levels) == top
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_rule_of_the_style_sheet_is_about_the_fragment() -> None:
    css = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.DOTALL)
    css = re.sub(r"@keyframes [\w-]+ \{.*?\}\s*\}", "", css)
    css = re.sub(r"@page[^{]*\{[^}]*\}", "", css)
    selectors = [one.strip() for one in re.findall(r"([^{}]+)\{", css)]
    assert len(selectors) > 100
    assert [
        one
        for one in selectors
        if not one.startswith(("@media", ".plainrad", "html:has(.plainrad ", "html:has(> .plainrad.alone"))
    ] == []
    for one in selectors:
        if not one.startswith(("@", "html")):
            parts = re.split(r",(?![^(]*\))", one)
            assert all(part.strip().startswith(".plainrad") for part in parts), one


def test_the_style_sheet_is_that_of_the_page_and_can_be_left_out() -> None:
    (style,) = read_page(render_fragment(patient_report())).all("style")
    assert style.text == str(stylesheet())
    assert style_hash() in render_html(patient_report()).replace("&#39;", "'")
    assert read_page(render_fragment(patient_report(), styled=False)).all("style") == []


@pytest.mark.parametrize("prefix", ["", "1a", "A-", "a b", 'a"><script>', "a" * 41, "é"])
def test_a_prefix_that_is_none_is_refused_without_repeating_it(prefix: str) -> None:
    with pytest.raises(OptionInvalidError) as raised:
        render_fragment(patient_report(), prefix=prefix)
    assert prefix == "" or len(prefix) == 1 or f" {prefix}" not in str(raised.value)


@pytest.mark.parametrize("top", [0, 4])
def test_a_level_that_leaves_no_room_is_refused(top: int) -> None:
    with pytest.raises(OptionInvalidError, match="heading"):
        render_fragment(patient_report(), top=top)
