"""The key of a cache file: one digest of everything that what it holds was made of."""

import hashlib
import sys
from collections.abc import Mapping
from importlib.resources.abc import Traversable

import pydantic

from plainrad import __version__
from plainrad.content import walk

# The code that makes what is kept. A change of any of it makes another key, so that nobody has to remember to count a version up.
MAKERS = ("bootstrap.py", "cache", "content.py", "domain", "glossary", "pipeline")


def content_key(folders: Mapping[str, Traversable], *, package: Traversable) -> str | None:
    """Return the key (64 hex digits) of what this code makes of `folders`, or None where the source of the code is not there."""
    digest = hashlib.sha256()
    for said in (__version__, sys.version, pydantic.VERSION):
        digest.update(said.encode() + b"\0")
    for name in MAKERS:
        made_by = package.joinpath(name)
        files = walk(made_by, ".py") if made_by.is_dir() else [(name, made_by)] if made_by.is_file() else []
        if not files:
            return None
        _add(digest, name, files)
    for name in sorted(folders):
        _add(digest, name, walk(folders[name], ""))
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", name: str, files: list[tuple[str, Traversable]]) -> None:
    """Add path, length and bytes of each file: two lists of files that differ in anything have different digests."""
    digest.update(f"{name}\0{len(files)}\0".encode())
    for path, file in files:
        data = file.read_bytes()
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
