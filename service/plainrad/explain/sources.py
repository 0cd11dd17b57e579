"""The places in the original that a statement rests on: its sentence, a label before it, a size told elsewhere, a quote."""

import re
from collections.abc import Sequence

from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.restrict import TAIL_END

LEVEL = re.compile(
    r"\b[CTLS]\d{1,2}\b(?!\s?-?(?:signal|hyper|hypo|iso|bright|dark|weighted|w\b|flair))"
)  # not "T2 signal"
_ROW_LEVEL = re.compile(  # "L4/5: ...", and at the beginning of a line "L4/5 - ..."
    r"(?<![A-Za-z0-9])([CTLS]\d{1,2}(?:\s?[/\-]\s?[CTLS]?\d{1,2})?)(?:\s*:|(?:(?<=^[CTLS]\d[/\-]\d)|(?<=^[CTLS]\d[/\-][LST]\d)|(?<=^T\d[/\-]\d\d)|(?<=^T\d\d[/\-]\d\d))\s[-\u2013]\s)",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_ROW = 1500  # characters: further away no label is looked for, so that one endless line stays quick
_PAIR = re.compile(r"\b[CTLS]\d{1,2}\s?[/\-]\s?[CTLS]?\d{1,2}\b", re.IGNORECASE)
_ROW = re.compile(r"\s*(?:[-*\u2022]\s*)?([A-Z][A-Za-z /]{1,34})(?::\s|\s[-\u2013]\s)")
_ROW_OF_A_SIDE = re.compile(r"(?:left|right|lt|rt|both)\b(?!.*\b(?:and|or|&)\b)", re.IGNORECASE)
_HEADING_LINE = re.compile(r"[ \t]*([A-Z][A-Za-z]+(?: [A-Za-z]+){0,3})[ \t]*:?[ \t]*")
_LEFT_OR_RIGHT = re.compile(r"\b(?:left|right|lt|rt|both|bilateral\w*)\b", re.IGNORECASE)
_SENTENCE_PART = re.compile(r"[;.](?=\s|$)|,?\s(?:but|however|although)\b", re.IGNORECASE)
_SIDED = re.compile(
    r"\s*(?:\d+[.)]\s*)?((?:right|left)\s+(?!and\b|or\b|sided\b|greater\b|more\b|than\b)[a-z]+)\b", re.IGNORECASE
)
_SIDE = re.compile(r"\b(?:left|right|both)\b", re.IGNORECASE)
# Rules that may take a side from another sentence.
SIDE_ELSEWHERE = ("side.of-label", "side.of-implant", "side.of-observation", "side.of-repeat")
_LABEL_ALONE = re.compile(r"[^.;:]{1,60}:\s*")
_CLAUSE_BEFORE = re.compile(
    r"(?:[.;:,(\-–]\s*|\b(?:and|but|with|although|though|however|or|there (?:is|are|was|were))\s+|\n\s*)$", re.I
)
_SUBJECT = re.compile(
    r"(?:no|nil|without|none|neither|not? (?:evidence|sign)|negative|absence|absent|there|free)\b", re.I
)
CAVEAT = re.compile(
    r"\b(?:but|although|though|however|while|albeit)\b[^.]{0,80}?\b(?:cannot|can not|could not|does not|do not|did not|is not|are not|not (?:entirely |completely |fully |reliably )?"
    r"(?:excluded|assessed|possible)|limited|limits?|insensitive|difficult|necessary|needed|obscured|degraded|poorly)\b",
    re.I,
)
_LONGEST_WHOLE = 45  # words of a sentence that is quoted whole
_MANY_LEVELS = re.compile(
    r"\bmulti-?level\b|\bworst\b|\bmost (?:marked|severe|pronounced)\b|\bmaximal\b", re.IGNORECASE
)
_LONGEST_HEADING = 60  # characters
_SEVERAL = 2
_LEAD = re.compile(r"(?:with|and|but)\s+", re.IGNORECASE)


def level_of(number: int, reading: Reading, text: str, *, named: bool) -> Extent | None:
    """Return the disc level of a sentence: the one that it names (where `named`), else the label of its row ("L3/4: ..."), else None."""
    sentence = reading.sentences[number]
    before = reading.sentences[number - 1] if number > 0 else None
    if before is not None and (alone := _ROW_LEVEL.fullmatch(text[before.start : before.end].strip())):
        return Extent(before.start + alone.start(1), before.start + alone.end(1))  # "L4/5:" at the end of a line
    labelled = _ROW_LEVEL.match(text, sentence.start, sentence.end) is not None
    if not labelled and LEVEL.search(text, sentence.start, sentence.end):
        pairs = list(_PAIR.finditer(text, sentence.start, sentence.end))
        one = (
            named
            and not _MANY_LEVELS.search(text, sentence.start, sentence.end)
            and len({match.group().lower() for match in pairs}) == 1
        )
        if one or pairs:
            return Extent(pairs[0].start(), pairs[0].end()) if one else None
    row = max(text.rfind("\n", 0, sentence.start) + 1, sentence.start - _LONGEST_ROW)
    found = [one for one in _ROW_LEVEL.finditer(text, row, sentence.end) if one.start(1) <= sentence.start + 4]
    return Extent(found[-1].start(1), found[-1].end(1)) if found else None


def level_told_before(mention: Mention, reading: Reading) -> bool:
    """Return True when the place of a finding is a disc level that an earlier finding of its section stands at too."""
    place = reading.by_id.get(mention.location or "")
    if place is None or not LEVEL.match(place.text):
        return False
    for one in reading.mentions:
        other = reading.by_id.get(one.location or "")
        here = one.kind == "finding" and one.section == mention.section
        if here and other is not None and other.term_id == place.term_id:
            return one.id != mention.id
    return False


def own_words(mention: Mention, reading: Reading, text: str) -> Extent:
    """Return what to quote of a "no": from the negator to the end of its clause; of anything else the whole sentence."""
    sentence = reading.sentences[mention.sentence]
    cue = next((one for one in mention.evidence if one.rule.startswith(("neg.", "res."))), None)
    if mention.assertion != "absent" or cue is None or not sentence.start <= cue.start < sentence.end:
        return Extent(sentence.start, sentence.end)
    start = min(cue.start, mention.start)
    lead = _LEAD.match(text, start, mention.start)
    start, end = lead.end() if lead else start, _end_of_no(mention, max(cue.end, mention.end), reading, text)
    if _LABEL_ALONE.fullmatch(text, sentence.start, start):
        start = sentence.start  # "L1/2 to L3/4: no disc herniation" holds at these levels only
    short = len(text[sentence.start : sentence.end].split()) <= _LONGEST_WHOLE
    if short and (not _opens_a_clause(start, sentence.start, text) or CAVEAT.search(text, end, sentence.end)):
        return Extent(sentence.start, sentence.end)
    return Extent(start, end)


def _opens_a_clause(start: int, opens: int, text: str) -> bool:
    """Return False for words that say nothing without what stands before them: "(the duct) holds no stone", "rather than a fracture"."""
    return start <= opens or (
        _CLAUSE_BEFORE.search(text, opens, start) is not None and _SUBJECT.match(text, start) is not None
    )


def _end_of_no(mention: Mention, after: int, reading: Reading, text: str) -> int:
    """Return where what is said of a "no" ends: before the next thing that is not absent, else with the sentence."""
    sentence = reading.sentences[mention.sentence]
    others = (one for one in reading.by_sentence[mention.sentence] if one.kind in ("finding", "device"))
    limit = min((one.start for one in others if one.start >= after and one.assertion != "absent"), default=None)
    hard = _SENTENCE_PART.search(text, after, sentence.end)
    end = hard.start() if hard else sentence.end
    if limit is None or limit >= end:
        return end
    stops = [one.start() for one in TAIL_END.finditer(text, after, limit)]
    return stops[-1] if stops else end


def elsewhere(mention: Mention, source: Extent, reading: Reading) -> list[Extent]:
    """Return what else a statement rests on: the label that gives the side, the sentence that gives the size or the change."""
    labels = [
        one
        for one in mention.evidence
        if one.rule in SIDE_ELSEWHERE and (one.end <= source.start or one.start >= source.end)
    ]
    found = [Extent(one.start, one.end) for one in labels]
    told = [one.start for one in mention.measurements]
    told += [one.start for one in mention.evidence if one.rule.startswith(("chg.", "res."))]  # "It has since resolved."
    for place in dict.fromkeys(told):
        if not source.start <= place < source.end:
            found += [Extent(one.start, one.end) for one in reading.sentences if one.start <= place < one.end]
    return found


def side_is_elsewhere(mention: Mention, source: Extent) -> bool:
    """Return True where what gives the side stands outside of the sentence, and leaving it out makes no "no" wider."""
    given = [one for one in mention.evidence if one.rule.startswith("side.")]
    apart = all(one.end <= source.start or one.start >= source.end for one in given)
    return mention.laterality is not None and mention.assertion != "absent" and bool(given) and apart


def with_sentence_before(extent: Extent, reading: Reading, text: str, *, longest: int = 45) -> Extent:
    """Return `extent` with the sentence before it in its paragraph, for words that point back ("This is likely old")."""
    number = next((place for place, one in enumerate(reading.sentences) if one.start <= extent.start < one.end), 0)
    if number == 0:
        return extent
    before = reading.sentences[number - 1]
    if before.section != reading.sentences[number].section or "\n\n" in text[before.end : extent.start]:
        return extent
    return Extent(before.start, extent.end) if len(text[before.start : extent.end].split()) <= longest else extent


def row_label(start: int, reading: Reading, text: str) -> tuple[str, Extent | None]:
    """Return the label of the row in which a later sentence stands ("Endometrium: 7 mm. No focal lesion."), and its place."""
    line = text.rfind("\n", 0, start) + 1
    match = _ROW.match(text, line, start) or _heading_above(text, line)
    if match is None or any(one.start <= match.start(1) < one.body for one in reading.sections):
        return "", None
    return " ".join(match[1].split()), Extent(match.start(1), match.end(1))


def _heading_above(text: str, line: int) -> re.Match[str] | None:
    """Return the line "LEFT CIRCUMFLEX ARTERY:" that stands right above the paragraph of a line."""
    top = max(text.rfind("\n\n", 0, line), text.rfind(":\n", 0, line))
    before = text.rfind("\n", 0, max(0, top)) + 1
    return _ROW.fullmatch(text, before, top + 2) if top > 0 and text[top] == ":" else None


def side_label(mention: Mention, source: Extent, text: str) -> str:
    """Return the part and side that open a sentence which names no other side ("Right knee ..."), or nothing."""
    opens = _SIDED.match(text, source.start, source.end)
    sides = {one.lower() for one in _SIDE.findall(text[source.start : source.end])}
    if opens is None or mention.start < opens.end() or len(sides) != 1:
        return ""
    label = " ".join(opens[1].split())
    return label[:1].upper() + label[1:]


def row_of_a_side(source: Extent, reading: Reading, text: str) -> tuple[str, Extent | None]:
    """Return the label that gives the side of a row ("Left: 11.4 cm. No stone."), where the sentence itself names none, and its place."""
    label, place = row_label(source.start, reading, text)
    if place is None or not _ROW_OF_A_SIDE.match(label):
        return "", None
    if _LEFT_OR_RIGHT.search(text, max(source.start, place.end), source.end):
        return "", None
    return label, place


def heading_of(start: int, known: Sequence[Extent], reading: Reading, text: str) -> tuple[str, Extent | None]:
    """Return the part of the body whose bare heading stands right above the lines of a sentence, in a report with several of them."""
    found = [one for one in known if one.end <= start]
    if len(known) < _SEVERAL or not found:
        return "", None
    last = found[-1]
    if "\n\n" in text[last.end : start].strip("\n").replace("\n \n", "\n\n") or any(
        last.end <= one.start < start for one in reading.sections
    ):
        return "", None
    return " ".join(text[last.start : last.end].split()).rstrip(":"), last


def headings(reading: Reading, text: str) -> list[Extent]:
    """Return the lines that hold the name of a part of the body and nothing else."""
    found: list[Extent] = []
    for one in reading.mentions:
        if one.kind != "anatomy":
            continue
        line = text.rfind("\n", max(0, one.start - _LONGEST_HEADING), one.start) + 1
        end = text.find("\n", one.end, one.end + _LONGEST_HEADING)
        if end < 0 or (line == 0 and one.start > _LONGEST_HEADING):
            continue
        match = _HEADING_LINE.fullmatch(text, line, end)
        if match and not any(place.start == match.start(1) for place in found):
            found.append(Extent(match.start(1), match.end(1)))
    return found


def follows(number: int, reading: Reading) -> bool:
    """Return True for a sentence behind another one of its section, which may have said what it is about."""
    return number > 0 and reading.sentences[number - 1].section == reading.sentences[number].section
