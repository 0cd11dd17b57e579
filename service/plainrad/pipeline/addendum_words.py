"""Which words of an addendum take something back: a correction, the side of it, the whole report."""

from spacy.tokens import Doc

from plainrad.pipeline.drafts import Draft, Line, work

CORRECTS = frozenset({"correction", "corrected", "incorrect", "incorrectly", "error", "erroneous", "erroneously", "wrong", "wrongly", "amended", "replaces", "misreported", "mislabelled"})  # fmt: skip
_SIDES = frozenset({"left", "right", "lt", "rt"})
_WITHDRAWS = frozenset({"disregard", "disregarded", "ignore", "supersedes", "supersede", "superseded", "withdrawn", "retracted", "void"})  # fmt: skip
_WHOLE = frozenset({"above", "report", "previous", "original", "earlier", "entire"})
_A_PART = frozenset({"sentence", "line", "paragraph", "point", "word", "words", "comment", "measurement", "size", "side", "recommendation", "first", "last", "second"})  # fmt: skip


def sides_corrected(doc: Doc, members: list[int], title: set[str]) -> bool:
    """Return True where a side stands with words of correction: in their sentence or the next, or in an addendum that is called one.

    As in "Side error. The images are of the LEFT hand", not as in "Corona should read carina. The left sulcus is deep".
    """
    if title & CORRECTS:
        return any(said_in(doc, n) & _SIDES for n in members)
    before = False
    for n in members:
        said = said_in(doc, n)
        wrong = bool(said & CORRECTS)
        if (wrong or before or {"should", "read"} <= said) and said & _SIDES:
            return True
        before = wrong
    return False


def withdraws(doc: Doc, number: int) -> bool:
    """Return True for "please disregard the above report": nothing of it stands, but for "disregard the first sentence"."""
    said = said_in(doc, number)
    return bool(said & _WITHDRAWS and said & _WHOLE) and not said & _A_PART


def put_right_in(doc: Doc, newer: Draft, first: int) -> bool:
    """Return True for a finding whose sentence, or the one before it in the addendum, holds words of correction."""
    if {"should", "read"} <= said_in(doc, newer.line):
        return True
    return any(said_in(doc, n) & CORRECTS for n in range(max(first, newer.line - 1), newer.line + 1))


def said_in(doc: Doc, number: int) -> set[str]:
    """Return the words of a line, in small letters."""
    line: Line = work(doc).lines[number]
    return set(work(doc).tokens.words[line.start : line.end])
