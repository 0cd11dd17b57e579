"""The reports that are kept, as FHIR asks for them. What `Records` decides holds here too: release, organisation, what may be known.

What is read is a DiagnosticReport made from the report, with the form that it came in byte for byte in presentedForm[0]. The whole
resource that brought it is kept sealed and is not given: it names the patient, and its other parts were not read before the release
was decided.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from plainrad.api.kept import actor_of, audience_of
from plainrad.domain.access import Principal, Scope
from plainrad.domain.people import NhsNumber
from plainrad.domain.records import NotReleased, Sent, Submission, Visible
from plainrad.errors import CredentialsError, DemoOnlyError, FhirInvalidError, ReportNotFoundError, RequestError
from plainrad.formats.fhir.incoming import Received
from plainrad.formats.fhir.names import MEDIA_TYPE, NHS_NUMBER
from plainrad.formats.fhir.source import as_sent, form_as_sent, rebuilt
from plainrad.records.records import Records
from plainrad.records.submit import body_sha256
from plainrad.release.decide import told
from plainrad.wire.fhir.kept import Acknowledged, Found, Held, Query

_MOST_SENT: Final = 100_000_000  # bytes of what brought the reports of one Bundle


class KeptRecords:
    """Records behind the Protocol `Kept`, for one caller."""

    def __init__(self, records: Records, principal: Principal | None, *, most_sent: int = _MOST_SENT) -> None:
        self._records = records
        self._principal = principal
        self._most_sent = most_sent

    @property
    def _caller(self) -> Principal:
        if self._principal is None:
            raise CredentialsError("credentials_missing")
        return self._principal

    def keep(self, received: Sequence[Received]) -> list[Acknowledged]:
        """Keep the reports in one transaction, each with what brought it."""
        caller = self._caller
        if caller.kind == "loopback" and not all(map(_invented, received)):
            raise DemoOnlyError
        submissions: list[Submission] = []
        left = self._most_sent
        for one in received:
            sent = Sent(MEDIA_TYPE, as_sent(one))
            left -= len(sent.data)
            if left < 0:  # each report is kept with all that it refers to, and many may refer to one large thing
                raise FhirInvalidError(
                    "The reports share parts that are too large. Send fewer at a time.", where="Bundle"
                )
            submissions.append(Submission(one.report, _key(one), sent))
        receipts = self._records.submit_all(submissions, actor=actor_of(caller), source="fhir")
        return [
            Acknowledged(one.id, one.version, told(one.decision), one.outcome in ("created", "new_version"))
            for one in receipts
        ]

    def read(self, report_id: str) -> Held | None:
        """Return a report that may be read now; raises RequestError `not_released`, with the time where that may be said."""
        caller = self._caller
        try:
            found = self._records.patient_version(
                report_id, actor=actor_of(caller), audience=audience_of(caller, "patient"), with_sent=True
            )
        except ReportNotFoundError:
            return None
        if isinstance(found, Visible):
            return self._held(found)
        if found.told or Scope.SUBMIT in caller.scopes:
            raise _refusal(found)
        return None  # the patient may not even know that there is one

    def search(self, query: Query) -> Found:
        """Return released reports, newest first. A page may hold fewer than asked for and still go on."""
        caller = self._caller
        page = self._records.list(
            actor=actor_of(caller),
            patient=_nhs_number(query),
            accession=query.identifier.value if query.identifier else None,
            state="released",
            audience=audience_of(caller, "patient"),
            cursor=query.after,
            limit=max(1, query.count),
        )
        found = []
        for view in page.reports:
            version = self._records.patient_version(
                view.id, actor=actor_of(caller), audience=audience_of(caller, "patient"), with_sent=True
            )
            if isinstance(version, Visible) and _done_in(version, query):
                found.append(self._held(version))
        return Found(tuple(found), None, page.next_cursor)

    def _held(self, found: Visible) -> Held:
        report = found.patient_report.report
        updated: datetime = self._records.get(
            found.id, actor=actor_of(self._caller), audience=audience_of(self._caller, "patient")
        ).received_at
        form = form_as_sent(found.sent.data, report) if found.sent and found.sent.media_type == MEDIA_TYPE else None
        return Held(found.id, found.version, updated, rebuilt(report, form), found.patient_report)


def _key(one: Received) -> str | None:
    """Return what makes sending it again the same submission, for a report without any number of its own.

    One that has a number is known by that, and may come back to older words.
    """
    if one.report.report_id or one.report.accession:
        return None
    sent = json.dumps([one.resource, one.bundle, body_sha256(one.report)], sort_keys=True, default=str)
    return f"fhir:{hashlib.sha256(sent.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _refusal(found: NotReleased) -> RequestError:
    """Return why it cannot be read now, and from when it can, as far as that may be told."""
    if found.state == "retracted":
        return RequestError("retracted", "This report was retracted.")
    when = f" It can be read from {found.available_from.isoformat()}." if found.available_from else ""
    return RequestError("not_released", f"The patient version cannot be read now.{when}")


def _invented(one: Received) -> bool:
    """Return True for a report about nobody, or about somebody whose number belongs to the tests."""
    patient = one.report.patient
    return patient is None or (patient.nhs_number is not None and patient.nhs_number.for_tests)


def _nhs_number(query: Query) -> NhsNumber | None:
    if query.patient is not None:
        raise RequestError(
            "request_invalid", "Search by patient:identifier: patients are known by their NHS number here."
        )
    token = query.patient_identifier
    if token is None:
        return None
    if token.system not in (None, NHS_NUMBER):
        raise RequestError("request_invalid", "patient:identifier: only NHS numbers are searched for here.")
    return NhsNumber.parse(token.value)


def _done_in(found: Visible, query: Query) -> bool:
    """Return True for a report whose examination was done in the time that is asked for."""
    done = found.patient_report.report.exam.performed_at
    if query.done_from is None and query.done_before is None:
        return True
    return (
        done is not None
        and (query.done_from is None or done >= query.done_from)
        and (query.done_before is None or done < query.done_before)
    )
