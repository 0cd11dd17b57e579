"""What the OpenAPI document says beyond the types: errors, and examples that this very service has worked out."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from plainrad import __version__
from plainrad.api.problems import CODES, MEDIA_TYPE
from plainrad.api.schemas import ProblemSchema
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
_ABOUT = (
    "Explains finalised radiology reports to patients in plain, reviewed words, beside the untouched original. "
    "Only verified reports are accepted. Nothing that is sent is kept or logged. All examples are invented."
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
        schemas["ProblemSchema"] = ProblemSchema.model_json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for path in fresh["paths"].values():
            for operation in path.values():
                _own_errors(operation)
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


def _own_errors(operation: dict[str, Any]) -> None:
    """Take out FastAPI's own description of 422, which is not what is answered."""
    answer = operation["responses"].get("422")
    if answer and "application/json" in answer.get("content", {}):
        if MEDIA_TYPE in answer["content"]:
            del answer["content"]["application/json"]
        else:
            del operation["responses"]["422"]
