"""What lies in the inbox is sealed where the site has keys, and read again with or without what came before there were any."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.errors import DicomDuplicateError, SettingsInvalidError
from plainrad.formats.dicom.read import read_file
from plainrad.log import make_log
from plainrad.wire.box import make_box
from plainrad.wire.dicom.inbox import Inbox
from plainrad.wire.dicom.worker import Worker
from tests.support.dicom import NOW, sr

KEY = base64.urlsafe_b64encode(b"a key for tests, and only tests!").decode()
OTHER = base64.urlsafe_b64encode(b"another key for tests, the newer").decode()


def worker(inbox: Inbox, plainrad: Plainrad, send: Any = None) -> Worker:
    log = make_log(stream=io.StringIO())
    return Worker(
        inbox, plainrad.annotate, to_pdf=lambda _: b"%PDF-1.7", log=log, release=None, send=send, now=lambda: NOW
    )


def on_disk(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


def test_with_keys_no_word_of_a_report_can_be_read_on_disk(tmp_path: Path, plainrad: Plainrad) -> None:
    inbox, raw = Inbox(tmp_path, box=make_box(KEY)), sr()
    inbox.keep(raw)
    assert b"effusion" not in on_disk(tmp_path)
    waiting: list[bytes] = []
    assert worker(inbox, plainrad, send=lambda _: [None]).run_once() == 1
    assert len(list((tmp_path / "out").iterdir())) == 2
    assert b"effusion" not in on_disk(tmp_path)
    assert b"Plainrad" not in on_disk(tmp_path)

    def archive(files: Any) -> list[int | None]:
        waiting.extend(files)
        return [0x0000]

    worker(inbox, plainrad, send=archive).run_once()
    assert all(one[128:132] == b"DICM" for one in waiting)
    (done,) = (tmp_path / "done").iterdir()
    assert inbox.read(done) == raw, "the original, byte for byte"


def test_the_same_again_is_known_and_a_changed_one_is_refused(tmp_path: Path) -> None:
    inbox, raw = Inbox(tmp_path, box=make_box(KEY)), sr()
    for _ in range(2):
        inbox.keep(raw)
    assert len(list(inbox.waiting())) == 1
    with pytest.raises(DicomDuplicateError):
        inbox.keep(raw.replace(b"Small left", b"Large left"))


def test_what_came_before_there_were_keys_is_read_and_other_keys_come_first(tmp_path: Path) -> None:
    sent = [sr() for _ in range(3)]
    for box, raw in zip((None, KEY, f"{OTHER},{KEY}"), sent, strict=True):
        Inbox(tmp_path, box=make_box(box)).keep(raw)
    inbox = Inbox(tmp_path, box=make_box(f"{OTHER},{KEY}"))
    assert sorted(read_file(inbox.read(path)).uid for path in inbox.waiting()) == sorted(
        read_file(one).uid for one in sent
    )


def test_without_its_key_nothing_is_set_aside(tmp_path: Path, plainrad: Plainrad) -> None:
    Inbox(tmp_path, box=make_box(KEY)).keep(sr())
    for box in (make_box(None), make_box(OTHER)):
        with pytest.raises(SettingsInvalidError, match="PLAINRAD_KEYS"):
            worker(Inbox(tmp_path, box=box), plainrad).run_once()
    assert len(list((tmp_path / "in").iterdir())) == 1


def test_where_nothing_is_sent_on_the_patient_version_lies_ready_to_be_fetched(
    tmp_path: Path, plainrad: Plainrad
) -> None:
    inbox = Inbox(tmp_path, box=make_box(KEY))
    inbox.keep(sr())
    worker(inbox, plainrad).run_once()
    assert [one.read_bytes()[128:132] for one in (tmp_path / "out").iterdir()] == [b"DICM"] * 2
