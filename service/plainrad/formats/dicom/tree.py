"""The content tree of a structured report -> its words, in the order of the tree (PS3.3, C.17.3).

A container becomes a heading with its contents below; an item becomes "name: value", or its value alone where the name says no more than
the heading. What modifies an item stands on its line, so that nobody reads the one without the other. Images are passed over.
"""

from collections.abc import Iterator
from typing import Any, Final

from plainrad.errors import DicomInvalidError, DicomUnsupportedError, WordsUnclearError
from plainrad.formats.dicom.names import BARE, LANGUAGE, SCHEME
from plainrad.formats.labelled import check_label, coded_answer

MAX_ITEMS: Final = 5_000
_PICTURES: Final = frozenset({"IMAGE", "WAVEFORM", "COMPOSITE", "SCOORD", "SCOORD3D", "TCOORD", "UIDREF", "TABLE"})
_OUTSIDE: Final = frozenset({"HAS OBS CONTEXT"})


def report_words(document: Any) -> str:
    """Return the words of a document; raises WordsUnclearError, DicomInvalidError or DicomUnsupportedError."""
    _check_size(document)
    if str(document.get("ValueType", "")) != "CONTAINER":
        raise DicomInvalidError("The document has no container at the root of its content.")
    _check_language(document)
    parts = [part for one in _children(document) if (part := _section(one))]
    return "\n\n".join(parts) + "\n" if parts else ""


def items(document: Any) -> Iterator[Any]:
    """Yield every content item below the root."""
    waiting = list(document.get("ContentSequence") or ())
    while waiting:
        one = waiting.pop(0)
        yield one
        waiting.extend(one.get("ContentSequence") or ())


def name_code(item: Any) -> tuple[str, str]:
    """Return code and scheme of the name of an item; empty where it has none."""
    names = item.get("ConceptNameCodeSequence")
    if not names:
        return "", ""
    return str(names[0].get("CodeValue", "")), str(names[0].get("CodingSchemeDesignator", ""))


def _check_size(document: Any) -> None:
    for number, _ in enumerate(items(document)):
        if number >= MAX_ITEMS:
            raise DicomInvalidError(f"The document has more than {MAX_ITEMS:,} content items.")


def _check_language(document: Any) -> None:
    """Only English is read. A document says its language as a modifier of its title."""
    for one in document.get("ContentSequence") or ():
        if name_code(one)[0] == LANGUAGE and one.get("ConceptCodeSequence"):
            code = str(one.ConceptCodeSequence[0].get("CodeValue", "")).lower()
            if code.split("-")[0] not in ("en", "eng"):
                raise DicomUnsupportedError("The document is not in English.")


def _children(item: Any, *relationships: str) -> list[Any]:
    """Return the items below that are words: no pictures, no observers, no references to other items."""
    found = []
    for one in item.get("ContentSequence") or ():
        relationship = str(one.get("RelationshipType", ""))
        if relationship in _OUTSIDE or one.get("ReferencedContentItemIdentifier") is not None:
            continue
        if str(one.get("ValueType", "")) in _PICTURES or name_code(one)[0] == LANGUAGE:
            continue
        if (relationship in relationships) if relationships else relationship != "HAS CONCEPT MOD":
            found.append(one)
    return found


def _meaning(item: Any) -> str:
    names = item.get("ConceptNameCodeSequence")
    return check_label(str(names[0].get("CodeMeaning", ""))) if names else ""


def _section(one: Any) -> str:
    """Return an item that stands right under the root: its name is a heading."""
    if str(one.get("ValueType", "")) == "CONTAINER":
        return _container(one)
    heading = _named(one)
    value = _value(one)
    below = "".join(f"\n{line}" for line in _below(one))
    if value is None:
        return below.strip()
    wide = str(one.get("ValueType", "")) == "TEXT"
    return (f"{heading}:\n{value}" if heading and wide else f"{heading}: {value}" if heading else value) + below


def _container(one: Any) -> str:
    heading = _named(one)
    lines = [line for child in _children(one) for line in _lines(child)]
    if not lines:
        return ""
    body = " ".join(lines) if str(one.get("ContinuityOfContent", "")) == "CONTINUOUS" else "\n".join(lines)
    return f"{heading}:\n{body}" if heading else body


def _named(one: Any) -> str:
    """Return the name with what modifies it: "Finding (Laterality: Left)"."""
    modifiers = [line for child in _children(one, "HAS CONCEPT MOD") for line in _lines(child)]
    name = _meaning(one)
    return f"{name} ({'; '.join(modifiers)})".strip() if modifiers else name


def _lines(one: Any) -> list[str]:
    if str(one.get("ValueType", "")) == "CONTAINER":
        inner = _container(one)
        return inner.split("\n") if inner else []
    value = _value(one)
    if value is None:
        return _below(one)
    name = _named(one)
    bare = name_code(one)[0] in BARE and name == _meaning(one) and str(one.get("ValueType")) == "TEXT"
    return [value if bare or not name else f"{name}: {value}", *_below(one)]


def _below(one: Any) -> list[str]:
    """Return what describes an item further. Properties of a coded finding could turn it round, so their names are checked too."""
    return [line for child in _children(one) for line in _lines(child)]


def _value(one: Any) -> str | None:
    """Return the value as words, or None for an item without one."""
    match str(one.get("ValueType", "")):
        case "TEXT":
            return str(one.get("TextValue") or "").strip("\x00 \t\r\n") or None
        case "CODE":
            codes = one.get("ConceptCodeSequence")
            if not codes:
                raise WordsUnclearError
            return coded_answer(str(codes[0].get("CodeMeaning", "")))
        case "NUM":
            return _number(one)
        case "PNAME":
            return person_words(one.get("PersonName"))
        case "DATE":
            return _dashed(str(one.get("Date") or ""))
        case "DATETIME":
            moment = str(one.get("DateTime") or "")
            return f"{_dashed(moment[:8])} {moment[8:10]}:{moment[10:12]}" if len(moment) >= 12 else _dashed(moment)
        case "TIME":
            time = str(one.get("Time") or "")
            return f"{time[:2]}:{time[2:4]}" if len(time) >= 4 else None
        case _:
            raise DicomInvalidError("The document holds a content item of a type that is not known.")


def _number(one: Any) -> str:
    """Return a measured value with its unit; raises WordsUnclearError for one that was not measured."""
    values = one.get("MeasuredValueSequence")
    if not values:
        raise WordsUnclearError
    units = values[0].get("MeasurementUnitsCodeSequence")
    code = str(units[0].get("CodeValue", "")) if units else ""
    unit = "" if code in ("1", "{1}") else code if len(code) <= 6 else str(units[0].get("CodeMeaning", ""))
    return f"{values[0].get('NumericValue', '')} {unit}".strip()


def _dashed(day: str) -> str | None:
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) >= 8 else None


def person_words(name: Any) -> str | None:
    """Return a person name as it is said: prefix, given, middle, family, suffix; None where there is none."""
    if name is None or not str(name):
        return None
    if not hasattr(name, "family_name"):  # several where one is meant
        raise DicomInvalidError("A person's name has several values where one is allowed.")
    parts = (name.name_prefix, name.given_name, name.middle_name, name.family_name, name.name_suffix)
    words = " ".join(part.strip() for part in parts if part and part.strip())
    return words or None


def own(item: Any, code: tuple[str, str, str]) -> bool:
    """Return True for an item with this code of ours."""
    return name_code(item) == (code[0], SCHEME)
