"""The pictures of the body and where its parts stand in them: `templates/pictures`, read once."""

import tomllib
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from plainrad.content import content_folder

View = Literal["head", "neck", "chest", "belly", "pelvis", "arms", "legs", "side", "section"]
Half = Literal["right", "left", "whole"]
Point = tuple[float, float]
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn part: its markup, and the middle of the whole and of each half."""

    markup: str
    middles: dict[Half, Point]


@dataclass(frozen=True, slots=True)
class Place:
    """Where parts of the body stand. `paired`: a right and a left; `view`: what has to be in sight."""

    id: str
    view: View
    paired: bool
    parts: tuple[str, ...]
    drawing: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A body from the front: its outline, the middle line, its organs, points and blocks. `filled`: the outline is one closed line."""

    name: str
    outline: str
    middle: float
    shapes: dict[str, Shape]
    points: dict[str, Point]
    blocks: dict[str, tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True)
class Places:
    """The place of each part, in the body and in the two drawings of the brain."""

    body: dict[str, Place]
    brain: dict[str, Place]


@cache
def places() -> Places:
    """Return where every placed part stands."""
    table = _table()
    found = []
    for kind in ("place", "brain"):
        by_part: dict[str, Place] = {}
        for row in table[kind]:
            place = Place(row["id"], row.get("view", "head"), row.get("paired", False), tuple(row["parts"]), row)
            by_part |= dict.fromkeys(place.parts, place)
        found.append(by_part)
    return Places(*found)


@cache
def picture(name: str) -> Picture:
    """Return the picture "female", "male" or "neutral"; the neutral body has the organs of both."""
    own = _table()["pictures"][name]
    outline = _shapes(name)["outline"].markup
    shapes = _shapes("female") | _shapes("male") if name == "neutral" else _shapes(name)
    return Picture(
        name=name,
        outline=outline,
        middle=float(own["middle"]),
        shapes=shapes,
        points={key: (float(x), float(y)) for key, (x, y) in own["points"].items()},
        blocks={key: (float(x), float(y), float(w), float(h)) for key, (x, y, w, h) in own["blocks"].items()},
    )


@cache
def brain() -> dict[str, Shape]:
    """Return the shapes of the brain: lobes in the drawing of the side, inner parts in that of the section."""
    return _shapes("brain")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(content_folder("templates").joinpath("pictures", "places.toml").read_text(encoding="utf-8"))


@cache
def _shapes(name: str) -> dict[str, Shape]:
    text = content_folder("templates").joinpath("pictures", f"{name}.svg").read_text(encoding="utf-8")
    found = {}
    for group in ET.fromstring(text):  # noqa: S314 (our own file)
        markup = "".join(_markup(one) for one in group)
        middles: dict[Half, Point] = {}
        for half, key in (("whole", "at"), ("right", "right"), ("left", "left")):
            if value := group.get(f"data-{key}"):
                x, y = value.split()
                middles[half] = (float(x), float(y))  # type: ignore[index]
        found[group.get("id", "")] = Shape(markup, middles)
    return found


def _markup(element: ET.Element) -> str:
    inside = " ".join(f'{key}="{value}"' for key, value in element.attrib.items() if not key.startswith("data-"))
    return f"<{element.tag.removeprefix(_SVG)} {inside}/>"
