"""Plainrad beside medSpaCy and negspacy: same texts, same targets.  python -m benchmarks.bench_peers [PYTHON OF THE PEERS]

The peers never share an environment with Plainrad (medSpaCy wants an older spaCy): `make bench-peers` makes theirs, and
peers_worker.py runs in it, once for each tool. What is compared is what they say of targets that are given to them, and speed.
It is one file because each table needs the same readings of the same texts in the same run.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.measure import DATA, ROOT, real_reports, table, write
from plainrad.bootstrap import Plainrad, plainrad
from plainrad.domain.report import Report, ReportStatus, Target
from tests.support.golden import GOLDEN, load, span_of, target_mention

EVAL = ROOT.parent / "shared" / "eval" / "negation.py"
PEERS = ROOT / "build" / "peers-venv" / "bin" / "python"
ROUNDS, WARM = 3, 20
OURS = "Plainrad"
TOOLS = {
    "medspacy-context": "medSpaCy as it comes (PyRuSH, ConText)",
    "medspacy-sections": "medSpaCy with its sectionizer too",
    "medspacy-sentencizer": "medSpaCy, spaCy's sentencizer for PyRuSH",
    "negspacy": "negspacy",
}
MEANS = {
    "negated": "absent",
    "family": "other_person",
    "hypothetical": "hypothetical",
    "historical": "historical",
    "uncertain": "possible",
}
CLASSES = ("present", "absent", "possible", "historical", "hypothetical", "other_person", "neutral")
Said = list[str]


@dataclass(frozen=True)
class Item:
    """One target: where it is, what is right, and (NegEx only) whether it is of the past."""

    key: str
    text: str
    start: int
    end: int
    gold: str
    historical: bool = False


def golden(folder: str) -> list[Item]:
    """Return the targets of tests/golden/FOLDER."""
    found: list[Item] = []
    for row in load(GOLDEN / folder):
        for number, item in enumerate(row.get("expect", [])):
            found.append(Item(f"{row['id']}#{number}", row["text"], *span_of(row["text"], item), item["assertion"]))
    return found


def negex() -> list[Item]:
    """Return the NegEx sentences of the developer half, with the spans that the scorer of ../shared/eval finds."""
    scorer: dict[str, Any] = {"__name__": "negation", "__file__": str(EVAL)}
    exec(compile(EVAL.read_text(encoding="utf-8"), EVAL, "exec"), scorer)  # noqa: S102  # the project's own scorer
    return [
        Item(
            row["id"],
            row["text"],
            start,
            end,
            "absent" if row["labels"]["negation"] == "Negated" else "not absent",
            row["labels"]["temporality"] == "Historical",
        )
        for row, start, end in scorer["rows"](DATA / "negex_sentences.jsonl")
    ]


def by_text(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Return the targets of each text: a sentence is read once, with all of its targets."""
    grouped: dict[str, list[Item]] = {}
    for item in items:
        grouped.setdefault(item.key.split("#", 1)[0], []).append(item)
    return grouped


def our_answers(explainer: Plainrad, items: list[Item]) -> dict[str, str]:
    """Return Plainrad's assertion for every target. It too is given the text alone: no exam, no kind of picture."""
    found: dict[str, str] = {}
    for group in by_text(items).values():
        targets = tuple(Target(one.start, one.end) for one in group)
        reading = explainer.reader.read(Report(group[0].text, ReportStatus.FINAL, targets=targets))
        found |= {one.key: target_mention(reading, (one.start, one.end)).assertion for one in group}
    return found


def our_rate(work: Callable[[Report], object], reports: list[Report]) -> dict[str, float]:
    """Return reports a second as the worker measures them for the peers."""
    for report in reports[:WARM]:
        work(report)
    taken, wall = [], []
    for _ in range(ROUNDS):
        began, clock = process_time(), perf_counter()
        for report in reports:
            work(report)
        taken.append(process_time() - began)
        wall.append(perf_counter() - clock)
    count = len(reports)
    return {"a_second": count / min(taken), "first": count / taken[0], "wall": count / min(wall)}


def ask(tool: str, peers: Path, folder: Path) -> dict[str, Any]:
    """Return what the worker wrote for a tool."""
    out = folder / f"{tool}.json"
    files = [folder / "sentences.jsonl", folder / "reports.jsonl", folder / "forms.json", out]
    worker = Path(__file__).with_name("peers_worker.py")
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([peers, worker, tool, *files], check=True, env=os.environ | one_thread)
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return result


