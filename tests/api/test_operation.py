"""Health, readiness, figures, request ids, headers and the log."""

import re

import pytest

from plainrad.api.metrics import Metrics
from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Extent, Flag
from tests.support.patient import patient_report
from tests.support.reports import TEXT, fields
from tests.support.service import Service, make_service

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def figure(text: str, name: str) -> float:
    """The value of a figure."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[-1])


def test_the_service_is_healthy_before_it_is_ready(plainrad: Plainrad) -> None:
    service = make_service(None)
    assert service.client.get("/healthz").json() == {"status": "ok"}
    assert (service.client.get("/readyz").status_code, service.client.get("/readyz").json()["code"]) == (
        503,
        "not_ready",
    )
    service.app.state.engine.install(plainrad)
    ready = service.client.get("/readyz")
    assert ready.json() == {
        "status": "ready",
        "plainrad": plainrad.provenance.plainrad,
        "glossary": plainrad.provenance.glossary,
        "pipeline": plainrad.provenance.pipeline,
        "database": "none",
    }


def test_figures_count_answers_by_route_and_reports(service: Service) -> None:
    service.client.post("/v1/annotate", json=fields())
    service.client.post("/v1/annotate", json={})
    service.client.get("/v1/terms/pneumothorax")
    service.client.request("BREW", "/nowhere")
    text = service.client.get("/metrics").text
    assert figure(text, 'plainrad_requests_total{method="POST",route="/v1/annotate",status="200"}') == 1
    assert figure(text, 'plainrad_requests_total{method="POST",route="/v1/annotate",status="422"}') == 1
    assert figure(text, 'plainrad_requests_total{method="GET",route="/v1/terms/{term_id}",status="200"}') == 1
    assert figure(text, 'plainrad_requests_total{method="other",route="unmatched",status="404"}') == 1
    assert figure(text, 'plainrad_request_seconds_count{route="/v1/annotate"}') == 2
    assert figure(text, "plainrad_reports_annotated_total") == 1
    assert figure(text, "plainrad_mentions_total") > 1


def test_figures_count_dropped_statements_and_the_neutral_share() -> None:
    metrics = Metrics()
    dropped = Flag("statement_dropped", "not confirmed", (Extent(0, 5),))
    patient = patient_report(flags=(dropped, Flag("laterality_discrepancy", "sides", ()), dropped))
    metrics.annotated(patient)
    text = metrics.text().decode()
    assert figure(text, "plainrad_statements_dropped_total") == 2
    assert figure(text, "plainrad_mentions_total") == len(patient.reading.mentions)
    assert figure(text, "plainrad_neutral_share") == 0


def test_two_services_count_apart(plainrad: Plainrad) -> None:
    one, other = make_service(plainrad), make_service(plainrad)
    one.client.post("/v1/annotate", json=fields())
    assert figure(one.client.get("/metrics").text, "plainrad_reports_annotated_total") == 1
    assert figure(other.client.get("/metrics").text, "plainrad_reports_annotated_total") == 0


@pytest.mark.parametrize("sent", ["a", "A.b_c-1", "x" * 64, "6c9d1e52-0d3c-4a55-9f0a-9b9a2f9b1c11"])
def test_a_request_id_is_mirrored_and_logged(service: Service, sent: str) -> None:
    answer = service.client.get("/healthz", headers={"x-request-id": sent, "x-correlation-id": sent})
    assert (answer.headers["x-request-id"], answer.headers["x-correlation-id"]) == (sent, sent)
    assert (service.log[-1]["request_id"], service.log[-1]["correlation_id"]) == (sent, sent)


@pytest.mark.parametrize("sent", ["", "x" * 65, "two words", "semi;colon", "<b>", "é".encode(), b"a\x80"])
def test_anything_else_is_not_an_id(service: Service, sent: str | bytes) -> None:
    raw = sent if isinstance(sent, bytes) else sent.encode()
    answer = service.client.get("/healthz", headers=[(b"x-request-id", raw), (b"x-correlation-id", raw)])
    assert UUID.fullmatch(answer.headers["x-request-id"])
    assert "x-correlation-id" not in answer.headers


def test_two_ids_are_none(service: Service) -> None:
    answer = service.client.get("/healthz", headers=[("x-request-id", "a"), ("x-request-id", "b")])
    assert UUID.fullmatch(answer.headers["x-request-id"])


def test_the_log_has_what_operators_need_and_no_more(service: Service) -> None:
    service.client.post("/v1/annotate?word=secret", json=fields(TEXT))
    (line,) = service.log
    assert line.keys() == {"event", "level", "timestamp", "request_id", "method", "route", "status", "ms", "bytes"}
    assert (line["event"], line["level"], line["method"], line["route"], line["status"]) == (
        "request",
        "info",
        "POST",
        "/v1/annotate",
        200,
    )
    assert line["bytes"] > 1_000
    assert line["ms"] > 0


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/terms", "/nowhere", "/openapi.json"])
def test_every_answer_is_careful_with_browsers(service: Service, path: str) -> None:
    headers = service.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_the_front_door_points_to_the_description(service: Service) -> None:
    assert service.client.get("/").json()["openapi"] == "/openapi.json"
    page = service.client.get("/", headers={"accept": "text/html"}).text
    assert 'href="/openapi.json"' in page
    assert "<form" not in page
