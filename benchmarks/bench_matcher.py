"""Our word trie beside spaCy's PhraseMatcher, with the same forms and the same reports.  python -m benchmarks.bench_matcher

Both look for every form in every sentence and give back all places, overlaps included. The tokens of a report are made
before the clock starts; what is timed is the matching alone. `pipeline/terms.py` does more than match, and is not in this table.
"""

import gc
import random
from collections.abc import Callable
from time import perf_counter
from typing import Any

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from benchmarks.measure import example_reports, memory_mb, real_reports, seconds, table, write
from plainrad.bootstrap import plainrad
from plainrad.pipeline.patterns import Trie
from plainrad.pipeline.text import match_words, normalise, tokenise

SIZES = (10_000, 35_000)
VOCAB = spacy.blank("en").vocab
Row = list[object]


def words_of(texts: list[str]) -> list[list[str]]:
    """Return the matched words of each text: lower case, without hyphens and line ends."""
    return [[word for word in tokenise(normalise(text)).words if word not in ("-", "\n")] for text in texts]


def with_trie(forms: list[tuple[str, ...]]) -> Callable[[list[str]], int]:
    """Return what counts the places found in the words of one text."""
    trie: Trie[int] = Trie()
    for number, form in enumerate(forms):
        trie.add(form, number)
    return lambda words: sum(len(trie.every(words, start)) for start in range(len(words)))


def with_phrase_matcher(forms: list[tuple[str, ...]]) -> Callable[[Doc], int]:
    """Return what counts the places found in the Doc of one text."""
    matcher = PhraseMatcher(VOCAB, attr="ORTH")
    for number, form in enumerate(forms):
        matcher.add(str(number), [Doc(VOCAB, words=list(form))])
    return lambda doc: len(matcher(doc))


def with_docs_too(forms: list[tuple[str, ...]]) -> Callable[[list[str]], int]:
    """Return the same with the making of the Doc: the Doc of the pipeline has hyphens and case, and does not serve."""
    count = with_phrase_matcher(forms)
    return lambda words: count(Doc(VOCAB, words=words))


def row(
    name: str, build: Callable[[list[tuple[str, ...]]], Any], forms: list[tuple[str, ...]], texts: list[Any]
) -> Row:
    """Return the figures of one matcher with these forms over these texts."""
    gc.collect()
    before = memory_mb()
    began = perf_counter()
    matcher = build(forms)
    built = (perf_counter() - began) * 1000
    grown = max(memory_mb() - before, 0.0)
    taken = min(seconds(lambda: [matcher(text) for text in texts], rounds=5))
    return [f"{len(forms):,}", name, built, grown, len(texts) / taken, f"{sum(matcher(text) for text in texts):,}"]


def main() -> None:
    """Measure, and write benchmarks/results/matcher.md."""
    texts = words_of([report.text for report in (real_reports() or example_reports() * 20)])
    docs = [Doc(VOCAB, words=words) for words in texts]
    every = sorted({match_words(form) for form in plainrad().glossary.forms} - {()})
    random.Random(7).shuffle(every)
    rows: list[Row] = []
    for size in SIZES:
        rows.append(row("trie", with_trie, every[:size], texts))
        rows.append(row("PhraseMatcher, Docs ready", with_phrase_matcher, every[:size], docs))
        rows.append(row("PhraseMatcher and its Doc", with_docs_too, every[:size], texts))
    write(
        "matcher",
        "Trie and PhraseMatcher",
        f"{len(texts)} reports of {round(sum(map(len, texts)) / len(texts))} words on average. Matching alone: the words and the "
        "Docs of the reports were made before the clock started.\n",
        table(["forms", "matcher", "built in ms", "memory grown MB", "reports a second", "places found"], rows),
    )


if __name__ == "__main__":
    main()
