"""The glossary can be searched, paged through and read."""

from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from tests.support.service import Service


def everything(service: Service, **query: Any) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = service.client.get("/v1/terms", params={**query, **({"cursor": cursor} if cursor else {})}).json()
        found += [term["id"] for term in page["terms"]]
        cursor = page["next_cursor"]
        if cursor is None:
            assert len(found) == page["total"]
            return found


def test_the_pages_together_are_the_glossary(service: Service, plainrad: Plainrad) -> None:
    current = sorted(term.id for term in plainrad.glossary.terms.values() if term.replaced_by is None)
    assert everything(service, limit=200) == current


def test_a_search_finds_forms_abbreviations_and_plain_words(service: Service) -> None:
    assert "pneumothorax" in everything(service, q="PNEUMOTHOR")
    assert "pneumothorax" in everything(service, q="air around the  outside")
    assert everything(service, q="qqqqqq") == []


def test_region_and_kind_narrow_the_search(service: Service, plainrad: Plainrad) -> None:
    found = everything(service, region="chest", kind="finding", limit=7)
    assert found
    assert all(
        (plainrad.glossary.term(one).region, plainrad.glossary.term(one).kind) == ("chest", "finding") for one in found
    )


def test_an_entry_holds_reviewed_words_and_their_state(service: Service) -> None:
    entry = service.client.get("/v1/terms/pneumothorax").json()
    assert entry["term"] == "pneumothorax"
    assert entry["plain"]
    assert entry["definition"]
    assert entry["review"]["status"] in {"draft", "reviewed", "approved"}
    assert entry["region"] == "chest"


def test_an_unknown_entry_is_a_problem(service: Service) -> None:
    answer = service.client.get("/v1/terms/no-such-word")
    assert (answer.status_code, answer.json()["code"]) == (404, "term_not_found")


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "201"), ("limit", "x"), ("region", "moon"), ("kind", "thing"), ("cursor", "%%%"), ("cursor", ""), ("cursor", "w6k"), ("q", "x" * 101)],
)  # fmt: skip
def test_a_wrong_parameter_is_named_and_not_repeated(service: Service, name: str, value: str) -> None:
    answer = service.client.get("/v1/terms", params={name: value})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert name in answer.json()["detail"]
    assert len(value) < 2 or value not in answer.text
