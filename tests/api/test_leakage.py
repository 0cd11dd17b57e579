"""Promise 6: no word of a report reaches a log line, an error answer, a figure, a header or an exception message."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx2
import pytest
import uvicorn

from plainrad.bootstrap import Plainrad
from plainrad.errors import ReportError
from plainrad.formats.incoming import parse_json, parse_report
from plainrad.log import take_over_logging
from tests.support.reports import BAD, MARKER, TEXT, Bad, fields
from tests.support.service import Service, failing, make_service

JSON = {"content-type": "application/json"}


def nothing_leaked(service: Service) -> None:
    """Nothing outside the answers holds the word."""
    assert MARKER not in service.written
    assert MARKER not in service.client.get("/metrics").text


def test_good_reports_leave_no_trace(service: Service) -> None:
    for accept in ("application/json", "text/html", "text/plain"):
        answer = service.client.post(
            f"/v1/annotate?q={MARKER}", json=fields(exam=MARKER, requester=MARKER), headers={"accept": accept}
        )
        assert answer.status_code == 200
        assert MARKER not in str(answer.headers)
    nothing_leaked(service)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_refusal_repeats_nothing(service: Service, bad: Bad) -> None:
    answer = service.client.post("/v1/annotate", content=bad.body, headers=JSON)
    assert MARKER not in answer.text
    assert MARKER not in str(answer.headers)
    nothing_leaked(service)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_an_exception_for_a_report_says_nothing_of_it_and_hides_its_cause(bad: Bad) -> None:
    with pytest.raises(ReportError) as caught:
        parse_report(parse_json(bad.body))
    assert MARKER not in str(caught.value)
    assert MARKER not in repr(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_other_ways_in_leave_no_trace_either(demo: Service) -> None:
    for method, path in (
        ("GET", f"/{MARKER}"),
        ("GET", f"/v1/terms/{MARKER}"),
        ("GET", f"/demo/{MARKER}"),
        ("GET", f"/v1/terms?limit={MARKER}&kind={MARKER}&cursor={MARKER}"),
        (MARKER, "/"),
        (MARKER, "/v1/annotate"),
    ):
        answer = demo.client.request(method, path, headers={"x-request-id": f"{MARKER} x", "accept": "*/*"})
        assert MARKER not in answer.text
        assert MARKER not in str(answer.headers)
    for form in (
        {"text": TEXT, "status": "preliminary"},
        {"text": TEXT},
        {MARKER: MARKER},
        {"text": TEXT, "status": "final"},
    ):
        answer = demo.client.post("/demo", data=form)
        assert answer.status_code == 200 or MARKER not in answer.text
    nothing_leaked(demo)


@pytest.mark.parametrize("path", ["/v1/annotate", "/demo"])
def test_an_unforeseen_error_is_answered_and_logged_without_its_words(plainrad: Plainrad, path: str) -> None:
    service = make_service(failing(plainrad), demo=True)
    sent = (
        service.client.post(path, json=fields()) if path == "/v1/annotate" else service.client.post(path, data=fields())
    )
    assert (sent.status_code, sent.json()["code"]) == (500, "internal_error")
    assert MARKER not in sent.text
    assert sent.headers["x-content-type-options"] == "nosniff"
    line = service.log[-1]
    assert (line["event"], line["level"], line["exception"], line["status"]) == (
        "request_failed",
        "error",
        "ValueError",
        500,
    )
    assert line["place"].startswith("bootstrap.py:")
    nothing_leaked(service)


@contextmanager
def running(service: Service) -> Iterator[str]:
    """The service behind a real server, which has a log of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(service.app, log_config=None, access_log=False))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield "http://{}:{}".format(*listener.getsockname())
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def test_the_server_around_it_says_nothing_either(
    plainrad: Plainrad, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    service = make_service(failing(plainrad))
    with running(service) as address:
        assert httpx2.post(f"{address}/v1/annotate", json=fields()).status_code == 500
        assert httpx2.get(f"{address}/{MARKER}").status_code == 404
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as raw:
            raw.sendall(f"{MARKER} nonsense\r\n\r\n".encode())
            assert MARKER.encode() not in raw.recv(10_000)
    out, err = capfd.readouterr()
    assert MARKER not in out + err + caplog.text + service.written


def test_what_libraries_log_is_kept_out(service: Service) -> None:
    import logging

    from plainrad.log import make_log

    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        take_over_logging(make_log(stream=service.stream))
        logging.getLogger("library").error("cannot read %s", MARKER, exc_info=ValueError(MARKER))
        logging.getLogger("library").warning(MARKER)
    finally:
        root.handlers = before
        root.setLevel(level)
        logging.captureWarnings(False)
    assert [line["logger"] for line in service.log] == ["library", "library"]
    assert MARKER not in service.written
