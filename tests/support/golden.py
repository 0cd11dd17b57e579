"""Golden sentences: what is expected of each, what was read, and where the two differ."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plainrad.domain.reading import Mention, Reading
from plainrad.domain.report import Exam, Report, ReportStatus, Target
from plainrad.pipeline.build import Reader

GOLDEN = Path(__file__).parents[1] / "golden"
CHECKED = ("assertion", "certainty", "laterality", "change", "reportable", "section")


@dataclass(frozen=True)
class Difference:
    """One expectation that was not met."""

    sentence: str
    quoted: str
    field: str
    expected: object
    found: object
    text: str
    evidence: tuple[str, ...]


def load(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSONL file, or of every JSONL file of a folder in name order."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def span_of(text: str, item: dict[str, Any]) -> tuple[int, int]:
    """Return the offsets of the quoted words, by their `nth` occurrence."""
    start = -1
    for _ in range(item.get("nth", 1)):
        start = text.index(item["text"], start + 1)
    return start, start + len(item["text"])


def read_row(reader: Reader, row: dict[str, Any]) -> Reading:
    """Return what is read in the sentence, with every quoted span given as a target."""
    targets = tuple(Target(*span_of(row["text"], item)) for item in row.get("expect", []))
    exam = Exam(title=row.get("exam"), modality=row.get("modality"))
    return reader.read(Report(row["text"], ReportStatus.FINAL, exam=exam, targets=targets))


def target_mention(reading: Reading, span: tuple[int, int]) -> Mention:
    """Return the mention that stands for a target."""
    return next(
        one for one in reading.mentions if one.term_id is None and not one.reading_id and (one.start, one.end) == span
    )


def differences(reader: Reader, rows: list[dict[str, Any]]) -> Iterator[Difference]:
    """Return every difference between what is expected and what is read."""
    for row in rows:
        reading = read_row(reader, row)
        for item in row.get("expect", []):
            mention = target_mention(reading, span_of(row["text"], item))
            for field in CHECKED:
                if field in item and getattr(mention, field) != item[field]:
                    rules = tuple(one.rule for one in mention.evidence)
                    yield Difference(
                        row["id"], item["text"], field, item[field], getattr(mention, field), row["text"], rules
                    )


def score(reader: Reader, rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return accuracy by field, and how often a thing that is not there is read as present and the other way round."""
    counts: dict[str, list[int]] = {field: [0, 0] for field in CHECKED}
    false_present = not_present = false_absent = not_absent = 0
    for row in rows:
        reading = read_row(reader, row)
        for item in row.get("expect", []):
            mention = target_mention(reading, span_of(row["text"], item))
            for field in CHECKED:
                if field in item:
                    counts[field][0] += getattr(mention, field) == item[field]
                    counts[field][1] += 1
            if item["assertion"] != "present":
                not_present += 1
                false_present += mention.assertion == "present"
            if item["assertion"] != "absent":
                not_absent += 1
                false_absent += mention.assertion == "absent"
    figures = {field: right / total for field, (right, total) in counts.items() if total}
    figures["false_present"] = false_present / max(1, not_present)
    figures["false_absent"] = false_absent / max(1, not_absent)
    figures["items"] = float(counts["assertion"][1])
    return figures


def extra_differences(reader: Reader, rows: list[dict[str, Any]]) -> Iterator[Difference]:
    """Return differences in what some sentences expect beside their findings: sections, measurements, flags."""
    from plainrad.pipeline.measurements import find_measurements
    from plainrad.pipeline.text import normalise

    for row in rows:
        reading = read_row(reader, row)
        if "sections" in row:
            found = [{"kind": one.kind, "title": one.title} for one in reading.sections if one.title]
            if found != row["sections"]:
                yield Difference(row["id"], "", "sections", row["sections"], found, row["text"], ())
        sizes = find_measurements(normalise(row["text"]))
        if "measurements" in row:
            wanted = [(one["text"], one.get("unit"), one.get("when", "current")) for one in row["measurements"]]
            got = [(row["text"][one.start : one.end], one.unit, one.when) for one in sizes]
            if wanted != got:
                yield Difference(row["id"], "", "measurements", wanted, got, row["text"], ())
        for text in row.get("not_measured", []):
            if any(text in row["text"][one.start : one.end] for one in sizes):
                yield Difference(row["id"], text, "not_measured", None, text, row["text"], ())
        yield from _relation_differences(row, reading)
        for code in row.get("flags", []):
            if code not in {one.code for one in reading.flags}:
                yield Difference(row["id"], "", "flags", code, [one.code for one in reading.flags], row["text"], ())


def _relation_differences(row: dict[str, Any], reading: Reading) -> Iterator[Difference]:
    """Return differences in next steps, in what an observation suggests, and in what the conclusion repeats."""

    def words(ids: tuple[str, ...]) -> list[str]:
        return [reading.by_id[one].text for one in ids]

    found: dict[str, Any] = {
        "recommendations": [
            {
                "actions": list(one.actions),
                "procedures": words(one.procedures),
                "reasons": words(one.reasons),
                "interval": [one.interval.value, one.interval.most, one.interval.unit] if one.interval else None,
                "urgent": one.urgent,
                "needed": one.needed,
            }
            for one in reading.recommendations
        ],
        "suggests": [[one.text, *words(one.suggests)] for one in reading.mentions if one.suggests and one.term_id],
        "repeats": [[one.text, one.start, reading.by_id[one.same_as].start] for one in reading.mentions if one.same_as],
    }
    for field, got in found.items():
        if field in row and row[field] != got:
            yield Difference(row["id"], "", field, row[field], got, row["text"], ())
