"""When the patient version of a report that came by DICOM may leave: by the whole policy of the site, as a patient would see it."""

from datetime import datetime

from plainrad.domain.patient import PatientReport
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Report
from plainrad.records.facts import facts_of_report
from plainrad.release.decide import decide
from plainrad.release.policy import ReleasePolicy
from plainrad.wire.dicom.worker import Release


def decide_for(policy: ReleasePolicy) -> Release:
    """Return how this policy decides. Nobody can look at a report here: what the policy holds for that never leaves by itself."""

    def release(report: Report, patient: PatientReport, now: datetime) -> ReleaseDecision:
        return decide(facts_of_report(report, patient, now=now), policy, audience="patient", now=now)

    return release
