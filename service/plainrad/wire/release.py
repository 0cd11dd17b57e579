"""When the patient version of a report that came by HL7 v2 or DICOM may leave: by the whole policy of the site, as a patient would see it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from plainrad.domain.patient import PatientReport
from plainrad.domain.release import ReleaseDecision, ReleaseFacts
from plainrad.domain.report import Report
from plainrad.records.facts import facts_of_report
from plainrad.release.decide import decide
from plainrad.release.policy import ReleasePolicy

Release = Callable[[Report, PatientReport | None, datetime], ReleaseDecision]


def decide_for(policy: ReleasePolicy) -> Release:
    """Return how this policy decides. Nobody can look at a report here: what the policy holds for that never leaves by itself.

    Without a patient version (None) it decides by what was sent about the examination, as if the words held nothing sensitive.
    """

    def release(report: Report, patient: PatientReport | None, now: datetime) -> ReleaseDecision:
        facts = facts_of_report(report, patient, now=now) if patient is not None else _unexplained(report, now)
        return decide(facts, policy, audience="patient", now=now)

    return release


def days_of(policy: ReleasePolicy) -> ReleasePolicy:
    """Return the policy without what holds or excludes: only how long is waited, also by its rules, and the working hours."""
    rules = tuple(replace(one, hold=False, exclude=False) for one in policy.rules)
    return replace(
        policy, excluded_exams=frozenset(), exam_not_stated="release", sensitive=frozenset(), rules=rules
    )  # fmt: skip


def _unexplained(report: Report, now: datetime) -> ReleaseFacts:
    came = min(report.verified_at, now) if report.verified_at is not None else now
    code = report.exam.code
    return ReleaseFacts(
        received_at=came,
        verified_at=report.verified_at,
        first_verified_at=report.verified_at,
        explained_at=came,
        sensitive=frozenset(),
        exam_code=code.value if code else None,
        exam_system=code.system if code else None,
        exam_title=report.exam.title,
        modality=report.exam.modality,
        body_regions=frozenset(report.exam.body_regions),
        requester=report.requester,
    )
