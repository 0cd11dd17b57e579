"""A DiagnosticReport and its patient version -> the same resource with the patient version beside the untouched original.

The form that was read comes first, exactly as it was sent; the page for the patient second, as plain text third; then the other forms.
All that we add carries the extension `made-by`, so that it is never taken for the words of the radiologist when it comes back to us.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, Final

from plainrad.domain.patient import Explanation, PatientReport, Statement, TeamNote
from plainrad.domain.reading import Mention
from plainrad.formats.fhir.attachments import is_ours
from plainrad.formats.fhir.incoming import Received
from plainrad.formats.fhir.names import (
    ANNOTATED_TERM,
    MADE_BY,
    NOTE,
    OWN_EXTENSIONS,
    PATIENT_VERSION,
    PLAIN_STATEMENT,
    Resource,
)
from plainrad.formats.fhir.references import each

REPORT_LANGUAGE: Final = "en-GB"
TITLE: Final = "Patient version"
TEAM: Final = "Radiology team"
TITLE_TEXT: Final = "Patient version (plain text)"
TITLE_READ: Final = "Words of the report as they were read"
DEVICE: Final = "plainrad-device"
PROVENANCE: Final = "plainrad-provenance"
_STRING: Final = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*\S[^\x00-\x08\x0b\x0c\x0e-\x1f]*")


def annotated(received: Received, patient: PatientReport, *, html: str, text: str, recorded: datetime) -> Resource:
    """Return a copy of the resource with the patient version; `html` and `text` are its pages. Only `recorded` differs between runs."""
    made_by = _made_by(patient)
    resource = without_ours(received.resource)
    forms = each(resource.get("presentedForm"))
    index = _index(received)
    original = _original_form(received) if index is None else forms.pop(index)
    ours = [
        _form("text/html; charset=utf-8", html, TITLE, made_by, language=patient.language),
        _form("text/plain; charset=utf-8", text, TITLE_TEXT, made_by, language=patient.language),
    ]
    as_read = []
    if received.form is not None and not received.form.verbatim:
        words = received.report.text
        as_read = [_form("text/plain; charset=utf-8", words, TITLE_READ, made_by, language=REPORT_LANGUAGE)]
    resource["presentedForm"] = [original, *ours, *forms, *as_read]
    resource["extension"] = [
        *resource.get("extension", ()),
        _note(patient, made_by),
        *(_team_note(one, made_by) for one in patient.notes),
        _version(patient),
        *(_statement(one) for one in patient.statements),
        *_terms(patient),
    ]
    resource["contained"] = [
        *resource.get("contained", ()),
        _device(patient, made_by),
        _provenance(received, made_by, recorded),
    ]
    return resource


def without_ours(resource: Resource) -> Resource:
    """Return a copy without what an earlier run added."""
    copy: Resource = deepcopy(resource)
    if copy.get("extension"):
        copy["extension"] = [
            one
            for one in each(copy["extension"])
            if one.get("url") not in OWN_EXTENSIONS and not is_ours(one.get("valueAnnotation") or {})
        ]
    for name in ("presentedForm", "contained"):
        if copy.get(name):
            copy[name] = [one for one in each(copy[name]) if not is_ours(one)]
    return {name: value for name, value in copy.items() if value != [] or resource.get(name) == []}


def _index(received: Received) -> int | None:
    """Return where the form that was read stands once our own forms are gone."""
    if received.form is None:
        return None
    before = each(received.resource.get("presentedForm"))[: received.form.index]
    return sum(not is_ours(one) for one in before)


def original_bytes(received: Received) -> bytes:
    """Return the report as it was sent: the bytes of the form, or its words in UTF-8 where they came as conclusion and results."""
    return received.form.data if received.form is not None else received.report.text.encode("utf-8")


def _original_form(received: Received) -> Resource:
    return {
        "contentType": "text/plain; charset=utf-8",
        "data": base64.b64encode(received.report.text.encode("utf-8")).decode(),
        "title": "Report",
    }


def _made_by(patient: PatientReport) -> list[Resource]:
    return [{"url": MADE_BY, "valueString": _product(patient)}]


def _product(patient: PatientReport) -> str:
    return f"Plainrad {patient.provenance.plainrad}"


def _form(content_type: str, words: str, title: str, made_by: list[Resource], *, language: str) -> Resource:
    return {
        "extension": made_by,
        "contentType": content_type,
        "language": language,
        "data": base64.b64encode(words.encode("utf-8")).decode(),
        "title": title,
    }


def _note(patient: PatientReport, made_by: list[Resource]) -> Resource:
    note = {"extension": made_by, "authorString": _product(patient), "text": patient.disclaimer}
    return {"url": NOTE, "valueAnnotation": note}


def _team_note(note: TeamNote, made_by: list[Resource]) -> Resource:
    """Return what a professional wrote to the patient; `made-by` says that it came through here and is no part of the report."""
    said = {
        "extension": made_by,
        "authorString": note.signed or TEAM,
        "time": note.written_at.astimezone(UTC).isoformat(),
        "text": note.text,
    }
    return {"url": NOTE, "valueAnnotation": said}


def _version(patient: PatientReport) -> Resource:
    release = patient.release
    parts = [
        _part("plainrad", "String", patient.provenance.plainrad),
        _part("glossary", "String", patient.provenance.glossary),
        _part("pipeline", "String", patient.provenance.pipeline),
        _part("textSha256", "String", patient.report.sha256),
        _part("releaseState", "Code", release.state),
        _part("releaseReason", "String", release.reason),
        *(_part("question", "String", one) for one in patient.questions),
    ]
    if release.available_from is not None:
        parts.append(_part("availableFrom", "Instant", release.available_from.astimezone(UTC).isoformat()))
    return {"url": PATIENT_VERSION, "extension": _sayable(parts)}


def _part(name: str, kind: str, value: Any) -> Resource:
    return {"url": name, f"value{kind}": value}


def _sayable(parts: list[Resource]) -> list[Resource]:
    """Leave out strings that FHIR cannot hold: empty ones, and those with control characters of a damaged report."""
    return [
        one for one in parts if not isinstance(one.get("valueString"), str) or _STRING.fullmatch(one["valueString"])
    ]


def _statement(one: Statement) -> Resource:
    parts = [
        _part("id", "String", one.id),
        _part("group", "Code", one.group),
        _part("text", "String", one.text),
        _part("certainty", "Code", one.certainty),
    ]
    for place in one.source:
        inner = [_part("start", "UnsignedInt", place.start), _part("end", "UnsignedInt", place.end)]
        parts.append({"url": "source", "extension": inner})
    return {"url": PLAIN_STATEMENT, "extension": _sayable(parts)}


def _terms(patient: PatientReport) -> Iterable[Resource]:
    """Yield an annotation for each mention whose word is explained."""
    explained = {one.term_id: one for one in patient.explanations}
    for mention in patient.reading.mentions:
        explanation = explained.get(mention.term_id or "")
        if explanation is not None and mention.reportable:
            yield _term(mention, explanation)


def _term(mention: Mention, one: Explanation) -> Resource:
    parts = [
        _part("start", "UnsignedInt", mention.start),
        _part("end", "UnsignedInt", mention.end),
        _part("quoted", "String", mention.text),
        _part("assertion", "Code", mention.assertion),
        _part("term", "String", one.term),
        _part("termId", "Code", one.term_id),
        _part("plain", "String", one.plain),
        _part("definition", "String", one.definition),
        _part("review", "Code", one.review.status),
        *(_part("link", "Url", link.url) for link in one.links),
    ]
    return {"url": ANNOTATED_TERM, "extension": _sayable(parts)}


def _device(patient: PatientReport, made_by: list[Resource]) -> Resource:
    provenance = patient.provenance
    return {
        "resourceType": "Device",
        "id": DEVICE,
        "extension": made_by,
        "status": "active",
        "deviceName": [{"name": "Plainrad", "type": "manufacturer-name"}],
        "version": [
            {"type": {"text": name}, "value": value}
            for name, value in (("software", provenance.plainrad), ("glossary", provenance.glossary), ("pipeline", provenance.pipeline))
        ],
    }  # fmt: skip


def _provenance(received: Received, made_by: list[Resource], recorded: datetime) -> Resource:
    """Return who made this of what. The original is named by its SHA-256 as RFC 6920 writes it."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(original_bytes(received)).digest()).decode().rstrip("=")
    return {
        "resourceType": "Provenance",
        "id": PROVENANCE,
        "extension": made_by,
        "target": [{"reference": "#"}],
        "recorded": recorded.astimezone(UTC).isoformat(timespec="seconds"),
        "agent": [
            {
                "type": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                            "code": "assembler",
                        }
                    ]
                },
                "who": {"reference": f"#{DEVICE}"},
            }
        ],
        "entity": [
            {
                "role": "source",
                "what": {
                    "identifier": {"system": "urn:ietf:rfc:3986", "value": f"ni:///sha-256;{digest}"},
                    "display": "The report as it was sent: presentedForm[0]",
                },
            }
        ],
    }
