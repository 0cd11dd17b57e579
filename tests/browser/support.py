"""What the tests of the page in a browser share."""

import pytest
from playwright.sync_api import Page

# The longest, a frightening one, an amended one and a normal one.
EXAMPLES = ("ct-cap-staging", "us-early-pregnancy", "us-leg-dvt-amended", "xr-chest-normal")
IN_BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker, so that there is one browser


def open_all(page: Page) -> None:
    """Open everything that can be opened."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def squeezed(text: str) -> str:
    """Return `text` without its white space: where lines break differs."""
    return "".join(text.split())
