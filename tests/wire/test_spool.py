"""Messages on disk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread, current_thread

import pytest
from cryptography.fernet import Fernet

from plainrad.errors import SettingsInvalidError
from plainrad.wire.box import PlainBox, make_box
from plainrad.wire.spool import Entry, Spool


def spool(root: Path, *, own: bool = True) -> Spool:
    return Spool(root, box=PlainBox(), own=own)


def test_what_is_put_is_there_for_the_next_process(tmp_path: Path) -> None:
    first = spool(tmp_path)
    entry = first.put("key", b"words")
    first.close()
    second = spool(tmp_path)
    assert second.entries("incoming") == [entry]
    assert second.read(entry) == b"words"
    assert second.find("key") == ("incoming", entry)
    assert second.hashed("a") == first.hashed("a")


def test_messages_come_out_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    one = spool(tmp_path)
    entries = [one.put(f"k{n}", b"x") for n in range(50)]
    assert one.entries("incoming") == entries


def test_the_order_holds_after_a_start_with_a_clock_that_went_back(tmp_path: Path) -> None:
    first = spool(tmp_path)
    entry = first.put("a", b"x")
    later = tmp_path / "incoming" / entry.name.replace(f"{entry.number:020d}", f"{entry.number + 10**18:020d}")
    (tmp_path / "incoming" / entry.name).rename(later)
    first.close()
    second = spool(tmp_path)
    assert second.put("b", b"x").number > entry.number + 10**18


def test_done_and_failed_are_folders(tmp_path: Path) -> None:
    one = spool(tmp_path)
    good, bad = one.put("good", b"x"), one.put("bad", b"y")
    one.done(good)
    one.fail(bad, code="time_invalid", place="OBR-22")
    assert (one.entries("incoming"), one.entries("done"), one.entries("failed")) == ([], [good], [bad])
    assert (one.reason(bad)["code"], one.reason(bad)["place"]) == ("time_invalid", "OBR-22")
    one.replay(bad)
    assert (one.entries("incoming"), one.entries("failed")) == ([bad], [])
    assert list((tmp_path / "failed").iterdir()) == []


def test_half_a_file_of_an_earlier_process_is_no_message(tmp_path: Path) -> None:
    spool(tmp_path).close()
    (tmp_path / "tmp" / "half").write_bytes(b"MSH")
    (tmp_path / "incoming" / "not-ours.txt").write_bytes(b"x")
    again = spool(tmp_path)
    assert again.entries("incoming") == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_spool_belongs_to_one_process(tmp_path: Path) -> None:
    first = spool(tmp_path)
    with pytest.raises(SettingsInvalidError):
        spool(tmp_path)
    spool(tmp_path, own=False).close()
    first.close()
    spool(tmp_path).close()


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    one = spool(tmp_path)
    (tmp_path / "incoming").rmdir()  # the same error path as a disk that does not take the file
    with pytest.raises(FileNotFoundError):
        one.put("key", b"words")
    assert one.find("key") is None
    assert list((tmp_path / "tmp").iterdir()) == []


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    one = spool(tmp_path / "new")
    entry = one.put("key", b"words")
    assert (tmp_path / "new" / "incoming" / entry.name).stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / "incoming").stat().st_mode & 0o077 == 0


def test_with_keys_the_disk_holds_no_word(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    first = Spool(tmp_path, box=make_box(old))
    entry = first.put("key", b"Zyxwqomarker")
    first.close()
    assert not any(b"Zyxwqomarker" in one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    rotated = Spool(tmp_path, box=make_box(f"{new},{old}"))
    assert rotated.read(entry) == b"Zyxwqomarker"
    assert rotated.read(rotated.put("k2", b"more")) == b"more"
    rotated.close()
    with pytest.raises(SettingsInvalidError):
        Spool(tmp_path, box=make_box(new)).read(entry)


@pytest.mark.parametrize("keys", ["short", "not base64 at all but long enough, really!!", "A" * 43])
def test_a_key_that_is_none_is_refused(keys: str) -> None:
    with pytest.raises(SettingsInvalidError):
        make_box(keys)


def test_a_name_gives_nothing_away(tmp_path: Path) -> None:
    one = spool(tmp_path / "a")
    other = spool(tmp_path / "b")
    assert one.hashed("RADIOLOGY", "RXX", "ID-1") != other.hashed("RADIOLOGY", "RXX", "ID-1")
    assert one.hashed("ab", "c") != one.hashed("a", "bc")


def test_old_messages_are_removed_and_counted(tmp_path: Path) -> None:
    one = spool(tmp_path)
    done, waiting = one.put("done", b"x"), one.put("waiting", b"y")
    one.done(done)
    assert one.purge(before=datetime.now(UTC) - timedelta(days=1)) == 0
    assert one.purge(before=datetime.now(UTC) + timedelta(days=1)) == 1
    assert one.find("done") is None
    assert one.entries("incoming") == [waiting]


def test_file_and_folder_are_synced_before_put_returns(tmp_path: Path) -> None:
    synced: list[Path] = []
    one = Spool(tmp_path, box=PlainBox(), sync=lambda number: synced.append(Path(f"/proc/self/fd/{number}").readlink()))
    one.put("key", b"words")
    assert [path.parent.name for path in synced] == ["tmp", tmp_path.name]
    assert synced[1].name == "incoming"


def test_a_message_that_is_slow_to_write_comes_after_those_that_were_there_before_it(tmp_path: Path) -> None:
    """Numbers follow the disk: else an older number would be worked on after a newer one, and look out of date."""
    slow = Event()
    order: list[Entry] = []

    def sync(number: int) -> None:
        if current_thread().name == "slow" and Path(f"/proc/self/fd/{number}").readlink().parent.name == "tmp":
            slow.wait(10)

    one = Spool(tmp_path, box=PlainBox(), sync=sync)
    thread = Thread(name="slow", target=lambda: one.put("slow", b"x", added=order.append))
    thread.start()
    quick = one.put("quick", b"y", added=order.append)
    slow.set()
    thread.join()
    assert [entry.key for entry in order] == ["quick", "slow"]
    assert order == one.entries("incoming")
    assert order[0] == quick
