"""Prints the table of access into docs/security.md:  python -m tests.support.access_page"""

from plainrad.access.rules import table
from tests.support.reports import ROOT

START, END = "<!-- access table -->\n", "<!-- end of the access table -->"


def printed() -> str:
    """The table in Markdown."""
    head, *rows = list(table())
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, tuple("---" for _ in head), *rows]) + "\n"


def main() -> None:
    """Write it between its marks."""
    page = ROOT / "docs" / "security.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(START)
    page.write_text(f"{before}{START}\n{printed()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
