"""The table of `plainrad terms`."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plainrad.domain.patient import PatientReport
from plainrad.terminal import harmless


def print_terms(patient: PatientReport, *, console: Console | None = None) -> None:
    """Print the words that were found: as written, in plain words, what is said of them, and where they stand."""
    out = console or Console(highlight=False, soft_wrap=False)
    plain = {one.term_id: one.plain for one in patient.explanations}
    table = Table("Word", "Plain words", "Said to be", "Where", title=None)
    for mention in patient.reading.mentions:
        said = mention.assertion if mention.certainty == "definite" else f"{mention.assertion} ({mention.certainty})"
        words = plain.get(mention.term_id or "", "")
        place = f"{mention.start}–{mention.end} {mention.section}"
        table.add_row(*(Text(harmless(" ".join(cell.split()))) for cell in (mention.text, words, said, place)))
    if patient.reading.mentions:
        out.print(table)
    else:
        out.print("No word of this text is known.")
