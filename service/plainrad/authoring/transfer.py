"""Between screen and files: what is published goes out as the files of the glossary folder, and TOML comes in as drafts."""

import io
import tomllib
import zipfile
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from plainrad.authoring.desk import AuthoringDesk
from plainrad.content import content_folder
from plainrad.glossary.overlay import Placed
from plainrad.glossary.schema import TermSchema
from plainrad.glossary.write import with_entry

_EPOCH = (1980, 1, 1, 0, 0, 0)


def exported(overlay: Mapping[str, Placed], *, folder: Traversable | None = None) -> dict[str, str]:
    """Return path -> text of every file of the glossary that the overlay changes; the rest of each file stays as it is."""
    shipped = folder or content_folder("glossary")
    made: dict[str, str] = {}
    for name in sorted(overlay):
        path = overlay[name].path
        if path not in made:
            file = shipped.joinpath(*path.split("/"))
            made[path] = file.read_text(encoding="utf-8") if file.is_file() else ""
        made[path] = with_entry(made[path], overlay[name].entry)
    return made


def export_zip(overlay: Mapping[str, Placed]) -> bytes:
    """Return the exported files as a zip; the same content is the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(exported(overlay).items()):
            archive.writestr(zipfile.ZipInfo(f"glossary/{path}", _EPOCH), text.encode("utf-8"))
    return buffer.getvalue()


def export_to(overlay: Mapping[str, Placed], folder: Path) -> tuple[Path, ...]:
    """Write the exported files into a glossary folder, and return which."""
    written = []
    for path, text in exported(overlay, folder=folder).items():
        file = folder.joinpath(*path.split("/"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        written.append(file)
    return tuple(written)


def read_import(text: str, path: str, desk: AuthoringDesk) -> tuple[list[Placed], list[str]]:
    """Return the entries of TOML text, and every mistake in it. Entries that are known keep the file they are in.

    An entry of the wrong shape does not hide what the law says of the others. Only where the text is no TOML is the first mistake all that can be told.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [f"This is not valid TOML: {error}."]
    blocks = data.pop("term", [])
    if not isinstance(blocks, list):
        return [], ["Write each entry as a [[term]] block."]
    mistakes = [f"{name}: This is not known here. Write each entry as a [[term]] block." for name in data]
    if not blocks:
        mistakes.append("There is no [[term]] in it.")
    content, found = desk.current(), list[Placed]()
    for number, block in enumerate(blocks, start=1):
        try:
            entry = TermSchema.model_validate(block)
        except ValidationError as error:
            mistakes += [
                f"Entry {number}, {'.'.join(map(str, item['loc'])) or 'the whole'}: {item['msg']}."
                for item in error.errors(include_url=False, include_input=False)
            ]
            continue
        found.append(Placed(content.entries[entry.id].path if entry.id in content.entries else path, entry))
    mistakes += [str(problem) for placed in found for problem in content.check.problems(placed.path, placed.entry)]
    ids = [placed.entry.id for placed in found]
    mistakes += [f"{name}: The id stands twice." for name in sorted({one for one in ids if ids.count(one) > 1})]
    mistakes += [
        f"{name}: Somebody is changing this entry." for name in dict.fromkeys(ids) if desk.open_for(name) is not None
    ]
    return found, mistakes
