"""What the OpenAPI document says beyond the types: errors, and examples that this very service has worked out."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from plainrad import __version__
from plainrad.access.rules import Rule, rule_for
from plainrad.api.portal_schemas import BODIES
from plainrad.api.problems import CODES, MEDIA_TYPE
from plainrad.api.schemas import ProblemSchema
from plainrad.domain.access import Scope
from plainrad.errors import PlainradError
from plainrad.formats.contract import to_json
from plainrad.formats.incoming import ReportIn, parse_report

EXAMPLE_REPORT: dict[str, Any] = {
    "text": (
        "Clinical history: Cough for three weeks. Ex-smoker.\n\n"
        "Findings: Small left pleural effusion. No pneumothorax. The heart is not enlarged.\n\n"
        "Conclusion: Small left pleural effusion. Infection is possible.\n"
    ),
    "status": "final",
    "exam": {"title": "XR Chest", "modality": "XR", "body_regions": ["chest"]},
}
EXAMPLES: dict[str, Any] = {
    "report": {"summary": "An invented chest X-ray", "value": EXAMPLE_REPORT},
    "targets": {
        "summary": "With a span of the caller's own",
        "value": {
            "text": "No pneumothorax.",
            "status": "final",
            "exam": "XR Chest",
            "targets": [{"start": 3, "end": 15}],
        },
    },
}
REPORT_SCHEMA: dict[str, Any] = {"$ref": "#/components/schemas/ReportIn"}
SECURITY: dict[str, Any] = {
    "oauth2": {
        "type": "oauth2",
        "description": "Client credentials with private_key_jwt (RS512 or ES256).",
        "flows": {
            "clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {str(one): one.name.lower() for one in Scope}}
        },
    },
    "apiKey": {"type": "http", "scheme": "bearer", "description": "A key of a small site, or an access token."},
}
_REFUSALS = ("credentials_missing", "credentials_invalid", "access_denied", "access_not_configured", "rate_limited")
_ABOUT = (
    "Explains finalised radiology reports to patients in plain, reviewed words, beside the untouched original. "
    "Only verified reports are accepted. POST /v1/annotate keeps nothing; /v1/reports keeps and holds. Nothing that is sent is logged. All examples are invented."
)


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that can answer with these codes."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in sorted({CODES[code][0] for code in codes}):
        names = [code for code in codes if CODES[code][0] == status]
        found[status] = {
            "description": "; ".join(f"`{name}`: {CODES[name][1]}" for name in names),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemSchema"}}},
        }
    return found


def install_documentation(app: FastAPI) -> None:
    """Give `app` the document with the body of a report, the problems and the worked examples."""
    made: dict[str, Any] = {}

    def document() -> dict[str, Any]:
        if made:
            return made
        fresh = get_openapi(title="Plainrad", version=__version__, description=_ABOUT, routes=app.routes)
        schemas = fresh["components"]["schemas"]
        own = ReportIn.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(own.pop("$defs", {}))
        schemas["ReportIn"] = own
        for body in BODIES:
            own = body.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(own.pop("$defs", {}))
            schemas[body.__name__] = own
        schemas["ProblemSchema"] = ProblemSchema.model_json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        fresh["components"]["securitySchemes"] = SECURITY
        for path, methods in fresh["paths"].items():
            for method, operation in methods.items():
                _own_errors(operation)
                _access(operation, rule_for(method.upper(), path))
        try:
            content = fresh["paths"]["/v1/annotate"]["post"]["responses"]["200"]["content"]
            content["application/json"]["example"] = to_json(app.state.engine.example(parse_report(EXAMPLE_REPORT)))
        except PlainradError:
            return fresh  # not ready yet: the example is worked out when there is a Plainrad to do it
        made.update(fresh)
        return made

    async def openapi() -> dict[str, Any]:
        return document()

    app.openapi = document  # type: ignore[method-assign]
    app.add_api_route("/openapi.json", openapi, include_in_schema=False)


def _access(operation: dict[str, Any], rule: Rule | None) -> None:
    """Say what the route wants of a caller, and how it refuses one."""
    if rule is None or rule.openness == "open":
        return
    scope = [str(rule.scope)] if rule.scope else []
    operation["security"] = [{"oauth2": scope}, {"apiKey": []}, *([{}] if rule.openness == "stateless" else [])]
    for status, answer in problems(*_REFUSALS).items():
        there = operation["responses"].setdefault(str(status), answer)
        if there is not answer:
            there["description"] = f"{answer['description']}; {there['description']}"


def _own_errors(operation: dict[str, Any]) -> None:
    """Take out FastAPI's own description of 422, which is not what is answered."""
    answer = operation["responses"].get("422")
    if answer and "application/json" in answer.get("content", {}):
        if MEDIA_TYPE in answer["content"]:
            del answer["content"]["application/json"]
        else:
            del operation["responses"]["422"]
