"""The fixed sentences of the patient page: `templates/strings.toml`, one table a language.

How a language is written and how it writes a day come from Babel (Unicode CLDR), so no table says them.
"""

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import get_args

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date

from plainrad.content import content_folder
from plainrad.domain.patient import StatementGroup
from plainrad.domain.reading import Side
from plainrad.errors import ContentInvalidError
from plainrad.explain.bodymap import STATES, State

CATALOGUE = "strings.toml"
DEFAULT_LANGUAGE = "en-GB"
_TABLES = {"groups": get_args(StatementGroup), "sides": get_args(Side), "states": STATES}
_PLACE = re.compile(r"\{[^}]*\}")
# The places that the program fills. A language may put them in its own order.
_PLACES = {
    "quoted": ("{words}",),
    "see_in_report_many": ("{number}", "{total}"),
    "word_as_written": ("{words}",),
    "words_all": ("{count}",),
    "note_on": ("{on}",),
    "note_by": ("{by}", "{on}"),
    "reviewed_by": ("{by}",),
    "reviewed_on": ("{on}",),
    "part_with_side": ("{part}", "{side}"),
    "picture_tells": ("{state}", "{parts}"),
    "picture_number": ("{part}", "{number}"),
    "link_with_publisher": ("{title}", "{publisher}"),
    "asked_by": ("{requester}",),
    "review_count": ("{reviewed}", "{total}"),
}


@dataclass(frozen=True, slots=True)
class Strings:
    """What the page says in its own words, in one language."""

    language: str
    quoted: str
    product: str
    eyebrow: str
    title: str
    contents: str
    about: str
    about_text: str
    about_help: str
    note: str
    note_text: str
    note_on: str
    note_by: str
    plain: str
    beside: str
    beside_choose: str
    in_plain_words: str
    in_report_words: str
    conclusion: str
    own_words: str
    no_plain: str
    own_words_text: str
    see_in_report: str
    see_in_report_many: str
    back_to_statement: str
    original: str
    original_text: str
    original_choose: str
    original_back: str
    original_unshowable: str
    original_starts: str
    original_ends: str
    words: str
    no_words: str
    word_as_written: str
    close_word: str
    words_choose: str
    words_all: str
    word: str
    meaning: str
    drafts_all: str
    drafts_some: str
    draft: str
    reviewed: str
    approved: str
    reviewed_by: str
    reviewed_on: str
    parts: str
    parts_sides: str
    picture: str
    picture_brain: str
    picture_sides: str
    picture_note: str
    picture_right: str
    picture_left: str
    picture_source: str
    picture_tells: str
    picture_joins: str
    picture_number: str
    part_with_side: str
    links: str
    link_with_publisher: str
    new_tab: str
    questions: str
    important: str
    asked_by: str
    urgent_before: str
    urgent_link: str
    urgent_address: str
    urgent_after: str
    made_with: str
    made_by: str
    glossary: str
    pipeline: str
    fingerprint: str
    review_state: str
    review_count: str
    groups: dict[StatementGroup, str]
    sides: dict[Side, str]
    states: dict[State, str]

    @property
    def direction(self) -> str:
        """How the language is written: "ltr" or "rtl"."""
        return _locale(self.language).text_direction

    def day(self, day: date) -> str:
        """Return a day as the language writes it in full: "1 March 2026"."""
        return format_date(day, format="long", locale=_locale(self.language))


@cache
def load_strings(language: str = DEFAULT_LANGUAGE) -> Strings:
    """Return the Strings of `language`. Raises ContentInvalidError when the catalogue lacks it or one of its keys."""
    text = content_folder("templates").joinpath(CATALOGUE).read_text(encoding="utf-8")
    return parse_strings(text, language=language)


def parse_strings(text: str, *, language: str = DEFAULT_LANGUAGE) -> Strings:
    """Return the Strings of `language` in the catalogue `text`. Raises ContentInvalidError, naming each wrong key."""
    try:
        table = tomllib.loads(text).get(language)
    except tomllib.TOMLDecodeError as error:
        raise ContentInvalidError(f"{CATALOGUE}: not valid TOML ({error}).") from None
    if not isinstance(table, dict):
        raise ContentInvalidError(
            f"{CATALOGUE}: there is no table [{language}]. Add it, with the keys of [{DEFAULT_LANGUAGE}]."
        )
    problems = [*_keys(table, {field.name for field in fields(Strings)} - {"language"}, language)]
    try:
        _locale(language)
    except (UnknownLocaleError, ValueError):
        problems.append(f"[{language}] is no language that Unicode CLDR knows. Use a code such as 'cy' or 'ur-PK'.")
    for name, wanted in _TABLES.items():
        value = table.get(name)
        problems += _keys(value if isinstance(value, dict) else {}, set(wanted), f"{language}.{name}")
    for key, value in table.items():
        if key not in _TABLES and not isinstance(value, str):
            problems.append(f"[{language}] {key}: give a text in quotes.")
    for key, places in _PLACES.items():
        sentence = table.get(key)
        if isinstance(sentence, str) and set(_PLACE.findall(sentence)) != set(places):
            problems.append(f"[{language}] {key}: the sentence needs the places {', '.join(places)}, and no others.")
    if problems:
        raise ContentInvalidError("\n".join(f"{CATALOGUE}: {problem}" for problem in problems))
    return Strings(**table, language=language)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _keys(table: dict[str, object], wanted: set[str], where: str) -> list[str]:
    missing = [f"[{where}] lacks the key '{key}'. Add it." for key in sorted(wanted - table.keys())]
    unknown = [
        f"[{where}] has the key '{key}', which nothing shows. Remove it." for key in sorted(table.keys() - wanted)
    ]
    return missing + unknown
