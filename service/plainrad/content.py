"""Where the content folders (glossary, templates, models) are: in the installed wheel or beside a checkout."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from plainrad.errors import ContentMissingError


@cache
def content_folder(name: str) -> Traversable:
    """Return the folder `name` ("glossary", "models" or "templates").

    The wheel carries the folders under `plainrad/_content/`; a checkout has them beside `pyproject.toml`.
    Raises ContentMissingError when neither is there.
    """
    packaged = resources.files("plainrad").joinpath("_content", name)
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise ContentMissingError(name)


def walk(folder: Traversable, suffix: str, prefix: str = "") -> list[tuple[str, Traversable]]:
    """Return (path inside `folder`, file) for every file that ends in `suffix`, in path order."""
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            found.extend(walk(entry, suffix, f"{path}/"))
        elif entry.name.endswith(suffix):
            found.append((path, entry))
    return found
