"""PDF of a report -> its words, read in a process of its own: a small file can be made to cost minutes and gigabytes."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

import plainrad
from plainrad.errors import AttachmentError, BusyError, ExtraMissingError

_SECONDS: Final = 10.0  # of the clock, where the limit of processor time in the child does not end it before
_FEW: Final = BoundedSemaphore(3)  # children at a time: each may take a gigabyte
_PATIENCE: Final = 5.0  # seconds
_START: Final = "import sys; sys.path.insert(0, sys.argv[1]); from plainrad.formats.pdf_child import main; main()"
_ROOT: Final = str(Path(plainrad.__file__).parent.parent)


def pdf_text(data: bytes, *, seconds: float = _SECONDS) -> str:
    """Return the words of a PDF, page after page; raises AttachmentError (damaged, locked, no words, marked), BusyError or ExtraMissingError.

    The order of words is the order in the file: right for reports that a system wrote line by line, not for newspapers.
    """
    if find_spec("pypdf") is None:
        raise ExtraMissingError("fhir")
    if not _FEW.acquire(timeout=_PATIENCE):
        raise BusyError  # who floods with slow PDFs must not keep every thread waiting
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, and words of our own
            [sys.executable, "-P", "-c", _START, _ROOT],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's words may quote the file
            timeout=seconds,
            check=True,
        )
        answer = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise AttachmentError(
            "The PDF takes too long or too much memory to read. Send the report as plain text."
        ) from None
    finally:
        _FEW.release()
    if "refused" in answer:
        raise AttachmentError(answer["refused"])
    return "\n".join(page if page.endswith("\n") else page + "\n" for page in answer["pages"])
