"""POST /hl7-v2: the same handling as over MLLP."""

import io
from collections import ChainMap
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr

from plainrad.access.build import make_access
from plainrad.access.memory import MemoryAccessStore
from plainrad.api.compose import compose, now
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Client, Scope
from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.records import SYSTEM, Original, Sent
from plainrad.domain.report import Report, ReportStatus
from plainrad.errors import SettingsInvalidError
from plainrad.log import make_log
from plainrad.records.records import Records
from plainrad.settings import Settings
from plainrad.wire.records import feed_actor
from tests.support.access import client
from tests.support.hl7 import MARKER, message, msh, numbered, obr, obx, pid
from tests.support.hl7_wire import code_of
from tests.support.service import HERE, Service, make_service

ER7 = {"Content-Type": "application/hl7-v2+er7"}


@pytest.fixture
def service(tmp_path: Path, plainrad: Plainrad) -> Service:
    return make_service(plainrad, hl7_spool=tmp_path / "spool", hl7_out=tmp_path / "out", max_body_bytes=100_000)


def ask(service: Service, data: bytes) -> str:
    answer = service.client.post("/hl7-v2", content=data, headers=ER7)
    assert answer.headers["content-type"] == "application/hl7-v2+er7"
    return f"{answer.status_code} {code_of(answer.content)}"


def test_a_message_is_acknowledged(service: Service, tmp_path: Path) -> None:
    assert ask(service, numbered(1)) == "200 AA"
    assert ask(service, numbered(1)) == "200 AA"
    spool = tmp_path / "spool"
    assert len([*(spool / "incoming").iterdir(), *(spool / "done").iterdir()]) == 1


def test_refusals_are_acknowledgements_too(service: Service) -> None:
    assert ask(service, numbered(1, f25="P")) == "200 AR report_not_verified"
    assert ask(service, b"") == "200 AR message_empty"
    assert ask(service, message(msh(), pid(), obr(f22=MARKER), obx())) == "200 AR time_invalid"
    assert MARKER not in service.written


def test_a_message_that_is_too_large(service: Service) -> None:
    assert ask(service, b"x" * 100_001) == "413 AR message_too_large"


