"""kill -9 in the middle of a thousand messages: what was acknowledged is there, and nothing is there twice.

Twice in the ordinary suite; PLAINRAD_KILLS=20 for the whole proof.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Lock, Thread

import pytest

from tests.support.hl7 import ROOT, numbered
from tests.support.hl7_wire import RawClient

KILLS = int(os.environ.get("PLAINRAD_KILLS", "2"))
MESSAGES = 1_000
CONNECTIONS = 4


class Killed:
    """The listener's process, and those who speak to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.acknowledged: list[int] = []
        self._lock = Lock()
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.hl7_killed", str(self.folder)],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": f"{ROOT / 'service'}:{ROOT}"}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def send(self, numbers: list[int]) -> None:
        """Send over several connections until done, or until the process is gone."""

        def speak(own: list[int]) -> None:
            try:
                with RawClient(self.port) as client:
                    for number in own:
                        answer = client.ask(numbered(number, text=f"Report number {number}."))
                        assert answer == "AA"
                        with self._lock:
                            self.acknowledged.append(number)
            except (OSError, StopIteration):
                return  # killed: no answer is no acknowledgement

        threads = [Thread(target=speak, args=(numbers[n::CONNECTIONS],)) for n in range(CONNECTIONS)]
        for one in threads:
            one.start()
        self._threads = threads

    def join(self) -> None:
        for one in self._threads:
            one.join()

    def wait_until_worked(self) -> None:
        for _ in range(1_200):
            if not any((self.folder / "spool" / "incoming").iterdir()):
                return
            time.sleep(0.05)
        raise AssertionError("the spool is not empty")


@pytest.mark.heavy
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(KILLS))
def test_what_was_acknowledged_is_there_once(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    killed_at = chance.randrange(50, MESSAGES - 50)
    running = Killed(tmp_path)
    running.send(list(range(MESSAGES)))
    while len(running.acknowledged) < killed_at:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.01)
    running.kill()
    running.join()
    before = sorted(running.acknowledged)
    assert killed_at <= len(before) < MESSAGES

    # at the start everything that was acknowledged is found, with nobody sending it again
    running.start()
    running.wait_until_worked()
    kept = Counter(int(one.name.partition(".")[0][3:]) for one in (tmp_path / "kept").iterdir() if one.name[0] != ".")
    assert set(before) <= set(kept)
    assert max(kept.values()) == 1

    # the sender sends what has no answer, and some that have one, as careful senders do
    rest = sorted(set(range(MESSAGES)) - set(before))
    running.acknowledged.clear()
    running.send(rest + chance.sample(before, 20))
    running.join()
    running.wait_until_worked()
    running.kill()
    assert len(running.acknowledged) == len(rest) + 20
    kept = Counter(int(one.name.partition(".")[0][3:]) for one in (tmp_path / "kept").iterdir() if one.name[0] != ".")
    assert kept == Counter(range(MESSAGES))
    for number in range(MESSAGES):
        (file,) = (tmp_path / "kept").glob(f"ACC{number:05d}.*") if number % 50 == 0 else (None,)
        assert file is None or file.read_text() == f"Report number {number}."
    calls = Counter((tmp_path / "ledger").read_text().split()[::2])
    assert sum(calls.values()) <= MESSAGES + 1  # at most the message that was being worked on was worked on again
