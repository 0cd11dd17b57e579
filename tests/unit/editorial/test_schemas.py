"""The published schemas of the content files are those of the code, and every content file obeys its own."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from plainrad.editorial.schemas import FILES, content_schemas
from tests.support.reports import ROOT
from tests.unit.cli.command import run

PUBLISHED = ROOT / "docs" / "schema" / "content"
GLOSSARY = ROOT / "glossary"


def test_the_published_schemas_are_current() -> None:
    published = {path.name: path.read_text(encoding="utf-8") for path in PUBLISHED.iterdir()}
    assert published == content_schemas(), "plainrad schema --content docs/schema/content"


def test_the_command_writes_them(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = run(capfd, "schema", "--content", tmp_path / "new" / "folder")
    assert outcome.code == 0
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == set(content_schemas())
    (tmp_path / "file").touch()
    assert run(capfd, "schema", "--content", tmp_path / "file").code == 2


@pytest.mark.parametrize("name", FILES)
def test_every_content_file_obeys_its_schema(name: str) -> None:
    schema = json.loads(content_schemas()[f"{name}.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    files = sorted(GLOSSARY.glob(FILES[name][1]))
    assert files
    for file in files:
        for error in validator.iter_errors(tomllib.loads(file.read_text(encoding="utf-8"))):
            pytest.fail(f"{file.name}: {list(error.absolute_path)}: {error.validator}")


def test_every_content_file_has_a_schema() -> None:
    covered = {file for _, pattern in FILES.values() for file in GLOSSARY.glob(pattern)}
    assert set(GLOSSARY.rglob("*.toml")) == covered


def test_a_typing_error_is_seen() -> None:
    schema = json.loads(content_schemas()["links.schema.json"])
    link = {"id": "a", "url": "https://a/", "title": "t", "publisher": "p", "evidence": "A", "cheked": ""}
    assert not jsonschema.Draft202012Validator(schema).is_valid({"link": [link]})


def test_editors_programs_are_told_which_schema_is_for_which_file() -> None:
    rules = tomllib.loads((ROOT / ".taplo.toml").read_text(encoding="utf-8"))["rule"]
    told = {rule["schema"]["path"]: rule["include"] for rule in rules}
    assert told == {
        f"docs/schema/content/{name}.schema.json": [f"glossary/{pattern}"] for name, (_, pattern) in FILES.items()
    }
