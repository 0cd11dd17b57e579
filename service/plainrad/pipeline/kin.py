"""Whose it is: of "back pain, long term steroids, mother had osteoporosis" only what stands with the mother is hers."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from spacy.tokens import Doc

from plainrad.pipeline.drafts import Cue, Draft, evidence, work
from plainrad.pipeline.rules import Grammar

_ENDS: Final = frozenset({",", ";", ":", ")", "("})
_LABELS: Final = frozenset({"family", "fh", "fhx", "famhx", "strong"})
_IN: Final = frozenset({"in", "of", "from", "affecting", "by", "with"})
_BEFORE_KIN: Final = frozenset({"his", "her", "their", "the", "a", "an", "one", "two", "three", "both", "several", "first", "second", "maternal", "paternal", "patient's", "younger", "older", "elder", "identical", "-", "degree"})  # fmt: skip
_OWN_STORY: Final = frozenset(
    {
        "bleed",
        "bleeding",
        "bleeds",
        "lump",
        "lumps",
        "palpable",
        "swelling",
        "weight",
        "raised",
        "deranged",
        "fall",
        "fell",
        "trauma",
        "pr",
        "pv",
        "haematuria",
        "haemoptysis",
        "smoker",
        "screening",
    }
)
_SELF: Final = frozenset({"he", "she", "patient", "patient's", "pt", "himself", "herself", "now", "today", "presents", "presented", "presenting", "?", "query", "known", "previous", "prev", "no", "own", "his", "her"})  # fmt: skip


_TITLES: Final = frozenset({"family history", "fhx", "fh", "famhx", "family hx"})


def under_family_header(doc: Doc) -> None:
    """Let the first sentence under "Family history:" be the family's, but for what it denies."""
    tokens = work(doc).tokens
    opens = [tokens.starts[line.start] for line in work(doc).lines]
    headers: dict[int, int] = {}
    for section in work(doc).sections:
        number = bisect_left(opens, section.body)
        if (section.title or "").lower() in _TITLES and number < len(opens) and opens[number] < section.end:
            headers[number] = tokens.at(section.start)
    for draft in work(doc).drafts:
        if draft.line in headers and draft.assertion == "historical" and draft.kind != "anatomy":
            draft.assertion, draft.certainty, draft.reportable = "other_person", "definite", False
            header = headers[draft.line]
            draft.evidence.append(evidence(doc, "section.family", header, header + 1))


def theirs(words: Sequence[str], cue: Cue, drafts: Sequence[Draft], grammar: Grammar) -> list[Draft]:
    """Return the drafts of the sentence that a word for a member of the family speaks of."""
    if not drafts:
        return []
    first, last = min(one.start for one in drafts), max(one.end for one in drafts)
    before = _before(words, cue, drafts, first)
    if _is_in(words, cue.start, first) and before:
        return before
    end = _forward_end(words, cue, last, grammar)
    after = [one for one in drafts if cue.end <= one.start < end]
    return after or before


def _is_in(words: Sequence[str], index: int, first: int) -> bool:
    """Return True for "in her mother": what is in somebody was named before."""
    index -= 1
    while index > first and (words[index] in _BEFORE_KIN or words[index].isdigit()):
        index -= 1
    return index > first and words[index] in _IN


def _before(words: Sequence[str], cue: Cue, drafts: Sequence[Draft], first: int) -> list[Draft]:
    """Return what stands before in the same part of the sentence; before its bracket where the bracket names nothing."""
    index = _part_start(words, cue.start, first)
    inside = [one for one in drafts if index <= one.start and one.end <= cue.start]
    if inside or index == first or words[index - 1] != "(":
        return inside
    index = _part_start(words, index - 1, first)
    return [one for one in drafts if index <= one.start and one.end <= cue.start]


def _part_start(words: Sequence[str], index: int, first: int) -> int:
    while index > first and words[index - 1] not in _ENDS:
        index -= 1
    return index


def _forward_end(words: Sequence[str], cue: Cue, last: int, grammar: Grammar) -> int:
    """Return where that which is said of the family ends: with its list, and before the patient's own story."""
    label = bool(_LABELS & set(words[cue.start : cue.end]))
    if not label and cue.end < last and words[cue.end] == "(":  # "mother (asthma, died aged 63)"
        return next((i for i in range(cue.end, last) if words[i] == ")"), last)
    parts = [i for i in range(cue.end, last) if words[i] in (",", ";", "(", ")")]
    end = parts[0] if parts else last
    for number, comma in enumerate(parts):
        stop = parts[number + 1] if number + 1 < len(parts) else last
        part = words[comma + 1 : stop]
        own = bool(part) and (part[0] in _SELF or bool((grammar.symptom_words | _OWN_STORY) & set(part)))
        if words[comma] == ";" or own or (words[comma] == ")" and not label):
            return comma
        if not label and not _is_listed(words, comma, last, grammar):
            return comma
        end = stop
    return end


def _is_listed(words: Sequence[str], comma: int, last: int, grammar: Grammar) -> bool:
    """Return True where the comma is one of a list that "and" closes, with no verb on the way."""
    for index in range(comma + 1, last):
        if words[index] in ("and", "&", "or"):
            return True
        if words[index] in grammar.finite_verbs or words[index] in (";", "(", ")"):
            return False
    return False
