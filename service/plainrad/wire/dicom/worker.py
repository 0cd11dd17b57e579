"""Takes reports from the inbox, makes their patient versions, and sends these on. A step that was interrupted is done again."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from plainrad.domain.patient import PatientReport
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Report
from plainrad.errors import PlainradError, ReportError
from plainrad.formats.dicom.read import read_file
from plainrad.log import Log, where
from plainrad.wire.dicom.annotate import Explain, ToPdf, patient_files
from plainrad.wire.dicom.client import kept
from plainrad.wire.dicom.inbox import Inbox

Release = Callable[[Report, PatientReport, datetime], ReleaseDecision]
Send = Callable[[Sequence[bytes]], list[int | None]]


def _now() -> datetime:
    return datetime.now(UTC)


class Worker:
    """Works through an inbox. Without `send` the patient versions stay in `out/`.

    `release` says when the patient version of a report may leave; until then the report waits. None: whoever gets it holds it.
    """

    def __init__(
        self,
        inbox: Inbox,
        explain: Explain,
        *,
        to_pdf: ToPdf,
        log: Log,
        release: Release | None,
        send: Send | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._inbox = inbox
        self._explain = explain
        self._to_pdf = to_pdf
        self._release = release
        self._send = send
        self._log = log
        self._now = now
        self._not_before: dict[str, datetime] = {}  # so that what waits for weeks is not read again every minute

    def run_once(self) -> int:
        """Explain what waits, then send what is to be sent; returns how many reports got their patient version."""
        done = sum(self._explained(path) for path in self._inbox.waiting("in"))
        for path in self._inbox.waiting("out"):
            if self._send is None:
                break
            if self._inbox.is_superseded(path.stem.partition("-")[0]):
                self._inbox.move(path, "failed", reason="superseded")
            elif not self._sent(path, self._send):
                break  # the other system is away: the rest waits too, in its order
        return done

    def _due(self, path: Path, report: Report, patient: PatientReport) -> bool:
        """Return True where the patient version may leave now. What waits for a person, and not for a time, is set aside."""
        if self._release is None:
            return True
        decision = self._release(report, patient, self._now())
        if decision.state == "embargoed" and decision.available_from is not None:
            self._not_before[path.name] = decision.available_from
        elif decision.state != "released":
            self._inbox.move(path, "failed", reason=decision.code)
        return decision.state == "released"

    def _explained(self, path: Path) -> bool:
        if self._inbox.is_superseded(path.stem):
            self._inbox.move(path, "failed", reason="superseded")
            return False
        wait = self._not_before.get(path.name)
        if wait is not None and self._now() < wait:
            return False
        try:
            document = read_file(self._inbox.read(path))
            patient = self._explain(document.report)
            if not self._due(path, document.report, patient):
                return False
            files = patient_files(document, patient, now=self._now(), to_pdf=self._to_pdf)
            for name, data in files.items():
                self._inbox.write("out", name, data, closed=self._send is not None)
        except FileNotFoundError:
            return False  # another process was quicker
        except OSError as error:
            self._log.error("dicom_disk", **where(error))
            return False
        except ReportError as error:
            self._inbox.move(path, "failed", reason=error.code)
            return False
        except PlainradError:
            raise  # a part is missing or the content is wrong: nothing is lost by stopping
        except Exception as error:
            self._log.error("dicom_not_explained", **where(error))
            self._inbox.move(path, "failed", reason="internal_error")
            return False
        self._inbox.move(path, "done")
        self._not_before.pop(path.name, None)
        return True

    def _sent(self, path: Path, send: Send) -> bool:
        """Return False where there was no answer. What the other system refuses for good is set aside."""
        (status,) = send([self._inbox.read(path)])
        if status is None or status >> 8 == 0xA7:
            return False
        if kept(status):
            path.unlink(missing_ok=True)
        else:
            self._inbox.move(path, "failed", reason=f"status_{status:04X}")
        self._log.info("dicom_sent", status=f"{status:04X}")
        return True
