"""The page stands alone: it runs nothing, loads nothing, and every link inside it leads somewhere."""

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from itertools import pairwise

import pytest
from jinja2 import UndefinedError

from plainrad.content import content_folder, walk
from plainrad.render import render_html
from plainrad.render.templates import environment, stylesheet
from tests.support.patient import TEXT, patient_report, plain_report
from tests.unit.render.page_reader import Element, read_page


@pytest.fixture(params=["full", "empty"])
def page(request: pytest.FixtureRequest) -> Element:
    return read_page(render_html(patient_report() if request.param == "full" else plain_report(TEXT)))


def test_the_policy_forbids_everything_but_the_one_style_sheet(page: Element) -> None:
    (style,) = page.all("style")
    digest = b64encode(sha256(style.text.encode()).digest()).decode()
    (policy,) = [one for one in page.all("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_the_policy_stands_before_the_style_sheet(page: Element) -> None:
    tags = [one.attributes.get("http-equiv", one.tag) for one in page.all()]
    assert tags.index("Content-Security-Policy") < tags.index("style")


def test_nothing_runs_and_nothing_is_loaded(page: Element) -> None:
    for one in page.all():
        assert one.tag not in {"script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video"}
        assert not {"src", "srcset", "style", "background", "poster"} & one.attributes.keys()
        assert not [name for name in one.attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import|@font-face|expression\(", stylesheet())


def test_ids_are_unique_and_every_link_inside_the_page_leads_somewhere(page: Element) -> None:
    ids = Counter(one.attributes["id"] for one in page.all() if "id" in one.attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    wanted = [one.attributes["href"][1:] for one in page.all("a") if one.attributes["href"].startswith("#")]
    for name in ("aria-describedby", "aria-labelledby"):
        wanted += [one.attributes[name] for one in page.all() if name in one.attributes]
    assert [name for name in wanted if name not in ids] == []


def test_nothing_appears_by_hover() -> None:
    for selector, rule in re.findall(r"([^{}]*:hover[^{}]*)\{([^}]*)\}", stylesheet()):
        assert set(re.findall(r"([\w-]+)\s*:", rule)) <= {"text-decoration-thickness"}, selector


def test_the_page_is_in_british_english(page: Element) -> None:
    assert page.all("html")[0].attributes["lang"] == "en-GB"


def test_headings_leave_out_no_level(page: Element) -> None:
    levels = [int(one.tag[1]) for one in page.all() if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_signs_are_hidden_from_screen_readers_and_pictures_are_told_to_them() -> None:
    pictures = read_page(render_html(patient_report())).all("svg")
    told = [one for one in pictures if one.attributes.get("role") == "img"]
    assert len(told) == 1
    assert len(pictures) == 1 + 9 + 2
    assert all(one.attributes["aria-hidden"] == "true" for one in pictures if one not in told)


def test_print_and_dark_and_still_screens_are_provided_for() -> None:
    for feature in (
        "@media print",
        "prefers-color-scheme: dark",
        "prefers-reduced-motion",
        "forced-colors",
        ":focus-visible",
    ):
        assert feature in stylesheet()


def test_a_template_that_asks_for_what_is_not_there_fails() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ page.missing }}").render(page=object())


def test_html_is_escaped_and_plain_text_is_not() -> None:
    escapes = environment().autoescape
    assert callable(escapes)
    assert escapes("patient.html")
    assert escapes(None)
    assert not escapes("patient.txt")


def test_no_template_steps_round_the_escaping() -> None:
    templates = content_folder("templates")
    for path, file in walk(templates, ".html"):
        assert not re.search(r"\|\s*safe\b|autoescape", file.read_text(encoding="utf-8")), path
    assert [path for path, _ in walk(templates, ".py")] == []
