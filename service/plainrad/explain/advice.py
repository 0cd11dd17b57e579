"""Whether a sentence that looks like advice gives any: a next step is only what the report asks for."""

import re

from plainrad.domain.reading import Mention, Reading

_DONE = re.compile(r"\b(?:was|were|has been|have been|had|discussed|explained|informed|telephoned|faxed|performed|obtained|thank|tolerated|none|nil)\b", re.I)  # fmt: skip
_ADVISES = re.compile(r"\b(?:recommend\w*|advis\w+|suggest\w*|should|consider\w*|please|required|needed|follow|repeat|refer|review|to be|may|if|will)\b", re.I)  # fmt: skip
_WITHDRAWS = re.compile(r"\b(?:disregard|ignore)\b", re.IGNORECASE)  # "please disregard the above report"
_WEIGHED = re.compile(
    r"\b(?:must|should|need to|to) be considered\b", re.IGNORECASE
)  # "ischaemia must be considered" is no next step
_NOTE = re.compile(
    r"\s*(?:please )?note\b|.{0,40}\b(?:examinations?|scans?|studies) requested\b", re.IGNORECASE
)  # "Please note there is a side error"
_TEST = re.compile(r"\b(?:ct|mri?|imaging|scan\w*|biops\w+|fna|referral|ultrasound|x-?rays?|radiographs?|ogd|endoscopy|colonoscopy|\w+scopy|\w+gram|aspiration|follow\w*|stud(?:y|ies)|surgery|therapy|treatment|review|discussion|correlation|evaluation|assessment|tests?|doppler|pet|supplement\w*|repeat|intervention|advice|opinion|\w+ology)\b", re.I)  # fmt: skip


def advises(phrase: Mention, text: str) -> bool:
    """Return False for what was done already, for a diagnosis that "must be considered", and for a report that is taken back."""
    words = text[phrase.start : phrase.end]
    if _WITHDRAWS.search(words):
        return False
    if _NOTE.match(words):
        return False
    if any(one.rule != "section.recommendation" for one in phrase.evidence):
        return _WEIGHED.search(words) is None or _TEST.search(words) is not None
    return _DONE.search(words) is None or _ADVISES.search(words) is not None


def gives_advice(number: int, reading: Reading) -> bool:
    """Return True for a sentence in which a next step was read."""
    return any(one.reading_id == "next-step" for one in reading.by_sentence.get(number, ()))
