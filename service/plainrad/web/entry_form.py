"""The form of a glossary entry: what an editor typed <-> an entry. One thing a line; no quotes, no brackets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from pydantic import ValidationError

from plainrad.domain.term import Noun, Sensitivity, TermKind
from plainrad.glossary.schema import REGIONS, Modality, SectionName, TermSchema

KINDS: Final = get_args(TermKind)
NOUNS: Final = get_args(Noun)
SENSITIVITIES: Final = get_args(Sensitivity)
MODALITIES: Final = get_args(Modality)
SECTIONS: Final = get_args(SectionName)
_LINES: Final = ("forms", "abbreviations", "anatomy", "links", "evidence")
_WORDS: Final = ("id", "term", "kind", "plain", "plural", "noun", "definition", "sensitivity", "same_as", "replaced_by")
_WHEN: Final = ("region", "modality", "section", "near")
MOST_SENSES: Final = 12
_TOPIC: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
FIELDS: Final = (
    *_WORDS, *_LINES, "region", "topic", "note", "change", "revision", "csrf",
    *(f"sense-{number}-{name}" for number in range(MOST_SENSES) for name in ("form", *_WHEN)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SenseFields:
    """A row: a form of the entry, and where it means this entry; several values are parted by commas."""

    form: str = ""
    region: str = ""
    modality: str = ""
    section: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class EntryFields:
    """What stands in the form, as text."""

    words: Mapping[str, str]
    lines: Mapping[str, str]
    region: str
    topic: str
    senses: tuple[SenseFields, ...]
    note: str = ""
    change: str = ""
    revision: str = ""
    new: bool = False

    @property
    def path(self) -> str:
        """Return the file that the entry belongs to."""
        return f"terms/{self.region}/{self.topic}.toml"

    @property
    def rows(self) -> tuple[SenseFields, ...]:
        """Return the senses and one empty row more."""
        return (*self.senses, SenseFields())[:MOST_SENSES]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that cannot be used, and why."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The entry, or what is wrong with the form."""

    entry: TermSchema | None
    wrong: tuple[Wrong, ...] = field(default=())


def fields_of(sent: Mapping[str, str], *, new: bool) -> EntryFields:
    """Return what a form sent. Word processors' quotes and spaces become plain ones."""
    clean = {name: _clean(value) for name, value in sent.items()}
    senses = tuple(
        sense
        for number in range(MOST_SENSES)
        if (sense := SenseFields(*(clean.get(f"sense-{number}-{name}", "") for name in ("form", *_WHEN))))
        != SenseFields()
    )
    return EntryFields(
        words={name: " ".join(clean.get(name, "").split()) for name in _WORDS},
        lines={name: clean.get(name, "") for name in _LINES},
        region=clean.get("region", ""),
        topic=clean.get("topic", ""),
        senses=senses,
        note=clean.get("note", ""),
        change=clean.get("change", ""),
        revision=clean.get("revision", ""),
        new=new,
    )


def fields_from(
    entry: Mapping[str, Any], path: str, *, note: str = "", change: str = "", revision: str = ""
) -> EntryFields:
    """Return the fields of an entry that is there."""
    _, region, file = path.split("/")
    senses = tuple(
        SenseFields(one["form"], *(", ".join(one["when"].get(name, ())) for name in _WHEN))
        for one in entry.get("sense", ())
    )
    return EntryFields(
        words={name: str(entry.get(name) or "") for name in _WORDS},
        lines={name: "\n".join(entry.get(name, ())) for name in _LINES},
        region=region,
        topic=file.removesuffix(".toml"),
        senses=senses,
        note=note,
        change=change,
        revision=revision,
    )


def parse_entry(fields: EntryFields) -> Parsed:
    """Return the entry of the fields, or every field that cannot be used. What the law says of it comes after."""
    data: dict[str, Any] = {name: value for name, value in fields.words.items() if value}
    data |= {name: _list(fields.lines[name]) for name in _LINES}
    data["sense"] = [
        {"form": one.form, "when": {name: _list(getattr(one, name).replace(",", "\n")) for name in _WHEN}}
        for one in fields.senses
    ]
    wrong = [Wrong("region", "Choose a region.")] if fields.region not in REGIONS else []
    if not _TOPIC.fullmatch(fields.topic):
        wrong.append(Wrong("topic", "Name the topic in small letters, with hyphens between words."))
    try:
        entry = TermSchema.model_validate(data)
    except ValidationError as error:
        wrong += [
            Wrong(str(item["loc"][0]), _said(item)) for item in error.errors(include_url=False, include_input=False)
        ]
        return Parsed(None, tuple(dict.fromkeys(wrong)))
    return Parsed(None if wrong else entry, tuple(wrong))


_SAID: Final = {
    "missing": "This has to be filled in.",
    "string_too_short": "This has to be filled in.",
    "string_too_long": "This is too long.",
    "string_pattern_mismatch": "Use small letters and digits, with hyphens between words.",
    "literal_error": "Choose one of the values that are offered.",
}


def _said(item: Any) -> str:
    return _SAID.get(item["type"], "This cannot be used.")


def _list(text: str) -> list[str]:
    return [line for part in text.split("\n") if (line := " ".join(part.split()))]


# What word processors and web pages put in unseen, or in the place of a plain character.
_TYPED: Final = str.maketrans(
    {"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2011": "-"}
    | {"\r": "\n", "\v": "\n", "\f": "\n", "\u0085": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "}
)  # fmt: skip


def _clean(text: str) -> str:
    plain = text.replace("\r\n", "\n").translate(_TYPED)
    return "".join(one for one in plain if one == "\n" or one.isprintable()).strip()
