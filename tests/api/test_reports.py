"""Kept reports over REST: handed in once, read when they may be read, by whom they belong to.

This is one file because the story of a report is one: each test goes on where another one stopped.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Scope
from tests.support.kept import NHS_NUMBER, Kept, kept_service
from tests.support.reports import BAD, MARKER, TEXT, Bad

URL = "/v1/reports"


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


def get(kept: Kept, path: str, **headers: str) -> Any:
    return kept.http.get(path, headers=kept.bearer() | headers)


def test_a_report_is_kept_and_says_when_it_can_be_read(kept: Kept) -> None:
    answer = kept.submit()
    assert (answer.status_code, answer.json()["outcome"]) == (201, "created")
    assert answer.json()["release"]["state"] == "embargoed"
    assert answer.json()["release"]["available_from"] == "2026-12-18T10:00:00Z"
    about = get(kept, answer.headers["location"]).json()
    assert (about["report_id"], about["organisation"], about["version"]) == ("R1", "RXX", 1)
    assert MARKER not in str(about)


def test_sending_it_again_keeps_it_once(kept: Kept) -> None:
    first, again, other_key = kept.submit(), kept.submit(), kept.submit("key-2")
    assert (again.status_code, again.json()["outcome"]) == (200, "replayed")
    assert (other_key.status_code, other_key.json()["outcome"]) == (200, "unchanged")
    assert {one.json()["id"] for one in (first, again, other_key)} == {first.json()["id"]}


def test_the_same_key_with_another_body_is_refused(kept: Kept) -> None:
    kept.submit()
    answer = kept.submit(text=TEXT + "Addendum: none.")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_conflict")


def test_other_words_are_a_new_version(kept: Kept) -> None:
    first = kept.submit().json()
    second = kept.submit("key-2", text="No fracture.", status="corrected")
    assert (second.status_code, second.json()["outcome"], second.json()["version"]) == (201, "new_version", 2)
    versions = get(kept, f"{URL}/{first['id']}/versions").json()["versions"]
    assert [(one["number"], one["current"]) for one in versions] == [(1, False), (2, True)]


@pytest.mark.parametrize("key", [None, "", "two words", "x" * 201, "é"])
def test_without_a_key_nothing_is_kept(kept: Kept, key: str | None) -> None:
    headers = [(name.encode(), value.encode()) for name, value in kept.bearer().items()]
    headers += [] if key is None else [(b"idempotency-key", key.encode())]
    answer = kept.http.post(URL, json={"text": TEXT, "status": "final"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert get(kept, URL).json()["reports"] == []


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_what_cannot_be_explained_cannot_be_kept(kept: Kept, bad: Bad) -> None:
    headers = kept.bearer() | {"idempotency-key": "k", "content-type": "application/json"}
    answer = kept.http.post(URL, content=bad.body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (bad.status, bad.code)


def test_a_wrong_nhs_number_is_refused_and_not_shown(kept: Kept) -> None:
    answer = kept.submit(patient={"nhs_number": "9990000019"})
    assert (answer.status_code, answer.json()["code"]) == (422, "nhs_number_invalid")
    assert "9990000019" not in answer.text + kept.service.written


READING = ["patient-version", "original"]


@pytest.mark.parametrize("what", READING)
def test_before_its_time_no_form_of_it_is_given(kept: Kept, what: str) -> None:
    made = kept.submit().json()
    for accept in ("application/json", "text/html", "text/plain", "*/*"):
        if what == "original" and accept == "text/html":
            continue
        answer = get(kept, f"{URL}/{made['id']}/{what}", accept=accept, **{"if-none-match": "*"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_released")
        assert answer.json()["available_from"] == "2026-12-18T10:00:00+00:00"
        assert "effusion" not in answer.text
        assert MARKER not in answer.text
        assert "etag" not in answer.headers


@pytest.mark.parametrize("what", READING)
def test_it_can_be_read_from_the_second_on(kept: Kept, what: str) -> None:
    made = kept.submit().json()
    kept.clock.on(days=28, seconds=-1)
    assert get(kept, f"{URL}/{made['id']}/{what}").status_code == 403
    kept.clock.on(seconds=1)
    assert get(kept, f"{URL}/{made['id']}/{what}").status_code == 200


def released(kept: Kept, **sent: Any) -> str:
    made = kept.submit(**sent).json()
    kept.clock.on(days=28)
    return str(made["id"])


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("application/json", "application/json"), ("text/html", "text/html; charset=utf-8"), ("text/plain", "text/plain; charset=utf-8")],
)  # fmt: skip
def test_the_patient_version_comes_in_the_form_that_is_accepted(kept: Kept, accept: str, kind: str) -> None:
    answer = get(kept, f"{URL}/{released(kept)}/patient-version", accept=accept)
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "no-store"
    assert "effusion" in answer.text
    if accept == "application/json":
        assert answer.json()["original"]["text"] == TEXT
        assert answer.json()["release"]["state"] == "released"


def test_the_original_comes_back_byte_for_byte(kept: Kept) -> None:
    text = "\ufeffFindings:\r\nNo pneumothorax.\u2028é 😀\n\n"
    report = released(kept, text=text)
    assert get(kept, f"{URL}/{report}/original", accept="text/plain").content == text.encode()
    assert get(kept, f"{URL}/{report}/original").json()["text"] == text


def test_what_has_not_changed_is_not_sent_again(kept: Kept) -> None:
    path = f"{URL}/{released(kept)}/patient-version"
    first = get(kept, path)
    again = get(kept, path, **{"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert get(kept, path, accept="text/plain", **{"if-none-match": first.headers["etag"]}).status_code == 200
    kept.submit("key-2", text="No fracture.", status="corrected")
    kept.clock.on(days=28)
    assert get(kept, path, **{"if-none-match": first.headers["etag"]}).status_code == 200


def test_a_correction_takes_the_older_version_away_at_once(kept: Kept) -> None:
    path = f"{URL}/{released(kept)}/patient-version"
    assert get(kept, path).status_code == 200
    kept.submit("key-2", text="No fracture.", status="corrected")
    for what in (path, path.replace("patient-version", "original")):
        assert (get(kept, what).status_code, get(kept, what).json()["code"]) == (403, "not_released")


def test_what_was_withdrawn_cannot_be_read(kept: Kept) -> None:
    report = released(kept)
    answer = kept.http.post(f"{URL}/{report}/withdraw", json={"reason": "wrong patient"}, headers=kept.bearer())
    assert (answer.status_code, answer.json()["release"]["state"]) == (200, "retracted")
    for what in READING:
        assert get(kept, f"{URL}/{report}/{what}").status_code == 403
    assert kept.submit("key-2").json()["release"]["state"] == "retracted"


def test_a_decision_on_what_has_changed_meanwhile_is_refused(kept: Kept) -> None:
    made = kept.submit().json()
    kept.submit("key-2", text="No fracture.", status="corrected")
    body = {"reason": "wrong patient", "revision": made["revision"]}
    answer = kept.http.post(f"{URL}/{made['id']}/withdraw", json=body, headers=kept.bearer())
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


def test_another_organisation_sees_nothing_of_it(kept: Kept) -> None:
    report = released(kept, patient={"nhs_number": NHS_NUMBER}, accession="A1")
    theirs = kept.bearer(kept.other)
    for what in ("", "/status", "/versions", *(f"/{one}" for one in READING)):
        path = f"{URL}/{report}{what}"
        mine, nothing = (
            kept.http.get(path, headers=theirs),
            kept.http.get(path.replace(report, "0" * 36), headers=theirs),
        )
        assert (mine.status_code, mine.json()["code"]) == (404, "report_not_found")
        assert {**mine.json(), "request_id": ""} == {**nothing.json(), "request_id": ""}
    for what, body in (
        ("withdraw", {"reason": "x"}), ("feedback", {"kind": "helpful"}), ("questions", {"text": "x"}),
    ):  # fmt: skip
        assert kept.http.post(f"{URL}/{report}/{what}", json=body, headers=theirs).status_code == 404
    assert kept.http.get(f"{URL}?accession=A1", headers=theirs).json()["reports"] == []
    found = kept.http.post(f"{URL}/search", json={"nhs_number": NHS_NUMBER}, headers=theirs)
    assert found.json()["reports"] == []
    wish = {"wish": "not_now", "nhs_number": NHS_NUMBER}
    assert kept.http.put("/v1/patients/preference", json=wish, headers=theirs).status_code == 204
    assert get(kept, f"{URL}/{report}/patient-version").status_code == 200


def test_the_same_number_of_two_organisations_is_two_reports(kept: Kept) -> None:
    assert kept.submit().json()["id"] != kept.submit(by=kept.other).json()["id"]


def test_reports_are_found_by_patient_and_by_accession(kept: Kept) -> None:
    mine = kept.submit("a", report_id="R1", accession="A1", patient={"nhs_number": NHS_NUMBER}).json()["id"]
    kept.submit("b", report_id="R2", accession="A2", text="No fracture.")
    found = kept.http.post(f"{URL}/search", json={"nhs_number": NHS_NUMBER}, headers=kept.bearer()).json()
    assert [one["id"] for one in found["reports"]] == [mine]
    assert [one["id"] for one in get(kept, f"{URL}?accession=A1").json()["reports"]] == [mine]
    assert NHS_NUMBER.replace(" ", "") not in str(found) + kept.service.written


def test_a_list_goes_on_where_it_stopped(kept: Kept) -> None:
    ids = [kept.submit(f"k{n}", report_id=f"R{n}", text=f"No fracture {n}.").json()["id"] for n in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = get(kept, f"{URL}?limit=2{cursor and f'&cursor={cursor}'}").json()
        assert len(page["reports"]) <= 2
        seen += [one["id"] for one in page["reports"]]
        cursor = page["next_cursor"]
    assert seen == ids[::-1]


@pytest.mark.parametrize(
    "cursor", ["x", "****", "cjE6", "cjE6LTE", "a" * 200, "%00", "cjE6OTk5OTk5OTk5OTk5OTk5OTk5OTk"]
)
def test_a_cursor_that_was_not_given_out_is_refused(kept: Kept, cursor: str) -> None:
    answer = get(kept, f"{URL}?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


@pytest.mark.parametrize("name", ["x", "..", "0" * 36, "%00", "é" * 36, MARKER])
def test_what_is_no_id_is_not_found(kept: Kept, name: str) -> None:
    if name == "..":
        name = "%2e%2e"
    answer = get(kept, f"{URL}/{name}/status")
    assert answer.status_code == 404
    assert MARKER not in answer.text


def test_feedback_and_questions_are_kept_for_the_site(kept: Kept) -> None:
    report = released(kept)
    for path, body in (
        ("feedback", {"kind": "helpful"}), ("feedback", {"kind": "worried", "text": f"I am afraid {MARKER}"}),
        ("feedback", {"kind": "free_text", "text": "Thank you."}), ("questions", {"text": "Do I need another scan?"}),
    ):  # fmt: skip
        answer = kept.http.post(f"{URL}/{report}/{path}", json=body, headers=kept.bearer())
        assert (answer.status_code, sorted(answer.json())) == (201, ["at", "id"])
    assert MARKER not in kept.service.written


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("feedback", {"kind": "angry"}), ("feedback", {}), ("feedback", {"kind": "free_text"}), ("feedback", []),
        ("feedback", {"kind": "helpful", MARKER: 1}), ("questions", {"text": ""}), ("questions", {"text": " "}),
        ("questions", {"text": "x" * 4_001}), ("questions", {"text": [MARKER]}), ("withdraw", {"reason": ""}),
        ("withdraw", {"reason": "x", "revision": "1"}),
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_body_is_refused_without_repeating_it(kept: Kept, path: str, body: object) -> None:
    answer = kept.http.post(f"{URL}/{released(kept)}/{path}", json=body, headers=kept.bearer())
    assert (answer.status_code, answer.json()["code"]) == (422, "record_invalid")
    assert MARKER not in answer.text + kept.service.written


def test_what_the_patient_wants_is_followed(kept: Kept) -> None:
    report = released(kept, patient={"nhs_number": NHS_NUMBER})
    for wish, status in (("not_now", 403), ("see", 200), ("with_clinician", 403)):
        body = {"wish": wish, "nhs_number": NHS_NUMBER}
        assert kept.http.put("/v1/patients/preference", json=body, headers=kept.bearer()).status_code == 204
        assert get(kept, f"{URL}/{report}/patient-version").status_code == status
    body = {"wish": "see", "report": report}
    assert kept.http.put("/v1/patients/preference", json=body, headers=kept.bearer()).status_code == 204


def test_what_the_patient_may_not_know_of_looks_like_nothing_to_a_portal(kept: Kept) -> None:
    report = released(kept)
    from plainrad.domain.records import SYSTEM

    kept.records.hold(report, actor=SYSTEM, kind="safeguarding", reason="a reason")
    reader = kept.bearer(None, Scope.READ)
    nothing = kept.http.get(f"{URL}/{'0' * 36}/patient-version", headers=reader).json()
    for what in ("", "/status", "/versions", "/patient-version", "/original"):
        answer = kept.http.get(f"{URL}/{report}{what}", headers=reader)
        assert (answer.status_code, answer.json()["detail"]) == (404, nothing["detail"])
    assert kept.http.get(URL, headers=reader).json()["reports"] == []
    known = get(kept, f"{URL}/{report}/status").json()["release"]
    assert (known["state"], known["reason"]) == ("held", "It cannot be read yet.")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", URL + "/{}/feedback", {"kind": "worried"}),
        ("POST", URL + "/{}/questions", {"text": "Why?"}),
        ("PUT", "/v1/patients/preference", {"wish": "see", "report": "{}"}),
    ],
)
def test_what_the_patient_may_not_know_of_cannot_be_found_out_by_writing(
    kept: Kept, method: str, path: str, body: dict[str, str]
) -> None:
    from plainrad.domain.records import SYSTEM

    report = released(kept)
    kept.records.hold(report, actor=SYSTEM, kind="safeguarding", reason="a reason")
    writer = kept.bearer(None, Scope.READ, Scope.RESPOND)
    answers = []
    for name in (report, "0" * 36):
        sent = {key: value.format(name) for key, value in body.items()}
        answer = kept.http.request(method, path.format(name), json=sent, headers=writer)
        answers.append((answer.status_code, answer.json()["detail"]))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def test_a_preference_does_not_tell_whose_reports_are_kept(kept: Kept) -> None:
    released(kept, patient={"nhs_number": NHS_NUMBER})
    for number in (NHS_NUMBER, "999 000 0026"):
        body = {"wish": "see", "nhs_number": number}
        answer = kept.http.put("/v1/patients/preference", json=body, headers=kept.bearer(None, Scope.RESPOND))
        assert (answer.status_code, answer.content) == (204, b"")


def test_the_hash_of_words_that_cannot_be_read_yet_is_not_told(kept: Kept) -> None:
    report = kept.submit().json()["id"]
    kept.submit("key-2", text="No fracture.")
    reader = kept.bearer(None, Scope.READ)

    def hashes(headers: dict[str, str]) -> list[bool]:
        found = kept.http.get(f"{URL}/{report}/versions", headers=headers).json()["versions"]
        return [one["sha256"] is not None for one in found]

    assert (hashes(reader), hashes(kept.bearer())) == ([False, False], [True, True])
    kept.clock.on(days=40)
    assert hashes(kept.bearer(None, Scope.READ)) == [False, True]


def test_a_receipt_tells_no_reason_that_the_patient_may_not_know(kept: Kept) -> None:
    from plainrad.domain.records import SYSTEM

    report = kept.submit().json()["id"]
    kept.records.hold(report, actor=SYSTEM, kind="safeguarding", reason="a reason")
    for key, text in (("key-1", TEXT), ("key-2", TEXT), ("key-3", "No fracture.")):
        release = kept.submit(key, text=text).json()["release"]
        assert (release["state"], release["code"], release["available_from"]) == ("held", "policy", None)
        assert "safeguarding" not in str(release).lower()


def test_a_proxy_is_refused_where_the_patient_is_not(kept: Kept) -> None:
    report = released(kept)
    from plainrad.domain.records import SYSTEM

    kept.records.hold(report, actor=SYSTEM, kind="proxy_only", reason="a reason")
    assert get(kept, f"{URL}/{report}/patient-version").status_code == 200
    assert get(kept, f"{URL}/{report}/patient-version?audience=proxy").status_code in (403, 404)
    assert get(kept, f"{URL}/{report}/patient-version?audience=professional").status_code == 422
