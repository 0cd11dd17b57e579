"""`phrases/*.toml` -> the PhraseBook."""

import re
import tomllib
from importlib.resources.abc import Traversable
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from plainrad.domain.phrases import (
    CalledWords,
    Frame,
    ModifierWords,
    NormalWords,
    PhraseBook,
    SetPhrase,
    expression,
)
from plainrad.errors import ContentInvalidError
from plainrad.glossary.schema import Slug, Strict, Text
from plainrad.glossary.wording import WordingFile, problems

FileSchema = TypeVar("FileSchema", bound=Strict)
Group = Literal[
    "found", "possible", "unchanged_or_known", "looked_for_not_found", "normal", "limitation", "next_step", "background"
]
Pattern = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]


class ReadingSchema(Strict):
    """One `[[reading]]`: a set sentence that is read as a whole."""

    id: Slug
    group: Group
    patterns: list[Pattern] = Field(min_length=1)
    text: Text
    anatomy: list[Slug] = Field(default_factory=list)
    of_scan: bool = Field(
        default=False, description="It speaks of the whole scan; behind the label of a row it is told of that row."
    )


class ReadingFile(Strict):
    """A file of set sentences."""

    classes: dict[str, list[str]] = Field(default_factory=dict)
    reading: list[ReadingSchema]


class NormalSchema(Strict):
    """One `[[normal]]`: words that call a part of the body normal."""

    id: Slug
    patterns: list[Pattern] = Field(min_length=1)
    one: Text
    many: Text


class NormalFile(Strict):
    """`phrases/normal.toml`."""

    normal: list[NormalSchema]


class ModifierSchema(Strict):
    """One `[[modifier]]`: a describing word that statements repeat."""

    id: Slug
    forms: list[Text] = Field(min_length=1)
    plain: Text
    amount: str
    after: str = ""


class CalledSchema(Strict):
    """One `[[called]]`: a word that narrows a "no", and how it is said before or after the thing."""

    word: Text
    before: str = ""
    after: str = ""


class ModifierFile(Strict):
    """`phrases/modifiers.toml`."""

    modifier: list[ModifierSchema]
    called: list[CalledSchema]


class FrameSchema(Strict):
    """One `[[frame]]`: what a sentence is about that tells no finding."""

    id: Slug
    group: Group
    sections: list[str] = Field(default_factory=list)
    findings: bool = False
    pattern: Pattern
    unless: str = ""
    text: Text
    together: bool = Field(default=False, description="What several sentences say of it stands behind one opening.")


class FrameFile(Strict):
    """`phrases/frames.toml`."""

    frame: list[FrameSchema]


class KindsSchema(Strict):
    """`[tests]`: ids of terms of tests that make pictures, by the kind that a sender may name."""

    ct: list[Slug]
    mr: list[Slug]
    us: list[Slug]
    x: list[Slug]
    other: list[Slug]


class TestsFile(Strict):
    """`phrases/tests.toml`."""

    tests: KindsSchema


def load_phrases(folder: Traversable) -> PhraseBook:
    """Return the PhraseBook of a glossary folder. Raises ContentInvalidError naming the file and what is wrong."""
    phrases = folder.joinpath("phrases")
    wording = _wording(phrases)
    classes: dict[str, tuple[str, ...]] = {}
    readings: dict[str, SetPhrase] = {}
    for name in sorted(file.name for file in phrases.iterdir() if file.name.startswith("readings")):
        content = _read(phrases, name, ReadingFile)
        for key, values in content.classes.items():
            if classes.setdefault(key, tuple(values)) != tuple(values):
                raise ContentInvalidError(
                    f"phrases/{name}: the class '{key}' is defined in another file with other words."
                )
        for row in content.reading:
            if row.id in readings:
                raise ContentInvalidError(
                    f"phrases/{name}: {row.id}: the id is used twice. Give one of them another id."
                )
            readings[row.id] = SetPhrase(
                row.id, row.group, tuple(row.patterns), row.text, tuple(row.anatomy), row.of_scan
            )
    normals = _read(phrases, "normal.toml", NormalFile).normal
    describing = _read(phrases, "modifiers.toml", ModifierFile)
    return PhraseBook(
        language=wording.language,
        classes=classes,
        phrases=readings,
        normals={one.id: NormalWords(one.id, tuple(one.patterns), one.one, one.many) for one in normals},
        modifiers={
            one.id: ModifierWords(one.id, tuple(one.forms), one.plain, one.amount or None, one.after or None)
            for one in describing.modifier
        },
        called={one.word: CalledWords(one.word, one.before, one.after) for one in describing.called},
        frames=tuple(_frame(one) for one in _read(phrases, "frames.toml", FrameFile).frame),
        tests={kind: tuple(ids) for kind, ids in _read(phrases, "tests.toml", TestsFile).tests.model_dump().items()},
        wording=wording.wording,
        grammar=wording.grammar.grammar(),
        claims=wording.claims.claims(),
        questions=tuple((one.when, one.text) for one in wording.question),
        leads=tuple((one.when, one.text) for one in wording.lead),
        disclaimer=wording.disclaimer.text,
        disclaimer_plain=wording.disclaimer.plain,
    )


def _frame(one: FrameSchema) -> Frame:
    try:
        expression(one.pattern)
        expression(one.unless)
    except re.error as error:
        raise ContentInvalidError(f"phrases/frames.toml: {one.id}: the expression is not valid: {error}.") from None
    return Frame(one.id, one.group, tuple(one.sections), one.findings, one.pattern, one.unless, one.text, one.together)


def _wording(folder: Traversable) -> WordingFile:
    wording = _read(folder, "wording.toml", WordingFile)
    try:
        expression(wording.grammar.second_before)
    except re.error as error:
        raise ContentInvalidError(
            f"phrases/wording.toml: grammar.second_before: the expression is not valid: {error}."
        ) from None
    if found := list(problems(wording)):
        raise ContentInvalidError("\n".join(f"phrases/wording.toml: {one}" for one in found))
    return wording


def _read(folder: Traversable, name: str, schema: type[FileSchema]) -> FileSchema:
    try:
        return schema.model_validate(tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ContentInvalidError(
            f"phrases/{name}: The file is not valid TOML: {error}. Check quotes and brackets there."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ContentInvalidError(f"phrases/{name}: `{where}`: {first['msg']}.") from None
