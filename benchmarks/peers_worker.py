"""Runs inside the peers' own virtual environment, never in Plainrad's: bench_peers.py starts it once for each tool.

    python peers_worker.py TOOL sentences.jsonl reports.jsonl forms.json out.json

`sentences.jsonl` has lines of {id, text, targets: [{start, end}]}: the answer to each target is the list of what the tool
says of it. `reports.jsonl` has lines of {text}, in which the tool finds its own targets with the words of `forms.json`.
"""

import importlib
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

ROUNDS = 3
WARM = 20
FINDERS = ("medspacy_target_matcher", "entity_ruler")
SAID = ("negated", "family", "hypothetical", "historical", "uncertain")
PACKAGES = ("medspacy", "PyRuSH", "negspacy", "spacy")


def quiet() -> None:
    """Take away the loggers: medSpaCy's parts would write a line for every token."""
    importlib.import_module("loguru").logger.remove()
    logging.disable(logging.CRITICAL)
    warnings.filterwarnings("ignore")


def medspacy(*, sections: bool, rush: bool, forms: list[str]) -> Language:
    """Return medSpaCy as `medspacy.load` makes it: its tokenizer, PyRuSH, TargetMatcher and ConText, all by default."""
    parts = ["medspacy_tokenizer", "medspacy_target_matcher", "medspacy_context"]
    parts += ["medspacy_pyrush"] if rush else []
    parts += ["medspacy_sectionizer"] if sections else []
    nlp: Language = importlib.import_module("medspacy").load(medspacy_enable=parts)
    if not rush:
        nlp.add_pipe("sentencizer", first=True)
    rule = importlib.import_module("medspacy.target_matcher").TargetRule
    matcher: Any = nlp.get_pipe("medspacy_target_matcher")
    matcher.add([rule(form, "TARGET") for form in forms])
    return nlp


def negspacy(forms: list[str]) -> Language:
    """Return spaCy's English tokenizer and sentencizer, its EntityRuler, and negex with its clinical words."""
    importlib.import_module("negspacy.negation")
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler: Any = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "TARGET", "pattern": form} for form in forms])
    nlp.add_pipe("negex")
    return nlp


def build(tool: str, forms: list[str]) -> Language:
    """Return the pipeline of a tool."""
    if tool == "negspacy":
        return negspacy(forms)
    return medspacy(sections=tool.endswith("sections"), rush=not tool.endswith("sentencizer"), forms=forms)


def said(span: Span) -> list[str]:
    """Return what the tool says of one target: nothing is the plain statement that it is there."""
    if Span.has_extension("negex"):
        return ["negated"] if span._.negex else []
    return [one for one in SAID if span._.get(f"is_{one}")]


def apart(spans: list[Span]) -> Iterator[list[Span]]:
    """Return the targets in as few groups as it takes for those of a group not to overlap: entities must not."""
    left = spans
    while left:
        group = spacy.util.filter_spans(left)
        yield group
        left = [one for one in left if one not in group]


def answers(nlp: Language, text: str, targets: list[dict[str, int]]) -> list[list[str]]:
    """Return what the tool says of every target; the targets take the place of what it would find."""
    found: dict[tuple[int, int], list[str]] = {}

    def spans(doc: Doc) -> list[Span]:
        chosen = [doc.char_span(one["start"], one["end"], label="TARGET", alignment_mode="expand") for one in targets]
        return [one for one in chosen if one is not None]

    for group in apart(spans(nlp.make_doc(text))):
        places = [(one.start, one.end) for one in group]
        doc = nlp.make_doc(text)
        for name, component in nlp.pipeline:
            if name in FINDERS:
                doc.ents = tuple(Span(doc, start, end, label="TARGET") for start, end in places)
            else:
                doc = component(doc)
        found |= {(span.start, span.end): said(span) for span in doc.ents}
    return [found[one.start, one.end] for one in spans(nlp.make_doc(text))]


def rate(nlp: Language, texts: list[str]) -> dict[str, float]:
    """Return reports a second of processor time (best of some rounds), and how many targets were found in each."""
    for text in texts[:WARM]:
        nlp(text)
    taken, wall, targets = [], [], 0
    for _ in range(ROUNDS):
        began, clock = process_time(), perf_counter()
        targets = sum(len(nlp(text).ents) for text in texts)
        taken.append(process_time() - began)
        wall.append(perf_counter() - clock)
    return {
        "a_second": len(texts) / min(taken),
        "first": len(texts) / taken[0],
        "wall": len(texts) / min(wall),
        "targets": targets / len(texts),
    }


def main(tool: str, sentences: str, reports: str, words: str, out: str) -> None:
    """Answer every sentence, measure the speed, and write both to `out`."""
    quiet()
    bare = build(tool, [])
    given = {}
    for line in Path(sentences).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given[row["id"]] = answers(bare, row["text"], row["targets"])
    texts = [json.loads(line)["text"] for line in Path(reports).read_text(encoding="utf-8").splitlines()]
    began = perf_counter()
    nlp = build(tool, json.loads(Path(words).read_text(encoding="utf-8")))
    result = {
        "answers": given,
        "built": perf_counter() - began,
        "parts": nlp.pipe_names,
        "speed": rate(nlp, texts),
        "versions": {name: version(name) for name in PACKAGES},
    }
    Path(out).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
