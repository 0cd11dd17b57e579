"""The test of the test: what every service of the suite is searched for is found where it gets out."""

import io

import pytest
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

from tests.support import watch

WORD = watch.PLANTED[0]
PROBLEM = "application/problem+json"


class Figures:
    """What stands for the figures of a service."""

    def __init__(self) -> None:
        self.said = ""

    def text(self) -> bytes:
        return self.said.encode()


@pytest.mark.parametrize(
    ("way", "answer", "finds"),
    [
        ("log", Response("x"), True),
        ("figure", Response("x"), True),
        ("error", Response(WORD, 422, media_type=PROBLEM), True),
        ("header", Response("x", 422, {"x-thing": WORD}, PROBLEM), True),
        ("the answer to who may read it", Response(WORD, 200), False),
        ("a form that comes back", Response(WORD, 422, media_type="text/html"), False),
    ],
)
def test_a_planted_word_is_found_where_it_must_not_be(way: str, answer: Response, finds: bool) -> None:
    app, stream, figures = FastAPI(), io.StringIO(), Figures()
    app.state.metrics = figures
    app.add_api_route("/", lambda: answer)
    watch.watched(app, stream)
    TestClient(app).get("/")
    stream.write(f"a line about {WORD}\n" if way == "log" else "a line\n")
    figures.said = WORD if way == "figure" else ""
    assert watch.nothing_got_out() == ([WORD] if finds else [])
    figures.said = ""
    assert watch.nothing_got_out() == [], "what was looked at is not looked at again"


def test_a_figure_that_got_in_later_is_found_at_the_latest_in_the_end() -> None:
    app, stream, figures = FastAPI(), io.StringIO(), Figures()
    app.state.metrics = figures
    app.add_api_route("/", lambda: Response("x"))
    watch.watched(app, stream)
    assert watch.nothing_got_out() == []
    figures.said = WORD
    assert watch.nothing_got_out(at_the_end=True) == [WORD]
    figures.said = ""
