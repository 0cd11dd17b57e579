"""The shipped content with the entries that a site has published put over it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from plainrad.glossary.read import RawContent
from plainrad.glossary.schema import TermSchema


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and the file that it belongs to (`terms/<region>/<topic>.toml`)."""

    path: str
    entry: TermSchema


def overlaid(raw: RawContent, entries: Mapping[str, Placed]) -> RawContent:
    """Return `raw` with each of `entries` (by id) in the place of the shipped one, or added; `raw` stays as it is."""
    terms = [
        (entries[term.id].path, entries[term.id].entry) if term.id in entries else (path, term)
        for path, term in raw.terms
    ]
    known = {term.id for _, term in raw.terms}
    terms += [(placed.path, placed.entry) for name, placed in sorted(entries.items()) if name not in known]
    return replace(raw, terms=terms)


def entry_digest(entry: TermSchema | None) -> str:
    """Return what tells one wording of an entry from another, in hex ("" for no entry)."""
    if entry is None:
        return ""
    text = json.dumps(entry.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def overlay_digest(entries: Mapping[str, Placed]) -> str:
    """Return one digest of all of `entries`, in hex: the same overlay has the same digest everywhere."""
    digest = hashlib.sha256()
    for name in sorted(entries):
        digest.update(f"{entries[name].path}\0{entry_digest(entries[name].entry)}\0".encode())
    return digest.hexdigest()
