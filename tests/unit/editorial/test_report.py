"""`content-report` tells how the content stands, on a page that stands alone."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from plainrad.content import content_folder
from plainrad.editorial.report import content_report
from plainrad.render.content_report import ContentReport, Row, render_content_report
from tests.support.reports import ROOT
from tests.unit.cli.command import run
from tests.unit.render.page_reader import Element, read_page

DAY = date(2026, 11, 21)
ENTRY = """[[term]]
id = "{id}"
term = "{term}"
kind = "finding"
forms = [{forms}]
plain = "thing"
noun = "count"
definition = "{definition}"
{more}
"""
HARD = "Extraordinary accumulations necessitating considerable interdisciplinary deliberation."
LINKS = """[[link]]
id = "nhs-cyst"
url = "https://www.nhs.uk/conditions/cyst/"
title = "Cysts <b>"
publisher = "NHS"
evidence = "A"
checked = "2026-01-01"
[[link]]
id = "nhs-hernia"
url = "https://www.nhs.uk/conditions/x/"
title = "Hernia (groin)"
publisher = "NHS"
evidence = "A"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("glossary")
    shutil.copytree(ROOT / "glossary" / "phrases", made / "phrases")
    (made / "VERSION").write_text("1.2.3\n")
    (made / "links.toml").write_text(LINKS)
    for region in ("chest", "knee"):
        (made / "terms" / region).mkdir(parents=True)
    review = 'review = {{ status = "{}", by = "Dr A", on = "2024-01-01", next = "{}" }}'
    (made / "terms" / "chest" / "a.toml").write_text(
        ENTRY.format(id="cyst", term="cyst", forms='"sac"', definition="A bag.", more=review.format("reviewed", DAY))
        + ENTRY.format(id="old", term="old", forms="", definition=HARD, more='replaced_by = "cyst"')
        + ENTRY.format(id="hard", term="hard", forms="", definition=HARD, more=review.format("approved", "2026-11-22"))
    )
    (made / "terms" / "knee" / "b.toml").write_text(
        ENTRY.format(id="hernia", term="hernia", forms="", definition="A gap.", more='links = ["nhs-hernia"]')
        + ENTRY.format(id="sac", term="sac", forms="", definition="A bag.", more="")
    )
    return made


@pytest.fixture(scope="module")
def report(folder: Path) -> ContentReport:
    return content_report(folder, DAY)


@pytest.fixture(scope="module")
def page(report: ContentReport) -> Element:
    return read_page(render_content_report(report))


def test_retired_entries_are_counted_apart(report: ContentReport) -> None:
    assert (report.entries, report.retired, report.links) == (4, 1, 2)
    assert report.regions == (Row("chest", (2, 3, 0)), Row("knee", (2, 2, 1)), Row("all", (4, 5, 1)))
    assert report.kinds == (Row("finding", (4, 5, 1)), Row("all", (4, 5, 1)))


def test_reading_grades(report: ContentReport) -> None:
    assert [one.id for one in report.hard_to_read] == ["hard"]
    assert sum(bar.count for bar in report.grades) == report.entries
    assert max(bar.height for bar in report.grades) == 100
    assert report.grades[-1].count == 1
    assert report.median_grade < 2


def test_reviews(report: ContentReport) -> None:
    assert report.reviews == (Row("draft", (2,)), Row("reviewed", (1,)), Row("approved", (1,)))
    assert [(one.id, one.note) for one in report.due] == [("cyst", "2026-11-21")]


def test_links(report: ContentReport) -> None:
    assert [(one.id, one.note) for one in report.suggestions] == [("cyst", "nhs-cyst")]
    assert [one.id for one in report.never_checked] == ["nhs-hernia"]


def test_forms_with_several_meanings(report: ContentReport) -> None:
    assert [(one.id, one.note) for one in report.meanings] == [("sac", "cyst, sac")]
    assert report.problems >= 1  # no sense tells them apart


def test_the_same_content_gives_the_same_page(folder: Path, report: ContentReport) -> None:
    assert render_content_report(content_report(folder, DAY)) == render_content_report(report)


def test_the_page_stands_alone_and_runs_nothing(page: Element) -> None:
    assert page.all("script") == page.all("link") == page.all("img") == page.all("a") == []
    assert not [name for one in page.all() for name in one.attributes if name.startswith("on") or name == "style"]
    (policy,) = [one for one in page.all("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attributes["content"].startswith("default-src 'none'; style-src 'sha256-")


def test_the_page_can_be_used_without_seeing_it(page: Element) -> None:
    (html,) = page.all("html")
    assert html.attributes["lang"] == "en-GB"
    assert len(page.all("h1")) == len(page.all("main")) == 1
    ids = [one.attributes["id"] for one in page.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in page.all():
        assert one.attributes.get("aria-labelledby", ids[0]) in ids
    for cell in page.all("th"):
        assert cell.attributes["scope"] in {"row", "col"}
    (chart,) = page.all("svg")
    assert chart.attributes["role"] == "img"
    assert "9 up: 1." in chart.all("title")[0].text


def test_the_page_tells_the_numbers(page: Element) -> None:
    text = " ".join(page.text.split())
    for said in ("Entries in use4", "Definitions over grade 8: 1", "The check finds", "Glossary 1.2.3+sha256:"):
        assert said in text
    assert page.by_id("size").text == "What there is"


def test_the_command_writes_the_page_of_the_real_glossary(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    assert run(capfd, "content-report", target) == (0, b"", "")
    text = " ".join(read_page(target.read_text(encoding="utf-8")).text.split())
    assert content_folder("glossary").joinpath("VERSION").read_text(encoding="utf-8").strip() in text
    assert run(capfd, "content-report", tmp_path / "no" / "folder.html").code == 2
