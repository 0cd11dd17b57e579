"""What a machine can see of PDF/UA-1 (ISO 14289-1), by the numbers of the Matterhorn Protocol 1.1. It is no proof: a person has to listen too.

It stays one file: every condition is read off one walk through the tree of a document.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

# Structure types of PDF 1.7, 14.8.4.
STANDARD = frozenset(
    [
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "Private",
        "P",
        "H",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
        "Quote",
        "Note",
        "Reference",
        "BibEntry",
        "Code",
        "Link",
        "Annot",
        "Ruby",
        "RB",
        "RT",
        "RP",
        "Warichu",
        "WT",
        "WP",
        "Figure",
        "Formula",
        "Form",
    ]
)
# What may stand right in what; an element that is not named here may stand anywhere.
_WITHIN = {
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "LI": {"L"},
    "LBody": {"LI"},
    "Lbl": {"LI", "Note", "Reference"},
}
_CHILDREN = {"Table": {"TR", "THead", "TBody", "TFoot", "Caption"}, "L": {"LI", "L", "Caption"}, "TR": {"TH", "TD"}}
_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh", b"EI", b"INLINE IMAGE"})  # fmt: skip


@dataclass
class Element:
    """A structure element with what lies below it."""

    type: str
    values: Any
    parent: "Element | None"
    marked: list[tuple[int, int]] = field(default_factory=list)  # (page, MCID)
    objects: list[Any] = field(default_factory=list)  # annotations
    below: list["Element"] = field(default_factory=list)


def faults(reader: PdfReader) -> list[str]:
    """Return what breaks a condition that a machine can check, each with its number."""
    root: Any = reader.root_object
    if "/StructTreeRoot" not in root:
        return ["01-005: there is no structure tree"]
    pages = {
        page.indirect_reference.idnum: number for number, page in enumerate(reader.pages) if page.indirect_reference
    }
    tree = list(_elements(root["/StructTreeRoot"], pages))
    return [
        *_document(reader, root),
        *_types(root["/StructTreeRoot"], tree),
        *_tables_and_lists(tree),
        *_headings(tree),
        *_figures(tree),
        *_content(reader, tree),
        *_parent_tree(reader, root["/StructTreeRoot"], tree),
        *_annotations(reader, tree),
        *_fonts(reader),
    ]


def _elements(start: Any, pages: dict[int, int]) -> Iterator[Element]:
    """Yield the structure elements in reading order."""

    def kids(value: Any) -> list[Any]:
        found = value.get("/K", [])
        found = found.get_object() if hasattr(found, "get_object") else found
        return found if isinstance(found, list) else [found]

    def walk(value: Any, parent: Element | None, page: int | None) -> Iterator[Element]:
        one = Element(str(value["/S"])[1:], value, parent)
        if parent:
            parent.below.append(one)
        if "/Pg" in value:
            page = pages.get(value.raw_get("/Pg").idnum)
        yield one
        for kid in kids(value):
            kid = kid.get_object()  # noqa: PLW2901
            if isinstance(kid, int):
                one.marked.append((-1 if page is None else page, int(kid)))
            elif kid.get("/Type") == "/MCR":
                at = pages.get(kid.raw_get("/Pg").idnum) if "/Pg" in kid else page
                one.marked.append((-1 if at is None else at, int(kid["/MCID"])))
            elif kid.get("/Type") == "/OBJR":
                one.objects.append(kid["/Obj"])
            else:
                yield from walk(kid, one, page)

    for kid in kids(start):
        yield from walk(kid.get_object(), None, None)


def _document(reader: PdfReader, root: Any) -> Iterator[str]:
    metadata = root.get("/Metadata")
    xmp = metadata.get_object().get_data() if metadata is not None else b""
    if not xmp:
        yield "06-001: there are no XMP metadata"
    if b"pdfuaid:part" not in xmp:
        yield "06-002: the metadata do not say that it is PDF/UA"
    if b"<dc:title" not in xmp or reader.metadata is None or not (reader.metadata.title or "").strip():
        yield "06-003: there is no title"
    if not _true(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")):
        yield "07-001: the title is not shown in place of the name of the file"
    if not _true(root.get("/MarkInfo", {}).get("/Marked")):
        yield "01-005: it does not say that it is tagged"
    if _true(root.get("/MarkInfo", {}).get("/Suspects")):
        yield "04-001: its tags are suspect"
    if not str(root.get("/Lang", "")).strip():
        yield "11-006: the language of the document is not said"
    if reader.is_encrypted:
        yield "26-001: it is locked"
    if "/OCProperties" in root:
        yield "20-001: there is optional content"
    if {"/JavaScript", "/EmbeddedFiles"} & root.get("/Names", {}).keys():
        yield "21-001: there are files or scripts in it"


def _true(value: Any) -> bool:
    return getattr(value, "value", value) is True


def _types(start: Any, tree: list[Element]) -> Iterator[str]:
    roles = {str(name)[1:]: str(value)[1:] for name, value in (start.get("/RoleMap") or {}).items()}
    for name in sorted({one.type for one in tree}):
        if name in STANDARD and name in roles:
            yield f"02-004: the standard type {name} is given another meaning"
        if name not in STANDARD and roles.get(name) not in STANDARD:
            yield f"02-001: the type {name} has no standard meaning"


def _tables_and_lists(tree: list[Element]) -> Iterator[str]:
    for one in tree:
        above = one.parent.type if one.parent else ""
        if one.type in _WITHIN and above not in _WITHIN[one.type]:
            yield f"09-004: a {one.type} stands in a {above or 'document'}"
        for kid in one.below:
            if kid.type not in _CHILDREN.get(one.type, {kid.type}):
                yield f"09-005: a {kid.type} stands right in a {one.type}"
        if one.type == "TH" and not _attribute(one, "/Scope") and not one.values.get("/ID"):
            yield "15-003: a header of a table does not say what it heads"
    for table in (one for one in tree if one.type == "Table"):
        widths = {sum(int(_attribute(cell, "/ColSpan") or 1) for cell in row.below) for row in _rows(table)}
        if len(widths) > 1:
            yield f"15-001: rows of a table have {sorted(widths)} cells"


def _rows(table: Element) -> Iterator[Element]:
    for one in table.below:
        yield from [one] if one.type == "TR" else (row for row in one.below if row.type == "TR")


def _attribute(one: Element, name: str) -> Any:
    found = one.values.get("/A", [])
    found = found.get_object() if hasattr(found, "get_object") else found
    groups = found if isinstance(found, list) else [found]
    return next((group.get_object()[name] for group in groups if name in group.get_object()), None)


def _headings(tree: list[Element]) -> Iterator[str]:
    levels = [int(one.type[1]) for one in tree if one.type[:1] == "H" and one.type[1:].isdigit()]
    if any(one.type == "H" for one in tree):
        yield "14-007: headings with and without a level"
    if levels and levels[0] != 1:
        yield f"14-002: the first heading is of level {levels[0]}"
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            yield f"14-003: a heading of level {after} follows one of level {before}"


def _figures(tree: list[Element]) -> Iterator[str]:
    for one in tree:
        told = str(one.values.get("/Alt", "")).strip() or str(one.values.get("/ActualText", "")).strip()
        if one.type in ("Figure", "Formula") and not told:
            yield f"13-004: a {one.type} has no words for those who do not see it"


def _content(reader: PdfReader, tree: list[Element]) -> Iterator[str]:
    """All that is shown is tagged, or marked as no content; no tag is used twice or stands in an artefact."""
    tagged = [one for element in tree for one in element.marked]
    if len(tagged) != len(set(tagged)):
        yield "01-003: a piece of content has two places in the structure"
    known = set(tagged)
    for number, page in enumerate(reader.pages):
        contents = page.get_contents()
        if contents is None:
            continue
        stack: list[int | str] = []
        for operands, operator in ContentStream(contents, reader).operations:
            if operator in (b"BDC", b"BMC"):
                values = operands[1].get_object() if len(operands) > 1 else {}
                marked = values.get("/MCID") if hasattr(values, "get") else None
                name = str(operands[0])
                inside = [one for one in stack if one != ""]
                if name == "/Artifact" and any(isinstance(one, int) for one in inside):
                    yield f"01-003: page {number + 1}: an artefact stands in tagged content"
                if marked is not None and "/Artifact" in inside:
                    yield f"01-004: page {number + 1}: tagged content stands in an artefact"
                if marked is not None and (number, int(marked)) not in known:
                    yield f"01-005: page {number + 1}: the mark {marked} has no place in the structure"
                stack.append(int(marked) if marked is not None else name if name == "/Artifact" else "")
            elif operator == b"EMC":
                stack.pop()
            elif (operator in _SHOWS or operator == b"Do") and not any(one != "" for one in stack):
                yield f"01-005: page {number + 1}: {operator.decode()} shows what is neither tagged nor an artefact"


def _parent_tree(reader: PdfReader, start: Any, tree: list[Element]) -> Iterator[str]:
    """From each mark of a page its element is found again: that is how a screen reader knows what is under a finger."""
    rows = dict(_numbers(start["/ParentTree"]))
    at = {(page, mark): one for one in tree for page, mark in one.marked}
    for number, page in enumerate(reader.pages):
        if "/StructParents" not in page:
            if any(one == number for one, _ in at):
                yield f"01-006: page {number + 1} does not lead to its structure"
            continue
        row: Any = rows.get(int(str(page["/StructParents"])), [])
        row = row.get_object() if hasattr(row, "get_object") else row
        for (where, mark), element in at.items():
            if where == number and (mark >= len(row) or row[mark].get_object() != element.values):
                yield f"01-006: page {number + 1}: the mark {mark} leads to another element"


def _numbers(node: Any) -> Iterator[tuple[int, Any]]:
    node = node.get_object()
    values = node.get("/Nums", [])
    for place in range(0, len(values), 2):
        yield int(values[place]), values[place + 1]
    for kid in node.get("/Kids", []):
        yield from _numbers(kid)


def _annotations(reader: PdfReader, tree: list[Element]) -> Iterator[str]:
    homes = {id(value): one.type for one in tree for value in one.objects}
    for number, page in enumerate(reader.pages):
        notes = [one.get_object() for one in page.get("/Annots", [])]
        if notes and page.get("/Tabs") != "/S":
            yield f"28-009: page {number + 1}: the key Tab does not follow the structure"
        for note in notes:
            if note["/Subtype"] != "/Link":
                yield f"28-004: page {number + 1}: a note of the kind {note['/Subtype']}"
                continue
            if not int(note.get("/F", 0)) & 4:
                yield f"28-004: page {number + 1}: a link that is not there in print"
            if homes.get(id(note)) != "Link":
                yield f"28-011: page {number + 1}: a link has no place in the structure"
            if not str(note.get("/Contents", "")).strip():
                yield f"28-012: page {number + 1}: a link does not say where it leads"


def _fonts(reader: PdfReader) -> Iterator[str]:
    fonts = {}
    for page in reader.pages:
        for font in _fonts_of(page.get("/Resources"), set()):
            fonts[str(font["/BaseFont"])] = font
    for name, font in fonts.items():
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor", {})
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys():
            yield f"31-009: the font {name} is not in the file"
        if "/ToUnicode" not in font:
            yield f"31-027: the letters of {name} cannot be read out"
        if inner.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in inner:
            yield f"31-005: {name} does not say which letter is which shape"


def _fonts_of(resources: Any, seen: set[int]) -> Iterator[Any]:
    if resources is None or id(resources.get_object()) in seen:
        return
    resources = resources.get_object()
    seen.add(id(resources))
    for font in (resources.get("/Font") or {}).values():
        yield font.get_object()
    for shape in (resources.get("/XObject") or {}).values():
        yield from _fonts_of(shape.get_object().get("/Resources"), seen)
