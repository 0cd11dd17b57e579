"""Which hard words of a set of reports no explanation covers, the most needed first."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report, ReportStatus
from plainrad.errors import ReportEmptyError, ReportError
from plainrad.formats.incoming import decode, parse_json
from plainrad.glossary.words import EverydayWords

_WORD = re.compile(r"(?<!\w)[^\W\d_](?:[^\W\d_]|['’-])*[^\W\d_](?!\w)")
_BEFORE_A_SENTENCE = frozenset('.:;\n\r-?!)*•"“')
_AROUND = 50
# The words that hold English sentences together. Content words that everybody knows are in everyday-words.txt.
_SMALL = (
    "about above after again against all almost along already also although always among and another any anyone "
    "are around because been before behind being below beneath beside between beyond both but can cannot could "
    "did does doing done down during each either else even ever every few for from further had has have having "
    "hence her here hers him his how however into its itself just least less lest many may maybe might mine more "
    "most much must near neither never nevertheless none nor not now off often once one only onto other others "
    "otherwise ought our ours out over own per perhaps quite rather same shall she should since some such than "
    "that the their theirs them then there thereby therefore therein these they this those though through "
    "throughout thus till too toward towards under unless unlike until upon very via was were what when where "
    "whereas whereby wherein whether which while who whom whose why will with within without would yet you your "
    "yours"
)
_FUNCTION_WORDS = frozenset(_SMALL.split())

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
        for start, end in _uncovered(text, patient, everyday):
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


def _uncovered(text: str, patient: PatientReport, everyday: EverydayWords) -> Iterator[tuple[int, int]]:
    explained = {one.term_id for one in patient.explanations}
    told = {mention for statement in patient.statements for mention in statement.mentions}
    covered = bytearray(len(text))
    for one in patient.reading.mentions:
        if one.term_id in explained or (one.reading_id and one.id in told):
            covered[one.start : one.end] = b"\1" * (one.end - one.start)
    for match in _WORD.finditer(text):
        start, end = match.span()
        if _hard(match.group(), everyday) and not _is_name(text, start, end) and not any(covered[start:end]):
            yield start, end


def _hard(word: str, everyday: EverydayWords) -> bool:
    if len(word) < 3 or set(word) <= {"X", "-"}:  # XXXX stands for words that were taken out
        return False
    lower = word.lower().replace("’", "'")
    parts = [lower, *([] if "-" not in lower else [part for part in lower.split("-") if len(part) > 2])]
    easy = [part in _FUNCTION_WORDS or part in everyday for part in parts]
    return not (easy[0] or (len(parts) > 1 and all(easy[1:])))


def _is_name(text: str, start: int, end: int) -> bool:
    """Return True for a capital and small letters where no sentence begins."""
    if not (text[start].isupper() and text[start + 1 : end].islower()):
        return False
    before = start - 1
    while before >= 0 and text[before] in " \t":
        before -= 1
    return before >= 0 and text[before] not in _BEFORE_A_SENTENCE
