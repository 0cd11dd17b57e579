"""How much of findings and conclusion is told in plain statements, and how much stands in the report's own words; how easy both are to read.

    python -m benchmarks.bench_told        writes results/told.md

A heading ("Abdomen and pelvis") is no sentence. Grades are those of Flesch-Kincaid and SMOG, for statements and originals alike: a guide, no proof.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.measure import DATA, RESULTS, ROOT, example_reports, table
from benchmarks.planted import planted
from plainrad.bootstrap import Plainrad, plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.explain.faithfulness import refusal
from plainrad.explain.patient import reviewed_phrases, written_and_refused
from plainrad.explain.rest import is_heading
from plainrad.formats.incoming import parse_report

TOLD = ("findings", "conclusion")
_WORD = re.compile(r"[A-Za-z]+(?:['’\-][A-Za-z]+)*")
_SENTENCE = re.compile(r"[.!?:;](?=\s|$|”)|\n\s*\n")
_QUOTES = re.compile(r"[^“.]*: “|[^“.]*\. It says: “")  # plain words that only say what the quoted words are about
_LONG = 20
KINDS = """What each kind of refusal means; the sentence is dropped, the report's own words stay, and the radiologist sees a flag:

- `number`: the statement has a figure that its sentences do not have.
- `side`: it says left, right or both sides, and its sentences do not.
- `negation`: it says that something was not found and its sentences deny nothing, or it tells as found what stands right behind a "no".
- `certainty`: it says that something is not certain and its sentences hold no word of doubt, or it tells as certain what stands right behind one.
- `change`: it says new, bigger, smaller, healing, unchanged or gone, and its sentences do not.
- `quote`: words between quotation marks do not stand there.
"""


@dataclass
class Count:
    """What was counted in one set of reports."""

    reports: int = 0
    sentences: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    quoted: int = 0
    findings: int = 0
    findings_told: int = 0
    statements: int = 0
    long: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    plain: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    original: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Return the percentage of findings and conclusion sentences that a statement rests on."""
        return 100 * self.told.total() / max(1, self.sentences.total())


def sets() -> Iterator[tuple[str, list[Report]]]:
    """Return the sets of reports by name: the examples, and the public ones where they stand beside the checkout."""
    yield "Examples of docs/examples", example_reports()
    for name, title in (
        ("uk_templates", "UK templates"),
        ("iu_chest_xray", "IU chest X-rays"),
        ("mtsamples", "MTSamples"),
    ):
        path = DATA / f"reports_{name}.jsonl"
        if path.is_file():
            rows = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
            yield title, [parse_report({"text": text, "status": "final"}) for text in rows if text.strip()]


def unseen() -> list[Report]:
    """Return the sentences that neither the rules of reading nor those of the check were written for."""
    lines = (ROOT / "tests" / "golden" / "unseen" / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        parse_report(
            {
                "text": row["text"],
                "status": "final",
                "exam": {"title": row.get("exam"), "modality": row.get("modality")},
            }
        )
        for row in rows
    ]


def count(explainer: Plainrad, reports: Sequence[Report]) -> Count:
    """Return the counts of a set."""
    found = Count()
    for report in reports:
        patient = explainer.annotate(report)
        found.reports += 1
        _sentences(patient, found)
        told = {one for statement in patient.statements for one in statement.mentions}
        for one in patient.reading.mentions:
            if one.kind == "finding" and one.term_id and one.reportable and one.section in TOLD:
                found.findings += 1
                found.findings_told += one.id in told
        texts = [one.text for one in patient.statements if "“" not in one.text]
        found.statements += len(patient.statements)
        found.long += sum(len(part.split()) > _LONG for one in texts for part in re.split(r"(?<=[.?])\s", one))
        _, refused = written_and_refused(
            patient.report, patient.reading, glossary=explainer.glossary, book=explainer.book
        )
        found.refused.update(reason for _, reason in refused)
        _plant(patient, explainer, found)
        if texts:
            found.plain.append(grade("\n\n".join(texts)))
            found.bare.append(grade(re.sub(r"\([^)]*\)", "", "\n\n".join(texts))))
            found.original.append(grade(_medical(patient)))
    return found


def _plant(patient: PatientReport, explainer: Plainrad, found: Count) -> None:
    """Count how many statements that were made wrong on purpose the check refuses."""
    phrases = reviewed_phrases(patient.reading, explainer.glossary, explainer.book)
    for kind, wrong in planted(patient, explainer):
        known = [phrase for one in wrong.mentions for phrase in phrases.get(one, ())]
        found.planted[kind] += 1
        refused = refusal(wrong, patient.report.text, claims=explainer.book.claims, reviewed=known)
        found.caught[kind] += refused is not None


