"""What a sentence says of a finding and the fixed sentences have no place for.

That is what takes weight from it, how it compares with before, on which side it is, its place, its condition. Where that would be lost, the sentence itself is
shown beside what is told.
"""

import re
from typing import Final

from plainrad.domain.reading import Mention, Reading
from plainrad.explain.advice import gives_advice
from plainrad.glossary.lookup import Glossary

_LIGHT: Final = re.compile(
    r"\bof no (?:\w+ )?(?:consequence|significance|importance|concern|moment)\b|\b(?:can|may|should) (?:safely )?be (?:ignored|forgotten|disregarded)\b"
    r"|\b(?:needs?|wants?|requires?|calls? for) no(?:thing| \w+)\b|\bno (?:further )?(?:action|follow[- ]?up|treatment|imaging)\b"
    r"|\bvariants?\b|\bof (?:doubtful|uncertain|unlikely|little) (?:\w+ )?(?:significance|meaning|importance|consequence)\b"
    r"|\bno more than (?:one|is|would|might)\b|\bnot (?:clinically )?(?:significant|important|relevant)\b|\bharmless\b|\binnocent\b",
    re.IGNORECASE,
)
_COMPARED: Final = re.compile(
    r"\b(?:than|as) (?:in|on|at|before|previously|the (?:last|previous|prior)|(?:it|they) (?:was|were|had been))\b|\bcompar(?:ed|ison) (?:with|to)\b"
    r"|\b(?:un|not |never |neither (?:of which )?(?:has|have) )altered\b|\b(?:has|have) (?:got|grown|shrunk|become) (?:\w+ )?(?:bigger|smaller|larger|worse|better|more|less)\b"
    r"|\b(?:worst|most (?:marked|severe|pronounced|prominent|conspicuous)|maximal)\b"
    r"|\bworsen(?:ing|ed)\b|\bsince (?:(?:19|20)\d\d|last|the|at least)\b|\b(?:years?|months?|weeks?) ago\b|\bas before\b|\blong[- ]?standing\b",
    re.IGNORECASE,
)
_SIDED: Final = re.compile(
    r"\b(?:left|right|(?-i:[LR]K)|bilateral(?:ly)?|bi-?basal|bi-?apical|bi-?hilar|both|by[- ](?:lateral|basal|apical|hilar))\b",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(r"(?<![\d.])(?P<figure>\d+(?:\.\d+)?)\s?(?:mm|cm|ml|cc|%)(?!\w)", re.IGNORECASE)
_IF: Final = re.compile(r"\b(?:if|should (?:there|she|he|they|the)|in the event|unless|provided)\b", re.IGNORECASE)
_ANYWHERE: Final = frozenset({"general", "soft-tissue"})
_LONG_WORD: Final = re.compile(r"[A-Za-z]{4,}")
_FEW: Final = 3  # words
_JOINED: Final = re.compile(
    r"\s*(?:,|and|&(?:amp;)?)\s+(?:(?:an?|\d+(?:\.\d+)?|mm|cm|small|large|tiny|similar|further|another)\s+){0,4}$",
    re.IGNORECASE,
)
_NAMED: Final = frozenset({"heart", "vascular"})  # "left atrium": the side is part of the name
_ASKS: Final = re.compile(r"\s*(?:refer|suggest|recommend|advise|consider|repeat|please|follow)\b", re.IGNORECASE)
_NEAR: Final = 3  # words


def unsaid(
    mention: Mention, told: str, reading: Reading, glossary: Glossary, text: str, *, change: bool, sided: bool
) -> bool:
    """Return True where the sentence of a finding says more than `told` does.

    `change`: `told` says how it compares with before; `sided`: it names a side.
    """
    sentence = reading.sentences[mention.sentence]
    said = text[sentence.start : sentence.end]
    if _LIGHT.search(said) or (not change and _COMPARED.search(said)):
        return True
    if _sized(mention, told, reading, text):
        return True
    return mention.laterality is None and not sided and _sided(mention, reading, glossary, text)


def placeless(mention: Mention, reading: Reading, glossary: Glossary, text: str) -> bool:
    """Return True for a general word ("necrosis", "mass") told without a place though its sentence says more, which may name one."""
    term = glossary.term(mention.term_id or "")
    if mention.location or mention.also_in or term.region not in _ANYWHERE or term.anatomy:
        return False
    sentence = reading.sentences[mention.sentence]
    if gives_advice(mention.sentence, reading) or _ASKS.match(text, sentence.start, sentence.end):
        return False  # its sentence is shown as the next step
    if any(one.kind == "anatomy" and one.term_id for one in reading.by_sentence.get(mention.sentence, ())):
        return True
    return len(_LONG_WORD.findall(text, sentence.start, sentence.end)) - len(mention.text.split()) > _FEW


def conditional(mention: Mention, reading: Reading, text: str) -> bool:
    """Return True for "if she has headache, then X should be considered": without its condition that would say too much."""
    sentence = reading.sentences[mention.sentence]
    start = max(text.rfind(";", sentence.start, mention.start) + 1, sentence.start)
    return _IF.search(text, start, mention.start) is not None


def _sized(mention: Mention, told: str, reading: Reading, text: str) -> bool:
    """Return True where a size stands behind a finding, before the next one, that is not told."""
    sentence = reading.sentences[mention.sentence]
    here = reading.by_sentence.get(mention.sentence, ())
    after = min(
        (one.start for one in here if one.kind in ("finding", "device") and one.start >= mention.end),
        default=sentence.end,
    )
    last = after == sentence.end
    return any(
        one["figure"] not in told and (last or len(text[one.end() : after].split()) > _NEAR)
        for one in _SIZE.finditer(text, mention.end, after)
    )


def _sided(mention: Mention, reading: Reading, glossary: Glossary, text: str) -> bool:
    """Return True where a side is named between the finding and its neighbours that is no part of a name and not said of the next one."""
    sentence = reading.sentences[mention.sentence]
    here = reading.by_sentence.get(mention.sentence, ())
    others = [one for one in here if one is not mention and one.kind in ("finding", "device", "other")]
    start = max((one.end for one in others if one.end <= mention.start), default=sentence.start)
    after = min((one.start for one in others if one.start >= mention.end), default=None)
    before = max((one for one in others if one.end <= mention.start), key=lambda one: one.end, default=None)
    if before is not None and before.laterality and _JOINED.fullmatch(text, before.end, mention.start):
        return True  # "left 7 mm lower pole calculus and 3 mm interpolar calculus"
    names = [
        one for one in here if one.kind == "anatomy" and one.term_id and glossary.term(one.term_id).region in _NAMED
    ]
    for match in _SIDED.finditer(text, start, sentence.end if after is None else after):
        of_next = after is not None and match.start() >= mention.end and len(text[match.end() : after].split()) <= _NEAR
        if not of_next and not any(one.start <= match.start() < one.end for one in names):
            return True
    return False
