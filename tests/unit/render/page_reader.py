"""Reads a page as a browser does, as far as the tests need: elements, attributes, text content."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "meta", "link", "img", "hr", "input", "path", "circle"})


@dataclass
class Element:
    """An element of the page. `inside` holds its text and elements in order."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text content, as `textContent` in a browser."""
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    def all(self, tag: str | None = None, *, css_class: str | None = None) -> list["Element"]:
        """Return the elements below this one, in page order, that have the tag and the class."""
        found = []
        for part in self.inside:
            if isinstance(part, Element):
                classes = part.attributes.get("class", "").split()
                if tag in (None, part.tag) and (css_class is None or css_class in classes):
                    found.append(part)
                found += part.all(tag, css_class=css_class)
        return found

    def by_id(self, wanted: str) -> "Element":
        """Return the one element with this id."""
        (found,) = [one for one in self.all() if one.attributes.get("id") == wanted]
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open[-1].tag == tag, f"<{self.open[-1].tag}> is closed by </{tag}>"
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read_page(html: str) -> Element:
    """Return the page as a tree. Like a browser, it first turns each carriage return of the file into a line feed."""
    reader = _Reader()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    assert reader.open == [reader.root], "an element is left open"
    return reader.root