def _sentences(patient: PatientReport, found: Count) -> None:
    spans = [span for statement in patient.statements for span in statement.source]
    plain = [span for statement in patient.statements if not _QUOTES.match(statement.text) for span in statement.source]
    for number, sentence in enumerate(patient.reading.sentences):
        if sentence.section in TOLD and not is_heading(patient.reading, number, patient.report.text):
            found.sentences[sentence.section] += 1
            told, plainly = (
                any(one.start < sentence.end and sentence.start < one.end for one in these) for these in (spans, plain)
            )
            found.told[sentence.section] += told
            found.quoted += told and not plainly


def _medical(patient: PatientReport) -> str:
    sentences = [one for one in patient.reading.sentences if one.section in TOLD]
    return "\n\n".join(patient.report.text[one.start : one.end] for one in sentences)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade (Kincaid et al. 1975) of a text; numbers are left out."""
    words = _WORD.findall(text)
    sentences = max(1, sum(bool(_WORD.search(part)) for part in _SENTENCE.split(text)))
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * syllables / max(1, len(words)) - 15.59 if words else 0.0


def _syllables(word: str) -> int:
    groups = re.findall(
        r"[aeiouy]+", word.lower().removesuffix("e") if not word.lower().endswith("le") else word.lower()
    )
    return max(1, len(groups))


def main() -> None:
    """Write the table."""
    explainer = plainrad()
    rows: list[list[object]] = []
    ease: list[list[object]] = []
    refused: Counter[str] = Counter()
    planted_in, caught = Counter[str](), Counter[str]()
    for title, reports in sets():
        one = count(explainer, reports)
        parts = [100 * one.told[name] / max(1, one.sentences[name]) for name in TOLD]
        rows.append(
            [
                title,
                one.reports,
                one.sentences.total(),
                one.share,
                100 * one.quoted / max(1, one.sentences.total()),
                *parts,
                100 * one.findings_told / max(1, one.findings),
            ]
        )
        middle = [sorted(values)[len(values) // 2] for values in (one.plain, one.bare, one.original)]
        ease.append([title, one.statements, *middle, one.long])
        refused.update(one.refused)
        planted_in.update(one.planted)
        caught.update(one.caught)
    held_out = count(explainer, unseen())
    kinds = ", ".join(f"{name} {number}" for name, number in sorted(refused.items())) or "none"
    page = (
        "# How much is told, and how easy it is to read\n\n"
        "Percent of the sentences that a plain statement rests on; the others are shown in the report's own words. "
        "Quoted: the plain words only say what the sentence is about, and its own words follow. The last column: findings that were read and stand in a statement.\n\n"
        + table(
            [
                "Set",
                "Reports",
                "Sentences",
                "Told %",
                "Of all: quoted %",
                "Findings %",
                "Conclusion %",
                "Read findings told %",
            ],
            rows,
        )
        + "\nMedian grade of a report (Flesch-Kincaid; numbers and quoted words left out), and sentences of over 20 words.\n\n"
        + table(
            [
                "Set",
                "Statements",
                "Statements' grade",
                "Without the words in brackets",
                "Original's grade",
                "Long sentences",
            ],
            ease,
        )
        + f"\nStatements that the faithfulness check refused in all these reports, by kind: {kinds}.\n"
        + "\n## What the check would refuse\n\n"
        "Every statement that allows it was made wrong on purpose, one fault at a time, in all these reports. The check reads only the statement and the "
        "sentences that it rests on, so a fault that the same sentence bears out for another finding can pass it: it is a second pair of eyes, no proof. Its patterns were widened while these reports were looked at, so that the unseen sentences tell more. Of the "
        f"{held_out.statements} true statements about those it refuses {held_out.refused.total()}.\n\n"
        + table(
            ["Fault", "Planted", "Refused", "Refused %", "Planted in unseen sentences", "Refused %"],
            [
                [
                    kind,
                    number,
                    caught[kind],
                    100 * caught[kind] / number,
                    held_out.planted[kind],
                    100 * held_out.caught[kind] / max(1, held_out.planted[kind]),
                ]
                for kind, number in sorted(planted_in.items())
            ],
        )
        + "\n"
        + KINDS
    )
    RESULTS.joinpath("told.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
