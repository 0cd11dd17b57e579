"""Which hard words of a set of reports no explanation covers, the most needed first."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report, ReportStatus
from plainrad.errors import ReportEmptyError, ReportError
from plainrad.explain.unexplained import unexplained
from plainrad.formats.incoming import decode, parse_json
from plainrad.glossary.words import EverydayWords

_AROUND = 50

Explainer = Callable[[Report], PatientReport]
_OFTEN = 3.6  # on the Zipf scale of wordfreq: some four in a million words


def ordinary_words() -> Callable[[str], bool]:
    """Return whether English as a whole has a word so often that nobody needs it explained.

    This asks wordfreq, which only those who develop have. Without it no word is ordinary, and the list is longer.
    """
    try:
        wordfreq = import_module("wordfreq")
    except ImportError:
        return lambda _: False
    return lambda word: bool(wordfreq.zipf_frequency(word, "en") >= _OFTEN)


@dataclass(frozen=True, slots=True)
class MissingWord:
    """A word in lower case, how often and in how many reports it stands unexplained; an example only where it was asked for."""

    word: str
    count: int
    reports: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The words, how many reports were read, and how many could not be."""

    words: tuple[MissingWord, ...]
    reports: int
    left_out: int


def read_texts(paths: Iterable[Path]) -> Iterator[str | None]:
    """Yield the text of each report: of each line of a .jsonl file, or of a whole text file. None stands for one that is none."""
    for path in paths:
        with path.open("rb") as file:
            if path.suffix.lower() == ".jsonl":
                yield from (_text_of(line) for line in file if line.strip())
            else:
                yield _decoded(file.read())


def _decoded(data: bytes) -> str | None:
    try:
        return decode(data)
    except ReportError:
        return None


def _text_of(line: bytes) -> str | None:
    try:
        fields = parse_json(line)
    except ReportError:
        return None
    text = fields.get("text") if isinstance(fields, dict) else None
    return text if isinstance(text, str) else None


def rank_missing(
    explain: Explainer,
    texts: Iterable[str | None],
    everyday: EverydayWords,
    *,
    context: bool = False,
    ordinary: Callable[[str], bool] = lambda _: False,
) -> Ranking:
    """Return the hard words that no explanation covers, by the number of reports, then of places, then by alphabet.

    A hard word has three letters or more, is no everyday or ordinary word, and is no name (a capital in the middle of a sentence). Without
    `context` nothing of a report but single words comes back.
    """
    counts: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    examples: dict[str, str] = {}
    reports = left_out = 0
    for text in texts:
        try:
            if text is None:
                raise ReportEmptyError
            patient = explain(Report(text, ReportStatus.FINAL))
        except ReportError:  # what is wrong with one report must not stop the others
            left_out += 1
            continue
        reports += 1
        here: Counter[str] = Counter()
        for start, end in unexplained(text, patient, everyday):
            word = text[start:end].lower().replace("’", "'")
            if ordinary(word.removesuffix("'s")):
                continue
            here[word] += 1
            if context and word not in examples:
                examples[word] = " ".join(text[max(0, start - _AROUND) : end + _AROUND].split())
        counts.update(here)
        holders.update(here.keys())
    ranked = sorted(counts, key=lambda word: (-holders[word], -counts[word], word))
    words = tuple(MissingWord(word, counts[word], holders[word], examples.get(word)) for word in ranked)
    return Ranking(words, reports, left_out)
