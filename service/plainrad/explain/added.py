"""What the report goes on to say of a finding, and that is told nowhere else: a doubt, a cause, what it touches, what takes weight from it."""

import re

from plainrad.domain.reading import Extent, Mention, Reading

_CLAUSE_END = r"(?=[.;](?:\s|$)|$|, (?:and|but)\b|\n\s*\n)"
_ANY = r"(?:[^.;:“”]|\.(?=\d))"  # the point of a figure ends no sentence
_ADDED = (  # what may follow a finding and goes with it; a doubt only where no other finding stands in it
    re.compile(
        _ANY + r"{0,90}?(?P<said>\b(?:(?:is|are|was|were|of) )?(?:most |more |very |probably |highly )?"
        r"(?:likely|probably|possibly|presumably|presumed|suspected|thought to|favou?red to|felt to|indeterminate|equivocal|uncertain|suspicious|suggest\w*|in keeping|consistent|compatible)"
        r"\b(?:[^.;“”]|\.(?=\d)){0,120}?)" + _CLAUSE_END,
        re.IGNORECASE,
    ),
    re.compile(
        _ANY
        + r"{0,60}?(?P<said>(?<![\w\-])(?:(?:which|and|is|are|possibly|probably|likely|not|without|minimally|mildly|moderately|partially|slightly|just|barely|may be|could be|also) )*"
        r"(?:contacting|contacts|displacing|displaces|compress(?:ing|es)|abut\w*|impinging|impinges|effacing|effaces|"
        r"indent(?:ing|s)|touching|touches|narrowing the|narrows|invading|invades|encasing|encases|extending|extends|protruding|protrudes|obstructing|occluding|crossing|"
        r"with (?:minor |mild |moderate |marked |severe |associated |some |slight |direct |probable |possible )*(?:contact|compression|impingement|displacement|narrowing|effacement|extension|invasion|involvement|mass effect|impaction|angulation))"
        r"\b[^.;“”]{3,160}?)(?=[.;](?:\s|$)|$|\n\s*\n)",
        re.IGNORECASE,
    ),
    re.compile(
        _ANY
        + r"{0,60}?(?P<said>\b(?:appropriate|normal|expected|usual|commensurate|consistent) (?:for|with) (?:[a-z']+ )?age\b)",
        re.IGNORECASE,
    ),
    re.compile(
        _ANY + r"{0,30}?(?P<said>\b(?:uncomplicated|(?:likely |probably )?incidental))\b(?=\s*(?:[.;,)]|$))",
        re.IGNORECASE,
    ),
    re.compile(
        _ANY + r"{0,60}?(?P<said>\b(?:corresponding|corresponds) (?:to|with) [^.;“”]{3,90}?)" + _CLAUSE_END,
        re.IGNORECASE,
    ),
    re.compile(
        _ANY + r"{0,40}?, (?P<said>(?:[a-z]+ ){1,4}(?:on|in|at) the (?:left|right)\b[^.;,“”]{0,30})(?=[.;]|$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"[^.;:“”]{0,30}?(?P<said>\bwith (?:an? )?(?:\d+(?:\.\d+)?\s?(?:mm|cm) )?(?:of )?(?:midline )?shift\b)",
        re.IGNORECASE,
    ),
    re.compile(r"(?:[^.;:“”]|\.(?=\d)){0,60}?, (?P<said>not [a-z]+ing\b[^.;,“”]{0,60})(?=[.;]|$)", re.IGNORECASE),
    re.compile(r"[^.;:“”,]{0,30}?(?P<said>\b(?:to|towards?|from) the (?:left|right)(?: side)?\b)", re.IGNORECASE),
)
_SOFTENED = re.compile(
    _ANY
    + r"{0,60}?(?P<said>\b(?:(?:appropriate|normal|expected|usual|commensurate|consistent) (?:for|with) (?:[a-z']+ )?age|"
    r"(?:(?:most |more |very )?(?:likely|probably|possibly) )?artefactual|uncomplicated|(?:likely |probably )?incidental)\b)(?=\s*(?:[.;,)]|$|in (?:nature|appearance)))",
    re.IGNORECASE,
)
_OR_ELSEWHERE = re.compile(r"\s+or\s+(?:(?:in|of|within|the|left|right)\s+)*[a-z]", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s*(?:,\s*(?:and\s+)?|and\s+|&\s*)(?!(?:is|are|was|were|has|have|appears?|remains?|seems?|no|not|with|without|which|measur\w+|there|likely|probably|possibly|otherwise|stable|unchanged)\b)"
    r"[a-z][\w\-]*(?:\s+[\w\-]+){0,3}\s*[.;]?\s*",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:no|not|nor|without|never|possibl[ey]|probabl[ey]|likely|may|might|could|cannot|non|if)\b", re.IGNORECASE
)


def added(mention: Mention, reading: Reading, text: str) -> Extent | None:
    """Return what the report goes on to say of a finding, where that is told nowhere else."""
    sentence = reading.sentences[mention.sentence]
    others = _after(mention, reading)
    found = [one for one in (pattern.match(text, mention.end, sentence.end) for pattern in _ADDED) if one]
    for match in sorted(found, key=lambda one: one.start("said")):
        start, end = match.span("said")
        if any((one.start, one.end) == (start, end) for one in mention.modifiers):
            continue  # told as a describing word
        if _TURNS.search(text, mention.end, start):
            start = mention.end  # "not ...", "possibly ...": never without the word that turns it
        if not any(mention.end <= one < (end if match.re is _ADDED[0] else start) for one in others):
            return Extent(start, end)
    return None


def softened(mention: Mention, reading: Reading, text: str) -> Extent | None:
    """Return what the report says right behind a finding in doubt that takes weight from it: "appropriate for age", "uncomplicated"."""
    match = _SOFTENED.match(text, mention.end, reading.sentences[mention.sentence].end)
    if match is None or _TURNS.search(text, mention.end, match.start("said")):
        return None
    if any(one < match.start("said") for one in _after(mention, reading)):
        return None
    return Extent(*match.span("said"))


def goes_on(mention: Mention, reading: Reading, text: str) -> bool:
    """Return True where the list of places goes on with one that is not known: "of the left clavicle and both fabellae"."""
    where = [reading.by_id[one] for one in (mention.location, *mention.also_in) if one]
    last = max((one.end for one in where if one.sentence == mention.sentence), default=mention.end)
    sentence = reading.sentences[mention.sentence]
    if _OR_ELSEWHERE.match(text, last, sentence.end):
        return True  # "in the liver or pancreas"
    tail = _GOES_ON.fullmatch(text, last, sentence.end) if where and last > mention.end else None
    return tail is not None and not any(
        one.start >= last and one.kind in ("finding", "device", "anatomy", "procedure")
        for one in reading.by_sentence.get(mention.sentence, ())
    )


def _after(mention: Mention, reading: Reading) -> list[int]:
    """Return where the findings behind this one in its sentence start."""
    return [
        one.start
        for one in reading.by_sentence.get(mention.sentence, ())
        if one.kind in ("finding", "device") and one is not mention and one.start >= mention.end
    ]
