"""Portals are told when a report can be read, and when it cannot any more: signed, tried again, never lost, never twice.

It is one file because every test waits for the same worker and the same listening portal.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Webhook
from plainrad.domain.records import Actor
from plainrad.records.records import Records
from plainrad.webhooks.dispatch import dispatch
from plainrad.webhooks.send import Result
from tests.support.kept import NHS_NUMBER, Kept, kept_service
from tests.support.reports import MARKER, TEXT

URL = "/v1/webhooks"
HOOK = "https://portal.example/hook"


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


class Target:
    """A portal that answers as it is told, and remembers what it got."""

    def __init__(self, answer: Result | None = None) -> None:
        self.answer = answer or Result("delivered", 204)
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, webhook: Webhook, *, message_id: str, payload: dict[str, object], now: Any) -> Result:
        assert webhook.url == HOOK
        assert now.tzinfo is not None
        self.calls.append((message_id, dict(payload)))
        return self.answer


def register(kept: Kept, url: str = HOOK) -> Any:
    return kept.http.post(URL, json={"url": url}, headers=kept.bearer())


def work(kept: Kept, target: Target) -> list[str]:
    kept.records.announce()
    return list(dispatch(kept.records, kept.webhooks, target, now=kept.clock, jitter=lambda: 0.5))


def test_the_secret_is_shown_once_and_kept_sealed(kept: Kept, tmp_path: Path) -> None:
    made = register(kept)
    assert made.status_code == 201
    listed = kept.http.get(URL, headers=kept.bearer()).json()["webhooks"]
    assert [(one["id"], one["url"]) for one in listed] == [(made.json()["id"], HOOK)]
    assert "secret" not in listed[0]
    kept.database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("plainrad.db*"))
    assert stored
    for word in (made.json()["secret"], HOOK):
        assert word.encode() not in stored
        assert word not in kept.service.written


@pytest.mark.parametrize(
    "url", ["http://portal.example/", "https://10.0.0.1/", "https://localhost.localdomain@10.0.0.1/", "x", ""]
)
def test_an_address_that_may_not_be_called_is_not_kept(kept: Kept, url: str) -> None:
    answer = register(kept, url)
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook_invalid")
    assert kept.http.get(URL, headers=kept.bearer()).json()["webhooks"] == []


def test_a_client_has_ten_at_most(kept: Kept) -> None:
    assert [register(kept, f"{HOOK}/{n}").status_code for n in range(11)] == [201] * 10 + [422]


def test_a_client_sees_and_removes_its_own_only(kept: Kept) -> None:
    made = register(kept).json()["id"]
    theirs = kept.bearer(kept.other)
    assert kept.http.get(URL, headers=theirs).json()["webhooks"] == []
    assert kept.http.delete(f"{URL}/{made}", headers=theirs).status_code == 404
    assert kept.http.delete(f"{URL}/{made}", headers=kept.bearer()).status_code == 204
    assert kept.http.delete(f"{URL}/{made}", headers=kept.bearer()).status_code == 404


def test_a_portal_is_told_when_a_report_can_be_read_and_not_before(kept: Kept) -> None:
    register(kept)
    target = Target()
    report = kept.submit(patient={"nhs_number": NHS_NUMBER}).json()["id"]
    assert work(kept, target) == []
    kept.clock.on(days=28, seconds=-1)
    assert work(kept, target) == []
    kept.clock.on(seconds=1)
    assert work(kept, target) == ["delivered"]
    assert work(kept, target) == []
    ((_, payload),) = target.calls
    assert (payload["event"], payload["report"], payload["version"]) == ("report.released", report, 1)


def test_a_message_holds_ids_and_times_and_not_a_word_of_the_report(kept: Kept) -> None:
    register(kept)
    target = Target()
    kept.submit(patient={"nhs_number": NHS_NUMBER, "family": MARKER}, exam=MARKER, accession="A-1")
    kept.clock.on(days=28)
    work(kept, target)
    sent = json.dumps(target.calls)
    for word in (MARKER, NHS_NUMBER.replace(" ", ""), "effusion", "A-1", TEXT):
        assert word not in sent


def test_another_organisation_is_not_told(kept: Kept) -> None:
    kept.http.post(URL, json={"url": HOOK}, headers=kept.bearer(kept.other))
    kept.submit()
    kept.clock.on(days=28)
    assert work(kept, target := Target()) == []
    assert target.calls == []


def test_a_portal_that_is_down_for_a_day_is_told_once_it_is_back(kept: Kept) -> None:
    register(kept)
    target = Target(Result("no_answer"))
    kept.submit()
    kept.clock.on(days=28)
    found = work(kept, target)
    for _ in range(24 * 12):
        kept.clock.on(minutes=5)
        found += work(kept, target)
    assert set(found) == {"retried"}
    assert 8 < len(found) < 40
    target.answer = Result("delivered", 200)
    for _ in range(24 * 12):
        kept.clock.on(minutes=5)
        found += work(kept, target)
    assert found.count("delivered") == 1
    assert len({message for message, _ in target.calls}) == 1  # one id, so that a receiver can tell a repetition


def test_what_waits_can_be_seen_in_the_figures(kept: Kept) -> None:
    register(kept)
    kept.submit()
    kept.clock.on(days=28)
    work(kept, Target(Result("no_answer")))
    assert "plainrad_webhooks_waiting 1.0" in kept.service.client.get("/metrics").text
    kept.clock.on(minutes=5)
    work(kept, Target())
    assert "plainrad_webhooks_waiting 0.0" in kept.service.client.get("/metrics").text


def test_a_portal_that_is_down_for_ever_is_given_up_after_a_week(kept: Kept) -> None:
    register(kept)
    kept.submit()
    kept.clock.on(days=28)
    target, found = Target(Result("refused", 500)), []
    for _ in range(9 * 24 * 2):
        kept.clock.on(minutes=30)
        found += work(kept, target)
    assert found[-1] == "given_up"
    assert found.count("given_up") == 1


def test_a_portal_that_says_gone_is_not_called_again(kept: Kept) -> None:
    register(kept)
    kept.submit()
    kept.submit("key-2", report_id="R2", text="No fracture.")
    kept.clock.on(days=28)
    target = Target(Result("gone", 410))
    found = work(kept, target) + work(kept, target)
    assert "gone" in found
    assert kept.http.get(URL, headers=kept.bearer()).json()["webhooks"] == []


def test_a_removed_address_gets_nothing_more(kept: Kept) -> None:
    made = register(kept).json()["id"]
    kept.submit()
    kept.clock.on(days=28)
    kept.records.announce()
    kept.http.delete(f"{URL}/{made}", headers=kept.bearer())
    target = Target()
    assert work(kept, target) == ["abandoned"]
    assert target.calls == []


def test_what_was_taken_back_before_it_was_told_is_not_told(kept: Kept) -> None:
    register(kept)
    report = kept.submit().json()["id"]
    kept.clock.on(days=28)
    target = Target(Result("no_answer"))
    assert work(kept, target) == ["retried"]
    kept.http.post(f"/v1/reports/{report}/withdraw", json={"reason": "wrong patient"}, headers=kept.bearer())
    target.answer = Result("delivered", 200)
    target.calls.clear()
    for _ in range(60):
        kept.clock.on(minutes=1)
        work(kept, target)
    assert "report.released" not in {payload["event"] for _, payload in target.calls}


def test_a_correction_after_the_release_is_told(kept: Kept) -> None:
    register(kept)
    kept.submit()
    kept.clock.on(days=28)
    target = Target()
    work(kept, target)
    kept.submit("key-2", text="No fracture.", status="corrected")
    work(kept, target)
    assert [payload["event"] for _, payload in target.calls] == ["report.released", "report.retracted"]
    kept.clock.on(days=28)
    work(kept, target)
    assert target.calls[-1][1]["event"] == "report.released"
    assert target.calls[-1][1]["version"] == 2


def test_this_machine_without_a_client_has_no_webhooks(plainrad: Plainrad, tmp_path: Path) -> None:
    with kept_service(plainrad, tmp_path, clients=False) as kept:
        answer = kept.service.client.post(URL, json={"url": HOOK})
        assert (answer.status_code, answer.json()["code"]) == (403, "access_not_configured")


# ---- a page that changes after it was told ----------------------------------------------------------------------------

RADIOLOGIST = Actor("staff", "demo:radiologist", "RXX", frozenset({"radiologist"}))
PATIENT_VERSION = "/v1/reports/{}/patient-version"
Deed = Callable[[Records, str], object]
DEEDS: dict[str, tuple[Deed, Deed]] = {
    "hide": (
        lambda records, name: records.hide(name, actor=RADIOLOGIST, item="s1", reason="x"),
        lambda records, name: records.show_again(name, actor=RADIOLOGIST, item="s1", reason="x"),
    ),
    "neutral": (
        lambda records, name: records.tell_neutrally(name, actor=RADIOLOGIST, item="s1", reason="x"),
        lambda records, name: records.tell_as_read(name, actor=RADIOLOGIST, item="s1", reason="x"),
    ),
    "note": (
        lambda records, name: records.note_to_patient(name, actor=RADIOLOGIST, text="We spoke today.", reason="x"),
        lambda records, name: records.take_note_back(
            name, actor=RADIOLOGIST, note=records.notes(name, actor=RADIOLOGIST)[-1].id, reason="x"
        ),
    ),
}


def told_report(kept: Kept, target: Target) -> str:
    """A report that the portal was told of."""
    register(kept)
    report = str(kept.submit().json()["id"])
    kept.clock.on(days=28)
    assert work(kept, target) == ["delivered"]
    target.calls.clear()
    return report


def events(target: Target) -> list[object]:
    return [payload["event"] for _, payload in target.calls]


@pytest.mark.parametrize("deed", DEEDS)
def test_a_portal_is_told_when_the_page_that_it_was_told_of_reads_differently(kept: Kept, deed: str) -> None:
    target = Target()
    report = told_report(kept, target)
    for one in DEEDS[deed]:
        one(kept.records, report)
        assert work(kept, target) == ["delivered"]
    assert [(payload["event"], payload["report"], payload["version"]) for _, payload in target.calls] == [
        ("report.changed", report, 1)
    ] * 2
    assert set(target.calls[0][1]) == {"event", "report", "version", "at"}, "not what was changed, and by whom"
    assert [one.action for one in kept.records.audit(report_id=report)].count("change_announced") == 2


@pytest.mark.parametrize("form", ["application/json", "text/html", "text/plain"])
@pytest.mark.parametrize("deed", DEEDS)
def test_what_a_portal_has_kept_is_no_longer_the_page(kept: Kept, deed: str, form: str) -> None:
    report = told_report(kept, Target())

    def ask(tag: str = "") -> Any:
        headers = kept.bearer() | {"accept": form} | ({"if-none-match": tag} if tag else {})
        return kept.http.get(PATIENT_VERSION.format(report), headers=headers)

    do, undo = DEEDS[deed]
    first = ask()
    assert ask(first.headers["etag"]).status_code == 304
    do(kept.records, report)
    second = ask(first.headers["etag"])
    assert (second.status_code, second.headers["etag"] != first.headers["etag"]) == (200, True)
    undo(kept.records, report)
    assert ask(second.headers["etag"]).status_code == 200
    assert ask(first.headers["etag"]).status_code == 304, "it reads as it did"


def test_what_the_patient_does_not_notice_is_not_told(kept: Kept) -> None:
    target = Target()
    report = told_report(kept, target)
    kept.records.comment(report, actor=RADIOLOGIST, text="For colleagues.")
    kept.records.approve(report, actor=RADIOLOGIST)
    kept.records.mark_wrong(report, actor=RADIOLOGIST, item="s1", text="The side.")
    kept.records.hide(report, actor=RADIOLOGIST, item="s1", reason="x")
    kept.records.hide(report, actor=RADIOLOGIST, item="s1", reason="once more")
    work(kept, target)
    assert events(target) == ["report.changed"]


def test_what_nobody_was_told_of_is_no_change(kept: Kept) -> None:
    register(kept)
    report = kept.submit().json()["id"]
    DEEDS["hide"][0](kept.records, report)
    target = Target()
    assert work(kept, target) == []
    kept.clock.on(days=28)
    assert work(kept, target) == ["delivered"]
    assert events(target) == ["report.released"]


def test_a_change_that_was_overtaken_by_a_hold_is_not_told(kept: Kept) -> None:
    target = Target()
    report = told_report(kept, target)
    DEEDS["note"][0](kept.records, report)
    kept.records.hold(report, actor=RADIOLOGIST, kind="clinical", reason="x")
    DEEDS["hide"][0](kept.records, report)
    work(kept, target)
    assert events(target) == ["report.retracted"], "it cannot be read: how it would read is no news"
