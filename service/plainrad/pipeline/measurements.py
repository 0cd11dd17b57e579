"""`rad_measurements`: sizes and other figures, what they belong to, and whether they are today's or an earlier scan's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Evidence, Measurement
from plainrad.pipeline.drafts import Draft, Line, work
from plainrad.pipeline.text import Tokens

_NUMBER = r"\d{1,4}(?:[.,]\d{1,3})?"
_UNIT = (
    r"(?:mm3|cm3|mm2|cm2|mm|cms|cm|mls|ml|cc|litres?|hu|degrees|%|millimetres?|centimetres?|millimeters?|centimeters?)"
)
_GAP = r"(?:\s|-(?=[a-z]))?"  # "5 mm", "5-mm"
_SIZE = re.compile(
    rf"(?P<less>[<>]\s?)?(?P<one>{_NUMBER}){_GAP}(?P<u1>{_UNIT})?"
    rf"(?:[\s-]?(?:\([a-z]{{1,4}}\)\s?)?(?P<join>(?(u1)(?:x|by)|(?:x|by|-|to|/)))[\s-]?(?P<two>{_NUMBER}){_GAP}(?P<u2>{_UNIT})?)?"
    rf"(?:[\s-]?(?:\([a-z]{{1,4}}\)\s?)?(?:x|by)[\s-]?(?P<three>{_NUMBER}){_GAP}(?P<u3>{_UNIT})?)?(?![\w/])",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"(?P<label>SUV\s?(?:max|mean|peak)?|[TZ]-?\s?score|Ca(?:lcium)? score|Agatston score)\s*(?:of|is|=|:|was|measures)?\s*(?P<value>[-+]?\s?{_NUMBER})(?![\w%])",
    re.IGNORECASE,
)
_SLICE = re.compile(r"^[\s\-]*(?:thick\s|axial\s|contiguous\s|coronal\s)?(?:slices?|sections?|cuts?|intervals?|collimation|increments?|thickness|thick|needle|gauge|french|fr\b|axial images|images|reconstructions?|reformats?|core|spacing|of contrast|of omnipaque|contrast|iv contrast|(?:of )?(?:intra-?articular |intravenous |iv |dilute |iodinated )?(?:gadolinium|contrast|omnipaque|saline|lidocaine|lignocaine|bupivacaine|levobupivacaine|fluid was (?:drained|aspirated)|depo))", re.I)  # fmt: skip
_PRIOR_BEFORE = re.compile(r"(?:\b(?:previously|formerly|earlier|prior|before|last|originally|cf\.?)\b[^.;]{0,18}|\bfrom\s(?:approximately\s|about\s)?|\bcompared (?:to|with)\s(?:approximately\s)?|\(\s?(?:was|were)\s|\bversus\s)$", re.I)  # fmt: skip
_PRIOR_AFTER = re.compile(r"^\s?(?:\)|in (?:diameter|size|length))?\s?,?\s?(?:previously(?!\s*(?:measur\w+\s*|was\s*)?\d)|before|on the (?:previous|prior|last|earlier)|at the (?:previous|last)|in (?:january|february|march|april|may|june|july|august|september|october|november|december|20\d\d|19\d\d)|last (?:year|month|time))", re.I)  # fmt: skip
_CURRENT_WORD = re.compile(r"\b(?:now|currently|today|to)\s(?:measur\w+\s)?(?:approximately\s|about\s)?$", re.I)
_FROM = re.compile(r"\b(?:reduc|decreas|increas|grow|grew|shr[aiu]nk|enlarg|chang|gone|went|up|down)\w*(?: in (?:size|diameter|length|depth))? from\s(?:approximately\s|about\s)?$", re.I)  # fmt: skip
_PRIOR_NUMBER = re.compile(
    r"\s?[(,]\s?(?:previously|formerly|was|prev\.?)\s(?P<value>\d{1,3}(?:[.,]\d)?)(?=\s?[),.;]|\s?$)", re.I
)
_NOW = re.compile(r"\b(?:now|currently|today)\b[^.;()]{0,25}$", re.I)
_GROWN = re.compile(r"^\)[^()]{0,12}\b(?:growth|increase|decrease|reduction|enlargement|grown|shrunk|larger|smaller|increased|decreased)\b", re.I)  # fmt: skip
_FIGURE = re.compile(r"\d")
_MEASURES = frozenset({"is", "measures", "measured", "measuring", "diameter", "size", "now", "up", "to", "at", "mm", "cm", "(", "previously", "was"})  # fmt: skip
_LENGTHS = frozenset({"mm", "cm"})
_OWNERS = frozenset({"finding", "device", "other"})
_UNITS = {"cms": "cm", "mls": "ml", "millimetre": "mm", "millimetres": "mm", "millimeter": "mm", "millimeters": "mm", "centimetre": "cm", "centimetres": "cm", "centimeter": "cm", "centimeters": "cm", "litre": "l", "litres": "l", "hu": "HU"}  # fmt: skip


class Measurer:
    """Finds measurements in the words of findings and gives each to what it measures."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill in `measurements` of the drafts."""
        tokens = work(doc).tokens
        by_line: dict[int, list[Draft]] = {}
        for draft in work(doc).drafts:
            by_line.setdefault(draft.line, []).append(draft)
        owner: Draft | None = None
        for number, line in enumerate(work(doc).lines):
            if line.section == "technique":
                continue
            drafts = [one for one in by_line.get(number, []) if one.kind in _OWNERS]
            parts = [one for one in by_line.get(number, []) if one.kind == "anatomy"]
            for found in self._in_line(tokens, line):
                chosen = _owner(tokens, line, drafts, found, parts) or _owner(tokens, line, parts, found)
                if chosen is None and not drafts and owner is not None and line.start and tokens.words[line.start] in ("it", "this", "measuring", "measures", "size", "maximum", "currently", "now", "previously"):  # fmt: skip
                    chosen = owner
                if chosen is not None:
                    chosen.measurements.append(found)
            sized = [one for one in drafts if one.measurements]
            owner = (sized[0] if len(sized) == 1 else drafts[-1]) if drafts else owner
        for draft in work(doc).drafts:
            _compare(draft)
        return doc

    def _in_line(self, tokens: Tokens, line: Line) -> Iterator[Measurement]:
        start, end = tokens.starts[line.start], tokens.ends[line.end - 1]
        text = tokens.text[start:end]
        if _FIGURE.search(text):
            yield from find_measurements(text, start)


