"""One Chromium for all of these tests, and the pages of four example reports to open in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request, Route, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from plainrad.bootstrap import Plainrad
from plainrad.render.html import render_html
from tests.browser.support import ADDRESS, Open, Opened, Shown
from tests.support.golden_cases import example

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 30_000  # milliseconds; a busy machine is slow, and a fault is a fault however long one waits
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def _without_browser(why: str) -> NoReturn:
    if os.environ.get("PLAINRAD_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{why} PLAINRAD_REQUIRE_BROWSER=1 asks for one.", pytrace=False)
    pytest.skip(f"{why} The tests of the page in a browser need one (Debian: apt-get install chromium).")


# Not for the whole session: while Playwright runs, no other test of this process can start an event loop. The scope
# needs the __init__.py of this folder.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for the tests of this folder."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        _without_browser("No Chromium was found.")
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        except PlaywrightError as error:
            _without_browser(f"{program} did not start ({error.message.splitlines()[0]}).")
        expect.set_options(timeout=PATIENCE)
        yield started
        started.close()


@pytest.fixture(scope="package")
def shown(plainrad: Plainrad) -> Callable[[str], Shown]:
    """Return a function that explains an example report; each only once."""

    @cache
    def show(name: str) -> Shown:
        patient = plainrad.annotate(example(name))
        return Shown(patient, render_html(patient))

    return show


@pytest.fixture
def open_page(browser: Browser, shown: Callable[[str], Shown]) -> Iterator[Open]:
    """Return a function that opens the page of an example (or of a `Shown`) in a context of its own."""
    with ExitStack() as stack:

        def open_one(what: str | Shown, **settings: Any) -> Opened:
            wanted = shown(what) if isinstance(what, str) else what
            context = browser.new_context(**({"reduced_motion": "reduce"} | settings))
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            opened = Opened(context.new_page(), wanted.patient)

            def answer(route: Route) -> None:
                if route.request.url.partition("#")[0] == ADDRESS:
                    route.fulfill(body=wanted.html.encode(), content_type="text/html; charset=utf-8")
                else:
                    route.abort()

            def asked(request: Request) -> None:
                opened.requests.append(request.url)

            def said(message: ConsoleMessage) -> None:
                opened.complaints.append(f"{message.type}: {message.text}")

            context.route("**/*", answer)
            context.on("request", asked)
            opened.page.on("console", said)
            opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
            opened.page.goto(ADDRESS)
            return opened

        yield open_one
