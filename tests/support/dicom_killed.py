"""A DICOM listener to be killed: `python -m tests.support.dicom_killed FOLDER`. It prints its port."""

import sys
import threading
import warnings
from pathlib import Path

from plainrad.log import make_log
from plainrad.wire.dicom.inbox import Inbox
from plainrad.wire.dicom.server import listen


def main(folder: Path) -> None:
    """Listen until it is killed."""
    warnings.simplefilter("ignore")
    server = listen(Inbox(folder), host="127.0.0.1", port=0, title="PLAINRAD", log=make_log(level="error"))
    print(server.server_address[1], flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
