"""What the components share: rules and glossary, tied to the spaCy Language that they were built into."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from spacy.language import Language

from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.readings import ReadingBook
from plainrad.pipeline.recommendation_rules import RecommendationRules
from plainrad.pipeline.rules import Rules


@dataclass(frozen=True, slots=True)
class Resources:
    """The rules, the words and the whole-phrase readings of one pipeline."""

    rules: Rules
    glossary: Glossary
    readings: ReadingBook
    recommendations: RecommendationRules


_OF: WeakKeyDictionary[Language, Resources] = WeakKeyDictionary()


def give(nlp: Language, resources: Resources) -> None:
    """Tie `resources` to `nlp`, before its components are made."""
    _OF[nlp] = resources


def resources_of(nlp: Language) -> Resources:
    """Return what was tied to `nlp`."""
    return _OF[nlp]
