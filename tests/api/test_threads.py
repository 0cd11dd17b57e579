"""Many requests at once get the answers that they would get alone; one that waits too long is told to come again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import cast

from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Reading
from plainrad.domain.report import Report
from plainrad.pipeline.build import Reader
from tests.support.reports import EXAMPLES, fields
from tests.support.service import Service, make_service


def test_parallel_requests_give_the_answers_of_lonely_ones(service: Service) -> None:
    texts = [one.text for one in EXAMPLES.values()]
    alone = [service.client.post("/v1/annotate", json=fields(text)).content for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(
            pool.map(lambda text: service.client.post("/v1/annotate", json=fields(text)).content, texts * 4)
        )
    assert together == alone * 4


class SlowReader:
    """Reads nothing until it may go on."""

    version = "slow"

    def __init__(self) -> None:
        self.started, self.go_on = Event(), Event()

    def read(self, report: Report) -> Reading:
        self.started.set()
        self.go_on.wait(10)
        return Reading(report.exam, (), (), (), (), self.version)


def test_a_report_that_waits_too_long_is_told_to_come_again(plainrad: Plainrad) -> None:
    reader = SlowReader()
    service = make_service(replace(plainrad, reader=cast(Reader, reader)), busy_seconds=0.05)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(service.client.post, "/v1/annotate", json=fields())
        assert reader.started.wait(10)
        second = service.client.post("/v1/annotate", json=fields())
        assert (second.status_code, second.json()["code"], second.headers["retry-after"]) == (503, "busy", "5")
        assert service.client.get("/healthz").status_code == 200
        assert (
            "example"
            not in service.client.get("/openapi.json").json()["paths"]["/v1/annotate"]["post"]["responses"]["200"][
                "content"
            ]["application/json"]
        )
        reader.go_on.set()
        assert first.result().status_code == 200
