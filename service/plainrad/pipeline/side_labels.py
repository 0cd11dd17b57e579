"""Labels that name a side for the rest of their row or paragraph: "Left kidney:", "Right kidney 10.1 cm.", "LEFT BREAST" on a line of its own."""

from dataclasses import dataclass

from spacy.tokens import Doc

from plainrad.domain.reading import Side
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Draft, Line, work
from plainrad.pipeline.side_alone import OF_LESION
from plainrad.pipeline.side_words import ANYWHERE, side_of

_HEADING_WORDS = frozenset({":", ".", "left", "right", "the", "lt", "rt", "l", "r", "-"})
_BULLETS = frozenset({"-", "*"})
_MEASURED = frozenset({"-", "measures", "measuring"})
_LIMB = frozenset({"shoulder", "elbow", "wrist", "hip", "knee", "ankle"})
_WITH_LIMB = _LIMB | {"bone", "soft-tissue", "general", "vascular"}
_LESIONS = frozenset({"lesion", "nodule", "mass"})
_COLON, _PART = 6, 4  # tokens in which the colon of a label, and the part of a row, must stand


@dataclass(frozen=True, slots=True)
class Label:
    """A side, where its label stands, and the regions of the parts that the label names."""

    side: Side
    at: tuple[int, int]
    regions: frozenset[str]
    sized: bool
    glossary: Glossary
    until: int = (
        0  # of a numbered lesion: the token after its sentence, beyond which only what belongs to a lesion is held
    )

    def holds(self, draft: Draft, around: set[str]) -> bool:
        """Return True for what lies in the part: nothing of the chest in a row on the shoulder, only its own in one that opens with a size."""
        if self.until and draft.start >= self.until:
            return draft.term_id in OF_LESION
        region = self.region(draft)
        if self.regions and self.regions <= _LIMB and not {region, *around} - {""} <= _WITH_LIMB:
            return False
        if not self.sized or not region:
            return True
        return region in self.regions or (draft.term_id in ANYWHERE and around <= self.regions)

    def region(self, draft: Draft) -> str:
        """Return the region of the entry, or nothing."""
        return self.glossary.terms[draft.term_id].region if draft.term_id else ""


class SideLabels:
    """Reads the sentences of a report in order and keeps the label that holds for each."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._label: Label | None = None
        self._row = -1
        self._under = False

    def read(self, doc: Doc, line: Line, members: list[Draft]) -> Label | None:
        """Return the label that holds for the sentence."""
        tokens = work(doc).tokens
        between = tokens.text[self._row : tokens.starts[line.start]] if self._row >= 0 else "\n\n"
        heading = self._heading(doc, line, members)
        kept = "\n" not in between or (self._under and between.count("\n") < 2)
        if heading is not None:
            self._label = self._made(doc, members, line.start, line.end, heading[0])
        else:
            self._label = self._opened(doc, line, members, self._label if kept else None, new_row="\n" in between)
        self._under = heading is not None or (self._under and kept)
        self._row = tokens.ends[line.end - 1]
        return self._label

    def _made(
        self, doc: Doc, members: list[Draft], start: int, end: int, side: Side | None, *, sized: bool = False
    ) -> Label | None:
        if side is None:
            return None
        parts = [one for one in members if one.kind == "anatomy" and one.term_id and start <= one.start < end]
        regions = frozenset(self._glossary.terms[one.term_id or ""].region for one in parts)
        tokens = work(doc).tokens
        return Label(side, (tokens.starts[start], tokens.ends[end - 1]), regions, sized, self._glossary)

    def _opened(
        self, doc: Doc, line: Line, members: list[Draft], current: Label | None, *, new_row: bool
    ) -> Label | None:
        """Return the label at the beginning of the sentence, else the one that held before."""
        words = work(doc).tokens.words
        lesion = self._numbered(doc, line)
        if lesion is not None:
            return lesion
        for index in range(line.start, min(line.end, line.start + _COLON - 1)):
            if words[index] == ":":
                sides = {side_of(work(doc).tokens, i) for i in range(line.start, index)} - {None}
                return self._made(doc, members, line.start, index + 1, sides.pop() if len(sides) == 1 else None)
        start = line.start + (words[line.start] in _BULLETS)
        part = next((one for one in members if one.kind == "anatomy" and start <= one.start < start + _PART), None)
        if new_row and part is not None and part.end < line.end:
            side = next(
                (side_of(work(doc).tokens, i) for i in range(start, part.end) if side_of(work(doc).tokens, i)), None
            )
            lead = all(i >= part.start or side_of(work(doc).tokens, i) for i in range(start, part.end))
            after = words[part.end]
            alone = {side_of(work(doc).tokens, i) for i in range(start, line.end)} - {None} == {side}
            if side in ("left", "right") and lead and alone and (after in _MEASURED or after[0].isdigit()):
                return self._made(doc, members, line.start, part.end, side, sized=True)
        if current is not None and current.sized and self._leaves(members, current):
            return None
        return current

    def _numbered(self, doc: Doc, line: Line) -> Label | None:
        """Return the label of "Lesion 1 - left mid posterolateral, 16 mm focus ...", which may follow the name of an organ."""
        tokens = work(doc).tokens
        words = tokens.words
        if _LESIONS.isdisjoint(words[line.start : line.start + _COLON]):
            return None
        at = next((i for i in range(line.start, min(line.end - 3, line.start + _COLON)) if words[i] in _LESIONS), None)
        if at is None or not words[at + 1].isdigit() or words[at + 2] not in (":", "-"):
            return None
        side = side_of(tokens, at + 3)
        if side not in ("left", "right") or {side_of(tokens, i) for i in range(line.start, line.end)} != {None, side}:
            return None
        spot = (tokens.starts[at], tokens.ends[at + 3])
        return Label(side, spot, frozenset(), sized=False, glossary=self._glossary, until=line.end)

    def _leaves(self, members: list[Draft], label: Label) -> bool:
        """Return True for a sentence on another organ, or on one that has no sides: the bladder after "Left kidney 11 cm."."""
        for one in members:
            if one.kind == "anatomy" and one.term_id is not None:
                parts = [self._glossary.parts[name] for name in one.anatomy if name in self._glossary.parts]
                if one.plural or self._glossary.terms[one.term_id].region not in label.regions or not all(each.sides for each in parts):  # fmt: skip
                    return True
        return False

    def _heading(self, doc: Doc, line: Line, members: list[Draft]) -> tuple[Side | None] | None:
        """Return the side of a line that holds a part of the body and nothing else ("Left kidney"), None for any other line."""
        words = work(doc).tokens.words
        parts = [one for one in members if one.kind == "anatomy"]
        names = {i for one in parts for i in range(one.start, one.end)}
        if not parts or line.end - line.start > _PART:
            return None
        if not all(i in names or words[i] in _HEADING_WORDS for i in range(line.start, line.end)):
            return None
        sides = {side_of(work(doc).tokens, i) for i in range(line.start, line.end)} - {None}
        return (sides.pop(),) if len(sides) == 1 else (None,)


def names_side(doc: Doc, line: Line, label: Label) -> bool:
    """Return True when the sentence names a side of its own, after its label."""
    tokens = work(doc).tokens
    words = tokens.words
    colon = next((i for i in range(line.start, min(line.end, line.start + _COLON)) if words[i] == ":"), line.start - 1)
    start = max(colon + 1, tokens.at(label.at[1] - 1) + 1 if label.sized or label.until else line.start)
    return any(side_of(tokens, i) in ("left", "right") for i in range(start, line.end))
