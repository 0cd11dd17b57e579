"""The last look at every statement: it is dropped when it says a thing that its source does not.

This check reads only the statement and its source words. It shares no code with the pipeline, so that one mistake cannot hide another.
What a statement claims it knows by the words that the phrase book lists for each claim; what a report says, by lists of its own.
"""

import re
from collections.abc import Mapping, Sequence

from plainrad.domain.patient import Statement, StatementGroup
from plainrad.domain.phrases import Claims
from plainrad.domain.reading import Extent

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
}
_ROMAN_NUMBER = re.compile(r"\b(?:XI{0,2}|IX|VI{0,3}|IV|I{1,3})\b")  # "segment VI" is told as part 6
_SIDES = {
    "left": re.compile(r"\b(?:left|lt|lhs|l|lk)\b|left-|\bL\d?\b|(?-i:\bL(?:[UML]Z|[UL]L|[UL]Q|IF)\b)|\blingul\w+|>", re.IGNORECASE),
    "right": re.compile(r"\b(?:right|rt|rhs|r|rk)\b|right-|(?-i:\bR(?:[UML]Z|[UML]L|[UL]Q|IF)\b)|\bmiddle lobe|>", re.IGNORECASE),
    "both": re.compile(r"\b(?:both|bilat\w*|either|bi(?:basal|apical|basilar|hilar)|b/l|bl)\b|[LR]\s*>\s*[LR]|greater than|more than|\b(?:left|lt)\b.*\b(?:right|rt)\b|\b(?:right|rt)\b.*\b(?:left|lt)\b", re.IGNORECASE | re.DOTALL),
}  # fmt: skip
_DENIES = re.compile(r"\b(?:no|not|nil|none|nothing|little|insufficient|nor|neither|without|absent|absence|negative|free of|free from|clear of|exclud\w+|ruled out|resolved|cleared|disappeared|gone|removed|denie[sd]|lack\w*|fail\w*|-ve|devoid|unremarkable|normal|never|cannot|unable|intact|excised|resected|resolution|clearing|isn't|wasn't|zero|neg|false|nowhere|nad|rather than|instead of|as opposed to)\b|:\s*N\b|(?<![\w+])[-–]\s?ve\b|[:=]\s*0(?!\.?\d)|\b(?:is|are|was|were) 0(?!\.?\d)", re.I)  # fmt: skip
_HEDGES = re.compile(r"\?|\b(?:may|might|could|can(?:not)?|li\w?k\w{1,4}y|poss?[aei]?b\w*|proba\w+|sus?pi[ct]\w*|equiv\w*|possib\w*|probab\w*|likely|unlikely|working diagnosis|impl(?:y|ies|ying)|assumed|inferred|provisional|presumptive|not (?:entirely |completely |fully )?(?:convinced|persuaded)|suggest\w*|suspic\w*|suspect\w*|concern\w*|query|presum\w*|favou?r\w*|differential|versus|vs|exclu\w*|equivocal|indeterminate|question\w*|consider\w*|doubtful|uncertain|borderline|perhaps|potential\w*|appear\w*|apparent\w*|low probability|less likely|worr\w*|rais\w*|thought|felt|believed|would|if|whether|prob|poss|look\w*|seem\w*|appearances|features|findings|alternative\w*|either|consistent|improbable|or|upper|top|likelihood|rule|whether|not|wonder\w*|doubt\w*|almost certainly|explanations?|borne in mind|than|until prove[dn])\b", re.I)  # fmt: skip
_FITS = re.compile(r"\b(?:consistent|compatible|keeping|typical|characteristic|represent\w*|diagnostic|indicat\w*|reflect\w*|fit\w*|c/w|correspond\w*|due to|secondary|related|appearances?|features|in line|conform\w*|result of|caused|attributable|pathognomonic|agrees|classical|commensurate)\b", re.I)  # fmt: skip
_BOTH_SIZES = r"\bnow (?:measur\w+ )?[\d.x ]{1,12}(?:mm|cm) ?\([\d.x ]{1,12}(?:mm|cm)?\)"  # "now 3.1 cm (6.8 cm)"
_LESS = re.compile(r"\b(?:decreas\w*|reduc\w*|small\w*|improv\w*|resol\w*|clear\w*|regress\w*|shrun\w*|shrink\w*|less\w*|diminish\w*|involut\w*|subsid\w*|partial\w*|previously|compared|treated|response|settled|relieved|healed|remov\w*|formerly|from \d+|was \d+)\b|" + _BOTH_SIZES, re.I)  # fmt: skip
_CHANGES = {
    "unchanged": re.compile(r"\b(?:no|without|not|neither|un\w+|stable|static|similar|same|stability|as before|again|redemonstrat\w*|as previously|nil|longstanding|long-standing|as (?:it was|they were))\b", re.I),
    "new": re.compile(r"\b(?:new\w*|interval|develop\w*|appear\w*|not previously|recent\w*|not (?:\w+ly )?(?:seen|present|there|visible|evident|identified|demonstrated)|now|de novo)\b", re.I),
    "larger": re.compile(r"\b(?:increas\w*|enlarg\w*|progress\w*|grow\w*|grown|worse\w*|larger|bigger|more|expan\w*|deteriorat\w*|extension|doubled|previously|formerly|compared|from \d+|was \d+)\b|" + _BOTH_SIZES, re.I),
    "smaller": _LESS,
    "resolved": _LESS,
    "healing": re.compile(r"\b(?:heal\w*|unit\w*|union|callus)\b", re.I),
}  # fmt: skip
_SIDE_NAMES, _CHANGE_NAMES = tuple(_SIDES), tuple(_CHANGES)
# Right before the report's word, with nothing between: "no fracture", "?fracture". Wider wordings are for the pipeline to read.
_DENIED_HERE = re.compile(r"(?:\b(?:no|without|nil|no (?:[a-z]+ )?(?:evidence|signs?|features?) of|negative for|absence of|free of)\s+(?:an?\s+|any\s+)?)$", re.I)  # fmt: skip
# An item of a list behind a "no" ("no fracture, dislocation or effusion"): nothing between that could end it, own it or turn it, and no figure.
_ITEM_OF_LIST = (
    r"(?:(?!(?:of|in|at|on|to|from|for|with|within|around|by|but|however|although|though|while|whereas|is|are|was|were|has|have|had|seen|noted|"
    r"identified|change|changes|longer|increase|decrease|increased|decreased|interval|which|that|this|these|there|other|except|apart|than|because|"
    r"due|since|as|also|may|could|cannot|if|unchanged|stable|progression|previous|then|only|just|more|despite|doubt|can)\b)[A-Za-z][\w\-]*[\s,/]+){0,10}"
)
_LIST_OF_NO = re.compile(
    r"\b(?:no|nor|without|nil|negative for|absence of|free of|free from|clear of)\s+"
    + _ITEM_OF_LIST
    + r"(?:(?:evidence|signs?|features?|suggestion|areas?|findings?)\s+(?:of|for)\s+(?:an?\s+|any\s+)?)?"
    + _ITEM_OF_LIST
    + "$",
    re.IGNORECASE,
)
_DOUBTED_HERE = re.compile(r"(?:\?\s*|\b(?:possible|probable|likely|borderline|or|query|suspected|cannot exclude|may (?:represent|reflect)|could (?:represent|reflect)|possibly|signs? (?:and|or) symptoms? of|correlate for|(?:suspicious|concerning|worrisome) (?:of|for)|to (?:exclude|rule out)|(?:primary|main|leading) (?:consideration|differential|diagnosis) (?:is|of|is of))\s+(?:an?\s+)?)$", re.I)  # fmt: skip
_DOUBTED_BEHIND = re.compile(r"\s+(?:and/)?or\b|\s*(?:\([^)]*\)\s*)?(?:(?:is|are|remains?)\s+)?(?:also\s+)?(?:possible|suspected|likely|(?:cannot|can not|could not) be (?:\w+ly )?(?:excluded|ruled out)|not (?:\w+ly )?(?:excluded|ruled out)|\?)(?=\s*(?:[.;,)]|$))", re.I)  # fmt: skip
_CLAUSE_BEGINS = re.compile(r"[.;](?=\s)|\b(?:but|however|although|though|which|while|whereas)\b", re.I)
_CLAUSE_ENDS = re.compile(
    r"[.;](?=\s|$)|\b(?:but|however|although|though|whereas|without|with)\b|(?<![:=–-]\s)\b(?:no|nor)\b", re.I
)
_CONFIRMED = re.compile(r"\b(?:is|are|was|were|been)(?: now| again| also)? confirmed\b", re.I)
_QUOTED = re.compile(r"“([^”]*)”")
_BRACKETS = re.compile(r"\(([^)]*)\)")


