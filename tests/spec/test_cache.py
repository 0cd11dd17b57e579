"""A start from what was kept says the same as a start from the files, and nothing that is wrong with what was kept changes that."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad, build
from plainrad.cache.envelope import opened, sealed
from plainrad.cache.kept import Shelf
from plainrad.cache.load import load
from plainrad.formats.contract import to_json
from plainrad.glossary.overlay import Placed
from plainrad.glossary.read import read_content
from plainrad.pipeline.packing import unpack
from plainrad.settings import Settings
from tests.support.golden_cases import NAMES, example
from tests.support.reports import ROOT

ME = frozenset({0, os.geteuid()})
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Body = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a first start has kept what it made."""
    folder = tmp_path_factory.mktemp("cache") / "kept"
    build(Settings(cache=True, cache_dir=folder))
    return folder


@pytest.fixture(scope="module")
def kept(folder: Path) -> Plainrad:
    return build(Settings(cache=True, cache_dir=folder))


@pytest.fixture(scope="module")
def body(folder: Path) -> bytes:
    found = opened(the_file(folder).read_bytes(), key=key_of(the_file(folder)))
    assert found is not None
    return found


def the_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def key_of(file: Path) -> str:
    return file.name.removeprefix("content-").removesuffix(".json")


def told(made: Plainrad, name: str) -> str:
    return json.dumps(to_json(replace(made, now=lambda: NOW).annotate(example(name))))


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_told_alike_byte_for_byte(plainrad: Plainrad, kept: Plainrad, name: str) -> None:
    assert told(kept, name) == told(plainrad, name)


def test_what_is_kept_is_what_was_made(plainrad: Plainrad, kept: Plainrad) -> None:
    assert kept.glossary == plainrad.glossary
    assert list(kept.glossary.forms) == list(plainrad.glossary.forms)  # of two alike, the first has the words
    assert list(kept.glossary.terms) == list(plainrad.glossary.terms)
    assert kept.book == plainrad.book
    assert kept.provenance == plainrad.provenance


def test_a_second_start_takes_what_the_first_one_kept(folder: Path, body: bytes, tmp_path: Path) -> None:
    """Seen by a word that stands in no other place; this is also what it would mean if somebody else could write there."""
    changed: Body = json.loads(body)
    changed["glossary"]["terms"][0]["plain"] = "words that no file holds"
    key = key_of(the_file(folder))
    Shelf(tmp_path / "kept", ME).put(key, lambda: json.dumps(changed).encode())
    made = build(Settings(cache=True, cache_dir=tmp_path / "kept"))
    assert next(iter(made.glossary.terms.values())).plain == "words that no file holds"


def test_a_damaged_file_is_put_right_by_the_next_start(plainrad: Plainrad, folder: Path, tmp_path: Path) -> None:
    whole = the_file(folder).read_bytes()
    damaged = tmp_path / "kept" / the_file(folder).name
    Shelf(damaged.parent, ME).put(key_of(damaged), lambda: b"{}")
    damaged.write_bytes(whole[: len(whole) // 2])
    made = build(Settings(cache=True, cache_dir=damaged.parent))
    assert told(made, NAMES[0]) == told(plainrad, NAMES[0])
    assert damaged.read_bytes() == whole


@pytest.mark.parametrize("part", [0, 1, 50, 90, 4_000, -4_000, -2, -1])
def test_a_file_that_was_cut_is_not_taken(folder: Path, tmp_path: Path, part: int) -> None:
    whole = the_file(folder).read_bytes()
    place = Shelf(tmp_path / "kept", ME)
    place.put(key_of(the_file(folder)), lambda: b"")
    the_file(place.folder).write_bytes(whole[:part])
    assert place.take(key_of(the_file(folder)), unpack) is None


def _set(*path: Any, to: Any) -> Callable[[Body], None]:
    def change(data: Body) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        Body.clear,
        lambda data: data.pop("glossary"),
        lambda data: data["files"].pop("cues"),
        lambda data: data["files"]["cues"]["cue"].pop(),
        lambda data: data["files"]["cues"]["cue"][0].pop("id"),
        lambda data: data["glossary"]["terms"].pop(),
        lambda data: data["glossary"]["numbers"].pop(),
        lambda data: data["phrases"]["starts"].pop(),
        lambda data: data["phrases"]["skips"].pop(),
        lambda data: data["book"]["phrases"].popitem(),
        _set("glossary", "terms", 0, "kind", to="anything"),
        _set("glossary", "terms", 0, "forms", to="one text"),
        _set("glossary", "terms", 0, "background", to="yes"),
        _set("glossary", "numbers", 0, to=-1),
        _set("glossary", "numbers", 0, to=10_000_000),
        _set("glossary", "numbers", 0, to="0"),
        _set("glossary", "meanings", 0, to="no-such-entry"),
        _set("glossary", "meanings", 0, to=[]),
        _set("glossary", "forms", to="one form"),
        _set("glossary", "forms", to="one form\n"),
        _set("glossary", "plurals", to="no form"),
        _set("glossary", "plurals", to="no form\n"),
        _set("phrases", "edges", 0, to={"word": [10_000_000]}),
        _set("phrases", "edges", 0, to={"word": [-1]}),
        _set("phrases", "ends", 0, to=10_000_000),
        _set("phrases", "skips", 0, to=[-1]),
        _set("cues", "ends", 0, to=1.5),
        _set("files", "cues", "cue", 0, "class", to="anything"),
        _set("book", "frames", to={}),
        _set("known", to=None),
    ],
)
def test_a_whole_file_of_another_shape_is_not_taken(
    body: bytes, tmp_path: Path, change: Callable[[Body], object]
) -> None:
    data: Body = json.loads(body)
    change(data)
    place = Shelf(tmp_path / "kept", ME)
    place.put("f" * 64, lambda: json.dumps(data).encode())
    assert place.take("f" * 64, unpack) is None


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"0", b'"text"', b"\x80\x04N.", b"[" * 100_000, b"{", b"\xff"])
def test_a_whole_file_that_holds_something_else_is_not_taken(tmp_path: Path, data: bytes) -> None:
    place = Shelf(tmp_path / "kept", ME)
    place.put("f" * 64, lambda: data)
    assert sealed(data, key="f" * 64) == the_file(place.folder).read_bytes()
    assert place.take("f" * 64, unpack) is None


