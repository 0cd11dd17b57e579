"""JSON Schemas of the content files, so that an editor's program can say while typing what a file may hold."""

import json
from pathlib import Path

from pydantic import Field

from plainrad.glossary.phrases import FrameFile, ModifierFile, NormalFile, ReadingFile, TestsFile
from plainrad.glossary.schema import AbbreviationFile, AnatomyFile, LinkFile, Strict, TermFile
from plainrad.glossary.wording import WordingFile


class AllowedWordsFile(Strict):
    """`allowed-words.toml`: rarer words that plain text may use."""

    words: dict[str, str] = Field(description="The word, and the reason why plain text may use it.")


# The name of the schema, what it describes, and the files of the glossary that it is for.
FILES: dict[str, tuple[type[Strict], str]] = {
    "terms": (TermFile, "terms/*/*.toml"),
    "anatomy": (AnatomyFile, "anatomy.toml"),
    "links": (LinkFile, "links.toml"),
    "abbreviations": (AbbreviationFile, "abbreviations.toml"),
    "allowed-words": (AllowedWordsFile, "allowed-words.toml"),
    "phrases-readings": (ReadingFile, "phrases/readings*.toml"),
    "phrases-normal": (NormalFile, "phrases/normal.toml"),
    "phrases-modifiers": (ModifierFile, "phrases/modifiers.toml"),
    "phrases-frames": (FrameFile, "phrases/frames.toml"),
    "phrases-tests": (TestsFile, "phrases/tests.toml"),
    "phrases-wording": (WordingFile, "phrases/wording.toml"),
}


def content_schemas() -> dict[str, str]:
    """Return the text of each schema by the name of its file."""
    return {f"{name}.schema.json": _schema(name, schema, files) for name, (schema, files) in FILES.items()}


def write_schemas(folder: Path) -> list[str]:
    """Write every schema into `folder`, made where it is missing; return the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = content_schemas()
    for name, text in made.items():
        folder.joinpath(name).write_bytes(text.encode("utf-8"))
    return list(made)


def _schema(name: str, schema: type[Strict], files: str) -> str:
    content = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:plainrad:schema:content:{name}",
        **schema.model_json_schema(),
        "title": f"glossary/{files}",
    }
    return json.dumps(content, indent=2, sort_keys=True) + "\n"
