"""The fixed sentences of the staff pages: `templates/staff/words.toml`."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, get_args

from plainrad.content import content_folder
from plainrad.domain.reading import Assertion, Certainty, Change, SectionKind, Side
from plainrad.domain.records import Choice, WrongKind
from plainrad.domain.release import HoldKind, Wish
from plainrad.domain.term import ReviewStatus
from plainrad.errors import ContentInvalidError

CATALOGUE = "staff/words.toml"


@dataclass(frozen=True, slots=True)
class FlagWords:
    """What a flag is called, and what one can do about it."""

    heading: str
    remedy: str


@dataclass(frozen=True, slots=True)
class DeedWords:
    """What a deed is called before it is done, what its button says, and what has to be known before."""

    heading: str
    button: str
    note: str


@dataclass(frozen=True, slots=True)
class StaffWords:
    """What the staff pages say of a reading, by the names that the reading uses."""

    no_title: str
    code_version: str
    glossary_version: str
    pipeline_version: str
    patient: str
    proxy: str
    readable_from: str
    top_lines: str
    stale: str
    signed_out: str
    old_page: str
    nothing_done: str
    typed_kept: str
    typed_gone: str
    still_here: str
    assertion: dict[str, str]
    certainty: dict[str, str]
    change: dict[str, str]
    side: dict[str, str]
    section: dict[str, str]
    state: dict[str, str]
    hold: dict[str, str]
    wish: dict[str, str]
    note: dict[str, str]
    done: dict[str, str]
    review: dict[str, str]
    wrong: dict[str, str]
    chosen: dict[str, str]
    undo: dict[str, str]
    part: dict[str, str]
    deeds: dict[str, DeedWords]
    flags: dict[str, FlagWords]
    other_flag: FlagWords

    def flag(self, code: str) -> FlagWords:
        """Return the words for a flag of this code, or general ones."""
        return self.flags.get(code, self.other_flag)


_COMPLETE = {
    "assertion": Assertion,
    "certainty": Certainty,
    "change": Change,
    "side": Side,
    "section": SectionKind,
    "hold": HoldKind,
    "wish": Wish,
    "review": ReviewStatus,
    "wrong": WrongKind,
    "chosen": Choice,
    "undo": Choice,
}


@cache
def staff_words() -> StaffWords:
    """Return the catalogue; raises ContentInvalidError when a word is missing or one too many."""
    file = content_folder("templates").joinpath(*CATALOGUE.split("/"))
    table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    names = {field.name for field in fields(StaffWords)}
    if set(table) != names:
        odd = ", ".join(sorted(set(table) ^ names))
        raise ContentInvalidError(f"templates/{CATALOGUE}: missing or not known: {odd}.")
    for name, literal in _COMPLETE.items():
        if set(table[name]) != set(get_args(literal)):
            raise ContentInvalidError(
                f"templates/{CATALOGUE}, [{name}]: it needs exactly {', '.join(get_args(literal))}."
            )
    table["deeds"] = {name: DeedWords(**words) for name, words in table["deeds"].items()}
    table["flags"] = {code: FlagWords(**words) for code, words in table["flags"].items()}
    table["other_flag"] = FlagWords(**table["other_flag"])
    return StaffWords(**table)
