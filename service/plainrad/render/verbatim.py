"""Text -> HTML that a browser reads back as exactly that text."""

import re

from markupsafe import Markup, escape

REPLACEMENT = "\ufffd"

# HTML has no way to hold NUL, and UTF-8 has none to hold half of a surrogate pair.
_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")
# Line breaks that are not a line feed; `white-space: pre-wrap` does not break at them, so a <br> has to.
_OTHER_BREAK = re.compile("(\r(?!\n)|[\v\f\x85\u2028\u2029])")


def can_show(text: str) -> bool:
    """Return True when a web page can hold every character of `text`."""
    return _UNSHOWABLE.search(text) is None


def showable(html: str) -> str:
    """Return `html` with a replacement mark for each character that no web page can hold."""
    return _UNSHOWABLE.sub(REPLACEMENT, html)


def verbatim(text: str) -> Markup:
    """Return `text` as HTML whose text content is `text` (but for NUL and surrogates: see `can_show`).

    A browser turns a bare carriage return in HTML into a line feed, so it is written as a character reference.
    The <br> shows a break and adds nothing to the text content.
    """
    broken = _OTHER_BREAK.split(text)
    html = "".join(str(escape(part)) + ("<br>" if number % 2 else "") for number, part in enumerate(broken))
    return Markup(showable(html).replace("\r", "&#13;"))  # noqa: S704 (every part is escaped above)
