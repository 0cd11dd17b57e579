"""Which words of a report no explanation covers and nobody may be expected to know."""

import re
from collections.abc import Iterator

from plainrad.domain.patient import PatientReport
from plainrad.glossary.words import EverydayWords

_WORD = re.compile(r"(?<!\w)[^\W\d_](?:[^\W\d_]|['’-])*[^\W\d_](?!\w)")
_BEFORE_A_SENTENCE = frozenset('.:;\n\r-?!)*•"“')
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


def unexplained(text: str, patient: PatientReport, everyday: EverydayWords) -> Iterator[tuple[int, int]]:
    """Yield where the hard words stand that are not explained: three letters or more, not everyday, not written as a name."""
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
