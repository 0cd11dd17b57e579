"""A RIS that sends files by C-STORE: `python -m tests.support.dicom_sending PORT FOLDER NUMBER...`. It prints each number and its status.

A process of its own: pynetdicom lets go of sockets unclosed when the other side dies.
"""

import sys
import warnings
from pathlib import Path

from pydicom import dcmread
from pynetdicom import AE

from plainrad.formats.dicom.names import BASIC_TEXT_SR, EXPLICIT_LITTLE


def main(port: int, folder: Path, numbers: list[str]) -> None:
    """Send until done, or until there is no answer: no answer is no acknowledgement."""
    warnings.simplefilter("ignore")
    entity = AE(ae_title="RIS")
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = 60
    entity.add_requested_context(BASIC_TEXT_SR, [EXPLICIT_LITTLE])
    association = entity.associate("127.0.0.1", port, ae_title="PLAINRAD")
    if not association.is_established:
        return
    try:
        for one in numbers:
            status = association.send_c_store(dcmread(folder / f"{one}.dcm")).get("Status")
            print(one, "none" if status is None else f"{status:04X}", flush=True)
            if status is None:
                return
        association.release()
    except (OSError, RuntimeError):
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
