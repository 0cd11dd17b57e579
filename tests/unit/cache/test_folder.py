"""Files are read and written only where nobody else could have written."""

import os
import socket
import stat
import time
from pathlib import Path

import pytest

from plainrad.cache.folder import believed, is_own, read, refusal, write

ME = frozenset({0, os.geteuid()})
SOMEBODY = frozenset({os.geteuid() + 4711})
NAME = f"content-{'a' * 64}.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def test_what_is_written_is_read_and_is_this_users_alone(folder: Path) -> None:
    write(folder, NAME, b"content", ME)
    assert read(folder, NAME, ME) == b"content"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert [one.name for one in folder.iterdir()] == [NAME]


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_folders_above_that_are_not_there_are_made_for_this_user_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write(tmp_path / "a" / "b", NAME, b"content", ME)
    finally:
        os.umask(before)
    assert read(tmp_path / "a" / "b", NAME, ME) == b"content"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "b" / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777])
def test_a_folder_that_others_can_write_is_refused(folder: Path, mode: int) -> None:
    write(folder, NAME, b"content", ME)
    folder.chmod(mode)
    assert refusal(folder, ME) == "others_can_write"
    with pytest.raises(PermissionError):
        read(folder, NAME, ME)
    with pytest.raises(PermissionError):
        write(folder, NAME, b"content", ME)


def test_in_a_folder_that_others_can_write_nothing_is_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(PermissionError):
        write(tmp_path / "kept", NAME, b"content", ME)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_above_that_others_can_write_is_refused(tmp_path: Path) -> None:
    above = tmp_path / "above"
    write(above / "kept", NAME, b"content", ME)
    above.chmod(0o777)
    assert refusal(above / "kept", ME) == "others_can_write"
    above.chmod(0o1777)  # as /tmp: others may add to it, but cannot take ours away
    assert refusal(above / "kept", ME) is None


def test_the_folder_and_file_of_another_user_are_refused(folder: Path) -> None:
    write(folder, NAME, b"content", ME)
    assert refusal(folder, SOMEBODY) == "other_owner"
    with pytest.raises(PermissionError):
        read(folder, NAME, SOMEBODY)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_in_our_own_folder_is_not_read(folder: Path) -> None:
    write(folder, NAME, b"content", ME)
    os.chown(folder / NAME, os.geteuid() + 4711, -1)
    assert read(folder, NAME, ME) is None


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_not_read(folder: Path, mode: int) -> None:
    write(folder, NAME, b"content", ME)
    (folder / NAME).chmod(mode)
    assert read(folder, NAME, ME) is None


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path, folder: Path) -> None:
    write(folder, NAME, b"content", ME)
    (tmp_path / "link").symlink_to(folder)
    assert refusal(tmp_path / "link", ME) == "symbolic_link"
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    assert refusal(tmp_path / "broken", ME) == "symbolic_link"


def test_a_link_above_the_folder_is_followed_before_anything_is_asked(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(elsewhere)
    write(tmp_path / "link" / "kept", NAME, b"content", ME)
    assert (elsewhere / "kept" / NAME).read_bytes() == b"content"
    elsewhere.chmod(0o777)
    assert refusal(tmp_path / "link" / "kept", ME) == "others_can_write"


def test_a_link_a_second_name_a_pipe_a_folder_and_a_socket_are_no_file(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"content")
    write(folder, f"content-{'b' * 64}.json", b"content", ME)
    (folder / NAME).symlink_to(other)
    with pytest.raises(OSError, match=r"\w"):
        read(folder, NAME, ME)
    (folder / NAME).unlink()
    os.link(other, folder / NAME)
    assert read(folder, NAME, ME) is None
    (folder / NAME).unlink()
    os.mkfifo(folder / NAME, 0o600)
    assert read(folder, NAME, ME) is None  # and nobody waits for a writer
    (folder / NAME).unlink()
    (folder / NAME).mkdir(0o700)
    with pytest.raises(OSError, match=r"\w"):
        read(folder, NAME, ME)
    (folder / NAME).rmdir()
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket may not be long
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(NAME)
    finally:
        os.chdir(here)
    with pytest.raises(OSError, match=r"\w"):
        read(folder, NAME, ME)


def test_a_file_in_the_place_of_the_folder_and_a_path_that_is_not_whole_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file", ME) == "not_a_folder"
    assert refusal(tmp_path / "file" / "kept", ME) in ("not_a_folder", "not_reachable")
    assert refusal(Path("kept"), ME) == "not_absolute"
    assert refusal(tmp_path, frozenset()) == "package_owner_unknown"


def test_nothing_is_left_of_a_file_that_could_not_be_written(folder: Path) -> None:
    write(folder, f"content-{'b' * 64}.json", b"content", ME)
    (folder / NAME).mkdir()  # no file can take its place
    with pytest.raises(OSError, match=r"\w"):
        write(folder, NAME, b"content", ME)
    assert sorted(one.name[:10] for one in folder.iterdir()) == ["content-aa", "content-bb"]


def test_the_newest_few_are_kept_and_no_other_file_is_touched(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "notes.txt").write_text("mine")
    (folder / f".{NAME}.{'0' * 16}").write_text("being written by another process")
    old = folder / f".{NAME}.{'1' * 16}"
    old.write_text("left by one that was killed")
    os.utime(old, (0, 0))
    for place, letter in enumerate("abcdef"):
        write(folder, f"content-{letter * 64}.json", b"content", ME)
        moment = time.time() - 1000 + place
        os.utime(folder / f"content-{letter * 64}.json", (moment, moment))
    left = {one.name for one in folder.iterdir()}
    assert left == {"notes.txt", f".{NAME}.{'0' * 16}", *(f"content-{letter * 64}.json" for letter in "cdef")}


def test_only_root_and_the_owner_of_the_package_are_believed(tmp_path: Path) -> None:
    assert believed(tmp_path) == ME
    assert believed(tmp_path / "not there") == frozenset()
    assert is_own(ME)
    assert not is_own(SOMEBODY)
    with pytest.raises(PermissionError):
        write(tmp_path / "kept", NAME, b"content", SOMEBODY)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_package_of_somebody_else_makes_nobody_but_root_believed(tmp_path: Path) -> None:
    os.chown(tmp_path, os.geteuid() + 4711, -1)
    assert believed(tmp_path) == frozenset({0})