def refusal(statement: Statement, text: str, *, claims: Claims, reviewed: Sequence[str] = ()) -> str | None:
    """Return why the statement may not be shown ("number", "side", "negation", "certainty", "change", "quote"), or None.

    `reviewed` are fixed phrases of the glossary, whose own sides ("left chamber of the heart") are part of the name.
    """
    source = " ".join(text[one.start : one.end] for one in statement.source)
    quotes = _QUOTED.findall(statement.text)
    said = _QUOTED.sub(" ", statement.text) if quotes else statement.text
    if quotes and not _quoted_rightly(quotes, statement, said, source, claims):
        return "quote"
    figures = _NUMBER.findall(said)
    if (
        figures
        and not set(figures) <= (known := _numbers(source))
        and not set(_NUMBER.findall(_without(said, reviewed))) <= known
    ):
        return "number"  # but for the number of a name: "COVID-19"
    if claims.any_made(_SIDE_NAMES, said) and _wrong_side(said, source, claims, reviewed):
        return "side"
    return _status(statement, said, source, claims)


def _without(said: str, reviewed: Sequence[str]) -> str:
    """Return what is said without the reviewed phrases in it."""
    for phrase in sorted(reviewed, key=len, reverse=True):
        said = said.replace(phrase, " ")
    return said


