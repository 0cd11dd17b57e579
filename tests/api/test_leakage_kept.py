"""Promise 6 where reports are kept: no word of a report, no name and no number in a log line, a figure, a header or an error answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.records import SYSTEM
from tests.support.kept import Kept, kept_service
from tests.support.reports import BAD, MARKER, TEXT, Bad
from tests.support.service import failing

NUMBER = "9990000018"
PERSON: dict[str, Any] = {
    "nhs_number": "999 000 0018", "family": f"{MARKER}son", "given": [MARKER], "birth_date": "1961-04-30",
    "identifiers": [{"value": f"{MARKER}-77", "system": "hospital"}],
}  # fmt: skip
URL = "/v1/reports"


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


def nothing_leaked(kept: Kept) -> None:
    """Nothing outside of the answers to those who may read holds a word, a name or a number."""
    seen = kept.service.written + kept.service.client.get("/metrics").text
    for word in (MARKER, NUMBER, "999 000 0018", "1961-04-30", "effusion"):
        assert word not in seen


def everything(kept: Kept, report: str) -> list[tuple[str, str, Any]]:
    """Every route for kept reports, with words in every place that takes some."""
    return [
        ("GET", f"{URL}?accession={MARKER}&q={MARKER}", None),
        ("GET", f"{URL}?cursor={MARKER}&state={MARKER}&limit={MARKER}", None),
        ("POST", f"{URL}/search", {"nhs_number": NUMBER}),
        ("POST", f"{URL}/search", {"nhs_number": f"{NUMBER}{MARKER}"}),
        ("POST", f"{URL}/search", {MARKER: MARKER}),
        *(
            ("GET", f"{URL}/{one}{what}", None)
            for one in (report, MARKER, NUMBER)
            for what in ("", "/status", "/versions")
        ),
        *(("GET", f"{URL}/{report}/{what}?audience={MARKER}", None) for what in ("patient-version", "original")),
        ("POST", f"{URL}/{report}/feedback", {"kind": "worried", "text": f"I, {MARKER}, am afraid"}),
        ("POST", f"{URL}/{report}/feedback", {"kind": MARKER}),
        ("POST", f"{URL}/{report}/questions", {"text": f"{MARKER}?"}),
        ("POST", f"{URL}/{report}/questions", {"text": [MARKER]}),
        ("PUT", "/v1/patients/preference", {"wish": "not_now", "nhs_number": NUMBER}),
        ("PUT", "/v1/patients/preference", {"wish": MARKER, "nhs_number": MARKER}),
        ("POST", "/v1/webhooks", {"url": f"https://{MARKER}.example/hook"}),
        ("POST", "/v1/webhooks", {"url": f"http://{MARKER}/"}),
        ("DELETE", f"/v1/webhooks/{MARKER}", None),
        ("POST", f"{URL}/{report}/withdraw", {"reason": f"it was {MARKER} and not {NUMBER}"}),
    ]


def test_whatever_is_done_with_a_report_no_word_of_it_gets_out(kept: Kept) -> None:
    made = kept.submit(
        patient=PERSON, exam=MARKER, accession=MARKER, requester=MARKER, organisation="RXX", reported_by=[MARKER]
    )
    report = made.json()["id"]
    assert MARKER not in made.text + str(made.headers)
    kept.clock.on(days=28)
    read = kept.http.get(f"{URL}/{report}/patient-version", headers=kept.bearer())
    assert MARKER in read.text
    assert MARKER not in str(read.headers)
    kept.records.announce()
    for method, path, body in everything(kept, report):
        answer = kept.http.request(method, path, json=body, headers=kept.bearer())
        assert answer.status_code < 500
        assert NUMBER not in answer.text
        assert MARKER not in str(answer.headers)
        if answer.status_code >= 400:
            assert MARKER not in answer.text
    nothing_leaked(kept)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_refused_submission_repeats_nothing(kept: Kept, bad: Bad) -> None:
    headers = kept.bearer() | {"idempotency-key": "k", "content-type": "application/json"}
    answer = kept.http.post(URL, content=bad.body, headers=headers)
    assert MARKER not in answer.text + str(answer.headers)
    nothing_leaked(kept)


def test_a_key_with_words_in_it_is_not_repeated(kept: Kept) -> None:
    for key in (MARKER, f"{MARKER} {NUMBER}", NUMBER):
        answer = kept.submit(key)
        assert key not in answer.text + str(answer.headers)
    nothing_leaked(kept)


def test_refusals_of_access_repeat_nothing(kept: Kept) -> None:
    for headers in (
        {"authorization": f"Bearer {MARKER}"}, {"authorization": f"Basic {MARKER}"}, {"authorization": MARKER},
        {"cookie": f"__Host-plainrad={MARKER}{MARKER}{MARKER}"}, {"x-csrf-token": MARKER},
    ):  # fmt: skip
        answer = kept.http.post(f"{URL}?{MARKER}", json={MARKER: MARKER}, headers=headers)
        assert answer.status_code == 401
        assert MARKER not in answer.text + str(answer.headers)
    answer = kept.http.post("/oauth2/token", data={MARKER: MARKER, "grant_type": MARKER})
    assert MARKER not in answer.text
    nothing_leaked(kept)


def test_a_report_that_cannot_be_explained_is_kept_without_a_word_in_the_log(
    plainrad: Plainrad, tmp_path: Path
) -> None:
    with kept_service(failing(plainrad), tmp_path) as kept:
        answer = kept.submit(patient=PERSON)
        assert (answer.status_code, answer.json()["release"]["state"]) == (201, "held")
        nothing_leaked(kept)


def test_a_database_that_fails_says_nothing_of_what_was_written(kept: Kept) -> None:
    from sqlalchemy import event

    @event.listens_for(kept.database.engine, "before_cursor_execute")
    def fail(*_: Any) -> None:
        raise ValueError(f"cannot write {TEXT} of {NUMBER}")

    answer = kept.submit(patient=PERSON)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert MARKER not in answer.text
    assert kept.service.log[-1]["exception"] == "ValueError"
    event.remove(kept.database.engine, "before_cursor_execute", fail)
    nothing_leaked(kept)


def test_holding_a_report_with_a_reason_leaves_the_reason_in_the_store(kept: Kept) -> None:
    report = kept.submit(patient=PERSON).json()["id"]
    kept.records.hold(report, actor=SYSTEM, kind="clinical", reason=f"{MARKER} is to be told first")
    for what in ("", "/status", "/patient-version", "/versions"):
        assert MARKER not in kept.http.get(f"{URL}/{report}{what}", headers=kept.bearer()).text
    nothing_leaked(kept)
