"""The dashboard tells figures, and of few only that they are few."""

from plainrad.authoring.due import Coverage
from plainrad.domain.board import Figures
from plainrad.web.figures import FEW, DashboardView, PlotView, dashboard

MONTHS = tuple(f"2026-{number:02}" for number in range(1, 13))


def shown(states: dict[str, int] | None = None, by_month: dict[str, int] | None = None, **tallies: dict[str, int]) -> DashboardView:  # fmt: skip
    figures = Figures(states or {}, tallies, {"made versions": by_month or {}}, MONTHS)
    return dashboard(
        figures, (Coverage("chest", 10, 2),), terms={"cyst": "cyst"}, flags={"contradiction": "Two say two things"}
    )


def plot(view: DashboardView, name: str) -> PlotView:
    return next(one for one in view.plots if one.id == name)


def said(view: DashboardView, name: str) -> dict[str, str]:
    return {bar.label: bar.said for bar in plot(view, name).bars}


def test_what_is_below_five_is_told_as_few_and_has_no_bar() -> None:
    view = shown({"held": 4, "released": 5, "embargoed": 10, "retracted": 0})
    assert said(view, "states") == {
        "Waiting for a look": FEW, "Flagged, and nobody has looked": FEW, "Held": FEW, "Waiting for their time": "10",
        "Released": "5", "Retracted": FEW,
    }  # fmt: skip
    assert {bar.label: bar.length for bar in plot(view, "states").bars if bar.known} == {"Waiting for their time": 100, "Released": 50}  # fmt: skip
    assert all(bar.length == 0 for bar in plot(view, "states").bars if not bar.known)


def test_a_share_is_told_only_where_neither_part_is_of_few() -> None:
    keys = [
        {one.name: one.said for one in shown(reading=reading).keys}["Findings read as neutral"]
        for reading in ({"neutral": 4, "present": 96}, {"neutral": 96, "present": 4}, {"neutral": 5, "present": 45}, {})
    ]
    assert keys == ["too few to say", "too few to say", "10%", "too few to say"]


def test_a_mean_of_few_is_not_told() -> None:
    means = [{one.name: one.said for one in shown(made=made).keys}["Words explained in each"] for made in ({"versions": 4, "words": 40}, {"versions": 8, "words": 100})]  # fmt: skip
    assert means == [FEW, "12.5"]


def test_a_word_that_few_reports_have_is_not_named() -> None:
    view = shown(term={"cyst": 7, "rare-thing": 4, "gone-entry": 5})
    assert said(view, "terms") == {"cyst": "7", "gone-entry": "5"}


def test_months_begin_with_the_first_that_has_something() -> None:
    assert said(shown(by_month={"2026-11": 6}), "made") == {"November 2026": "6", "December 2026": FEW}


def test_a_plot_without_anything_says_so() -> None:
    for one in shown().plots:
        assert one.bars == ()
        assert one.empty