def prepare(items: list[Item], reports: list[Report], forms: list[str], folder: Path) -> None:
    """Write what the worker reads."""
    with (folder / "sentences.jsonl").open("w", encoding="utf-8") as stream:
        for key, group in by_text(items).items():
            targets = [{"start": one.start, "end": one.end} for one in group]
            stream.write(json.dumps({"id": key, "text": group[0].text, "targets": targets}) + "\n")
    with (folder / "reports.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"text": one.text}) + "\n" for one in reports)
    (folder / "forms.json").write_text(json.dumps(forms), encoding="utf-8")


def forms_of(explainer: Plainrad) -> list[str]:
    """Return every form of the glossary as written and as looked up, without abbreviations that need their capitals."""
    written = {form.lower() for term in explainer.glossary.terms.values() for form in (term.term, *term.forms)}
    return sorted({form for form in written if "-" in form} | set(explainer.glossary.forms))


def flat(result: dict[str, Any], items: list[Item]) -> dict[str, Said]:
    """Return what a tool says of each target, by the target's key."""
    return {
        one.key: said
        for key, group in by_text(items).items()
        for one, said in zip(group, result["answers"][key], strict=True)
    }


def one_of(said: Said, order: Iterable[str] = tuple(MEANS)) -> str:
    """Return the one assertion for what a tool says: the first of `order`, "present" when it says nothing."""
    return next((MEANS[one] for one in order if one in said), "present")


def negation_row(name: str, items: list[Item], absent: dict[str, bool], past: dict[str, bool] | None) -> list[object]:
    """Return precision, recall and F1 of "absent" and the recall of what is of the past."""
    hit = sum(absent[one.key] for one in items if one.gold == "absent")
    said, gold = sum(absent[one.key] for one in items), sum(one.gold == "absent" for one in items)
    precision, recall = hit / max(1, said), hit / max(1, gold)
    history = [past[one.key] for one in items if one.historical] if past is not None else []
    return [
        name,
        precision * 100,
        recall * 100,
        200 * precision * recall / max(1e-9, precision + recall),
        f"{sum(history)} of {len(history)}" if history else "cannot say",
    ]


def accuracy_row(name: str, items: list[Item], answers: dict[str, str], has: Iterable[str]) -> list[object]:
    """Return the shares that are right, and how often a thing is said to be there, or not to be, that is not so."""

    def share(chosen: list[Item], right: Callable[[Item, str], bool]) -> float:
        return 100 * sum(right(one, answers[one.key]) for one in chosen) / max(1, len(chosen))

    return [
        name,
        share(items, lambda item, said: item.gold == said),
        share([one for one in items if one.gold in has], lambda item, said: item.gold == said),
        share(items, lambda item, said: (item.gold == "absent") == (said == "absent")),
        share([one for one in items if one.gold == "absent"], lambda _, said: said == "present"),
        share([one for one in items if one.gold != "present"], lambda _, said: said == "present"),
        share([one for one in items if one.gold != "absent"], lambda _, said: said == "absent"),
    ]


def class_row(name: str, items: list[Item], answers: dict[str, str]) -> list[object]:
    """Return how many targets of each class are read rightly."""
    return [
        name,
        *(
            f"{sum(answers[one.key] == kind for one in chosen)} of {len(chosen)}"
            for kind in CLASSES
            for chosen in [[one for one in items if one.gold == kind]]
        ),
    ]


def best_order(items: list[Item], said: dict[str, Said]) -> float:
    """Return the best accuracy that any order of the peers' attributes could give."""
    return max(
        100 * sum(one_of(said[one.key], order) == one.gold for one in items) / len(items)
        for order in permutations(MEANS)
    )


def golden_part(title: str, items: list[Item], ours: dict[str, str], theirs: dict[str, dict[str, Said]]) -> str:
    """Return the tables of one golden set."""
    has = {name: ("present", "absent") if name == "negspacy" else tuple({"present", *MEANS.values()}) for name in TOOLS}
    mapped = {name: {key: one_of(one) for key, one in said.items()} for name, said in theirs.items()}
    rows = [accuracy_row(OURS, items, ours, CLASSES)]
    rows += [accuracy_row(TOOLS[name], items, answers, has[name]) for name, answers in mapped.items()]
    classes = [class_row(OURS, items, ours)]
    classes += [class_row(TOOLS[name], items, answers) for name, answers in mapped.items()]
    head = ["tool", "right %", "right % of the classes it has", "absent or not, right %", "“no” read as “yes” %"]
    best = max(best_order(items, theirs[name]) for name in TOOLS if name != "negspacy")
    return "\n".join(
        [
            f"## {title}\n",
            table([*head, "false present %", "false absent %"], rows),
            f"medSpaCy can say several things of one target; the order here is {', '.join(MEANS)}. The best of all orders "
            f"would make its best row {best:.1f} % right.\n",
            table(["right of each class", *CLASSES], classes),
        ]
    )


def given(explainer: Plainrad, versions: dict[str, str], command: str, words: int, forms: int) -> str:
    """Return what each tool was given, and what its figures can and cannot show."""
    return f"""Command: `{command}` (`make bench-peers`). Load of the machine at the start: {os.getloadavg()[0]:.1f} (not an idle one if above 1).
Plainrad: {explainer.glossary.version}, {explainer.reader.version}. Peers: {", ".join(f"{k} {v}" for k, v in versions.items())}.

Each tool got the text and the target spans, nothing else: Plainrad too without the exam that its tests give it. The peers run with
their default rules, none added or taken away: medSpaCy as `medspacy.load()` makes it, its sectionizer with its default rules;
negspacy on `blank("en")` with the sentencizer and the `en_clinical` words. negated → absent, family → other_person, hypothetical →
hypothetical, historical → historical, uncertain → possible, nothing → present; negspacy has absent and present alone, and neither
peer has "neutral" (neither there nor not: "the left base cannot be assessed").

**Read the three sets differently.** `tests/golden/sentences` is Plainrad's own development set: its rules were written to pass it, and
the peers never saw it. `tests/golden/unseen` was written without sight of the rules, but by this project, in its idiom and with its
classes, and its misses were looked at afterwards. The developer half of NegEx was looked at while Plainrad was tuned; the kit is also
where the words of both peers come from. None of the three is neutral ground. “No” read as “yes”: of what is absent, the share read as
present. False present: of everything that is not plainly present, the share read as present; a tool without the classes for history,
doubt or family cannot do well there. False absent: of what is not absent, the share read as absent.

For the speed every tool finds its own targets: Plainrad with its glossary, the peers with {forms:,} forms of it in lower case
(medSpaCy's TargetMatcher, spaCy's EntityRuler for negspacy), without the abbreviations whose capitals matter. Plainrad does more with
each report (sections, sides, measurements, change, flags), and its second row writes the patient's words as well. One process, one
thread, one report at a time, the same {words:,} words, after {WARM} reports to warm up; processor time, best of {ROUNDS} rounds.
PyRuSH, medSpaCy's own splitter, takes most of medSpaCy's time, so it is measured with spaCy's too. The aim was three times the
reports a second of medSpaCy with ConText: 0.33 or less in the column of ratios.
"""


def speed_row(
    name: str, speed: dict[str, float], ratio: float, targets: float, built: float | str = ""
) -> list[object]:
    """Return the row of one tool in the table of speeds."""
    return [name, speed["a_second"], speed["first"], speed["wall"], f"{ratio:.2f}", targets, built]


def missing(peers: Path) -> str | None:
    """Return why nothing can be measured, if so."""
    if not (EVAL.is_file() and (DATA / "negex_sentences.jsonl").is_file() and real_reports()):
        return "the labelled data and the reports (../shared) are not beside this checkout"
    if not peers.is_file():
        return f"there is no environment for the peers ({peers}): `make bench-peers` makes it"
    return None


def main(peers: Path) -> None:
    """Measure, and write benchmarks/results/peers.md."""
    if why := missing(peers):
        print(f"Skipped: {why}.")
        return
    explainer, reports, forms = plainrad(), real_reports(), forms_of(plainrad())
    sets = {"negex": negex(), "sentences": golden("sentences"), "unseen": golden("unseen")}
    every = [one for items in sets.values() for one in items]
    ours = our_answers(explainer, every)
    read, whole = our_rate(explainer.reader.read, reports), our_rate(explainer.annotate, reports)
    seen = sum(len(explainer.reader.read(one).mentions) for one in reports) / len(reports)
    with tempfile.TemporaryDirectory() as folder:
        prepare(every, reports, forms, Path(folder))
        results = {tool: ask(tool, peers, Path(folder)) for tool in TOOLS}
    theirs = {tool: flat(result, every) for tool, result in results.items()}
    kit = [
        negation_row(
            OURS,
            sets["negex"],
            {key: one == "absent" for key, one in ours.items()},
            {key: one == "historical" for key, one in ours.items()},
        )
    ]
    for tool, said in theirs.items():
        past = None if tool == "negspacy" else {key: "historical" in one for key, one in said.items()}
        absent = {key: "negated" in one for key, one in said.items()}
        kit.append(negation_row(TOOLS[tool], sets["negex"], absent, past))
    rows = [speed_row(f"{OURS}, read only", read, read["a_second"] / whole["a_second"], seen)]
    rows.append(speed_row(f"{OURS}, read + explain", whole, 1.0, seen))
    for tool, result in results.items():
        speed = result["speed"]
        share = speed["a_second"] / whole["a_second"]
        rows.append(speed_row(TOOLS[tool], speed, share, speed["targets"], result["built"]))
    words = sum(len(one.text.split()) for one in reports)
    versions = next(iter(results.values()))["versions"]
    write(
        "peers",
        "Plainrad beside medSpaCy and negspacy",
        given(explainer, versions, "python -m benchmarks.bench_peers PYTHON_OF_THE_PEERS", words, len(forms)),
        f"## NegEx sentences, developer half ({len(sets['negex']):,} targets)\n",
        table(["tool", "precision %", "recall %", "F1 %", "historical found"], kit),
        'For the peers "historical" counts whatever else they say of the target; Plainrad says one thing of each.\n',
        golden_part(f"`tests/golden/unseen` ({len(sets['unseen'])} targets)", sets["unseen"], ours, theirs),
        golden_part(
            f"`tests/golden/sentences`, Plainrad's development set ({len(sets['sentences'])} targets)",
            sets["sentences"],
            ours,
            theirs,
        ),
        f"## Reports a second on one core ({len(reports)} reports)\n",
        table(
            [
                "tool",
                "a second",
                "first round",
                "by the clock",
                "× Plainrad's read + explain",
                "targets a report",
                "s to build",
            ],
            rows,
        ),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PEERS)
