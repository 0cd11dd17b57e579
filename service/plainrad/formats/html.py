"""HTML of a report -> its words, in their order, with the line breaks that a reader sees.

What would not be seen, or would be seen struck out, has another meaning than its letters: such a page is refused, not guessed at.
"""

import re
from html.parser import HTMLParser
from typing import Final

from plainrad.errors import AttachmentError

_BLOCKS: Final = frozenset(
    ["address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"]
)  # fmt: skip
_APART: Final = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "dl", "pre"])
_SILENT: Final = frozenset(["head", "style", "script", "title", "noscript", "template"])
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_STRUCK: Final = frozenset(["del", "s", "strike"])
# What holds words elsewhere than between its tags, or draws them.
_FOREIGN: Final = frozenset(
    [
        "object",
        "embed",
        "iframe",
        "frame",
        "frameset",
        "applet",
        "canvas",
        "svg",
        "math",
        "audio",
        "video",
        "select",
        "textarea",
    ]
)
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|line-through|(font-size|opacity)\s*:\s*0(?![.\d]*[1-9])|(?<![-\w])content\s*:",
    re.IGNORECASE,
)
_RAISED: Final = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SPACES: Final = re.compile(r"[ \t\n\r\f]+")
MAX_DEPTH: Final = 500


def html_text(page: str) -> str:
    """Return the words of `page`; raises AttachmentError where hidden, struck out or drawn words make them uncertain."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects words. A class because html.parser wants one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._breaks = 0  # line breaks that stand before the next word
        self._space = False
        self._open: list[str] = []
        self._lists: list[int | None] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hidden = "hidden" in given or bool(_HIDING.search(given.get("style") or ""))
        if tag in _STRUCK or tag in _FOREIGN or (tag not in _SILENT and hidden):
            raise AttachmentError(
                "The HTML holds words that are hidden, struck out or drawn. Send the report as plain text."
            )
        if tag not in _VOID:
            self._open.append(tag)
            if len(self._open) > MAX_DEPTH:
                raise AttachmentError("The HTML is nested too deeply. Send the report as plain text.")
        if tag == "br":
            self._breaks += 1
            self._space = False
        elif tag == "hr":
            self._break(2)
        elif tag in ("td", "th"):
            if self._out and not self._breaks and self._open[-2:-1] == ["tr"] and self._row:
                self._out.append("\t")
                self._space = False
            self._row = True
        elif tag in _BLOCKS:
            self._break(2 if tag in _APART and not self._lists else 1)
        if tag == "tr":
            self._row = False
        if tag in ("ol", "ul"):
            self._lists.append(_number(given.get("start"), 1) if tag == "ol" else None)
        if tag == "li":
            self._mark(given.get("value"))

    def _mark(self, value: str | None) -> None:
        """Write the number or the dash that a reader sees before an item."""
        if not self._lists or self._lists[-1] is None:
            self._word("- ")
            return
        number = _number(value, self._lists[-1])
        self._lists[-1] = number + 1
        self._word(f"{number}. ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open and tag not in _VOID:
            while self._open.pop() != tag:
                pass
        if tag in ("ol", "ul") and self._lists:
            self._lists.pop()
        if tag in _BLOCKS:
            self._break(2 if tag in _APART and not self._lists else 1)

    def handle_data(self, data: str) -> None:
        if "style" in self._open and _HIDING.search(data):
            raise AttachmentError("The HTML may hide words by its style. Send the report as plain text.")
        if _SILENT.intersection(self._open):
            return
        if "pre" in self._open:
            for number, line in enumerate(data.replace("\r\n", "\n").split("\n")):
                if number:
                    self._breaks += 1
                if line:
                    self._word(line)
            return
        if "sup" in self._open and data.strip() and not data.strip().strip("0123456789+-"):
            data = data.translate(_RAISED)
        words = _SPACES.sub(" ", data)
        if words.startswith(" "):
            self._space = True
        if words.strip(" "):
            self._word(words.strip(" "))
            self._space = words.endswith(" ")

    def _break(self, lines: int) -> None:
        self._breaks = max(self._breaks, lines)
        self._space = False

    def _word(self, words: str) -> None:
        if self._breaks and self._out:
            self._out.append("\n" * self._breaks)
        elif self._space and self._out and not self._out[-1].endswith((" ", "\t", "\n")):
            self._out.append(" ")
        self._breaks, self._space = 0, False
        self._out.append(words)

    _row = False

    def text(self) -> str:
        """Return what was collected."""
        return "".join(self._out) + ("\n" if self._out else "")


def _number(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else otherwise
