"""POST /v1/annotate gives the patient version beside the untouched original, in the format that the caller likes best."""

import json
from hashlib import sha256

import pytest

from plainrad.render.templates import content_security_policy
from tests.support.reports import EXAMPLES, NASTY, example, fields
from tests.support.service import Service

URL = "/v1/annotate"


@pytest.mark.parametrize(
    "text", [NASTY, "x", "\ufeffNo fracture.", "Zero width \u200b only words", *(one.text for one in EXAMPLES.values())]
)
def test_the_original_comes_back_byte_for_byte(service: Service, text: str) -> None:
    original = service.client.post(URL, json=fields(text)).json()["original"]
    assert original["text"].encode() == text.encode()
    assert original["sha256"] == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("text", [NASTY, *(one.text for one in EXAMPLES.values())])
def test_offsets_point_at_the_words_that_are_quoted(service: Service, text: str) -> None:
    answer = service.client.post(URL, json=fields(text)).json()
    assert answer["mentions"]
    for mention in answer["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]
        for part in (*mention["measurements"], *mention["modifiers"]):
            assert text[part["start"] : part["end"]] == part["text"]
    ids = {mention["id"] for mention in answer["mentions"]}
    for statement in answer["statements"]:
        assert statement["source"]
        assert set(statement["mentions"]) <= ids
        for source in statement["source"]:
            assert 0 <= source["start"] < source["end"] <= len(text)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/plain, application/json;q=0.5", "text/plain; charset=utf-8"),
        ("application/json;q=0.1, text/html;q=0.2", "text/html; charset=utf-8"),
    ],
)
def test_the_format_is_the_one_that_the_caller_accepts(service: Service, accept: str | None, expected: str) -> None:
    headers = {"accept": accept} if accept else {"accept": ""}
    answer = service.client.post(URL, json=fields(), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == expected
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_comes_with_the_policy_that_it_needs(service: Service) -> None:
    answer = service.client.post(
        URL, json=fields("<script>alert(1)</script> No fracture."), headers={"accept": "text/html"}
    )
    assert answer.headers["content-security-policy"] == f"{content_security_policy()}; frame-ancestors 'none'"
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_plain_text_holds_the_original_as_it_is(service: Service) -> None:
    answer = service.client.post(URL, json=fields(NASTY), headers={"accept": "text/plain"})
    assert NASTY.encode() in answer.content


def test_a_report_in_which_nothing_is_known_still_gives_everything_else(service: Service) -> None:
    answer = service.client.post(URL, json=fields("Qwertyuiop asdfghjkl."))
    assert answer.status_code == 200
    assert answer.json()["explanations"] == []
    assert answer.json()["disclaimer"].startswith("This report has been sent to the referring clinician")
    page = service.client.post(URL, json=fields("Qwertyuiop asdfghjkl."), headers={"accept": "text/html"}).text
    assert "Qwertyuiop asdfghjkl." in page


def test_what_the_caller_knows_of_the_examination_comes_back(service: Service) -> None:
    exam = {"title": "CT Thorax", "modality": "ct", "body_regions": ["chest"]}
    answer = service.client.post(URL, json=fields(example().text, exam=exam)).json()
    assert answer["exam"] == {"title": "CT Thorax", "modality": "CT", "body_regions": ["chest"]}
    short = service.client.post(URL, json=fields(example().text, exam="CT Thorax", modality="CT")).json()
    assert (short["exam"]["title"], short["exam"]["modality"]) == ("CT Thorax", "CT")


def test_spans_of_the_caller_come_back_with_an_assertion(service: Service) -> None:
    text = "No evidence of florbination."
    answer = service.client.post(URL, json=fields(text, targets=[{"start": 15, "end": 27}])).json()
    (mention,) = [one for one in answer["mentions"] if one["term_id"] is None and one["start"] == 15]
    assert (mention["text"], mention["kind"], mention["assertion"]) == ("florbination", "other", "absent")


@pytest.mark.parametrize(
    ("verified_at", "state"),
    [(None, "not_applicable"), ("2020-01-01T09:00:00Z", "released"), ("2100-01-01T09:00:00Z", "embargoed")],
)
def test_release_says_what_the_policy_would_do(service: Service, verified_at: str | None, state: str) -> None:
    release = service.client.post(URL, json=fields(verified_at=verified_at)).json()["release"]
    assert release["state"] == state
    assert (release["available_from"] is None) == (verified_at is None)


def test_the_same_report_gives_the_same_bytes(service: Service) -> None:
    body = json.dumps(fields(example().text)).encode()
    headers = {"content-type": "application/json; charset=UTF-8"}
    assert len({service.client.post(URL, content=body, headers=headers).content for _ in range(3)}) == 1


def test_a_fragment_has_the_prefix_and_the_headings_that_the_portal_chooses(service: Service) -> None:
    accept = {"accept": "application/vnd.plainrad.fragment+html"}
    answer = service.client.post(f"{URL}?prefix=imaging-&heading=3&look=large", json=fields(), headers=accept)
    assert answer.headers["content-type"] == "application/vnd.plainrad.fragment+html; charset=utf-8"
    assert '<div class="plainrad embedded large"' in answer.text
    assert 'id="imaging-original-text"' in answer.text
    assert "<h2" not in answer.text
    assert "<h3" in answer.text


@pytest.mark.parametrize("look", ["standard", "large", "easy"])
def test_a_pdf_comes_as_a_pdf(service: Service, look: str) -> None:
    answer = service.client.post(f"{URL}?look={look}", json=fields(), headers={"accept": "application/pdf"})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("query", ["look=MARKER", "heading=MARKER", "heading=4", "prefix=MARKER%22%3E", "prefix="])
def test_an_option_that_cannot_be_used_is_refused_and_not_repeated(service: Service, query: str) -> None:
    accept = {"accept": "application/vnd.plainrad.fragment+html"}
    answer = service.client.post(f"{URL}?{query}", json=fields(), headers=accept)
    assert (answer.status_code, answer.json()["code"]) == (422, "option_invalid")
    assert "MARKER" not in answer.text
