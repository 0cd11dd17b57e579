"""What narrows a "no": "no significant stenosis" is not "no stenosis", and "none on these views" is not "none"."""

import re

from plainrad.domain.reading import Mention, Reading
from plainrad.glossary.lookup import Glossary

_SPLIT = re.compile(r",|/|\b(?:or|nor|and)\b", re.IGNORECASE)
_FREE = frozenset(
    [
        "a",
        "an",
        "any",
        "the",
        "of",
        "for",
        "to",
        "is",
        "are",
        "was",
        "were",
        "been",
        "has",
        "have",
        "there",
        "this",
        "that",
        "these",
        "evidence",
        "sign",
        "signs",
        "feature",
        "features",
        "definite",
        "left",
        "right",
        "bilateral",
        "both",
        "either",
        "either's",
        "suggestion",
        "seen",
        "with",
        "in",
        "on",
        "at",
        "area",
        "areas",
        "see",
        "identified",
        "appearance",
        "appearances",
        "finding",
        "findings",
        "suggest",
        "indicate",
        "by",
        "further",
        "other",
        "new",
        "radiographic",
        "radiological",
        "sonographic",
        "imaging",
        "ct",
        "mri",
        "and",
        "or",
        "nor",
        "as",
        "well",
        "associated",
        "underlying",
    ]
)
_SEEN = frozenset(
    [
        "seen",
        "identified",
        "demonstrated",
        "detected",
        "visualised",
        "visualized",
        "evident",
        "present",
        "noted",
        "apparent",
        "appreciated",
        "visible",
        "shown",
        "found",
        "depicted",
        "observed",
        "recognised",
        "absent",
        "excluded",
        "none",
        "negative",
        "not",
        "ruled",
        "out",
    ]
)
_CLEAR = frozenset(
    [
        "definite",
        "convincing",
        "clear",
        "obvious",
        "overt",
        "strong",
        "good",
        "visible",
        "apparent",
        "discrete",
        "direct",
        "gross",
        "compelling",
        "appreciable",
        "specific",
        "particular",
    ]
)
_BY_PICTURE = frozenset({"radiographic", "radiological", "radiologic", "sonographic", "mammographic", "scintigraphic", "imaging", "ct", "mri", "ultrasound"})  # fmt: skip
_CALLED = frozenset(
    [
        "acute",
        "significant",
        "focal",
        "suspicious",
        "residual",
        "recurrent",
        "abnormal",
        "secondary",
        "current",
        "active",
    ]
)
_VIEWS = re.compile(
    r"\b(?:on|within|in) (?:this|these|the|current|present|available|provided) (?:limited |current |available |non-contrast |unenhanced )?"
    r"(?:views?|images?|study|scan|radiographs?|films?|examination|limits|projections?|x-rays?|field of view)\b|\bwithin the limit",
    re.IGNORECASE,
)


_WITHOUT = re.compile(r"(?:without|with no|and no)\b", re.IGNORECASE)
_ROW = re.compile(r"[^:.;]{1,90}:(?=\s)")
_OPINION = re.compile(
    r"\b(?:I|we) (?:do not|don't|cannot|can't|would not|wouldn't) (?:really )?(?:think|believe|feel|suspect|imagine|expect)\b",
    re.IGNORECASE,
)
_UNDERLYING = re.compile(
    r"\b(?:without|with no|and no)\b[^.;]*\b(?:underlying|overlying|adjacent|surrounding)\b", re.IGNORECASE
)
_SHORT_ENOUGH = 220  # characters: what can be quoted whole
_MOST_CALLED = 3
# "No acute haemorrhage, infarct or mass": whether "acute" reaches the others is not for us to say, but "no acute infarct" is true
# either way, so these words go along with each of the list. "Focal" is never said of a few, which are told without it.
_CARRIED = frozenset({"acute", "focal", "large", "suspicious"})
_NEVER_FOCAL = frozenset(
    {"pleural-effusion", "pericardial-effusion", "joint-effusion", "pneumothorax", "cardiomegaly", "pneumoperitoneum"}
)
_UNSURE_SHARE = "?"  # a word before a list of which it is not clear how far it reaches
TAIL_END = re.compile(r"[.;:,]|\b(?:or|nor|and|but|however|although|with|while|which)\b", re.IGNORECASE)


def tail_restricts(mention: Mention, reading: Reading, text: str) -> bool:
    """Return True when words after the finding narrow the "no" in a way that no fixed sentence can repeat."""
    sentence = reading.sentences[mention.sentence]
    rest = text[mention.end : sentence.end]
    stop = TAIL_END.search(rest)
    tail = rest[: stop.start()] if stop else rest
    place = reading.by_id.get(mention.location or "")
    covered = range(place.start, place.end) if place is not None else range(0)
    names = [one for one in reading.by_sentence[mention.sentence] if one.kind in {"direction", "anatomy"}]
    for match in re.finditer(r"[A-Za-z0-9]+(?:-[A-Za-z]+)*", tail):
        here = mention.end + match.start()
        word = match.group().lower()
        if here in covered or word in _FREE or word in _SEEN:
            continue
        if place is not None and any(one.start <= here < one.end for one in names):
            continue
        return True
    return False


