"""What the components share: rules and glossary, tied to the spaCy Language that they were built into."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from spacy.language import Language

from plainrad.domain.phrases import PhraseBook
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.form_trie import spelt_words
from plainrad.pipeline.reading_book import ReadingBook, compile_readings
from plainrad.pipeline.recommendation_rules import RecommendationRules, compile_recommendations
from plainrad.pipeline.rules import RuleFiles, Rules, compile_rules
from plainrad.pipeline.spelling import Spelling, gather_spelling


@dataclass(frozen=True, slots=True)
class Resources:
    """The rules, the words and the whole-phrase readings of one pipeline.

    `spelt` has the words of forms that are not simply the words between their spaces.
    """

    rules: Rules
    glossary: Glossary
    readings: ReadingBook
    recommendations: RecommendationRules
    patient: dict[str, Any]
    spelt: Mapping[str, tuple[str, ...]]
    spelling: Spelling


def gather(files: RuleFiles, glossary: Glossary, book: PhraseBook) -> Resources:
    """Return everything that is made of the rule files, the glossary and the phrases. Raises RuleError."""
    rules, readings = compile_rules(files), compile_readings(book)
    spelt = spelt_words(glossary.forms)
    return Resources(
        rules=rules,
        glossary=glossary,
        readings=readings,
        recommendations=compile_recommendations(files["recommendations"]),
        patient=files["patient"],
        spelt=spelt,
        spelling=gather_spelling(rules, glossary, readings, spelt),
    )


_OF: WeakKeyDictionary[Language, Resources] = WeakKeyDictionary()


def give(nlp: Language, resources: Resources) -> None:
    """Tie `resources` to `nlp`, before its components are made."""
    _OF[nlp] = resources


def resources_of(nlp: Language) -> Resources:
    """Return what was tied to `nlp`."""
    return _OF[nlp]
