"""Puts into `links.toml` the day on which a page was seen; every other byte of the file stays as it is."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

from plainrad.errors import ContentInvalidError

_HEADER = re.compile(r"\s*\[\[\s*link\s*\]\]")
_CHECKED = re.compile(r"(\s*checked\s*=\s*)(?:\"[^\"\n]*\"|'[^'\n]*')")
_NO_KEY = re.compile(r"\s*(?:#|$)")


def remember(file: Path, alive: Mapping[str, str], day: date) -> int:
    """Write `day` as `checked` of the links in `alive` (id -> address as it was asked for); return how many have it now.

    The file is read afresh: an editor may have worked on it meanwhile. Raises ContentInvalidError, and writes nothing,
    when the file is laid out so that anything else would change.
    """
    try:
        before = file.read_bytes().decode("utf-8")
        after, count = with_day(before, alive, day)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError):
        raise ContentInvalidError("links.toml: The file cannot be read. Run plainrad check-content.") from None
    if after != before:
        file.write_bytes(after.encode("utf-8"))
    return count


def with_day(text: str, alive: Mapping[str, str], day: date) -> tuple[str, int]:
    """Return the text of the file with the day put in, and the number of links that got it."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    count = 0
    for start, end in reversed(list(pairwise([*starts, len(lines)]))):
        (link,) = tomllib.loads("\n".join(lines[start:end]).rstrip("\r") + "\n")["link"]
        if alive.get(link["id"]) != link["url"]:
            continue
        count += 1
        own = next((number for number in range(start, end) if _CHECKED.match(lines[number])), None)
        if own is not None:
            lines[own] = _CHECKED.sub(rf'\g<1>"{day.isoformat()}"', lines[own], count=1)
        else:
            last = max(number for number in range(start, end) if not _NO_KEY.match(lines[number]))
            ending = "\r" if lines[last].endswith("\r") else ""
            lines.insert(last + 1, f'checked = "{day.isoformat()}"{ending}')
    after = "\n".join(lines)
    _nothing_else_changed(text, after, alive, day)
    return after, count


def _nothing_else_changed(before: str, after: str, alive: Mapping[str, str], day: date) -> None:
    wanted = tomllib.loads(before)
    for link in wanted.get("link", []):
        if alive.get(link["id"]) == link["url"]:
            link["checked"] = day.isoformat()
    if tomllib.loads(after) != wanted:
        raise ContentInvalidError(
            "links.toml: An entry is laid out in a way that this cannot change safely. "
            "Write each link as [[link]] with one key on a line, and `checked` in plain quotes."
        )
