"""An explainer that is quick, and fails where a text says so."""

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from tests.support.patient import plain_report
from tests.support.reports import MARKER


class Explainer:
    """Explains at once, but for a text that holds "crash"."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def annotate(self, report: Report) -> PatientReport:
        self.texts.append(report.text)
        if "crash" in report.text:
            raise RuntimeError(f"{MARKER} {report.text}")
        return plain_report(report.text, report=report)
