"""What WeasyPrint leaves undone of PDF/UA-1 (ISO 14289-1), mended in the finished objects before they are written.

The objects are those of pydyf: dictionaries and lists that hold names as "/P", references as b"12 0 R", and marks of content as numbers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_PRINTED = 4  # the flag of a note that stands on paper as on the screen


def mend(pdf: Any, link_titles: Mapping[str, str]) -> None:
    """Mend the tags: what each table header heads (7.5), decoration as artefacts (7.1, 7.3), and links that say where they lead (7.18.5)."""
    objects: list[Any] = list(pdf.objects)
    by_number = {one.number: one for one in objects}
    reached = set(_reached(pdf, by_number))
    decoration: dict[Any, set[int]] = {}
    for one in (one for one in objects if hasattr(one, "get")):
        if one.get("Subtype") == "/Link":
            _name_link(one, link_titles)
        if one.get("Type") != "/StructElem":
            continue
        if one.get("S") == "/TH" and "A" in one:
            _scope(one, by_number)
        if one.number not in reached:
            decoration.setdefault(_number(one["Pg"]), set()).update(_marks(one))  # the number at the foot of a page
        elif one.get("S") == "/Figure" and "Alt" not in one:
            _above(one, by_number)["K"].remove(one.reference)  # a sign beside words that say the same
            decoration.setdefault(_number(one["Pg"]), set()).update(_marks(one))
    nums = by_number[_number(_catalog_root(pdf, by_number)["ParentTree"])]["Nums"]
    for page, marks in decoration.items():
        _untag(by_number[page], marks, by_number, nums)


def _reached(pdf: Any, by_number: Mapping[int, Any]) -> Iterator[int]:
    """Yield the numbers of the structure elements that the tree holds."""
    waiting = [_catalog_root(pdf, by_number)]
    while waiting:
        one = waiting.pop()
        yield one.number
        for kid in one.get("K", ()):
            if not isinstance(kid, int) and by_number[_number(kid)].get("Type") == "/StructElem":
                waiting.append(by_number[_number(kid)])


def _catalog_root(pdf: Any, by_number: Mapping[int, Any]) -> Any:
    return by_number[_number(pdf.catalog["StructTreeRoot"])]


def _number(reference: Any) -> int:
    return int(bytes(reference).split()[0])


def _above(element: Any, by_number: Mapping[int, Any]) -> Any:
    return by_number[_number(element["P"])]


def _marks(element: Any) -> set[int]:
    return {kid for kid in element.get("K", ()) if isinstance(kid, int)}


def _scope(header: Any, by_number: Mapping[int, Any]) -> None:
    row = _above(header, by_number)
    body = _above(row, by_number) if row.get("S") == "/TR" else row
    header["A"]["Scope"] = "/Column" if body.get("S") == "/THead" else "/Row"


def _name_link(note: Any, titles: Mapping[str, str]) -> None:
    """Let a link say the title of its page, not its address: that is what is read out."""
    note["F"] = _PRINTED
    title = titles.get(getattr(note.get("Contents"), "string", ""))
    if title:
        note["Contents"].string = title


def _untag(page: Any, marks: set[int], by_number: Mapping[int, Any], nums: list[Any]) -> None:
    """Turn these marks of a page into artefacts, and let them lead to nothing."""
    tokens = by_number[_number(page["Contents"])].stream
    for at, token in enumerate(tokens):
        if token == b"BDC" and isinstance(tokens[at - 1], dict) and tokens[at - 1].get("MCID") in marks:
            tokens[at - 2 : at + 1] = ["/Artifact", b"", b"BMC"]
    row = nums[nums.index(page["StructParents"]) + 1] if "StructParents" in page else []
    for mark in marks:
        row[mark] = b"null"