def _compare(draft: Draft) -> None:
    """Sizes of today and of before, in one unit, say how a thing has changed."""
    sizes = [one for one in draft.measurements if one.unit in _LENGTHS] or draft.measurements  # an SUV may stand beside
    now, before = ([one for one in sizes if one.when == when] for when in ("current", "prior"))
    if draft.change is not None or draft.assertion not in ("present", "possible") or len(now) != 1 or len(before) != 1:
        return
    one, two = now[0], before[0]
    if one.unit != two.unit or len(one.values) != len(two.values) or one.values == two.values:
        return
    pairs = list(zip(sorted(one.values), sorted(two.values), strict=True))
    if all(new >= old for new, old in pairs) or all(
        new <= old for new, old in pairs
    ):  # else grown one way, shrunk another
        draft.change = "larger" if sum(one.values) > sum(two.values) else "smaller"
        draft.evidence.append(Evidence("change.by-size", two.start, two.end))


def find_measurements(text: str, offset: int = 0) -> list[Measurement]:
    """Return the measurements of one sentence; offsets are moved by `offset`. Levels, dates, ages and slices are none."""
    found: list[Measurement] = []
    taken: list[tuple[int, int]] = []
    for match in _LABELLED.finditer(text):
        label = match["label"].lower().replace(" ", "")
        unit: str | None = (
            "SUV" if label.startswith("suv") else f"{label[0].upper()}-score" if label[0] in "tz" else "score"
        )
        value = float(match["value"].replace(" ", "").replace(",", "."))
        found.append(_measurement(text, match.start(), match.end(), (value,), unit, offset))
        taken.append(match.span())
    for match in _SIZE.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        both = _from_to(match, text, offset)
        if both is not None:
            found.extend(both)
            continue
        sized = _size(match, text)
        if sized is None:
            continue
        values, unit = sized
        found.append(_measurement(text, match.start(), match.end(), values, unit, offset))
    found.sort(key=lambda one: one.start)
    return _with_priors(text, found, offset)


def _from_to(match: re.Match[str], text: str, offset: int) -> list[Measurement] | None:
    """As in "reduced from 9 to 5 mm": two sizes, not a range."""
    if (
        (match["join"] or "").lower() != "to"
        or match["three"]
        or not match["u2"]
        or not _FROM.search(text[max(0, match.start() - 60) : match.start()])
    ):
        return None
    plain = match["u2"].lower()
    unit = _UNITS.get(plain, plain)
    if match["u1"] and _UNITS.get(match["u1"].lower(), match["u1"].lower()) != unit:
        return None
    end = match.end("u1") if match["u1"] else match.end("one")
    old, new = (float(match[name].replace(",", ".")) for name in ("one", "two"))
    start, second, stop = match.start("one"), match.start("two"), match.end("u2")
    return [
        Measurement(text[start:end], offset + start, offset + end, (old,), unit, "prior"),
        Measurement(text[second:stop], offset + second, offset + stop, (new,), unit, "current"),
    ]


