"""What the tests of the page in a browser share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from plainrad.domain.patient import PatientReport

ADDRESS = "http://plainrad.test/page"
PORTAL = Path(__file__).parents[2] / "docs" / "examples" / "portal.html"
PLACE = "<!-- the fragment stands here -->"

# A long one, a frightening one, an amended one and a normal one.
EXAMPLES = ("ct-head-fall", "us-early-pregnancy", "us-leg-dvt-amended", "xr-chest-normal")
LONGEST = "ct-cap-staging"
IN_BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker, so that there is one browser


@dataclass(frozen=True, slots=True)
class Shown:
    """A patient report with its page."""

    patient: PatientReport
    html: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A page in the browser, with all that it asked for and all that went wrong in it."""

    page: Page
    patient: PatientReport
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


def open_all(page: Page) -> None:
    """Open everything that can be opened."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def axe(page: Page, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """What axe says of the page as it stands. Its script is put in once a page, for it is long; of what passes it tells little."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    found: dict[str, Any] = page.evaluate(
        "options => axe.run(document, options)", {"resultTypes": ["violations"], **(options or {})}
    )
    return found


def in_sight(locator: Locator) -> bool:
    """Return True when all of it stands on the screen."""
    seen: bool = locator.evaluate(
        "one => { const box = one.getBoundingClientRect(); return box.height > 0 && box.top >= -1 && box.bottom <= innerHeight + 1 }"
    )
    return seen


def in_portal(fragment: str) -> str:
    """Return the page of an invented portal with the fragment in its place."""
    portal = PORTAL.read_text(encoding="utf-8")
    assert portal.count(PLACE) == 1
    return portal.replace(PLACE, fragment)


def squeezed(text: str) -> str:
    """Return `text` without its white space: where lines break differs."""
    return "".join(text.split())


def sign_in(page: Page, address: str, role: str) -> None:
    """Sign in as the invented person of this role."""
    page.goto(f"{address}/staff/sign-in")
    page.locator(f'button[name="demo_role"][value="{role}"]').click()
    page.wait_for_url("**/staff/preview")
