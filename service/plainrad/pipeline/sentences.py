"""`rad_sentences`: sentences and clauses of dictated text: bullets, numbered lists, hard-wrapped lines, missing full stops."""

import itertools

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from plainrad.pipeline.drafts import Line, SectionDraft, work
from plainrad.pipeline.notes_style import NotesStyle
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Grammar, Rules
from plainrad.pipeline.text import Tokens

_CLAUSE_MARKS = frozenset({";"})
_ASKING = frozenset({"has", "have", "is", "are", "was", "were", "does", "do", "did"})
_LONGEST = 250  # tokens: nobody dictates a longer sentence, and none may make reading slow
# These stand before what they describe and end no sentence: "ILEUS RATHER THAN MECHANICAL" is not over where its line is.
_BEFORE_NOUN = frozenset({"mechanical", "pleural", "pericardial", "mediastinal", "vertebral", "intestinal", "peritoneal", "cerebral", "spinal"})  # fmt: skip
_MIN_WRAP, _MAX_WRAP = 45, 110


class SentenceFinder:
    """Splits the words of each section into sentences, and each sentence into clauses."""

    def __init__(self, rules: Rules) -> None:
        self._abbreviations = rules.sentence_abbreviations
        self._clauses = ClauseFinder(rules.grammar)

    def __call__(self, doc: Doc) -> Doc:
        """Assign `doc._.lines` and mark the sentence starts of the Doc."""
        tokens = work(doc).tokens
        lines: list[Line] = []
        for section in work(doc).sections:
            lines.extend(self._lines(tokens, section))
        for line in lines:
            line.clauses = self._clauses.split(tokens, line.start, line.end)
            inner = range(line.start + 1, line.end - 1)
            line.dashes = frozenset(i for i in inner if tokens.words[i] == "-" and _spaced(tokens, i))
        work(doc).lines = lines
        if not len(doc):
            return doc
        marks = np.full((len(doc), 1), -1, dtype="int64")
        marks[[0, *(line.start for line in lines)]] = 1
        return doc.from_array(["SENT_START"], marks.astype("uint64"))  # type: ignore[arg-type]

    def _lines(self, tokens: Tokens, section: SectionDraft) -> list[Line]:
        start, stop = tokens.at(section.body), tokens.at(section.end)  # the first token of the next section is not ours
        written, until = section.block or (section.body, section.end)
        wrap = _wrap_width(tokens.text[written:until])
        style = NotesStyle(tokens.text[written:until], wrapped=wrap > 0)
        lines: list[Line] = []
        first = start
        for index in range(start, stop):
            if self._ends(tokens, index, first, stop, wrap) or style.ends(tokens, index) or index - first >= _LONGEST:
                _add(lines, tokens, first, index + 1, section)
                first = index + 1
        _add(lines, tokens, first, stop, section)
        return lines

    def _ends(self, tokens: Tokens, index: int, first: int, stop: int, wrap: int) -> bool:
        word = tokens.raw[index]
        if word == "\n":
            return self._line_ends(tokens, index, first, stop, wrap)
        if word not in ".!?" or index + 1 >= stop:
            return False
        following = tokens.raw[index + 1]
        spaced = tokens.starts[index + 1] > tokens.ends[index]
        if word == "?":  # "?PE" and "fall. ? fracture" ask; "fracture? Pain." ends a sentence
            attached = (
                index > first and tokens.ends[index - 1] == tokens.starts[index] and tokens.raw[index - 1][-1].isalnum()
            )
            return attached and (spaced or following == "\n") and (following[:1].isupper() or following == "\n")
        if following == "\n":
            return False  # the line end decides
        if word == "." and index > first:
            before = tokens.words[index - 1]
            if before in self._abbreviations and not (
                following[:1].isupper() and before in ("no", "st", "lat", "post")
            ):
                return False
            if index - 1 == first and (before.isdigit() or len(before) == 1):
                return False  # "1." and "a." open an item
            if len(before) == 1 and before.isalpha() and not spaced:
                return False  # e.g., i.e.
        if not spaced:
            return following[:1].isupper() and len(following) > 1 and tokens.raw[index - 1][-1:].isalpha()
        return True

    def _line_ends(self, tokens: Tokens, index: int, first: int, stop: int, wrap: int) -> bool:
        """Return True when a line end also ends the sentence; a hard-wrapped line runs on."""
        if index + 1 >= stop or index == first:
            return True
        following = tokens.raw[index + 1]
        if following in ("\n", "*", "-", "+", "#", ">"):
            return True
        before = tokens.raw[index - 1]
        if before in ".!?;:":
            return True
        if _opens_item(tokens, index + 1, stop):
            return True
        if before in (",", "-", "/", "(", "&") or tokens.words[index - 1] in (
            "and",
            "or",
            "of",
            "the",
            "with",
            "in",
            "to",
            "a",
            "is",
            "at",
        ):
            return False
        if tokens.words[index - 1] in _BEFORE_NOUN or following[:1].islower() or following in (",", ")", "("):
            return False
        if not wrap:
            return True
        line_start = tokens.text.rfind("\n", 0, tokens.starts[index]) + 1
        width = len(tokens.text[line_start : tokens.starts[index]].rstrip())
        next_end = tokens.ends[index + 1]
        return width + 1 + (next_end - tokens.starts[index + 1]) <= wrap


