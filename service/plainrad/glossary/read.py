"""Content files -> validated schemas, with a problem that an editor can act on for everything that is wrong."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import ValidationError

from plainrad.content import walk
from plainrad.glossary.schema import (
    REGIONS,
    AbbreviationFile,
    AbbreviationSchema,
    AnatomyFile,
    LinkFile,
    LinkSchema,
    PartSchema,
    SeriesSchema,
    Strict,
    TermFile,
    TermSchema,
)

FileSchema = TypeVar("FileSchema", bound=Strict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the content: where, what, and how to put it right."""

    file: str
    entry: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.entry}" if self.entry else self.file
        return f"{where}: {self.message} {self.remedy}"


@dataclass(slots=True)
class RawContent:
    """The content as its files hold it, before anything is made of it."""

    terms: list[tuple[str, TermSchema]] = field(default_factory=list)
    parts: list[PartSchema] = field(default_factory=list)
    links: list[LinkSchema] = field(default_factory=list)
    abbreviations: list[AbbreviationSchema] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    of_series: set[str] = field(
        default_factory=set
    )  # ids of terms that a series makes: they have no block of their own


def read_content(folder: Traversable) -> RawContent:
    """Return every entry under `folder` that can be read; what cannot is in `problems`."""
    raw = RawContent()
    for path, file in walk(folder.joinpath("terms"), ".toml", "terms/"):
        region = path.split("/")[1]
        if region not in REGIONS:
            raw.problems.append(
                Problem(path, "", f"'{region}' is not a region.", f"Use a folder named one of: {', '.join(REGIONS)}.")
            )
            continue
        terms = _read(raw, path, file, TermFile)
        if terms:
            expanded = list(_expanded(raw, path, terms.series, TermSchema))
            raw.of_series.update(term.id for term in expanded)
            raw.terms.extend((path, term) for term in (*terms.term, *expanded))
    if anatomy := _read_in(raw, folder, "anatomy.toml", AnatomyFile):
        raw.parts += [*anatomy.part, *_expanded(raw, "anatomy.toml", anatomy.series, PartSchema)]
    if links := _read_in(raw, folder, "links.toml", LinkFile):
        raw.links += links.link
    if abbreviations := _read_in(raw, folder, "abbreviations.toml", AbbreviationFile):
        raw.abbreviations += abbreviations.abbreviation
    return raw


def content_digest(folder: Traversable) -> str:
    """Return the sha256 of every file under `folder`, in hex: the same content has the same digest everywhere."""
    digest = hashlib.sha256()
    for path, file in walk(folder, ""):
        digest.update(path.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _read_in(raw: RawContent, folder: Traversable, name: str, schema: type[FileSchema]) -> FileSchema | None:
    file = folder.joinpath(name)
    return _read(raw, name, file, schema) if file.is_file() else None


def _expanded(raw: RawContent, path: str, series: list[SeriesSchema], schema: type[FileSchema]) -> Iterator[FileSchema]:
    """Yield the entries of each series: its pattern, filled in with each of its rows."""
    for one in series:
        for row in one.each:
            data = _filled(one.entry, row)
            try:
                yield schema.model_validate(data)
            except ValidationError as error:
                raw.problems.extend(_explain(path, {"series": [data]}, error, inside=("series", 0)))


def _filled(value: Any, row: dict[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"<(\w+)>", lambda slot: row.get(slot[1], slot[0]), value)
    if isinstance(value, list):
        return [_filled(one, row) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, row) for key, one in value.items()}
    return value


def _read(raw: RawContent, path: str, file: Traversable, schema: type[FileSchema]) -> FileSchema | None:
    try:
        return schema.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        raw.problems.append(Problem(path, "", "The file is not UTF-8 text.", "Save it as UTF-8."))
    except tomllib.TOMLDecodeError as error:
        raw.problems.append(
            Problem(path, "", f"The file is not valid TOML: {error}.", "Check quotes and brackets there.")
        )
    except ValidationError as error:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        raw.problems.extend(_explain(path, data, error))
    return None


def _explain(
    path: str, data: dict[str, object], error: ValidationError, *, inside: tuple[str | int, ...] = ()
) -> Iterator[Problem]:
    for item in error.errors():
        location = (*inside, *item["loc"])
        entry = ""
        if len(location) > 1 and isinstance(location[1], int):
            rows = data.get(str(location[0]))
            row = rows[location[1]] if isinstance(rows, list) and location[1] < len(rows) else {}
            entry = str(row.get("id", row.get("form", f"entry {location[1] + 1}"))) if isinstance(row, dict) else ""
        name = ".".join(str(part) for part in location[2:]) or str(location[0])
        yield Problem(path, entry, f"`{name}`: {item['msg']}.", "See glossary/README.md for what the field may hold.")
