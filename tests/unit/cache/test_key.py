"""Whatever the content is made of changes the key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plainrad.cache.key import MAKERS, content_key


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name in MAKERS:
        source(tmp_path / "package", name).parent.mkdir(parents=True, exist_ok=True)
        source(tmp_path / "package", name).write_text("x = 1\n")
    return tmp_path / "package"


def source(package: Path, name: str) -> Path:
    return package / name if name.endswith(".py") else package / name / "code.py"


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    (tmp_path / "glossary" / "terms").mkdir(parents=True)
    (tmp_path / "glossary" / "terms" / "a.toml").write_text("a")
    (tmp_path / "glossary" / "VERSION").write_text("1")
    return tmp_path / "glossary"


def key(glossary: Path, package: Path) -> str | None:
    return content_key({"glossary": glossary}, package=package)


def test_the_same_files_have_the_same_key(glossary: Path, package: Path) -> None:
    assert key(glossary, package) == key(glossary, package)
    assert len(key(glossary, package) or "") == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "terms" / "a.toml").write_text("b"),
        lambda folder: (folder / "terms" / "a.toml").write_text(""),
        lambda folder: (folder / "terms" / "a.toml").rename(folder / "terms" / "b.toml"),
        lambda folder: (folder / "terms" / "a.toml").rename(folder / "a.toml"),
        lambda folder: (folder / "terms" / "b.toml").write_text("a"),
        lambda folder: (folder / "VERSION").unlink(),
    ],
    ids=["changed", "emptied", "renamed", "moved", "added", "taken away"],
)
def test_any_change_of_a_file_is_another_key(glossary: Path, package: Path, change: Callable[[Path], object]) -> None:
    before = key(glossary, package)
    change(glossary)
    assert key(glossary, package) != before


@pytest.mark.parametrize("name", MAKERS)
def test_any_change_of_the_code_that_makes_it_is_another_key(glossary: Path, package: Path, name: str) -> None:
    before = key(glossary, package)
    source(package, name).write_text("x = 2\n")
    assert key(glossary, package) != before


def test_files_cannot_take_each_others_place(glossary: Path, package: Path) -> None:
    assert content_key({"glossary": glossary, "models": package}, package=package) != content_key(
        {"glossary": package, "models": glossary}, package=package
    )


@pytest.mark.parametrize("name", MAKERS)
def test_without_the_source_of_the_code_there_is_no_key(glossary: Path, package: Path, name: str) -> None:
    source(package, name).rename(source(package, name).with_suffix(".pyc"))
    assert key(glossary, package) is None
