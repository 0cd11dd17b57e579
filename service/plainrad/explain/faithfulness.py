"""The last look at every statement: it is dropped when it says a thing that its source does not.

This check reads only the statement and its source words. It shares no code with the pipeline, so that one mistake cannot hide another.
"""

import re
from collections.abc import Mapping, Sequence

from plainrad.domain.patient import Statement

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SIDES = {
    "left": re.compile(r"\b(?:left|lt|lhs|l)\b|left-|\bL\d?\b|(?-i:\bL(?:[UML]Z|[UL]L|[UL]Q|IF)\b)|\blingul\w+|>", re.IGNORECASE),
    "right": re.compile(r"\b(?:right|rt|rhs|r)\b|right-|(?-i:\bR(?:[UML]Z|[UML]L|[UL]Q|IF)\b)|\bmiddle lobe|>", re.IGNORECASE),
    "both": re.compile(r"\b(?:both|bilat\w*|either|bi(?:basal|apical|basilar|hilar)|b/l|bl)\b|[LR]\s*>\s*[LR]|greater than|more than|\b(?:left|lt)\b.*\b(?:right|rt)\b|\b(?:right|rt)\b.*\b(?:left|lt)\b", re.IGNORECASE | re.DOTALL),
}  # fmt: skip
_SAID_SIDE = re.compile(r"\b(left|right|both)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:no|not|nil|none|nothing|little|insufficient|nor|neither|without|absent|absence|negative|free of|free from|clear of|exclud\w+|ruled out|resolved|cleared|disappeared|gone|removed|denie[sd]|lack\w*|fail\w*|-ve|devoid|unremarkable|normal|never|cannot|unable|intact|excised|resected|resolution|clearing|isn't|wasn't|zero|neg)\b|(?<![\w+])[-–]\s?ve\b|[:=]\s*0(?![.\d])|\b(?:is|are|was|were) 0(?![.\d])", re.I)  # fmt: skip
_HEDGES = re.compile(r"\?|\b(?:may|might|could|can(?:not)?|li\w?k\w{1,4}y|poss?[aei]?b\w*|proba\w+|sus?pi[ct]\w*|equiv\w*|possib\w*|probab\w*|likely|unlikely|working diagnosis|impl(?:y|ies|ying)|assumed|inferred|provisional|presumptive|not (?:entirely |completely |fully )?(?:convinced|persuaded)|suggest\w*|suspic\w*|suspect\w*|concern\w*|query|presum\w*|favou?r\w*|differential|versus|vs|exclu\w*|equivocal|indeterminate|question\w*|consider\w*|doubtful|uncertain|borderline|perhaps|potential\w*|appear\w*|apparent\w*|low probability|less likely|worr\w*|rais\w*|thought|felt|believed|would|if|whether|prob|poss|look\w*|seem\w*|appearances|features|findings|alternative\w*|either|consistent|improbable|or|upper|top|likelihood|rule|whether|not)\b", re.I)  # fmt: skip
_FITS = re.compile(r"\b(?:consistent|compatible|keeping|typical|characteristic|represent\w*|diagnostic|indicat\w*|reflect\w*|fit\w*|c/w|correspond\w*|due to|secondary|related|appearances?|features|in line|conform\w*|result of|caused|attributable|pathognomonic|agrees|classical|commensurate)\b", re.I)  # fmt: skip
_CHANGES = {
    "changed": re.compile(r"\b(?:no|without|not|un\w+|stable|static|similar|same|stability|as before|again|redemonstrat\w*|as previously|nil|longstanding|long-standing)\b", re.I),
    "new": re.compile(r"\b(?:new\w*|interval|develop\w*|appear\w*|not previously|recent\w*|not (?:seen|present|there|visible|evident|identified|demonstrated)|de novo)\b", re.I),
    "bigger": re.compile(r"\b(?:increas\w*|enlarg\w*|progress\w*|grow\w*|grown|worse\w*|larger|bigger|more|expan\w*|deteriorat\w*|extension|doubled|previously|compared)\b", re.I),
    "smaller": re.compile(r"\b(?:decreas\w*|reduc\w*|small\w*|improv\w*|resol\w*|clear\w*|regress\w*|shrun\w*|shrink\w*|less\w*|diminish\w*|involut\w*|subsid\w*|partial\w*|previously|compared|treated|response)\b", re.I),
    "healing": re.compile(r"\b(?:heal\w*|unit\w*|union|callus)\b", re.I),
}  # fmt: skip
# Right before the report's word, with nothing between: "no fracture", "?fracture". Wider wordings are for the pipeline to read.
_DENIED_HERE = re.compile(r"(?:\b(?:no|without|nil|no (?:[a-z]+ )?(?:evidence|signs?|features?) of|negative for|absence of|free of)\s+(?:an?\s+|any\s+)?)$", re.I)  # fmt: skip
_DOUBTED_HERE = re.compile(r"(?:\?\s*|\b(?:possible|query|suspected|cannot exclude|may (?:represent|reflect)|could (?:represent|reflect)|possibly|signs? (?:and|or) symptoms? of|correlate for|(?:suspicious|concerning|worrisome) (?:of|for)|to (?:exclude|rule out)|(?:primary|main|leading) (?:consideration|differential|diagnosis) (?:is|of|is of))\s+(?:an?\s+)?)$", re.I)  # fmt: skip
_CONFIRMED = re.compile(r"\b(?:is|are|was|were|been)(?: now| again| also)? confirmed\b", re.I)
_SAYS_GONE = re.compile(r"\bno\b|from before this scan|could not be seen", re.I)
_QUOTED = re.compile(r"“([^”]*)”")
_BRACKETS = re.compile(r"\(([^)]*)\)")