def _opens_item(tokens: Tokens, index: int, stop: int) -> bool:
    return index + 1 < stop and tokens.raw[index].isdigit() and tokens.raw[index + 1] in (".", ")", ":")


def _wrap_width(text: str) -> int:
    """Return the column at which the lines of `text` were wrapped, or 0 when they were not."""
    lengths = [len(line.rstrip()) for line in text.split("\n") if line.strip()]
    if len(lengths) < 3:
        return 0
    longest = max(lengths)
    if not _MIN_WRAP <= longest <= _MAX_WRAP:
        return 0
    near = sum(length > longest * 0.75 for length in lengths)
    return longest if near * 2 >= len(lengths) else 0


def _add(lines: list[Line], tokens: Tokens, start: int, end: int, section: SectionDraft) -> None:
    while start < end and tokens.raw[start] in "\n*+>":
        start += 1
    if start + 1 < end and tokens.raw[start] == "-" and tokens.starts[start + 1] > tokens.ends[start]:
        start += 1
    while end > start and tokens.raw[end - 1] == "\n":
        end -= 1
    if start < end:
        lines.append(Line(start, end, section.kind, section.older))


class ClauseFinder:
    """Splits a sentence where a new statement with a verb of its own begins."""

    def __init__(self, grammar: Grammar) -> None:
        self._verbs = grammar.finite_verbs
        self._confirming = grammar.confirming
        self._negators = frozenset({"no", "nil", "without", "not", "neither", "nor"})

    def split(self, tokens: Tokens, start: int, end: int) -> list[tuple[int, int]]:
        """Return the clauses of tokens `start` to `end` as token ranges that cover it."""
        words = tokens.words
        cuts = [start]
        for index in range(start, end):
            if (
                words[index] in _CLAUSE_MARKS
                or (words[index] == "." and start < index < end - 1)
                or (words[index] == "," and self._new_statement(words, cuts[-1], index, index + 1, end))
                or (words[index] in (",", "-") and _asks(words, index, end))
            ):
                cuts.append(index + 1)
            elif words[index] == "and" and self._new_statement(words, cuts[-1], index, index + 1, end):
                cuts.append(index)
            elif (
                words[index] == "-"
                and start < index < end - 1
                and _spaced(tokens, index)
                and self._verb(words, index + 1, end) is not None
            ):
                cuts.append(index + 1)
        cuts.append(end)
        return [(one, two) for one, two in itertools.pairwise(cuts) if two > one]

    def _new_statement(self, words: list[str], left: int, here: int, right: int, end: int) -> bool:
        """Return True when what follows has a subject and a finite verb, and what stands before is complete."""
        verb = self._verb(words, right, end)
        if verb is None:
            return False
        before = words[left:here]
        return bool(set(before) & self._verbs) or bool(
            set(before) & self._negators and not self._shared(words, verb, end)
        )

    def _verb(self, words: list[str], start: int, end: int) -> int | None:
        for index in range(start, end):
            if words[index] in (",", ";", "and", "which", "that", "where"):
                return None
            if words[index] in self._verbs and words[index - 1] != "to":
                return index if index > start or words[start] in ("there",) else None
        return None

    def _shared(self, words: list[str], verb: int, end: int) -> bool:
        """Return True for "no A and B are seen", where the verb belongs to A too."""
        return any(word in self._confirming for word in words[verb + 1 : min(verb + 4, end)])


def _asks(words: list[str], index: int, end: int) -> bool:
    """Return True where a question of its own follows: "contains gas - has the patient been catheterised?"."""
    return words[end - 1] == "?" and index + 2 < end and words[index + 1] in _ASKING


def _spaced(tokens: Tokens, index: int) -> bool:
    return tokens.starts[index] > tokens.ends[index - 1] and tokens.starts[index + 1] > tokens.ends[index]


@Language.factory(
    "rad_sentences", requires=["doc._.tokens", "doc._.sections"], assigns=["doc._.lines", "token.is_sent_start"]
)
def make_sentences(nlp: Language, name: str) -> SentenceFinder:
    """Return the component."""
    return SentenceFinder(resources_of(nlp).rules)
