"""A language is added in the catalogue alone: neither templates nor code hold words that a reader sees."""

import ast
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from plainrad.content import content_folder
from plainrad.errors import ContentInvalidError
from plainrad.render.build import build_page
from plainrad.render.strings import CATALOGUE, load_strings, parse_strings
from plainrad.render.templates import environment
from tests.support.patient import patient_report
from tests.unit.render.page_reader import read_page

RENDER = Path(__file__).parents[3] / "service" / "plainrad" / "render"
ROOTS = ("patient.html", "fragment.html", "paper.html", "patient.txt")


def with_parts(names: Iterable[str]) -> dict[str, str]:
    """The templates of these names and all that they include. Pages for staff and the demonstration are in English only."""
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = content_folder("templates").joinpath(*name.split("/")).read_text(encoding="utf-8")
            waiting += re.findall(r'\{% include "([^"]+\.(?:html|txt))"', found[name])
    return found


TEMPLATES = sorted(with_parts(ROOTS).items())
# Pages for staff, and what is said to people who edit the catalogue.
STAFF_CODE = {"home.py", "content_report.py", "strings.py"}


def visible(template: str) -> str:
    """What a template shows of itself: without tags, comments and expressions of Jinja, and tags of HTML."""
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", plain)


def test_there_are_templates_to_look_at() -> None:
    assert {*ROOTS, "partials/document.html", "partials/words.html", "partials/picture.html"} <= dict(TEMPLATES).keys()


@pytest.mark.parametrize(("path", "template"), TEMPLATES)
def test_a_template_shows_no_letter_of_its_own(path: str, template: str) -> None:
    assert re.findall(r"[^\W\d_]+", visible(template)) == []


@pytest.mark.parametrize(("path", "template"), TEMPLATES)
def test_what_is_read_out_comes_from_the_catalogue(path: str, template: str) -> None:
    plain = re.sub(r"\{%.*?%\}", "", template, flags=re.DOTALL)
    found = re.findall(r'(?:aria-label|alt|title|placeholder|data-label)="([^"]*)"', plain)
    assert [one for one in found if re.search(r"[^\W\d_]", re.sub(r"\{\{.*?\}\}", "", one))] == []


@pytest.mark.parametrize(("path", "template"), TEMPLATES)
def test_expressions_hold_no_sentence(path: str, template: str) -> None:
    quoted = re.findall(r'"([^"]*)"', " ".join(re.findall(r"\{\{.*?\}\}", template, flags=re.DOTALL)))
    assert [one for one in quoted if re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}|[“”]", one)] == []


@pytest.mark.parametrize(
    "file", sorted(path for path in RENDER.glob("*.py") if path.name not in STAFF_CODE), ids=lambda one: one.name
)
def test_code_holds_no_sentence(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    allowed = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):  # what an error says is for those who run the program
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error"):
            allowed |= {id(one) for one in ast.walk(node)}
    sentence = re.compile(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in allowed
        and sentence.search(node.value)
    ]
    assert found == []


def test_a_language_that_is_written_from_right_to_left_turns_the_page() -> None:
    english = build_page(patient_report(), language="en-GB")
    turned = replace(english, language="ar", say=replace(english.say, language="ar"))
    page = read_page(environment().get_template("patient.html").render(page=turned))
    (root,) = page.all("html")
    assert (root.attributes["lang"], root.attributes["dir"]) == ("ar", "rtl")
    original = page.by_id("original-text")
    assert (original.attributes["lang"], original.attributes["dir"]) == ("en-GB", "auto")


def test_a_sentence_with_a_place_that_nothing_fills_is_refused() -> None:
    text = content_folder("templates").joinpath(CATALOGUE).read_text(encoding="utf-8")
    with pytest.raises(ContentInvalidError, match=r"review_count: .*{reviewed}, {total}"):
        parse_strings(text.replace("{reviewed} of {total}", "{reviewed} of {all}"))


def test_sides_in_the_style_sheet_follow_the_direction_of_writing() -> None:
    for name in ("patient.css", "paper.css"):
        css = re.sub(
            r"/\*.*?\*/", "", content_folder("templates").joinpath(name).read_text(encoding="utf-8"), flags=re.DOTALL
        )
        css = re.sub(r"@bottom-right|border-(?:top|bottom)-(?:left|right)-radius", "", css)
        assert (
            re.findall(
                r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)|(?<![\w-])(?:left|right):", css
            )
            == []
        ), name


def test_english_is_complete() -> None:
    assert load_strings("en-GB").direction == "ltr"
