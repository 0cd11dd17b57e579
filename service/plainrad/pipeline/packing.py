"""Everything that a Reader is made of as JSON, and back: values only, each of its own type, nothing that could be run.

What is quickly made again (the rules, the words for normal) is kept as the files hold it and goes through the same checks as ever.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from plainrad.domain.phrases import PhraseBook
from plainrad.glossary.packing import PackedGlossary, lines, of_lines, pack_glossary, unpack_glossary
from plainrad.pipeline.patterns import Graph
from plainrad.pipeline.reading_book import restored_readings
from plainrad.pipeline.recommendation_rules import compile_recommendations
from plainrad.pipeline.resources import Resources
from plainrad.pipeline.rules import RuleFiles, compile_rules
from plainrad.pipeline.spelling import Spelling


@dataclass(frozen=True, slots=True)
class _Packed:
    glossary: PackedGlossary
    book: PhraseBook
    files: dict[str, dict[str, Any]]
    cues: Graph
    phrases: Graph
    spelt: dict[str, tuple[str, ...]]
    known: str
    medical: str
    pairs: str


@cache
def _schema() -> TypeAdapter[_Packed]:
    return TypeAdapter(_Packed)


def pack(resources: Resources, book: PhraseBook, files: RuleFiles) -> bytes:
    """Return as JSON what `resources` were made of and what is slow to make again."""
    packed = _Packed(
        glossary=pack_glossary(resources.glossary),
        book=book,
        files=dict(files),
        cues=resources.rules.cue_matcher.graph(),
        phrases=resources.readings.phrases.graph(),
        spelt=dict(resources.spelt),
        known=lines(sorted(resources.spelling.known)),
        medical=lines(sorted(resources.spelling.medical)),
        pairs=lines(sorted(resources.spelling.pairs)),
    )
    return _schema().dump_json(packed)


def unpack(data: bytes) -> tuple[Resources, PhraseBook]:
    """Return what was packed. Raises ValueError (or, from a rule, RuleError or KeyError) for anything else."""
    packed = _schema().validate_json(data, strict=True)
    made = Resources(
        rules=compile_rules(packed.files, cues=packed.cues),
        glossary=unpack_glossary(packed.glossary),
        readings=restored_readings(packed.book, packed.phrases),
        recommendations=compile_recommendations(packed.files["recommendations"]),
        patient=packed.files["patient"],
        spelt=packed.spelt,
        spelling=Spelling(*(frozenset(of_lines(words)) for words in (packed.known, packed.medical, packed.pairs))),
    )
    return made, packed.book
