"""Whatever is wrong with what was kept, there is nothing kept, and no error."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from plainrad.cache.envelope import sealed
from plainrad.cache.kept import Shelf, shelf
from plainrad.log import Log, make_log

KEY = "c" * 64
ME = frozenset({0, os.geteuid()})
NAME = f"content-{KEY}.json"


@pytest.fixture
def place(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "kept", ME)


def as_it_is(body: bytes) -> bytes:
    return body


def test_what_was_put_is_taken(place: Shelf) -> None:
    assert place.take(KEY, as_it_is) is None
    place.put(KEY, lambda: b"content")
    assert place.take(KEY, as_it_is) == b"content"
    assert place.take("d" * 64, as_it_is) is None


@pytest.mark.parametrize("error", [ValueError, KeyError, TypeError, RecursionError, MemoryError, IndexError])
def test_what_cannot_be_unpacked_is_as_if_it_were_not_there(place: Shelf, error: type[Exception]) -> None:
    def refuse(_: bytes) -> bytes:
        raise error

    place.put(KEY, lambda: b"content")
    assert place.take(KEY, refuse) is None


def _damage(write: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        file.unlink()
        write(file)

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        _damage(lambda file: file.mkdir()),
        _damage(lambda file: file.symlink_to(file.with_name("other"))),
        _damage(lambda file: file.write_bytes(b"")),
        _damage(lambda file: file.write_bytes(sealed(b"content", key="e" * 64))),
        _damage(os.mkfifo),
        lambda file: file.chmod(0o666),
        lambda file: file.parent.chmod(0o777),
        lambda file: file.parent.rename(file.parent.with_name("gone")),
        lambda file: os.truncate(file, 100),
    ],
    ids=["folder", "link", "empty", "other key", "pipe", "file mode", "folder mode", "gone", "cut"],
)
def test_a_file_that_is_not_as_it_was_is_as_if_it_were_not_there(
    place: Shelf, damage: Callable[[Path], object]
) -> None:
    place.put(KEY, lambda: b"content")
    damage(place.folder / NAME)
    assert place.take(KEY, as_it_is) is None


def test_a_disk_that_cannot_be_written_is_no_error(place: Shelf) -> None:
    place.folder.parent.joinpath("kept").write_text("a file")
    place.put(KEY, lambda: b"content")
    assert place.take(KEY, as_it_is) is None


def test_the_folder_of_the_site_goes_before_the_usual_one(tmp_path: Path) -> None:
    def log() -> Log:
        return make_log(stream=io.StringIO())

    assert shelf(tmp_path / "a", tmp_path / "b", owners=ME, log=log) == Shelf(tmp_path / "a", ME)
    assert shelf(None, tmp_path / "b", owners=ME, log=log) == Shelf(tmp_path / "b", ME)
    assert shelf(None, None, owners=ME, log=log) is None


def test_a_folder_that_is_not_believed_is_told_once_and_not_used(tmp_path: Path) -> None:
    said = io.StringIO()
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    for _ in range(3):
        assert shelf(tmp_path / "open", None, owners=ME, log=lambda: make_log(stream=said)) is None
    (line,) = said.getvalue().splitlines()
    told = json.loads(line)
    assert (told["event"], told["reason"]) == ("cache_not_used", "others_can_write")


def test_where_the_package_is_not_ours_the_usual_folder_is_not_used(tmp_path: Path) -> None:
    """As under a service: what it could write itself is not believed, only what root put where the site says."""
    root, said = frozenset({os.geteuid() + 4711}), io.StringIO()
    assert shelf(None, tmp_path / "kept", owners=root, log=lambda: make_log(stream=said)) is None
    assert said.getvalue() == ""
    assert shelf(tmp_path / "kept", None, owners=root, log=lambda: make_log(stream=said)) is None
    assert json.loads(said.getvalue())["reason"] == "other_owner"
