"""The JSON of version 1 is the published schema, and holds every field that callers rely on."""

import json
from typing import Any

import jsonschema
import pytest

from plainrad.bootstrap import Plainrad
from plainrad.formats.contract import json_schema, to_json
from tests.support.reports import EXAMPLES, ROOT, example

PUBLISHED = ROOT / "docs" / "schema" / "plainrad-report-1.schema.json"
# The fields of the contract, as they were promised. Others may be added; none of these may go.
PROMISED: dict[str, set[str]] = {
    "original": {"text", "sha256"},
    "exam": {"title", "modality", "body_regions"},
    "sections": {"kind", "title", "start", "end"},
    "mentions": {
        "id", "start", "end", "text", "term_id", "concept", "kind", "assertion", "certainty", "change", "laterality",
        "section", "reportable", "anatomy", "measurements", "evidence",
    },
    "statements": {"id", "group", "text", "source", "mentions"},
    "explanations": {"term_id", "term", "plain", "definition", "links", "review"},
    "anatomy": {"id", "label", "laterality", "region", "uberon"},
    "release": {"state", "available_from", "reason"},
    "provenance": {"plainrad", "glossary", "pipeline"},
}  # fmt: skip
INNER = {"measurements": {"text", "value", "unit", "when"}, "evidence": {"rule", "start", "end"}}


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == json_schema(), (
        "plainrad schema > docs/schema/plainrad-report-1.schema.json"
    )


def test_the_schema_is_a_schema_that_lets_later_fields_through() -> None:
    schema = json.loads(json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "additionalProperties" not in json_schema()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_valid(plainrad: Plainrad, name: str) -> None:
    answer = to_json(plainrad.annotate(example(name).report()))
    schema = json.loads(json_schema())
    jsonschema.validate(answer, schema, format_checker=jsonschema.FormatChecker())
    assert answer["original"]["text"] == example(name).text
    json.dumps(answer, allow_nan=False)


def test_every_promised_field_is_there(plainrad: Plainrad) -> None:
    answers: list[dict[str, Any]] = [to_json(plainrad.annotate(one.report())) for one in EXAMPLES.values()]
    for answer in answers:
        assert {"schema_version", "links", "questions", "disclaimer", "flags", *PROMISED} <= answer.keys()
        for name, wanted in PROMISED.items():
            rows = answer[name] if isinstance(answer[name], list) else [answer[name]]
            assert all(wanted <= row.keys() for row in rows), name
        for mention in answer["mentions"]:
            for name, wanted in INNER.items():
                assert all(wanted <= row.keys() for row in mention[name])
    assert any(mention["measurements"] for answer in answers for mention in answer["mentions"])
