"""The list of entries, however many there are."""

from dataclasses import replace
from datetime import date

import pytest

from plainrad.authoring.desk import Current
from plainrad.content import content_folder
from plainrad.glossary.read import read_content
from plainrad.glossary.schema import ReviewSchema, TermSchema
from plainrad.glossary.words import EverydayWords
from plainrad.web.browse import A_PAGE, Wanted, browse

MANY = 10_000
TODAY = date(2026, 11, 22)


READ = {
    1: ReviewSchema(status="approved", by="Somebody", on="2025-11-21", next="2026-11-22"),
    2: ReviewSchema(status="approved", by="Somebody", on="2025-11-22", next="2026-11-23"),
    3: ReviewSchema(status="approved", by="Somebody", on="2026-11-22", next="2027-11-22"),
}


@pytest.fixture(scope="module")
def content() -> Current:
    """Ten thousand entries, every tenth of the abdomen."""
    folder = content_folder("glossary")
    made = [
        (
            f"terms/{'abdomen' if number % 10 == 0 else 'chest'}/x.toml",
            TermSchema(
                review=READ.get(number, ReviewSchema()),
                id=f"sign-{number:05d}", term=f"sign {number:05d}", kind="finding", plain=f"mark {number}", noun="count",
                definition="A mark.", forms=[f"zorb {number}"],
            ),
        )
        for number in range(MANY)
    ]  # fmt: skip
    return Current(0, {}, replace(read_content(folder), terms=made), EverydayWords.load(folder))


def test_ten_thousand_entries_come_a_page_at_a_time_and_each_is_on_one_page(content: Current) -> None:
    pages = [browse(content, Wanted(page=number), changing=(), today=TODAY) for number in range(1, MANY // A_PAGE + 1)]
    assert {(one.count, one.pages) for one in pages} == {(MANY, MANY // A_PAGE)}
    assert [row.id for one in pages for row in one.rows] == [f"sign-{number:05d}" for number in range(MANY)]


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (200, 200), (201, 200), (99_999, 200)])
def test_a_page_that_is_not_there_is_the_nearest(content: Current, asked: int, given: int) -> None:
    assert browse(content, Wanted(page=asked), changing=(), today=TODAY).page == given


def test_they_are_searched_and_filtered_together(content: Current) -> None:
    found = browse(content, Wanted(words=" ZORB  777", region="abdomen"), changing={"sign-07770"}, today=TODAY)
    assert [(row.id, row.changing) for row in found.rows] == [("sign-07770", True)]
    assert browse(content, Wanted(words="zorb 777"), changing=(), today=TODAY).count == 11
    assert browse(content, Wanted(state="changing"), changing={"sign-00001"}, today=TODAY).count == 1
    assert browse(content, Wanted(words="nothing"), changing=(), today=TODAY).count == 0


@pytest.mark.parametrize(("age", "found"), [("never", MANY - 3), ("year", 2), ("older", 1), ("due", 1), ("", MANY)])
def test_they_are_filtered_by_when_they_were_last_read(content: Current, age: str, found: int) -> None:
    listed = browse(content, Wanted(age=age), changing=(), today=TODAY)
    assert listed.count == found
    assert age not in ("older", "due") or [row.id for row in listed.rows] == ["sign-00001"]
