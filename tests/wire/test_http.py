"""POST /hl7-v2: the same handling as over MLLP."""

from pathlib import Path

import pytest

from plainrad.bootstrap import Plainrad
from tests.support.hl7 import MARKER, message, msh, numbered, obr, obx, pid
from tests.support.hl7_wire import code_of
from tests.support.service import Service, make_service

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


def test_without_a_spool_there_is_no_such_address(plainrad: Plainrad) -> None:
    assert make_service(plainrad).client.post("/hl7-v2", content=b"", headers=ER7).status_code == 404


def test_the_document_of_the_service_describes_it(service: Service) -> None:
    assert "/hl7-v2" in service.client.get("/openapi.json").json()["paths"]
