"""The table of access: for every route who may use it. Data; `gate` reads it, the tests try each cell, docs/security.md prints it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from plainrad.domain.access import STAFF_ROLES, Role, Scope

Openness = Literal["open", "stateless", "stored"]
_ALL_STAFF = frozenset(STAFF_ROLES)
_READERS = frozenset({Role.RADIOLOGIST, Role.APPROVER})
_WRITERS = frozenset({Role.EDITOR, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route: a program with `scope`, and people with one of `staff`.

    `openness`: open: everybody. stateless: this machine too, without credentials. stored: this machine too, but only until a client
    is set up, and only for invented patients.
    """

    method: str
    path: str
    openness: Openness
    scope: Scope | None = None
    staff: frozenset[Role] = frozenset()


_ACTIONS = (
    "before", "approve", "hold", "lift", "release", "withdraw", "hide", "show", "neutral", "as-read", "note", "note-back",
    "note-check", "comment", "wrong",
)  # fmt: skip
_ANY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RULES: tuple[Rule, ...] = (
    Rule("GET", "/", "open"),
    Rule("GET", "/demo/{name}", "open"),
    Rule("POST", "/demo", "stateless", None, _ALL_STAFF),
    Rule("GET", "/healthz", "open"),
    Rule("GET", "/readyz", "open"),
    Rule("GET", "/openapi.json", "open"),
    Rule("GET", "/metrics", "stateless", Scope.METRICS, frozenset({Role.ADMINISTRATOR})),
    Rule("POST", "/v1/annotate", "stateless", Scope.ANNOTATE, _ALL_STAFF),
    Rule("GET", "/v1/terms", "stateless", Scope.ANNOTATE, _ALL_STAFF),
    Rule("GET", "/v1/terms/{term_id}", "stateless", Scope.ANNOTATE, _ALL_STAFF),
    Rule("POST", "/oauth2/token", "open"),
    Rule("POST", "/v1/reports", "stored", Scope.SUBMIT),
    Rule("GET", "/v1/reports", "stored", Scope.READ, _READERS),
    Rule("POST", "/v1/reports/search", "stored", Scope.READ, _READERS),
    Rule("GET", "/v1/reports/{report_id}", "stored", Scope.READ, _READERS),
    Rule("GET", "/v1/reports/{report_id}/status", "stored", Scope.READ, _READERS),
    Rule("GET", "/v1/reports/{report_id}/patient-version", "stored", Scope.READ, _READERS),
    Rule("GET", "/v1/reports/{report_id}/original", "stored", Scope.READ, _READERS),
    Rule("GET", "/v1/reports/{report_id}/versions", "stored", Scope.READ, _READERS),
    Rule("POST", "/v1/reports/{report_id}/withdraw", "stored", Scope.SUBMIT),
    Rule("POST", "/v1/reports/{report_id}/feedback", "stored", Scope.RESPOND),
    Rule("POST", "/v1/reports/{report_id}/questions", "stored", Scope.RESPOND),
    Rule("PUT", "/v1/patients/preference", "stored", Scope.RESPOND),
    Rule("POST", "/v1/webhooks", "stored", Scope.WEBHOOKS),
    Rule("GET", "/v1/webhooks", "stored", Scope.WEBHOOKS),
    Rule("DELETE", "/v1/webhooks/{webhook_id}", "stored", Scope.WEBHOOKS),
    Rule("POST", "/hl7-v2", "stored", Scope.SUBMIT),
    Rule("POST", "/dicom-web/studies", "stored", Scope.SUBMIT),
    Rule("POST", "/dicom-web/studies/{study}", "stored", Scope.SUBMIT),
    Rule("GET", "/fhir/metadata", "open"),
    Rule("POST", "/fhir/DiagnosticReport/$annotate", "stateless", Scope.ANNOTATE),
    Rule("POST", "/fhir", "stored", Scope.SUBMIT),
    Rule("POST", "/fhir/", "stored", Scope.SUBMIT),
    Rule("POST", "/fhir/DiagnosticReport", "stored", Scope.SUBMIT),
    Rule("GET", "/fhir/DiagnosticReport", "stored", Scope.READ),
    Rule("POST", "/fhir/DiagnosticReport/_search", "stored", Scope.READ),
    Rule("GET", "/fhir/DiagnosticReport/{report_id}", "stored", Scope.READ),
    *(Rule(method, "/fhir/{path:path}", "open") for method in _ANY_METHOD),  # says that there is nothing here, in FHIR
    Rule("GET", "/staff/sign-in", "open"),
    Rule("GET", "/staff/sign-in/start", "open"),
    Rule("GET", "/staff/sign-in/callback", "open"),
    Rule("POST", "/staff/sign-in", "open"),
    Rule("GET", "/staff", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/static/{name}", "open"),
    Rule("GET", "/staff/preview", "stored", None, _ALL_STAFF),
    Rule("POST", "/staff/preview", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/reports", "stored", None, _READERS),
    Rule("GET", "/staff/reports/{report_id}", "stored", None, _READERS),
    Rule("GET", "/staff/reports/{report_id}/phone", "stored", None, _READERS),
    *(Rule("POST", f"/staff/reports/{{report_id}}/{action}", "stored", None, _READERS) for action in _ACTIONS),
    Rule("GET", "/staff/glossary", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/glossary/new", "stored", None, _WRITERS),
    Rule("GET", "/staff/glossary/changes", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/glossary/versions", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/glossary/export", "stored", None, _WRITERS),
    Rule("POST", "/staff/glossary/import", "stored", None, _WRITERS),
    Rule("POST", "/staff/glossary/check", "stored", None, _WRITERS),
    Rule("POST", "/staff/glossary/save", "stored", None, _WRITERS),
    Rule("POST", "/staff/glossary/publish", "stored", None, frozenset({Role.APPROVER})),
    Rule("POST", "/staff/glossary/roll-back", "stored", None, frozenset({Role.APPROVER})),
    Rule("GET", "/staff/glossary/changes/{change_id}", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/glossary/changes/{change_id}/effects", "stored", None, _READERS | _WRITERS),
    Rule("POST", "/staff/glossary/changes/{change_id}/submit", "stored", None, _WRITERS),
    Rule("POST", "/staff/glossary/changes/{change_id}/withdraw", "stored", None, _WRITERS),
    Rule("POST", "/staff/glossary/changes/{change_id}/approve", "stored", None, frozenset({Role.APPROVER})),
    Rule("POST", "/staff/glossary/changes/{change_id}/give-back", "stored", None, frozenset({Role.APPROVER})),
    Rule("GET", "/staff/glossary/entries/{term_id}", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/queues", "stored", None, _WRITERS),
    Rule("GET", "/staff/queues/words", "stored", None, _WRITERS),
    Rule("POST", "/staff/queues/words", "stored", None, _WRITERS),
    Rule("GET", "/staff/queues/wrong", "stored", None, _WRITERS),
    Rule("GET", "/staff/queues/wrong/cases", "stored", None, _WRITERS),
    Rule("GET", "/staff/queues/wrong/{item}", "stored", None, _WRITERS),
    Rule("POST", "/staff/queues/wrong/{item}/case", "stored", None, _WRITERS),
    Rule("POST", "/staff/queues/wrong/{item}/close", "stored", None, _WRITERS),
    Rule("GET", "/staff/queues/feedback", "stored", None, _WRITERS),
    Rule("POST", "/staff/queues/feedback/{item}/close", "stored", None, _WRITERS),
    Rule("GET", "/staff/queues/links", "stored", None, _WRITERS),
    Rule("GET", "/staff/queues/entries", "stored", None, _WRITERS),
    Rule("GET", "/staff/dashboard", "stored", None, _ALL_STAFF),
    Rule("GET", "/staff/session", "stored", None, _ALL_STAFF),
    Rule("POST", "/staff/sign-out", "stored", None, _ALL_STAFF),
)
_BY_ROUTE = {(rule.method, rule.path): rule for rule in RULES}


def rule_for(method: str, path: str) -> Rule | None:
    """Return the rule of a route, or None: then nobody may use it."""
    return _BY_ROUTE.get((method, path))


def table() -> Iterator[tuple[str, ...]]:
    """Return the rows of the table as docs/security.md prints it, its head first."""
    yield ("Route", "Without credentials", "portal, with scope", *(str(role) for role in STAFF_ROLES))
    said = {
        "open": "everybody",
        "stateless": "this machine",
        "stored": "this machine, until a client is set up, invented patients only",
    }
    for rule in RULES:
        person_only = rule.scope is None and rule.openness != "open"
        nobody = "nobody" if person_only and rule.openness == "stored" else said[rule.openness]
        scope = "yes" if rule.openness == "open" else f"`{rule.scope}`" if rule.scope else "no"
        staff = ("yes" if rule.openness == "open" or role in rule.staff else "no" for role in STAFF_ROLES)
        yield (f"`{rule.method} {rule.path}`", nobody, scope, *staff)
