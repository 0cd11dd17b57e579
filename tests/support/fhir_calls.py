"""Calls of the FHIR routes, and what a refusal looks like."""

import json
from typing import Any

from tests.support.fhir import HEADERS, Resource, check
from tests.support.reports import MARKER
from tests.support.service import Service

ANNOTATE = "/fhir/DiagnosticReport/$annotate"


def post(service: Service, path: str, sent: object, **headers: str) -> Any:
    return service.client.post(path, content=json.dumps(sent), headers=HEADERS | headers)


def refused(answer: Any, status: int, code: str) -> Resource:
    """Fail unless this is an OperationOutcome with this code; return its issue."""
    found: Resource = answer.json()
    assert (answer.status_code, found["resourceType"]) == (status, "OperationOutcome"), answer.text
    assert answer.headers["content-type"].startswith("application/fhir+json")
    check(found)
    issue: Resource
    (issue,) = found["issue"]
    assert issue["details"]["coding"][0]["code"] == code
    assert found["id"] == answer.headers["x-request-id"]
    assert MARKER not in answer.text
    return issue
