"""What a sentence says besides the finding that was told of it: a next step, a grade, or that something was hidden."""

import re
from collections.abc import Iterator, Sequence

from plainrad.domain.patient import Statement
from plainrad.domain.phrases import Frame, PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.background import LONGEST_QUOTE, aside
from plainrad.explain.grades import grades
from plainrad.explain.quotes import quoted
from plainrad.explain.rest import TOLD_SECTIONS
from plainrad.explain.superseded import superseded
from plainrad.explain.untold import told_of

_HIDDEN = re.compile(
    r"\b(?:is|are|was|were|but|and|partially|partly|largely) obscured\b|\b(?:incompletely|poorly|suboptimally) (?:seen|imaged|visuali[sz]ed|assessed|evaluated)\b|"
    r"\bnot (?:well|fully|clearly|adequately|completely) (?:seen|imaged|visuali[sz]ed|assessed|demonstrated|evaluated)\b|\b(?:cannot|could not) be (?:assessed|seen|visuali[sz]ed)\b",
    re.IGNORECASE,
)

_Told = tuple[Extent, list[Mention], str]  # a sentence, what it speaks of, and its words on one line


def further(told: Sequence[Statement], reading: Reading, text: str, book: PhraseBook) -> Iterator[Statement]:
    """Return the further statements of sentences that `told` rests on."""
    yield from _scores(told, reading, text, book)
    sentences = list(_told_sentences(told, reading, text))
    yield from _advice(told, sentences, reading, text, book)
    yield from _limits(told, sentences, reading, text, book)


def _advice(
    told: Sequence[Statement], sentences: Sequence[_Told], reading: Reading, text: str, book: PhraseBook
) -> Iterator[Statement]:
    """A sentence that tells a finding may also say what to do next ("...; correlate with any injury")."""
    steps = [one for statement in told if statement.group == "next_step" for one in statement.source]
    frames = [one for one in book.frames if one.group == "next_step"]
    for extent, mentions, words in sentences:
        if any(meet(one, extent) for one in steps):
            continue
        if any(fits(one, words, mentions[0].section) for one in frames):
            told_as = frames[-1].text.format(quote=words)
            yield aside(reading, text, "next_step", told_as, extent, mentions)


def _limits(
    told: Sequence[Statement], sentences: Sequence[_Told], reading: Reading, text: str, book: PhraseBook
) -> Iterator[Statement]:
    """A sentence that tells one part may say of another that it was hidden ("the head is normal, the tail is obscured")."""
    limits = [one for statement in told if statement.group == "limitation" for one in statement.source]
    for extent, mentions, words in sentences:
        if _HIDDEN.search(words) and not any(meet(one, extent) for one in limits):
            told_as = book.wording["limited_finding"].format(quote=words)
            yield aside(reading, text, "limitation", told_as, extent, mentions)


def _told_sentences(told: Sequence[Statement], reading: Reading, text: str) -> Iterator[_Told]:
    """Return the sentences of findings and conclusion that a statement rests on and that are short enough to be shown whole."""
    resting = told_of(reading, told)
    for number, sentence in enumerate(reading.sentences):
        mentions = list(reading.by_sentence.get(number, ()))
        if sentence.section not in TOLD_SECTIONS or not mentions or number not in resting:
            continue
        extent = Extent(sentence.start, sentence.end)
        words = quoted(text, extent)
        if len(words.split()) <= LONGEST_QUOTE and not superseded(number, reading, text):
            yield extent, mentions, words


def _scores(told: Sequence[Statement], reading: Reading, text: str, book: PhraseBook) -> Iterator[Statement]:
    """A sentence that tells a finding may give a grade too ("U3 nodule"): that is never lost."""
    spoken = {one for statement in told for one in statement.mentions}
    covered = [one for statement in told for one in statement.source]
    for number, sentence in enumerate(reading.sentences):
        extent = Extent(sentence.start, sentence.end)
        if superseded(number, reading, text):
            continue
        scores = grades(number, reading, text)
        if (
            sentence.section not in ("findings", "conclusion", "addendum")
            or not scores
            or {one.id for one in scores} & spoken
        ):
            continue
        words = quoted(text, extent)
        if any(meet(one, extent) for one in covered) and len(words.split()) <= LONGEST_QUOTE:
            yield aside(reading, text, "found", book.wording["score"].format(quote=words), extent, scores)


def fits(frame: Frame, words: str, section: str) -> bool:
    """Return True when a frame is made for these words."""
    if frame.sections and section not in frame.sections:
        return False
    return frame.speaks_of(words)


def meet(one: Extent, other: Extent) -> bool:
    """Return True when two stretches share a character."""
    return one.start < other.end and other.start < one.end
