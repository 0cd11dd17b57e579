"""An entry as TOML, and a file of entries with one of them put in. Every other byte of the file stays as it is."""

import json
import re
import tomllib
from typing import Any

from plainrad.errors import ContentInvalidError
from plainrad.glossary.schema import TermSchema

# A block ends where the next one begins, of whatever kind; [[term.sense]] belongs to its term.
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(\w+)[ \t]*\]\][ \t]*(?:#.*)?\r?$", re.MULTILINE)
_ALWAYS = ("id", "term", "kind", "plain", "noun", "definition")


def entry_toml(term: TermSchema) -> str:
    """Return the entry as one `[[term]]` block, keys in the order of the schema; what has its default is left out."""
    defaults = {name: field.get_default(call_default_factory=True) for name, field in TermSchema.model_fields.items()}
    data = term.model_dump(mode="json")
    lines = ["[[term]]"]
    for name, value in data.items():
        if name == "sense" or (name not in _ALWAYS and getattr(term, name) == defaults[name]):
            continue
        lines.append(f"{name} = {_value(value)}")
    for sense in term.sense:
        lines += [
            "",
            "[[term.sense]]",
            f"form = {_value(sense.form)}",
            f"when = {_value(_filled(sense.when.model_dump()))}",
        ]
    return "\n".join(lines) + "\n"


def with_entry(text: str, term: TermSchema) -> str:
    """Return the file `text` with `term` in the place of the entry of its id, or after the last one.

    Raises ContentInvalidError, and changes nothing, when the file is not laid out as `[[term]]` blocks.
    """
    block = entry_toml(term)
    spans = _blocks(text)
    own = [span for kind, span in spans if kind == "term" and _id(text[slice(*span)]) == term.id]
    if len(own) > 1:
        raise ContentInvalidError(f"{term.id}: The id stands twice in the file. Run plainrad check-content.")
    if own:
        start, end = own[0]
        made = text[:start] + block + text[end:]
    else:
        body = text.rstrip()
        made = f"{body}\n\n{block}" if body else block
    _only_this_changed(text, made, term)
    return made


def _blocks(text: str) -> list[tuple[str, tuple[int, int]]]:
    headers = list(_HEADER.finditer(text))
    ends = [*(match.start() for match in headers[1:]), len(text)][: len(headers)]
    return [
        (match[1], (match.start(), _without_comments(text, match.start(), end)))
        for match, end in zip(headers, ends, strict=True)
    ]


def _without_comments(text: str, start: int, end: int) -> int:
    """Return where a block ends: comment lines and blank lines before the next header belong to the next block."""
    lines = text[start:end].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        end -= len(lines.pop())
    return end


def _id(block: str) -> object:
    try:
        rows = tomllib.loads(block)["term"]
    except (tomllib.TOMLDecodeError, KeyError):
        raise ContentInvalidError("An entry of the file is not valid TOML. Run plainrad check-content.") from None
    return rows[0].get("id")


def _only_this_changed(before: str, after: str, term: TermSchema) -> None:
    was, now = tomllib.loads(before), tomllib.loads(after)
    own = [TermSchema.model_validate(row) for row in now["term"] if row["id"] == term.id]
    for data in (was, now):
        data["term"] = [row for row in data.get("term", []) if row.get("id") != term.id]
    if was != now or own != [term]:
        raise ContentInvalidError(
            f"{term.id}: The file is laid out in a way that cannot be changed safely. Write each entry as one [[term]] block."
        )


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}


def _value(value: Any) -> str:
    """Return a TOML value on one line. JSON's strings are TOML's basic strings, but for the character DEL."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    raise TypeError(f"no TOML for a {type(value).__name__}")
