"""A listener to be killed: `python -m tests.support.hl7_killed FOLDER`. It prints its port; its sink keeps one file for each key."""

import asyncio
import os
import sys
from pathlib import Path

from plainrad.formats.hl7v2.read import ReportReceived
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.log import make_log
from plainrad.wire.box import PlainBox
from plainrad.wire.build import store_traffic
from plainrad.wire.listener import Listener
from plainrad.wire.spool import Spool


class FileSink:
    """Does what the store does: the same key again changes nothing. The ledger has a line for each call."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._ledger = os.open(folder.parent / "ledger", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def submit(self, received: ReportReceived, *, key: str) -> None:
        os.write(self._ledger, f"{received.report_id} {key}\n".encode())
        draft = self._folder / f".{key}"
        draft.write_text(received.report.text, encoding="utf-8")
        draft.replace(self._folder / f"{received.report_id}.{key}")

    def retract(self, report_id: str, *, reason: str, key: str) -> bool:  # noqa: ARG002
        return False


async def main(folder: Path) -> None:
    log = make_log(level="error")
    spool = Spool(folder / "spool", box=PlainBox())
    traffic = store_traffic(spool, FileSink(folder / "kept"), site=Hl7Site(), log=log)
    listener = Listener(traffic.intake, backlog=traffic.backlog, log=log, metrics=traffic.metrics)
    port = await listener.start("127.0.0.1", 0)
    traffic.worker.start()
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
