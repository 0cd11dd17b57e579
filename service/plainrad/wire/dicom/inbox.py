"""The folder of reports that came in. A file is whole, checked and on disk before its sender is told that it is kept.

in/    waiting for their patient version     done/   have one (the original, as it came)
out/   patient versions, to be sent          failed/ could not be explained or sent for good, each with a .reason
tmp/   being written
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from plainrad.errors import DicomDuplicateError, DicomInvalidError
from plainrad.formats.dicom.read import Document, read_file
from plainrad.wire.box import CLOSED, Box, PlainBox

ROOMS: Final = ("in", "out", "done", "failed", "superseded", "tmp")
_UID: Final = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*))*", re.ASCII)


class Inbox:
    """Keeps files. Several processes may share a folder: a file is moved in one step, and the first of two moves wins.

    `box` closes what is written; what was written before there were keys is read as well.
    """

    def __init__(self, folder: Path, *, box: Box | None = None) -> None:
        self.folder = folder
        self._box = box or PlainBox()
        for room in ROOMS:
            (folder / room).mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, data: bytes) -> Document:
        """Return the document once it is on disk; raises a ReportError for what is not read, DicomDuplicateError, or OSError."""
        document = read_file(data)
        name = file_name(document.uid)
        for room in ("in", "done", "failed"):
            with contextlib.suppress(FileNotFoundError):
                if self.read(self.folder / room / name) == data:
                    if room != "failed":
                        return document
                else:
                    raise DicomDuplicateError
        for older in _older(document):
            self.write(
                "superseded", f"{older}.{_whose(document)}", b""
            )  # first: no older version may leave once this one is acknowledged
        self.write("in", name, data)
        return document

    def is_superseded(self, uid: str) -> bool:
        """Return True where a later document of the same study and patient says that it replaces this one, whichever came first."""
        name, folder = file_name(uid), self.folder / "superseded"
        if not any(folder.glob(f"{name}.*")):
            return (folder / name).exists()  # as an earlier version of this software wrote it
        for room in ("in", "done", "failed"):
            with contextlib.suppress(FileNotFoundError):
                return (folder / f"{name}.{_whose(read_file(self.read(self.folder / room / name)))}").exists()
        return True

    def read(self, path: Path) -> bytes:
        """Return a file as it was given to `write`."""
        data = path.read_bytes()
        return self._box.open(data) if data.startswith(CLOSED) else data

    def write(self, room: str, name: str, data: bytes, *, closed: bool = True) -> Path:
        """Write a file so that it is there whole or not at all, also after the power fails. Only DICOM files are ever closed."""
        if closed and name.endswith(".dcm"):
            data = self._box.close(data)
        part = self.folder / "tmp" / f"{name}.{os.getpid()}.part"
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        target = self.folder / room / name
        part.replace(target)
        _sync(target.parent)
        return target

    def waiting(self, room: str = "in") -> Iterator[Path]:
        """Yield the files of a room, the oldest first."""
        found = []
        for path in (self.folder / room).glob("*.dcm"):
            with contextlib.suppress(FileNotFoundError):
                found.append((path.stat().st_mtime_ns, path))
        for _, path in sorted(found):
            yield path

    def move(self, path: Path, room: str, *, reason: str | None = None) -> None:
        """Move a file to another room; `reason` is one of our codes, written beside it."""
        target = self.folder / room / path.name
        if reason is not None:
            self.write(room, f"{path.name}.reason", f"{reason}\n".encode())
        with contextlib.suppress(FileNotFoundError):
            path.replace(target)
            _sync(target.parent)
            _sync(path.parent)


def _whose(document: Document) -> str:
    """Return the study and the patient of a document as a name that gives neither away at a glance."""
    found = document.dataset
    parts = (str(found.get(name, "")).strip() for name in ("StudyInstanceUID", "IssuerOfPatientID", "PatientID"))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _older(document: Document) -> list[str]:
    """Return the names of the files of the documents that this one replaces."""
    return [
        file_name(str(one.get("ReferencedSOPInstanceUID", "")))
        for study in document.dataset.get("PredecessorDocumentsSequence") or ()
        for series in study.get("ReferencedSeriesSequence") or ()
        for one in series.get("ReferencedSOPSequence") or ()
    ]


def file_name(uid: str) -> str:
    """Return the name of the file for a UID; raises DicomInvalidError for what is none (it could lead out of the folder)."""
    if len(uid) > 64 or not _UID.fullmatch(uid):
        raise DicomInvalidError("The SOP Instance UID is not one.")
    return f"{uid}.dcm"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
