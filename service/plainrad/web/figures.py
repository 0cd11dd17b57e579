"""Figures -> DashboardView: bars and tables, with what could tell of one patient left out."""

from calendar import month_name
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from plainrad.authoring.due import Coverage
from plainrad.domain.board import RELEASE_BUCKETS, SMALL, Figures

FEW: Final = f"fewer than {SMALL}"
_MOST_TERMS: Final = 15
_SHELVES: Final = (
    ("look", "Waiting for a look"),
    ("flagged", "Flagged, and nobody has looked"),
    ("held", "Held"),
    ("embargoed", "Waiting for their time"),
    ("released", "Released"),
    ("retracted", "Retracted"),
)
_FEEDBACK: Final = (
    ("helpful", "It helped"),
    ("not_helpful", "It did not help"),
    ("worried", "It worried me"),
    ("free_text", "Something else, in words"),
)
_READINGS: Final = (
    ("present", "There"),
    ("absent", "Not there"),
    ("possible", "Possible"),
    ("historical", "Earlier"),
    ("hypothetical", "A question or a condition"),
    ("other_person", "Of somebody else"),
    ("neutral", "Neutral: only that the report mentions it"),
)


@dataclass(frozen=True, slots=True)
class BarView:
    """A line of a plot: its name, what is said of it, and how long the bar is, 0 to 100. Without `known` no bar is drawn."""

    label: str
    said: str
    length: int
    known: bool


@dataclass(frozen=True, slots=True)
class PlotView:
    """A plot: its bars, or none when there is nothing to be said; `empty` says what to do then."""

    id: str
    title: str
    about: str
    head: tuple[str, str]
    bars: tuple[BarView, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class KeyView:
    """A figure that stands alone."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class DashboardView:
    """Everything that the dashboard shows."""

    since: str
    keys: tuple[KeyView, ...]
    plots: tuple[PlotView, ...]
    coverage: tuple[Coverage, ...]


def dashboard(
    figures: Figures, coverage: tuple[Coverage, ...], *, terms: Mapping[str, str], flags: Mapping[str, str]
) -> DashboardView:
    """Return the view. `terms` and `flags` give the words for ids of entries and codes of flags.

    A figure below five is told as "fewer than five", nought as well; there are no totals from which it could be worked out.
    """
    sums = figures.tallies
    readings, made = sums.get("reading", {}), sums.get("made", {})
    plots = (
        _plot("states", "Reports by state", "Now. A report may stand in two places: held, and waiting for a look.",
              ("State", "Reports"), ((name, figures.states.get(key, 0)) for key, name in _SHELVES),
              "No report has come in yet. They arrive over HL7, FHIR or the API."),
        _plot("made", "Patient versions made", "By month.", ("Month", "Versions"),
              _months(figures, "made versions"), "No report was explained in the last twelve months."),
        _plot("release", "Time to release", "From verification until the patient could read it.", ("Time", "Reports"),
              ((name, sums.get("release", {}).get(name, 0)) for name in RELEASE_BUCKETS),
              "No report was released in the last twelve months. The worker counts them: plainrad worker."),
        _plot("readings", "How findings were read", "Neutral means that the program did not trust itself, and said so.", ("Reading", "Findings"),
              ((name, readings.get(key, 0)) for key, name in _READINGS), "No report was explained in the last twelve months."),
        _plot("flags", "Flags raised", "What radiologists were asked to look at.", ("Flag", "Reports"),
              ((name, sums.get("flag", {}).get(code, 0)) for code, name in flags.items()), "No flag was raised in the last twelve months."),
        _plot("terms", "Words explained most", "In how many patient versions, this year and the one before.", ("Word", "Versions"),
              _top(sums.get("term", {}), terms), f"No word was explained in {SMALL} reports yet."),
        _plot("shown", "Explanations seen most", "How often a page with this explanation was given out to a patient, this year and the one before. Which one was opened "
              "nobody knows: the pages count nothing and follow nobody.", ("Word", "Times"),
              _top(sums.get("shown", {}), terms), f"No explanation was given out {SMALL} times yet."),
        _plot("feedback", "Feedback of patients", "What portals sent back.", ("Feedback", "Answers"),
              ((name, sums.get("feedback", {}).get(key, 0)) for key, name in _FEEDBACK),
              "No feedback has come back in the last twelve months. Portals send it: see the API guide."),
    )  # fmt: skip
    keys = (
        KeyView("Patient versions made", _said(made.get("versions", 0))),
        KeyView("Words explained in each", _mean(made.get("words", 0), made.get("versions", 0))),
        KeyView("Pages given out to patients", _said(sums.get("given", {}).get("versions", 0))),
        KeyView("Findings read as neutral", _share(readings.get("neutral", 0), sum(readings.values()))),
    )
    return DashboardView(figures.months[0] if figures.months else "", keys, plots, coverage)


def _plot(
    name: str, title: str, about: str, head: tuple[str, str], rows: Iterable[tuple[str, int]], empty: str
) -> PlotView:
    found = tuple(rows)
    most = max((number for _, number in found), default=0)
    if not any(number for _, number in found):
        return PlotView(name, title, about, head, (), empty)
    bars = tuple(
        BarView(label, _said(number), round(100 * number / most) if number >= SMALL else 0, number >= SMALL)
        for label, number in found
    )
    return PlotView(name, title, about, head, bars, empty)


def _said(number: int) -> str:
    return FEW if number < SMALL else f"{number:,}"


def _mean(total: int, count: int) -> str:
    return f"{total / count:.1f}" if count >= SMALL else FEW


def _share(part: int, whole: int) -> str:
    """Return a share in whole percent, where neither it nor the rest is of few."""
    return f"{100 * part / whole:.0f}%" if part >= SMALL and whole - part >= SMALL else "too few to say"


def _months(figures: Figures, kind: str) -> list[tuple[str, int]]:
    """Return the months from the first one with a sum, with their names."""
    found = figures.by_month.get(kind, {})
    first = next((number for number, month in enumerate(figures.months) if month in found), len(figures.months))
    return [(_name(month), found.get(month, 0)) for month in figures.months[first:]]


def _name(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{month_name[int(number)]} {year}"


def _top(counts: Mapping[str, int], terms: Mapping[str, str]) -> list[tuple[str, int]]:
    ranked = sorted(((-number, name) for name, number in counts.items() if number >= SMALL))
    return [(terms.get(name, name), -number) for number, name in ranked[:_MOST_TERMS]]