def _with_priors(text: str, found: list[Measurement], offset: int) -> list[Measurement]:
    """Return the measurements with the older sizes in brackets behind them: "8 mm (previously 3)", "now 3.1 cm (6.8 cm)"."""
    told: list[Measurement] = []
    for size in found:
        one = replace(size, when="prior") if told and _in_brackets(text, told[-1], size, offset) else size
        told.append(one)
        bare = _PRIOR_NUMBER.match(text, one.end - offset)
        if bare is not None and one.when == "current" and len(one.values) == 1 and one.unit in _LENGTHS:
            start, stop = bare.span("value")
            value = float(bare["value"].replace(",", "."))
            told.append(Measurement(text[start:stop], offset + start, offset + stop, (value,), one.unit, "prior"))
    return told


def _in_brackets(text: str, now: Measurement, one: Measurement, offset: int) -> bool:
    """Return True for the older size of "now 3.1 cm (6.8 cm)", "68 mm (63 mm), i.e. growth": the words about it must say so."""
    start, end = now.start - offset, one.end - offset
    if now.when != "current" or now.unit != one.unit or one.unit not in _LENGTHS or len(now.values) != len(one.values):
        return False
    if text[now.end - offset : one.start - offset].strip() != "(" or text[end : end + 1] != ")":
        return False
    return bool(_NOW.search(text[max(0, start - 40) : start]) or _GROWN.search(text[end : end + 40]))


def _size(match: re.Match[str], text: str) -> tuple[tuple[float, ...], str | None] | None:
    before = text[: match.start()]
    if before[-1:].isalnum() or (before[-1:] in "/.," and before[-2:-1].isdigit()):
        return None
    unit = match["u3"] or match["u2"] or match["u1"]
    join = (match["join"] or "").lower()
    if unit is None and not (join in ("x", "by") and match["two"]):
        return None
    if unit is None and match["three"] is None and re.search(r"(?:grid|field|matrix)\s*$", before, re.I):
        return None
    if join in ("-", "to", "/") and match["two"] and not (match["u2"] or match["u3"]):
        return None
    if _SLICE.match(text[match.end() :]) or (re.search(r"\b(?:slice thickness(?: of)?|every|dose(?: of)?|dlp|field strength|at)\s*$", before, re.I) and _SLICE.match(text[match.end():])):  # fmt: skip
        return None
    if re.search(r"\bslice thickness(?: of)?\s*$", before, re.I):
        return None
    numbers = tuple(float(match[name].replace(",", ".")) for name in ("one", "two", "three") if match[name])
    plain = (unit or "").lower()
    return numbers, _UNITS.get(plain, plain or None)


def _measurement(
    text: str, start: int, end: int, values: tuple[float, ...], unit: str | None, offset: int
) -> Measurement:
    while end > start and text[end - 1] in " .,":
        end -= 1
    before, after = text[:start], text[end:]
    prior = bool(_PRIOR_AFTER.match(after)) or (bool(_PRIOR_BEFORE.search(before)) and not _CURRENT_WORD.search(before))
    return Measurement(text[start:end], offset + start, offset + end, values, unit, "prior" if prior else "current")


def _owner(
    tokens: Tokens, line: Line, drafts: list[Draft], found: Measurement, parts: Sequence[Draft] = ()
) -> Draft | None:
    """Return what is measured: the thing right after the figure, else the nearest before it, else the first after it.

    None where one of `parts` is measured itself: "gallstones, CBD 7 mm".
    """
    clause = next(
        ((s, e) for s, e in line.clauses if tokens.starts[s] <= found.start < tokens.ends[e - 1]),
        (line.start, line.end),
    )
    inside = [one for one in drafts if clause[0] <= one.start < clause[1]] or drafts
    after = [one for one in inside if tokens.starts[one.start] >= found.end]
    before = [one for one in inside if tokens.ends[one.end - 1] <= found.start]
    if after:
        between = tokens.text[found.end : tokens.starts[after[0].start]].lower()
        if len(between.split()) <= 4 and not re.search(
            r"[,;:.()]|\b(?:is|are|was|in|at|from|with|and|above|below|to|of the|containing|contains|shows)\b", between
        ):
            return after[0]
    if before:
        own = any(one.start >= before[-1].end and _is_measured(tokens, line, one, found) for one in parts)
        return None if own else before[-1]
    return after[0] if after else None


def _is_measured(tokens: Tokens, line: Line, part: Draft, found: Measurement) -> bool:
    """Return True for a part that opens a clause and that the figure stands right behind."""
    if tokens.ends[part.end - 1] > found.start:
        return False
    between = [one for one in tokens.words[part.end : tokens.at(found.start)] if not one[0].isdigit()]
    start = part.start - 1 if part.start > line.start and tokens.words[part.start - 1] == "the" else part.start
    return set(between) <= _MEASURES and (start == line.start or tokens.words[start - 1] in (",", ";"))


@Language.factory(
    "rad_measurements", requires=["doc._.tokens", "doc._.lines", "doc._.drafts"], assigns=["doc._.drafts"]
)
def make_measurements(nlp: Language, name: str) -> Measurer:
    """Return the component."""
    return Measurer()
