"""kill -9 of the DICOM listener in the middle of many reports: what was acknowledged is there whole, and is there once.

Twice in the ordinary suite; PLAINRAD_KILLS=20 for the whole proof.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Lock, Thread

import pytest

from plainrad.formats.dicom.read import read_dataset, read_file
from plainrad.wire.dicom.inbox import Inbox, file_name
from tests.support.dicom import sr, text
from tests.support.hl7 import ROOT

KILLS = int(os.environ.get("PLAINRAD_KILLS", "2"))
REPORTS = int(os.environ.get("PLAINRAD_KILL_REPORTS", "120"))
CONNECTIONS = 3
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT / 'service'}:{ROOT}"}


class Killed:
    """The listener's process, and those who send to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.acknowledged: list[int] = []
        self.statuses: set[str] = set()  # no answer is no acknowledgement
        self._lock = Lock()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.dicom_killed", str(self.folder)],
            cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def send(self, folder: Path, numbers: Sequence[int]) -> list[Thread]:
        """Send over several associations, each of a process of its own, until done or until the listener is gone."""

        def speak(own: Sequence[int]) -> None:
            command = [sys.executable, "-m", "tests.support.dicom_sending", str(self.port), str(folder), *map(str, own)]
            with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as sender:
                assert sender.stdout is not None
                for number, status in map(str.split, sender.stdout):
                    with self._lock:
                        self.statuses.add(status)
                        if status == "0000":
                            self.acknowledged.append(int(number))

        threads = [Thread(target=speak, args=(numbers[n::CONNECTIONS],)) for n in range(CONNECTIONS)]
        for one in threads:
            one.start()
        return threads


@pytest.mark.heavy
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(KILLS))
def test_what_was_acknowledged_is_there_whole_and_once(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files = [sr([text(f"Report number {number}. No fracture.")]) for number in range(REPORTS)]
    names = [file_name(read_file(one).uid) for one in files]
    outgoing = tmp_path / "outgoing"
    outgoing.mkdir()
    for number, one in enumerate(files):
        (outgoing / f"{number}.dcm").write_bytes(one)
    killed_at = chance.randrange(5, REPORTS - 20)
    running = Killed(tmp_path / "inbox")
    running.start()
    threads = running.send(outgoing, range(REPORTS))
    while len(running.acknowledged) < killed_at:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.02)
    running.kill()
    for thread in threads:
        thread.join()
    before = sorted(running.acknowledged)
    assert killed_at <= len(before) < REPORTS
    assert running.statuses <= {"0000", "none"}

    # what was acknowledged is there, whole; what was not is there whole or not at all
    inbox = Inbox(running.folder)
    found = {path.name: read_dataset(inbox.read(path)) for path in inbox.waiting()}
    assert {names[number] for number in before} <= found.keys()
    assert all(found[name] == read_dataset(files[names.index(name)]) for name in found)

    # the sender sends what has no answer, and some that have one, as careful senders do
    running.start()
    again = [*sorted(set(range(REPORTS)) - set(before)), *chance.sample(before, 5)]
    running.acknowledged.clear()
    running.statuses.clear()
    for thread in running.send(outgoing, again):
        thread.join()
    running.kill()
    assert running.statuses == {"0000"}
    assert sorted(running.acknowledged) == sorted(again)
    assert sorted(path.name for path in inbox.waiting()) == sorted(names)
    for number, name in enumerate(names):
        assert read_dataset(inbox.read(running.folder / "in" / name)) == read_dataset(files[number])
