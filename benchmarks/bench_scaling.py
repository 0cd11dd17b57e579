"""How time grows with the length of the report and with the size of the glossary.  python -m benchmarks.bench_scaling"""

import random
from dataclasses import replace
from time import perf_counter, process_time

from benchmarks.measure import example_reports, memory_mb, seconds, table, write
from plainrad.bootstrap import Plainrad, plainrad
from plainrad.content import content_folder
from plainrad.domain.report import Report, ReportStatus
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.build import build_reader

SENTENCES = (10, 30, 100, 300, 1_000)
ENTRIES = 400
FORMS = (1_000, 5_000, 10_000, 20_000, 40_000)


def long_report(explainer: Plainrad, count: int) -> Report:
    """Return a report of `count` sentences of the examples, in a fixed mixed order."""
    sentences = []
    for report in example_reports():
        reading = explainer.reader.read(report)
        sentences += [
            " ".join(report.text[one.start : one.end].split()) for one in reading.sentences if one.section == "findings"
        ]
    chosen = random.Random(7).choices([one for one in sentences if one.endswith(".")], k=count)
    return Report("Findings:\n" + "\n".join(chosen), ReportStatus.FINAL)


def by_length(explainer: Plainrad) -> list[list[object]]:
    """Return a row for each length: what one report takes, and what one of its sentences takes."""
    rows: list[list[object]] = []
    for count in SENTENCES:
        report = long_report(explainer, count)
        read = min(seconds(lambda report=report: explainer.reader.read(report), rounds=3)) * 1000  # type: ignore[misc]
        whole = min(seconds(lambda report=report: explainer.annotate(report), rounds=3)) * 1000  # type: ignore[misc]
        rows.append([count, len(report.text), read, whole, whole / count])
    return rows


def smaller(glossary: Glossary, forms: int) -> Glossary:
    """Return the glossary with `forms` of its forms, the same ones each time."""
    kept = sorted(glossary.forms)
    random.Random(7).shuffle(kept)
    chosen = set(kept[:forms])
    return replace(glossary, forms={form: senses for form, senses in glossary.forms.items() if form in chosen})


def by_glossary(explainer: Plainrad) -> list[list[object]]:
    """Return a row for each size of the glossary: time to build the reader, time to read the examples."""
    rows: list[list[object]] = []
    reports = example_reports()
    models = content_folder("models")
    for count in sorted(
        {*(one for one in FORMS if one < len(explainer.glossary.forms)), len(explainer.glossary.forms)}
    ):
        glossary = smaller(explainer.glossary, count)
        before = memory_mb()
        began = perf_counter()
        reader = build_reader(models=models, glossary=glossary, book=explainer.book)
        built = (perf_counter() - began) * 1000
        grown = memory_mb() - before
        taken = min(seconds(lambda: [reader.read(report) for report in reports], rounds=3))  # noqa: B023
        rows.append([count, built, max(grown, 0.0), len(reports) / taken])
    return rows


def of_entries(glossary: Glossary, ids: set[str]) -> Glossary:
    """Return the glossary with the forms of the entries `ids` alone."""
    forms = {form: senses for form, senses in glossary.forms.items() if any(one.term_id in ids for one in senses)}
    shorts = {
        form: senses for form, senses in glossary.abbreviations.items() if any(one.term_id in ids for one in senses)
    }
    return replace(glossary, forms=forms, abbreviations=shorts, ambiguous={})


def by_entries(explainer: Plainrad) -> list[list[object]]:
    """Return rows for some 400 entries and for all: the examples annotated, in CPU time, turn about, the best of twelve rounds.

    The few are those that the examples mention (filled up to 400 at random), so that both glossaries find much the same.
    """
    reports = example_reports()
    named = {one.term_id for report in reports for one in explainer.reader.read(report).mentions if one.term_id}
    others = sorted(set(explainer.glossary.terms) - named)
    random.Random(7).shuffle(others)
    few = set([*sorted(named), *others][: max(ENTRIES, len(named))])
    makers = {}
    for name, ids in ((len(few), few), (len(explainer.glossary.terms), set(explainer.glossary.terms))):
        glossary = of_entries(explainer.glossary, ids)
        reader = build_reader(models=content_folder("models"), glossary=glossary, book=explainer.book)
        makers[name] = (replace(explainer, glossary=glossary, reader=reader), glossary)
    best = dict.fromkeys(makers, float("inf"))
    for _ in range(12):
        for name, (maker, _) in makers.items():
            began = process_time()
            for report in reports:
                maker.annotate(report)
            best[name] = min(best[name], process_time() - began)
    rows: list[list[object]] = []
    for name, (maker, glossary) in makers.items():
        mentions = sum(len(maker.reader.read(report).mentions) for report in reports)
        rows.append(
            [name, len(glossary.forms), mentions, best[name] / len(reports) * 1000, best[name] / mentions * 1000]
        )
    return rows


def main() -> None:
    """Measure, and write benchmarks/results/scaling.md."""
    explainer = plainrad()
    write(
        "scaling",
        "How time grows",
        "## With the length of the report\n",
        table(["sentences", "characters", "read ms", "read + explain ms", "ms a sentence"], by_length(explainer)),
        "## With the size of the glossary\n",
        "The glossary is that of the package with some of its forms left out at random; the rules are all there.\n",
        table(
            ["forms", "building the reader ms", "memory grown MB", "example reports read a second"],
            by_glossary(explainer),
        ),
        "## With few entries and with all\n",
        "The smaller glossary holds the entries that the examples mention (at least 400), so that both have the same to explain. CPU time, turn about.\n",
        table(["entries", "forms", "mentions", "CPU ms a report", "CPU ms a mention"], by_entries(explainer)),
    )


if __name__ == "__main__":
    main()