def refusal(statement: Statement, text: str, *, reviewed: Sequence[str] = ()) -> str | None:
    """Return why the statement may not be shown ("number", "side", "negation", "certainty", "change", "quote"), or None.

    `reviewed` are fixed phrases of the glossary, whose own sides ("left chamber of the heart") are part of the name.
    """
    source = " ".join(text[one.start : one.end] for one in statement.source)
    flat = " ".join(source.split())
    for quote in _QUOTED.findall(statement.text):
        if statement.group == "looked_for_not_found":
            if not all(word in flat.lower() for word in quote.lower().split()):
                return "quote"
        elif quote not in flat:
            return "quote"
    said = _QUOTED.sub(" ", statement.text)
    numbers = set(_NUMBER.findall(source))
    if any(number not in numbers for number in _NUMBER.findall(said)):
        return "number"
    outside = said
    for phrase in sorted(reviewed, key=len, reverse=True):
        outside = outside.replace(phrase, " ")
    outside = _BRACKETS.sub(" ", outside)
    for side in _SAID_SIDE.findall(outside):
        each = side.lower() == "both" and all(_SIDES[one].search(source) for one in ("left", "right"))
        if not each and not _SIDES[side.lower()].search(source):
            return "side"
    return _status(statement, said, source)


def _status(statement: Statement, said: str, source: str) -> str | None:
    group = statement.group
    if group in ("found", "unchanged_or_known") and not _SAYS_GONE.search(said):
        told = _BRACKETS.findall(said)[-1:] or [""]
        before = [source[: one.start()] for one in re.finditer(re.escape(told[0]), source, re.I)] if told[0] else []
        if before and all(_DENIED_HERE.search(one) for one in before):
            return "negation"
        if (
            before
            and "fits with" not in said
            and not _CONFIRMED.search(source)
            and all(_DOUBTED_HERE.search(one) for one in before)
        ):
            return "certainty"
    if group == "looked_for_not_found" and not _DENIES.search(source):
        return "negation"
    if group == "possible" and not _HEDGES.search(source):
        return "certainty"
    if "fits with" in said and not (_FITS.search(source) or _HEDGES.search(source)):
        return "certainty"
    if " has not changed" in said or " have not changed" in said:
        return None if _CHANGES["changed"].search(source) else "change"
    for words, name in (("calls this new", "new"), ("bigger or more marked", "bigger"), ("smaller or less marked", "smaller"), (" healing.", "healing"), ("no longer there", "smaller")):  # fmt: skip
        if words in said and not (_CHANGES[name].search(source) or (name == "smaller" and _DENIES.search(source))):
            return "change"
    return None


def check(
    statements: Sequence[Statement], text: str, reviewed: Mapping[str, Sequence[str]]
) -> tuple[list[Statement], list[tuple[Statement, str]]]:
    """Return (statements that may be shown, refused ones with the reason); `reviewed` holds fixed phrases by mention id."""
    kept: list[Statement] = []
    refused: list[tuple[Statement, str]] = []
    for statement in statements:
        phrases = [phrase for one in statement.mentions for phrase in reviewed.get(one, ())]
        reason = refusal(statement, text, reviewed=phrases)
        if reason is None:
            kept.append(statement)
        else:
            refused.append((statement, reason))
    return kept, refused
