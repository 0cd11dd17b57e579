"""How time grows with the length of the report and with the size of the glossary.  python -m benchmarks.bench_scaling"""

import random
from dataclasses import replace
from time import perf_counter

from benchmarks.measure import example_reports, memory_mb, seconds, table, write
from plainrad.bootstrap import Plainrad, plainrad
from plainrad.content import content_folder
from plainrad.domain.report import Report, ReportStatus
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.build import build_reader

SENTENCES = (10, 30, 100, 300, 1_000)
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
    )


if __name__ == "__main__":
    main()