def test_another_type_is_refused_as_elsewhere(service: Service) -> None:
    answer = service.client.post("/hl7-v2", content=numbered(1), headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_unsupported")


def test_without_a_spool_it_is_off_and_says_so(plainrad: Plainrad) -> None:
    answer = make_service(plainrad).client.post("/hl7-v2", content=b"", headers=ER7)
    assert (answer.status_code, answer.json()["code"]) == (501, "hl7_off")


def test_the_document_of_the_service_describes_it(service: Service) -> None:
    assert "/hl7-v2" in service.client.get("/openapi.json").json()["paths"]


# ---- stored mode ---------------------------------------------------------------------------------------------------


def stored(tmp_path: Path, **more: Any) -> Settings:
    return Settings(
        database_url=SecretStr(f"sqlite:///{tmp_path / 'kept.db'}"),
        keys=SecretStr("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        hl7_spool=tmp_path / "spool",
        **more,
    )


def test_in_stored_mode_the_report_is_kept_for_the_organisation_of_the_feed(tmp_path: Path, plainrad: Plainrad) -> None:
    stream = io.StringIO()
    app = compose(stored(tmp_path, organisation="RXX"), log=make_log(stream=stream))
    app.state.engine.install(plainrad)
    known = MemoryAccessStore()
    access = make_access(Settings(), known, secrets_of_site=(b"a secret of the site" * 2,), now=now)
    app.state.access = access
    own, other = client("feed-one", "RXX"), client("feed-two", "RYY")
    for one in (own, other):
        known.add_client(one)

    def bearer(one: Client, *scopes: Scope) -> dict[str, str]:
        text = access.tokens.issue(one, scopes=frozenset(scopes) or one.scopes, now=now())
        return {"authorization": f"Bearer {text}"}

    web = TestClient(app)

    def ask(data: bytes, *headers: dict[str, str]) -> Response:
        return web.post("/hl7-v2", content=data, headers=dict(ChainMap(*headers, ER7)))

    assert ask(numbered(1)).status_code == 401
    assert ask(numbered(1), bearer(other)).json()["code"] == "access_denied"
    assert ask(numbered(1), bearer(own, Scope.READ)).status_code == 403
    assert code_of(ask(numbered(1), bearer(own)).content) == "AA"
    withdrawal = numbered(2, report="ACC00001", f25="R")  # answered when it has been carried out
    assert code_of(ask(withdrawal, bearer(own)).content) == "AA"
    (kept,) = app.state.records.list(actor=feed_actor("RXX")).reports
    assert kept.decision.state == "retracted"
    assert app.state.records.list(actor=feed_actor("RYY")).reports == ()
    original = app.state.records.original(kept.id, actor=SYSTEM, audience="professional", with_sent=True)
    assert isinstance(original, Original)
    assert original.sent == Sent("application/hl7-v2+er7", numbered(1)), "the message that brought it, byte for byte"
    assert MARKER not in stream.getvalue()


def test_before_a_client_is_set_up_only_invented_patients_are_taken_from_this_machine(
    tmp_path: Path, plainrad: Plainrad
) -> None:
    app = compose(stored(tmp_path, organisation="RXX"), log=make_log(stream=io.StringIO()))
    app.state.engine.install(plainrad)
    web = TestClient(app, **HERE)
    real = pid(f3="4010232137^^^NHS^NH")
    for number, status in enumerate(("F", "R")):
        data = message(msh(f10=f"REAL{number}"), real, obr(f3="R1", f25=status), obx())
        answer = web.post("/hl7-v2", content=data, headers=ER7)
        assert (answer.status_code, answer.json()["code"]) == (403, "demo_only")
    assert code_of(web.post("/hl7-v2", content=numbered(1), headers=ER7).content) == "AA"
    assert code_of(web.post("/hl7-v2", content=b"", headers=ER7).content) == "AR message_empty"


def test_before_a_client_is_set_up_nobody_here_touches_the_report_of_a_real_patient(
    tmp_path: Path, plainrad: Plainrad
) -> None:
    """An invented patient in the message says nothing about the report that its filler number leads to."""
    app = compose(stored(tmp_path, organisation="RXX"), log=make_log(stream=io.StringIO()))
    app.state.engine.install(plainrad)
    records: Records = app.state.records
    real = Patient(NhsNumber("4010232137"))
    for number, patient in (("REAL", real), ("NOBODY", None)):
        sent = Report("No fracture.", ReportStatus.FINAL, report_id=number, accession=f"A-{number}", patient=patient)
        records.submit(sent, actor=feed_actor("RXX"))
    web = TestClient(app, **HERE)

    def answer(data: bytes) -> tuple[int, str]:
        found = web.post("/hl7-v2", content=data, headers=ER7)
        return found.status_code, found.json()["code"] if found.status_code == 403 else code_of(found.content)

    attempts = [
        numbered(1, report="REAL", f25="R"),
        numbered(2, report="REAL", f25="X"),
        numbered(3, report="REAL", text="Other words."),
        numbered(4, report="NOBODY", f25="R"),
        b"BHS|^~\\&|RIS\r" + numbered(5, report="REAL", f25="R") + b"BTS|1\r",
        message(msh(f10="W"), pid(), obr(f3="REAL"), obx(f11="W")),
    ]
    assert [answer(one) for one in attempts] == [(403, "demo_only")] * len(attempts)
    states = [(one.version, one.decision.state) for one in records.list(actor=feed_actor("RXX")).reports]
    assert states == [(1, "held")] * 2
    assert answer(numbered(7)) == (200, "AA")
    assert answer(numbered(8, report="ACC00007", f25="R")) == (200, "AA"), "its own invented report it may take back"


def test_a_feed_belongs_to_somebody(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalidError, match="PLAINRAD_ORGANISATION"):
        compose(stored(tmp_path), log=make_log(stream=io.StringIO()))