def restriction(mention: Mention, reading: Reading, text: str) -> tuple[str, str]:
    """Return (kind, words): kind is "", "other", "new", "clear", "seen", "called" or "called_clear"; words are given for the last two."""
    cue = next((one for one in mention.evidence if one.rule.startswith(("neg.", "res.no-residual"))), None)
    if cue is None or cue.end > mention.start:
        return ("seen", "") if _limited_to_views(mention, reading, text) else ("", "")
    said = list(re.findall(r"[a-z]+", text[cue.start : cue.end].lower()))
    own = _own_words(mention, reading, text, cue.end)
    every = said + own
    called = [word for word in every if word in _CALLED or (word in own and word not in _FREE and word not in _CLEAR)]
    if len(called) > _MOST_CALLED or _UNSURE_SHARE in own:
        return "own", ""
    if called:
        return "called_clear" if set(every) & _CLEAR else "called", " ".join(dict.fromkeys(called))
    if "other" in every or "further" in every:
        return "other", ""
    if set(said) & _BY_PICTURE and not set(every) & _CLEAR:
        return "seen", ""  # "no radiographic evidence of": what the pictures do not show may still be there
    if "new" in every:
        return "new", ""
    if set(every) & _CLEAR:
        return "clear", ""
    return ("seen", "") if _limited_to_views(mention, reading, text) else ("", "")


_NEAR_BEFORE = 40  # characters
_HOLDS_NO = re.compile(r"\b(?:contain(?:s|ing)?|holds?|has|have|shows?) no\s+(?:[a-z\-]+\s+)?$", re.IGNORECASE)
_IS_NO = re.compile(r"\bnot (?:a|an|the)\s+(?:[a-z\-]+\s+)?$", re.IGNORECASE)


def of_its_subject(mention: Mention, reading: Reading, text: str, glossary: Glossary) -> bool:
    """Return True for a general word that is ruled out of named parts only: "the bowels are normal without obstruction".

    True too for what a thing is said not to be: of "a lesion, not a simple cyst" no cyst was looked for.
    """
    before = text[max(0, mention.start - _NEAR_BEFORE) : mention.start]
    if _of_a_label(mention, reading, text, glossary) or _IS_NO.search(before) or _HOLDS_NO.search(before):
        return True
    cue = next((one for one in mention.evidence if one.rule.startswith("neg.")), None)
    sentence = reading.sentences[mention.sentence]
    if (
        cue is not None
        and sentence.start <= cue.start
        and _OPINION.search(text, max(sentence.start, cue.start - 12), mention.start)
    ):
        return True  # "I do not think this is cancer"
    if cue is not None and sentence.start < cue.start and _UNDERLYING.search(text, cue.start, mention.start):
        return sentence.end - sentence.start <= _SHORT_ENOUGH  # "scalp haematoma without underlying fracture"
    if mention.laterality or mention.location or glossary.term(mention.term_id or "").region != "general":
        return False
    if cue is None or not sentence.start <= cue.start <= mention.start or not _WITHOUT.match(text, cue.start):
        return False
    parts = [
        one for one in reading.by_sentence.get(mention.sentence, ()) if one.kind == "anatomy" and one.end <= cue.start
    ]
    return bool(parts) and sentence.end - sentence.start <= _SHORT_ENOUGH


def _of_a_label(mention: Mention, reading: Reading, text: str, glossary: Glossary) -> bool:
    """Return True for a word of no place that is ruled out of the parts that its label names: "Liver, adrenals and bones: no uptake"."""
    if mention.location or glossary.term(mention.term_id or "").anatomy:
        return False
    sentence = reading.sentences[mention.sentence]
    label = _ROW.match(text, sentence.start, mention.start)
    parts = reading.by_sentence.get(mention.sentence, ())
    return label is not None and any(one.kind == "anatomy" and one.end <= label.end() for one in parts)


def _own_words(mention: Mention, reading: Reading, text: str, start: int) -> list[str]:
    """Return the words between the negator and the finding that describe it, or that describe the whole list."""
    between = text[start : mention.start]
    pieces = _SPLIT.split(between)
    names = [
        one
        for one in reading.by_sentence[mention.sentence]
        if start <= one.start and one.end <= mention.start and one.kind in ("finding", "anatomy", "device", "procedure")
    ]
    place = reading.by_id.get(mention.location or "")
    tail = len(between) - len(pieces[-1])
    covered = [
        (one.start - start, one.end - start)
        for one in names
        if one is place or one.end - start <= tail or one.kind == "anatomy"
    ]

    def bare(piece_start: int, piece_end: int) -> list[str]:
        found = []
        for match in re.finditer(r"[A-Za-z]+(?:-[A-Za-z]+)*", between[piece_start:piece_end]):
            here = piece_start + match.start()
            if not any(one <= here < two for one, two in covered):
                found.append(match.group().lower())
        return found

    own = bare(tail, len(between))
    if len(pieces) > 1:
        first_end = min([one for one, _ in covered] + [len(pieces[0])])
        lead = bare(0, first_end)
        shared = _CLEAR | _CARRIED | {"significant", "other", "further", "new"}
        never = {"focal"} if mention.term_id in _NEVER_FOCAL else set()
        own += [word for word in lead if word in shared - never and word not in own]
        known = shared | _FREE | _SEEN
        own += [_UNSURE_SHARE] * any(word not in known for word in lead)
    return own


def _limited_to_views(mention: Mention, reading: Reading, text: str) -> bool:
    sentence = reading.sentences[mention.sentence]
    return bool(_VIEWS.search(text[mention.end : sentence.end]))
