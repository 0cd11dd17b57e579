"""The tables of `plainrad terms` and `plainrad check-links`."""

import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plainrad.domain.patient import PatientReport
from plainrad.editorial.links import Seen, State
from plainrad.editorial.missing import Ranking
from plainrad.terminal import harmless

# What needs an editor stands last, next to the prompt.
_STATES: dict[State, str] = {"alive": "alive", "moved": "moved to", "unreachable": "unreachable", "gone": "gone"}
_FILE_WIDTH = 220  # in a file nobody wants addresses broken over lines


def print_terms(patient: PatientReport, *, console: Console | None = None) -> None:
    """Print the words that were found: as written, in plain words, what is said of them, and where they stand."""
    out = console or Console(highlight=False, soft_wrap=False)
    plain = {one.term_id: one.plain for one in patient.explanations}
    table = Table("Word", "Plain words", "Said to be", "Where", title=None)
    for mention in patient.reading.mentions:
        said = mention.assertion if mention.certainty == "definite" else f"{mention.assertion} ({mention.certainty})"
        words = plain.get(mention.term_id or "", "")
        place = f"{mention.start}–{mention.end} {mention.section}"
        table.add_row(*_cells(mention.text, words, said, place))
    if patient.reading.mentions:
        out.print(table)
    else:
        out.print("No word of this text is known.")


def print_missing(found: Ranking, *, top: int, console: Console | None = None) -> None:
    """Print the first `top` words that no explanation covers (all of them for 0), and how many reports were read."""
    out = console or _console()
    shown = found.words[:top] if top else found.words
    examples = any(one.example for one in shown)
    table = Table("Word", "Times", "Reports", *(["For example"] if examples else []))
    for one in shown:
        table.add_row(
            *_cells(one.word, f"{one.count:,}", f"{one.reports:,}", *([one.example or ""] if examples else []))
        )
    if shown:
        out.print(table)
    left_out = f"; {found.left_out:,} could not be read" if found.left_out else ""
    out.print(f"{len(found.words):,} words without an explanation in {found.reports:,} reports{left_out}.")


def print_links(seen: Sequence[Seen], *, console: Console | None = None) -> None:
    """Print what became of each link, and how many there are of each kind."""
    out = console or _console()
    order = list(_STATES)
    table = Table("State", "Link", "Address", "")
    for one in sorted(seen, key=lambda one: (order.index(one.state), one.id)):
        table.add_row(*_cells(_STATES[one.state], one.id, one.url, one.note))
    if seen:
        out.print(table)
    counts = Counter(one.state for one in seen)
    out.print("; ".join(f"{counts[state]:,} {state}" for state in order) + ".")


def _cells(*cells: str) -> list[Text]:
    return [Text(harmless(" ".join(cell.split())), overflow="fold") for cell in cells]


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else _FILE_WIDTH)
