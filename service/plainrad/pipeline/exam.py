"""`rad_exam`: modality and regions of the body, from what the caller says, else from the title and the first words."""

from dataclasses import replace
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.report import Modality
from plainrad.pipeline.drafts import work
from plainrad.pipeline.patterns import PatternMatcher
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import ExamRules
from plainrad.pipeline.text import match_words

_FIRST_WORDS = 60


class ExamFinder:
    """Fills in what the caller left out; what the caller says always stands."""

    def __init__(self, rules: ExamRules) -> None:
        self._rules = rules

    def __call__(self, doc: Doc) -> Doc:
        """Assign `doc._.exam`."""
        context = work(doc).context
        exam = context.exam
        title = match_words(exam.title or "")
        opening = tuple(word for word in work(doc).tokens.words[:_FIRST_WORDS] if word not in ("-", "\n"))
        technique = next((one for one in work(doc).sections if one.kind == "technique"), None)
        method = match_words(work(doc).tokens.text[technique.body : technique.end][:300]) if technique else ()
        modality = exam.modality
        if modality is None:
            modality = cast(Modality | None, _first(self._rules.modalities, title, opening, method))
        regions = exam.body_regions
        if not regions:
            regions = tuple(
                _all(self._rules.regions, title) or _plain_film(_all(self._rules.regions, opening), modality)
            )
        work(doc).exam = replace(exam, modality=modality, body_regions=regions)
        return doc


def _plain_film(regions: list[str], modality: Modality | None) -> list[str]:
    """Return the regions that the opening words name, but of an X-ray of the chest not the heart and vessels that it shows too."""
    if modality != "XR" or "chest" not in regions:
        return regions
    return [one for one in regions if one not in ("heart", "vascular")]


def _first(matcher: PatternMatcher[str], *texts: tuple[str, ...]) -> str | None:
    for words in texts:
        found = _all(matcher, words)
        if found:
            return found[0]
    return None


def _all(matcher: PatternMatcher[str], words: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    index = 0
    while index < len(words):
        matches = matcher.every(words, index) if matcher.opens(words[index]) else []
        if not matches:
            index += 1
            continue
        index = max(end for end, _ in matches)
        found += [name for end, name in matches if end == index and name not in found]
    return found


@Language.factory("rad_exam", requires=["doc._.tokens", "doc._.context", "doc._.sections"], assigns=["doc._.exam"])
def make_exam(nlp: Language, name: str) -> ExamFinder:
    """Return the component."""
    return ExamFinder(resources_of(nlp).rules.exams)
