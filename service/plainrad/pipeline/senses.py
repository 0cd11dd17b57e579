"""Which sense of a word holds here: by region, modality, section and the words nearby. In doubt, none."""

from collections.abc import Sequence

from plainrad.domain.report import Exam
from plainrad.domain.term import When
from plainrad.glossary.lookup import SenseOf
from plainrad.pipeline.drafts import Line
from plainrad.pipeline.text import match_words

_NEAR = 8


def fits(
    when: When, exam: Exam, section: str, words: Sequence[str], start: int, end: int, nearby: frozenset[str]
) -> bool:
    """Return True when every field of `when` that is filled in is met; regions may be met by the sentence or by the exam."""
    if when.region and not (nearby & set(when.region)):
        if nearby and not set(exam.body_regions) & set(when.region):
            return False
        if not set(exam.body_regions) & set(when.region):
            return False
    if when.modality and exam.modality not in when.modality:
        return False
    if when.section and section not in when.section:
        return False
    return not when.near or _near(when.near, words, start, end)


def _near(near: Sequence[str], words: Sequence[str], start: int, end: int) -> bool:
    window = (*words[max(0, start - _NEAR) : start], "|", *words[end : end + _NEAR])
    for phrase in near:
        wanted = match_words(phrase)
        size = len(wanted)
        if any(tuple(window[i : i + size]) == wanted for i in range(len(window) - size + 1)):
            return True
    return False


def choose(
    senses: Sequence[SenseOf],
    exam: Exam,
    line: Line,
    words: Sequence[str],
    start: int,
    end: int,
    nearby: frozenset[str],
    general: frozenset[str] = frozenset(),
) -> str | None:
    """Return the id of the one entry that the form means here; None where none or more than one fits.

    Where an entry of `general` is among several that fit it is meant: "nodule" is a small lump, in the lung or not.
    """
    if len(senses) == 1 and senses[0].when.is_empty():  # nearly all forms
        return senses[0].term_id
    fitting = [one for one in senses if fits(one.when, exam, line.section, words, start, end, nearby)]
    special = [one for one in fitting if not one.when.is_empty()]
    if len(exam.body_regions) == 1:
        asked = [one for one in special if set(exam.body_regions) & set(one.when.region)]
        special = asked or special
    if len(special) > 1 and nearby:
        local = [one for one in special if nearby & set(one.when.region)]
        special = local or special
    chosen = special or fitting
    ids = {one.term_id for one in chosen}
    if len(ids) > 1:
        ids &= general
    return ids.pop() if len(ids) == 1 else None
