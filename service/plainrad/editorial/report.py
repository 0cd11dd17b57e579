"""How the content stands, for those who edit it: counts, reading grades, review, links, forms with several meanings."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources.abc import Traversable
from statistics import median
from typing import get_args

from plainrad.domain.term import ReviewStatus, TermKind
from plainrad.editorial.suggestions import same_name
from plainrad.glossary.law import check_law, definition_grade, listed_and_generated
from plainrad.glossary.lookup import form_key
from plainrad.glossary.phrases import load_phrases
from plainrad.glossary.read import RawContent, content_digest, read_content
from plainrad.glossary.schema import REGIONS, TermSchema
from plainrad.glossary.words import EverydayWords
from plainrad.render.content_report import Bar, ContentReport, Entry, Row

HARD_GRADE = 8.0
_TALLEST = 100.0
Terms = list[tuple[str, TermSchema]]


def content_report(folder: Traversable, today: date) -> ContentReport:
    """Return how the content of a glossary folder stands. Raises ContentInvalidError when its phrases cannot be read."""
    raw = read_content(folder)
    terms = [(path, term) for path, term in raw.terms if not term.replaced_by]
    grades = {(path, term.id): definition_grade(term.definition) for path, term in terms}
    listed, every = listed_and_generated(raw)
    states = Counter(term.review.status for _, term in terms)
    version = folder.joinpath("VERSION").read_text(encoding="utf-8").strip()
    return ContentReport(
        glossary=f"{version}+sha256:{content_digest(folder)[:16]}",
        day=today.isoformat(),
        problems=len(check_law(raw, EverydayWords.load(folder))),
        entries=len(terms),
        retired=len(raw.terms) - len(terms),
        parts=len(raw.parts),
        links=len(raw.links),
        listed_forms=listed,
        all_forms=every,
        regions=_rows(REGIONS, ((path.split("/")[1], term) for path, term in terms)),
        kinds=_rows(get_args(TermKind), ((term.kind, term) for _, term in terms)),
        median_grade=median(grades.values()) if grades else 0.0,
        grades=_bars(list(grades.values())),
        hard_to_read=tuple(
            Entry(path, name, f"{grade:.1f}")
            for (path, name), grade in sorted(grades.items(), key=lambda one: (-one[1], one[0]))
            if grade > HARD_GRADE
        ),
        reviews=tuple(Row(state, (states[state],)) for state in get_args(ReviewStatus)),
        due=_due(terms, today),
        suggestions=tuple(Entry(path, term.id, note) for path, term, note in same_name(terms, raw.links)),
        never_checked=tuple(Entry("links.toml", one.id, one.url) for one in raw.links if not one.checked),
        meanings=tuple(_meanings(raw, terms)),
        phrases=_phrases(folder),
    )


def _rows(names: Iterable[str], terms: Iterable[tuple[str, TermSchema]]) -> tuple[Row, ...]:
    counts: dict[str, list[int]] = {name: [0, 0, 0] for name in names}
    for name, term in terms:
        for column, number in enumerate((1, 1 + len(term.forms) + len(term.abbreviations), bool(term.links))):
            counts[name][column] += number
    rows = [Row(name, tuple(numbers)) for name, numbers in counts.items() if numbers[0]]
    return (*rows, Row("all", tuple(sum(row.counts[column] for row in rows) for column in range(3))))


def _bars(grades: list[float]) -> tuple[Bar, ...]:
    """Return a bar for each whole grade; what is under 0 stands with 0, what is 9 or more with 9."""
    counts = Counter(min(9, max(0, math.floor(grade))) for grade in grades)
    most = max(counts.values(), default=1)
    labels = ["under 1", *(str(number) for number in range(1, 9)), "9 up"]
    return tuple(Bar(label, counts[one], _TALLEST * counts[one] / most) for one, label in enumerate(labels))


def _due(terms: Terms, today: date) -> tuple[Entry, ...]:
    due = [(term.review.next, path, term.id) for path, term in terms if term.review.next]
    return tuple(Entry(path, name, day) for day, path, name in sorted(due) if day <= today.isoformat())


def _meanings(raw: RawContent, terms: Terms) -> Iterator[Entry]:
    """Yield the forms that more than one entry lists, then the short forms that the file of abbreviations tells apart."""
    owners: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path, term in terms:
        for form in (term.term, *term.forms, *term.abbreviations):
            key = form if form in term.abbreviations else form_key(form)
            owners[key][term.id] = path
    for form, entries in sorted(owners.items()):
        if len(entries) > 1:
            yield Entry(", ".join(dict.fromkeys(entries.values())), form, ", ".join(entries))
    for one in sorted(raw.abbreviations, key=lambda one: one.form):
        yield Entry("abbreviations.toml", one.form, ", ".join(dict.fromkeys(sense.means for sense in one.sense)))


def _phrases(folder: Traversable) -> tuple[Row, ...]:
    groups: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in load_phrases(folder).phrases.values():
        groups[one.group][0] += 1
        groups[one.group][1] += len(one.patterns)
    rows = [Row(group.replace("_", " "), tuple(counts)) for group, counts in sorted(groups.items())]
    return (*rows, Row("all", (sum(row.counts[0] for row in rows), sum(row.counts[1] for row in rows))))
