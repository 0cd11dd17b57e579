"""What this server can do (CapabilityStatement), and what its own extensions mean (StructureDefinitions), as FHIR says such things."""

from typing import Final

from plainrad import __version__
from plainrad.formats.fhir.names import (
    ANNOTATED_TERM,
    BASE,
    FHIR_VERSION,
    MADE_BY,
    MEDIA_TYPE,
    PATIENT_VERSION,
    PLAIN_STATEMENT,
    Resource,
)

_DATE: Final = "2026-11-21"  # of this description, not of the day it is asked for
_UK_CORE: Final = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-DiagnosticReport"


def capability_statement(*, kept: bool) -> Resource:
    """Return the CapabilityStatement. Without a store only the operation is claimed: what is not kept cannot be read or searched."""
    interactions = [{"code": code} for code in ("create", "read", "search-type")] if kept else []
    report: Resource = {
        "type": "DiagnosticReport",
        "supportedProfile": [_UK_CORE],
        "documentation": (
            "Only final, amended, corrected and appended reports are read. "
            + (
                "Reports are kept, and shown once they are released."
                if kept
                else "Nothing is kept: POST of a DiagnosticReport does the same as $annotate and answers 200, without a Location."
            )
        ),
        "operation": [
            {
                "name": "annotate",
                "definition": f"{BASE}/OperationDefinition/DiagnosticReport-annotate",
                "documentation": "The report with its patient version beside the untouched original. Nothing is kept.",
            }
        ],
    }
    server: Resource = {
        "mode": "server",
        "documentation": "POST of a Bundle to the base explains every DiagnosticReport in it: all or none, but of a batch one by one.",
        "resource": [report],
    }
    if kept:
        server["interaction"] = [{"code": code} for code in ("transaction", "batch")]
        report["interaction"] = interactions
        report["searchParam"] = [
            {
                "name": "identifier",
                "type": "token",
                "documentation": "Accession number, with or without system.",
            },
            {
                "name": "patient",
                "type": "reference",
                "documentation": "As patient:identifier, with an NHS number.",
            },
            {"name": "date", "type": "date", "documentation": "When it was done; eq, ge, gt, le, lt."},
        ]
    return {
        "resourceType": "CapabilityStatement",
        "id": "plainrad",
        "url": f"{BASE}/CapabilityStatement/plainrad",
        "version": __version__,
        "name": "Plainrad",
        "title": "Plainrad: radiology reports in plain words",
        "status": "active",
        "experimental": False,
        "date": _DATE,
        "description": "Explains verified radiology reports in plain, reviewed words, beside the untouched original.",
        "kind": "instance",
        "software": {"name": "Plainrad", "version": __version__},
        "implementation": {"description": "Plainrad, " + ("stored mode" if kept else "stateless")},
        "fhirVersion": FHIR_VERSION,
        "format": [MEDIA_TYPE],
        "rest": [server],
    }


def structure_definitions() -> dict[str, Resource]:
    """Return our extensions by the name of the file that they are published in."""
    return {
        "StructureDefinition-made-by": _simple(
            MADE_BY, "MadeBy", "Made by", "Marks a part that Plainrad added. Parts with it are not the words of a clinician.",
            ["Attachment", "Annotation", "Device", "Provenance"],
        ),
        "StructureDefinition-patient-version": _complex(
            PATIENT_VERSION, "PatientVersion", "Patient version",
            "Which code and content made the patient version, of which text, and from when the patient may see it.",
            [
                ("plainrad", "string", "1", "Version of the software"), ("glossary", "string", "1", "Version of the words"),
                ("pipeline", "string", "1", "Version of the rules"),
                ("textSha256", "string", "1", "SHA-256 of the text that offsets point into, as UTF-8, in hex"),
                ("releaseState", "code", "1", "embargoed | released | held | retracted | not_applicable"),
                ("releaseReason", "string", "1", "Why"), ("availableFrom", "instant", "?", "From when it may be seen"),
                ("question", "string", "*", "A question that the patient may want to ask"),
            ],
        ),
        "StructureDefinition-annotated-term": _complex(
            ANNOTATED_TERM, "AnnotatedTerm", "Annotated term",
            "A word of the report and what it means. Offsets are half-open and count Unicode characters of the text that was read: "
            "presentedForm[0] where that is plain text, else the form titled 'Words of the report as they were read'.",
            [
                ("start", "unsignedInt", "1", "First character"), ("end", "unsignedInt", "1", "After the last character"),
                ("quoted", "string", "?", "The words in the report"),
                ("assertion", "code", "1", "present | absent | possible | historical | hypothetical | other_person | neutral"),
                ("term", "string", "1", "The medical word"), ("termId", "code", "1", "Its entry in the glossary"),
                ("plain", "string", "1", "A plain word for it"), ("definition", "string", "1", "What it is"),
                ("review", "code", "1", "draft | reviewed | approved"), ("link", "url", "*", "A trusted page about it"),
            ],
        ),
        "StructureDefinition-plain-statement": _complex(
            PLAIN_STATEMENT, "PlainStatement", "Plain statement", "A plain sentence, and where in the report it comes from.",
            [
                ("id", "string", "1", "Its name in the page"),
                ("group", "code", "1", "found | possible | unchanged_or_known | looked_for_not_found | normal | limitation | next_step | background"),
                ("text", "string", "1", "The sentence"), ("certainty", "code", "1", "definite | likely | possible | unlikely"),
                ("source", "", "+", "Where it comes from: start and end"),
            ],
        ),
    }  # fmt: skip


