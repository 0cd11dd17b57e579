"""What editors publish is what every process says; what cannot be read stops nobody."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from plainrad.authoring.memory import MemoryContent
from plainrad.authoring.published import Published, latest_readable
from plainrad.bootstrap import Plainrad
from plainrad.domain.authoring import ContentVersion
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.glossary.overlay import Placed
from tests.support.golden_cases import example

AT = datetime(2026, 11, 2, tzinfo=UTC)
ENTRY = {"id": "x", "term": "x", "kind": "finding", "plain": "y", "noun": "count", "definition": "Z."}


class Numbered:
    """Explains as ever, and knows which version it is."""

    def __init__(self, plainrad: Plainrad, number: int) -> None:
        self._plainrad, self.number = plainrad, number

    def annotate(self, report: Report) -> PatientReport:
        return self._plainrad.annotate(report)


def version(number: int, entry: Mapping[str, Any] = ENTRY) -> ContentVersion:
    return ContentVersion(number, AT, "ap", "", {"x": {"path": "terms/chest/x.toml", "entry": entry}})


def test_a_version_that_this_release_cannot_read_is_passed_over() -> None:
    store = MemoryContent(made=[version(1), version(2, ENTRY | {"of_a_later_release": True})])

    def build(overlay: Mapping[str, Placed], number: int) -> int:
        return number

    assert latest_readable(store, build) == (1, 1, 2)
    assert latest_readable(MemoryContent(), build) == (None, 0, 0)


def test_a_process_takes_up_what_was_published_meanwhile(plainrad: Plainrad) -> None:
    store, built, seconds = MemoryContent(), [], [0.0]

    def build(overlay: Mapping[str, Placed], number: int) -> Numbered:
        built.append(number)
        return Numbered(plainrad, number)

    explains = Published(store, build, every_seconds=5, clock=lambda: seconds[0])
    report = example("xr-chest-normal")
    explains.annotate(report)
    store.made.append(version(1))
    explains.annotate(report)
    assert built == [0]
    seconds[0] = 6.0
    explains.annotate(report)
    explains.annotate(report)
    assert built == [0, 1]
