"""Which fixed sentence tells a finding, and in which group it stands."""

import re

from plainrad.domain.patient import StatementGroup
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.absences import absent
from plainrad.explain.doubt import hedge, overlooked_doubt
from plainrad.explain.exact import endless, only_its_words
from plainrad.explain.limits import limited_name
from plainrad.explain.quotes import quoted
from plainrad.explain.where import of_no_joint
from plainrad.glossary.lookup import Glossary

_SUSPECTS = re.compile(r"suspicious|suspicion|concern|worr|suspect", re.IGNORECASE)
_MAY = re.compile(r"\b(?:could|may|might|can|possibly|perhaps)\b", re.IGNORECASE)
_APPEARS_AS = re.compile(
    r"“(?:the )?(?:appearances?|features?|findings?)(?: (?:are )?(?:of|typical of|those of))?”", re.IGNORECASE
)
_CAUSE = re.compile(r"\b(?:secondary|due|related|attributable|result|caused|because|account\w*)\b", re.IGNORECASE)
_HEAL = re.compile(r"\bheal", re.IGNORECASE)
_WITH = re.compile(r"\bwith\b", re.IGNORECASE)


def choose(
    mention: Mention, reading: Reading, text: str, glossary: Glossary, book: PhraseBook
) -> tuple[StatementGroup, str, dict[str, str]]:
    """Return the group, the name of the sentence and what else it needs; "own_words" where only the report's own words tell it rightly."""
    group, name, extra = _by_status(mention, reading, text, glossary, book)
    if of_no_joint(mention, reading, glossary, text) or only_its_words(mention, text):
        name = "own_words"
    return group, name, extra


def _by_status(
    mention: Mention, reading: Reading, text: str, glossary: Glossary, book: PhraseBook
) -> tuple[StatementGroup, str, dict[str, str]]:
    if mention.assertion == "neutral":
        cue = next((one for one in mention.evidence if one.rule.startswith("lim.")), None)
        group: StatementGroup = "limitation" if cue else "found"
        name = limited_name(text[cue.start : cue.end]) if cue else "neutral"
        if name == "limited" and mention.kind == "finding":
            name = "limited_finding"  # what could hide is not there: "overlap could obscure a small nodule"
        return group, name, {"quote": quoted(text, _sentence(mention, reading))}
    if mention.assertion == "historical":
        cues = [text[one.start : one.end].lower() for one in mention.evidence if one.rule.startswith("hist.")]
        return "unchanged_or_known", "known" if any("known" in one for one in cues) else "historical", {}
    if mention.assertion == "absent":
        return absent(mention, reading, text, glossary, book)
    if mention.assertion == "possible":
        if _doubts_the_cause(mention, hedge(mention, reading, text, book), reading):
            return "possible", "own_words", {}
        said = hedge(mention, reading, text, book)
        if _APPEARS_AS.search(said):
            return "possible", "present_likely", {"said": said}
        grade = "suspicious" if mention.certainty == "likely" and _SUSPECTS.search(said) else mention.certainty
        return "possible", f"possible_{grade}", {"said": said}
    doubt = overlooked_doubt(mention, reading, text)
    if doubt is not None:
        return "possible", "possible_possible", {"said": book.wording["said"].format(words=doubt)}
    if mention.certainty == "likely":
        said = hedge(mention, reading, text, book)
        if _MAY.search(said):
            return "possible", "possible_possible", {"said": said}
        return "found", "present_likely", {"said": said}
    if mention.kind == "device":
        if endless(mention.sentence, reading, text):
            return "found", "present", {}
        return "found", "device", {"quote": quoted(text, _sentence(mention, reading))}
    if mention.change == "new":
        return "found", "present_new", {}
    if mention.change in ("unchanged", "larger", "smaller", "healing") and not _of_another(mention, text):
        cues = [text[one.start : one.end].lower() for one in mention.evidence if one.rule.startswith("chg.")]
        if mention.change == "healing" and _HEAL.search(glossary.term(mention.term_id or "").plain):
            return "unchanged_or_known", "present", {}  # "a break that has healed" has not healed once more
        healed = mention.change == "healing" and any("healed" in one or "united" in one for one in cues)
        return "unchanged_or_known", "healed" if healed else mention.change, {}
    return "found", "present", {}


def _doubts_the_cause(mention: Mention, said: str, reading: Reading) -> bool:
    """As in "likely due to the enlarged prostate": the prostate is enlarged elsewhere for certain; what it does is in doubt."""
    return _CAUSE.search(said) is not None and any(
        one.term_id == mention.term_id and (one.assertion, one.certainty) == ("present", "definite") and one.reportable
        for one in reading.mentions
    )


def _of_another(mention: Mention, text: str) -> bool:
    """Return True when "larger" or "smaller" is said of the next thing: "kyphosis with increased AP dimension of the thorax"."""
    if mention.change not in ("larger", "smaller"):
        return False
    cue = next((one for one in mention.evidence if one.rule.startswith("chg.") and one.start >= mention.end), None)
    return cue is not None and _WITH.search(text, mention.end, cue.start) is not None


def _sentence(mention: Mention, reading: Reading) -> Extent:
    one = reading.sentences[mention.sentence]
    return Extent(one.start, one.end)
