"""Glossary and rules -> what a Reader is made of: as it was kept, or made of the files."""

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from plainrad.cache.kept import Shelf
from plainrad.cache.key import content_key
from plainrad.domain.phrases import PhraseBook
from plainrad.glossary.load import load_glossary
from plainrad.glossary.overlay import Placed
from plainrad.glossary.phrases import load_phrases
from plainrad.pipeline.packing import pack, unpack
from plainrad.pipeline.resources import Resources, gather
from plainrad.pipeline.rules import RuleFiles, read_rule_files


def load(
    glossary: Traversable, models: Traversable, *, place: Shelf | None, package: Traversable
) -> tuple[Resources, PhraseBook]:
    """Return what these folders say: as `place` has it of just these files and this code, or made anew and put there.

    Raises ContentError or RuleError when something in the folders is wrong.
    """
    folders = {"glossary": glossary, "models": models}
    key = None if place is None else content_key(folders, package=package)
    if place is None or key is None:
        return make(glossary, models)
    kept = place.take(key, unpack)
    if kept is not None:
        return kept
    files = read_rule_files(models)
    resources, book = _make(glossary, files)
    if key == content_key(folders, package=package):  # nobody saved a file while they were read
        place.put(key, lambda: pack(resources, book, files))
    return resources, book


def make(
    glossary: Traversable, models: Traversable, *, overlay: Mapping[str, Placed] | None = None, number: int = 0
) -> tuple[Resources, PhraseBook]:
    """Return what these folders say, with the entries of `overlay` over them. Raises ContentError or RuleError."""
    return _make(glossary, read_rule_files(models), overlay=overlay, number=number)


def _make(
    glossary: Traversable, files: RuleFiles, *, overlay: Mapping[str, Placed] | None = None, number: int = 0
) -> tuple[Resources, PhraseBook]:
    book = load_phrases(glossary)
    return gather(files, load_glossary(glossary, overlay=overlay, number=number), book), book