def operation_definition() -> Resource:
    """Return the OperationDefinition of $annotate."""
    return {
        "resourceType": "OperationDefinition",
        "id": "DiagnosticReport-annotate",
        "url": f"{BASE}/OperationDefinition/DiagnosticReport-annotate",
        "name": "Annotate",
        "status": "active",
        "kind": "operation",
        "date": _DATE,
        "description": "Explains a verified radiology report, or those of a Bundle, in plain words. Nothing is kept.",
        "affectsState": False,
        "code": "annotate",
        "resource": ["DiagnosticReport"],
        "system": False,
        "type": True,
        "instance": False,
        "parameter": [
            {"name": "resource", "use": "in", "min": 1, "max": "1", "type": "Resource", "documentation": "A DiagnosticReport or a Bundle."},
            {"name": "return", "use": "out", "min": 1, "max": "1", "type": "Resource", "documentation": "The same with patient versions."},
        ],
    }  # fmt: skip


def published() -> dict[str, Resource]:
    """Return every definition by the name of its file in docs/fhir."""
    return {
        **structure_definitions(),
        "OperationDefinition-annotate": operation_definition(),
        "CapabilityStatement-stateless": capability_statement(kept=False),
        "CapabilityStatement-stored": capability_statement(kept=True),
    }


def _definition(
    url: str, name: str, title: str, description: str, contexts: list[str], elements: list[Resource]
) -> Resource:
    return {
        "resourceType": "StructureDefinition",
        "id": url.rpartition("/")[2],
        "url": url,
        "version": "1.0.0",
        "name": name,
        "title": title,
        "status": "active",
        "date": _DATE,
        "description": description,
        "fhirVersion": FHIR_VERSION,
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": one} for one in contexts],
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": {"element": elements},
    }


def _simple(url: str, name: str, title: str, description: str, contexts: list[str]) -> Resource:
    return _definition(
        url, name, title, description, contexts,
        [
            {"id": "Extension", "path": "Extension", "short": title, "definition": description, "max": "1"},
            {"id": "Extension.extension", "path": "Extension.extension", "max": "0"},
            {"id": "Extension.url", "path": "Extension.url", "fixedUri": url},
            {"id": "Extension.value[x]", "path": "Extension.value[x]", "min": 1, "type": [{"code": "string"}]},
        ],
    )  # fmt: skip


def _complex(url: str, name: str, title: str, description: str, parts: list[tuple[str, str, str, str]]) -> Resource:
    elements: list[Resource] = [
        {"id": "Extension", "path": "Extension", "short": title, "definition": description},
        {
            "id": "Extension.extension", "path": "Extension.extension",
            "slicing": {"discriminator": [{"type": "value", "path": "url"}], "rules": "closed"},
        },
    ]  # fmt: skip
    for part, kind, many, short in parts:
        elements += _slice(f"Extension.extension:{part}", part, kind, many, short)
        if not kind:
            for inner in ("start", "end"):
                elements += _slice(
                    f"Extension.extension:{part}.extension:{inner}", inner, "unsignedInt", "1", f"The {inner}"
                )
    elements += [
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": url},
        {"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"},
    ]
    return _definition(url, name, title, description, ["DiagnosticReport"], elements)


def _slice(place: str, name: str, kind: str, many: str, short: str) -> list[Resource]:
    """Return the elements of one part; `many` is 1, ?, + or *."""
    path = "Extension.extension" + (".extension" if place.count(":") > 1 else "")
    inner: Resource = {"id": f"{place}.value[x]", "path": f"{path}.value[x]"}
    inner |= {"min": 1, "type": [{"code": kind}]} if kind else {"max": "0"}
    return [
        {
            "id": place, "path": path, "sliceName": name, "short": short,
            "min": 1 if many in "1+" else 0, "max": "1" if many in "1?" else "*",
        },
        {"id": f"{place}.url", "path": f"{path}.url", "fixedUri": name},
        inner,
    ]  # fmt: skip
