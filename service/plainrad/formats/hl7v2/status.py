"""Is the report verified, withdrawn, or neither? OBR-25 decides where it stands; else every part must say the same by OBX-11.

A part that is not verified inside a report that is called final makes the whole unverified: nothing passes as final by mistake.
A part that is deleted or wrong withdraws the report: what is on show may be another patient's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from plainrad.domain.report import ReportStatus
from plainrad.errors import ReportNotVerifiedError, ReportStatusMissingError
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Status


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` of a verified report, or the code that withdraws it."""

    status: ReportStatus | None
    withdrawn: str | None = None


_ORDER = (ReportStatus.FINAL, ReportStatus.APPENDED, ReportStatus.AMENDED, ReportStatus.CORRECTED)


def judge(report: str, parts: Sequence[str], rules: Status) -> Verdict:
    """Return the verdict on OBR-25 and the OBX-11 of the parts that hold words; raises ReportError where it is neither."""
    whole = " ".join(report.split()).upper()
    said = [" ".join(part.split()).upper() for part in parts]
    if whole in rules.withdraw_report:
        return Verdict(None, f"OBR-25 {whole}" if len(whole) == 1 else "OBR-25")
    gone = [one for one in said if one in rules.withdraw_part]
    if gone:
        return Verdict(None, f"OBX-11 {gone[0]}" if len(gone[0]) == 1 else "OBX-11")
    if whole and whole not in rules.report:
        raise ReportNotVerifiedError
    named = [one for one in said if one]
    if any(one not in rules.part for one in named):
        if whole:
            raise refused("report_status_mixed")
        raise ReportNotVerifiedError
    if whole:
        return Verdict(ReportStatus(rules.report[whole]))
    if not named or len(named) < len(said):
        raise ReportStatusMissingError
    return Verdict(max((ReportStatus(rules.part[one]) for one in named), key=_ORDER.index))