def _quoted_rightly(quotes: Sequence[str], statement: Statement, said: str, source: str, claims: Claims) -> bool:
    """Return True where every quote stands in the source, and not only right behind a "no" that it leaves out."""
    flat = " ".join(source.split())
    if statement.group == "looked_for_not_found" and claims.made(
        "gone", said
    ):  # 'there is no stone that it calls "large"'
        low = flat.lower()
        return all(word in low for quote in quotes for word in quote.lower().split())
    return not any(all(_DENIED_HERE.search(flat[: one.start]) for one in _places(quote, flat)) for quote in quotes)


def _numbers(source: str) -> set[str]:
    return {*_NUMBER.findall(source), *(str(_ROMAN[one]) for one in _ROMAN_NUMBER.findall(source))}


def _wrong_side(said: str, source: str, claims: Claims, reviewed: Sequence[str]) -> bool:
    """Return True where a side is named outside reviewed phrases and brackets that the source does not name."""
    outside = _BRACKETS.sub(" ", _without(said, reviewed))
    for side, known in _SIDES.items():
        each = side == "both" and all(_SIDES[one].search(source) for one in ("left", "right"))
        if claims.made(side, outside) and not each and not known.search(source):
            return True
    return False


def _status(statement: Statement, said: str, source: str, claims: Claims) -> str | None:
    group, fits = statement.group, claims.made("fits", said)
    if "“" not in statement.text or group in ("found", "unchanged_or_known", "possible"):
        low = _low(source)
        told = [_places(_low(one), low) for one in _BRACKETS.findall(said)]
        gone, quotes = claims.made("gone", said), "“" in statement.text
        wrong = _of_own_words([one for one in told if one], group, source, fits=fits, gone=gone, quotes=quotes)
        if wrong:
            return wrong
    if group == "looked_for_not_found" and not _DENIES.search(source):
        return "negation"
    if group == "possible" and not _HEDGES.search(source):
        return "certainty"
    if fits and not (_FITS.search(source) or _HEDGES.search(source)):
        return "certainty"
    if not claims.any_made(_CHANGE_NAMES, said):
        return None
    for claim, known in _CHANGES.items():
        lost = claim in ("smaller", "resolved") and _DENIES.search(source) is not None
        if claims.made(claim, said) and not (known.search(source) or lost):
            return "change"
    return None


def _of_own_words(
    told: Sequence[Sequence[Extent]], group: StatementGroup, source: str, *, fits: bool, gone: bool, quotes: bool
) -> str | None:
    """Return what is wrong where the report's own words, which a statement names in brackets, stand in its source; `told` are their places."""
    if group in ("found", "unchanged_or_known", "possible") and not gone:
        for places in told:
            before = [source[: one.start] for one in places]
            if all(_DENIED_HERE.search(one) or _LIST_OF_NO.search(one) for one in before):
                return "negation"
    sure = (
        not quotes
        and group in ("found", "unchanged_or_known")
        and not gone
        and not fits
        and not _CONFIRMED.search(source)
    )
    if sure and told and all(_doubted(source, one) for one in told[-1]):
        return "certainty"
    if group == "looked_for_not_found" and told and not any(_denied(source, one) for places in told for one in places):
        return "negation"
    return None


def _low(text: str) -> str:
    """Return the text in small letters, each at the place where it was (a few letters would become two)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _places(words: str, text: str) -> list[Extent]:
    """Return every place where the words stand in the text."""
    found, start = [], text.find(words)
    while start >= 0 and words:
        found.append(Extent(start, start + len(words)))
        start = text.find(words, start + len(words))
    return found


def _doubted(source: str, words: Extent) -> bool:
    """Return True where a doubt stands right before or right behind a word."""
    before = _DOUBTED_HERE.search(source[: words.start])
    return before is not None or _DOUBTED_BEHIND.match(source, words.end) is not None


def _denied(source: str, words: Extent) -> bool:
    """Return True where the clause around a word, or the word itself, holds anything that denies."""
    before = _CLAUSE_BEGINS.split(source[: words.start])[-1]
    behind = _CLAUSE_ENDS.split(source[words.end :], maxsplit=1)[0]
    return _DENIES.search(f"{before} | {source[words.start : words.end]} | {behind}") is not None


def check(
    statements: Sequence[Statement], text: str, reviewed: Mapping[str, Sequence[str]], *, claims: Claims
) -> tuple[list[Statement], list[tuple[Statement, str]]]:
    """Return (statements that may be shown, refused ones with the reason); `reviewed` holds fixed phrases by mention id."""
    kept: list[Statement] = []
    refused: list[tuple[Statement, str]] = []
    for statement in statements:
        phrases = [phrase for one in statement.mentions for phrase in reviewed.get(one, ())]
        reason = refusal(statement, text, claims=claims, reviewed=phrases)
        if reason is None:
            kept.append(statement)
        else:
            refused.append((statement, reason))
    return kept, refused