def test_the_words_of_a_site_are_neither_kept_nor_taken(folder: Path, tmp_path: Path) -> None:
    path, entry = read_content(ROOT / "glossary").terms[0]
    overlay = {entry.id: Placed(path, entry.model_copy(update={"plain": "what this site says"}))}
    for place in (folder, tmp_path / "empty"):
        made = build(Settings(cache=True, cache_dir=place), overlay=overlay, number=7)
        assert made.glossary.term(entry.id).plain == "what this site says"
    assert len(list(folder.iterdir())) == 1
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize("chosen", ["open", "file/kept", "off"])
def test_where_nothing_can_be_kept_the_start_is_as_without(plainrad: Plainrad, tmp_path: Path, chosen: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    made = build(Settings(cache=chosen != "off", cache_dir=tmp_path / chosen))
    assert told(made, NAMES[0]) == told(plainrad, NAMES[0])
    assert [one.name for one in (tmp_path / "open").iterdir()] == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "open"]


@pytest.mark.heavy
def test_many_that_start_at_once_keep_one_whole_file(folder: Path, tmp_path: Path) -> None:
    code = "from plainrad.bootstrap import plainrad; print(plainrad().provenance)"
    environment = os.environ | {"PLAINRAD_CACHE": "true", "PLAINRAD_CACHE_DIR": str(tmp_path / "kept")}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = {process.communicate(timeout=120)[0] for process in started}
    assert len(said) == 1
    assert the_file(tmp_path / "kept").name == the_file(folder).name
    assert the_file(tmp_path / "kept").read_bytes() == the_file(folder).read_bytes()


def test_of_files_that_were_saved_while_they_were_read_nothing_is_kept(tmp_path: Path) -> None:
    """Else the words of tomorrow would stand under the key of yesterday, and come back with yesterday's files."""
    for name in ("glossary", "models"):
        shutil.copytree(ROOT / name, tmp_path / name)

    class SavedMeanwhile(type(tmp_path)):  # type: ignore[misc]
        """A folder of rules in which somebody saves a file at its first reading."""

        def joinpath(self, *parts: str) -> Path:
            (tmp_path / "glossary" / "VERSION").write_text("another\n", encoding="utf-8")
            return tmp_path.joinpath("models", *parts)

    place = Shelf(tmp_path / "kept", ME)
    load(tmp_path / "glossary", SavedMeanwhile(tmp_path / "models"), place=place, package=ROOT / "service" / "plainrad")
    assert not place.folder.exists()
    load(tmp_path / "glossary", tmp_path / "models", place=place, package=ROOT / "service" / "plainrad")
    assert place.folder.exists()


def test_a_small_glossary_is_kept_too(tmp_path: Path) -> None:
    """Lists that are empty, as of plurals, come back empty."""
    glossary = tmp_path / "glossary"
    shutil.copytree(ROOT / "glossary" / "phrases", glossary / "phrases")
    (glossary / "VERSION").write_text("1", encoding="utf-8")
    (glossary / "terms" / "chest").mkdir(parents=True)
    made = [
        load(glossary, ROOT / "models", place=Shelf(tmp_path / "kept", ME), package=ROOT / "service" / "plainrad")[0]
        for _ in range(2)
    ]
    assert len(list((tmp_path / "kept").iterdir())) == 1
    assert made[0].glossary == made[1].glossary
    assert made[0].spelling == made[1].spelling
