"""Parts of the body -> the picture: which areas are drawn, in which state, with numbers that lead to the list beside it.

An area is drawn only where its place is sure: a part without a place, or one of a pair whose side the report does not tell, is
told in words alone. Image left is the patient's right. States differ by fill, pattern, outline and number, not by colour alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from plainrad.domain.people import Sex
from plainrad.explain.bodymap import STATES, BodyPart, State
from plainrad.render.places import Half, Picture, Place, Point, brain, picture, places

_MAX_DRAWN = 24
_BAND = 2.2  # the height of what stands above the picture, which says what is left and right, in radii of a number
_BRAIN = {"side": (75.0, 66.0, 71.0, 57.0), "section": (-3.0, 66.0, 71.0, 57.0)}
_VIEWS: dict[str, tuple[float, float, float, float]] = {  # left and right of the middle, top, bottom
    "head": (-13, 13, -1, 27),
    "neck": (-16, 16, 8, 42),
    "chest": (-22, 22, 22, 68),
    "belly": (-20, 20, 50, 98),
    "pelvis": (-19, 19, 68, 107),
    "arms": (-52, 52, 27, 106),
    "legs": (-28, 28, 84, 196),
}


@dataclass(frozen=True, slots=True)
class Area:
    """One painted area and its number in the list; `at` is where its line ends."""

    number: int
    state: State
    half: Half
    ring: bool
    markup: Markup
    at: Point


@dataclass(frozen=True, slots=True)
class Marker:
    """The number of an area in the margin, with the line that leads to the area."""

    number: int
    state: State
    at: Point
    to: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with its areas, the weakest first, so that what was found lies on top."""

    name: str
    outline: Markup
    box: tuple[float, float, float, float]
    middle: float | None
    areas: tuple[Area, ...]
    markers: tuple[Marker, ...]
    radius: float
    title: str = ""

    @property
    def unit(self) -> float:
        """Return the measure of lines and patterns: one unit of a picture of the trunk, whatever is shown."""
        return self.radius / 2.3

    @property
    def band(self) -> float:
        """Return the height of the band above the picture that says what is left and right."""
        return _BAND * self.radius

    @property
    def view_box(self) -> str:
        """Return the attribute of that name."""
        return " ".join(f"{one:.1f}" for one in self.box)


def draw(parts: Sequence[BodyPart], *, sex: Sex | None) -> tuple[tuple[Drawing, ...], dict[BodyPart, int]]:
    """Return the drawings, none when nothing can be placed, and the number of each part that they show."""
    body, numbers = _draw_body(parts, sex)
    drawings = [body] if body else []
    for view in _BRAIN:
        drawn = _draw_brain(parts, view, numbers)
        drawings += [drawn] if drawn else []
    return tuple(drawings), numbers


def _draw_body(parts: Sequence[BodyPart], sex: Sex | None) -> tuple[Drawing | None, dict[BodyPart, int]]:
    body = picture({Sex.FEMALE: "female", Sex.MALE: "male"}.get(sex, "neutral") if sex else "neutral")
    halves: dict[tuple[str, Half], list[BodyPart]] = {}
    known: dict[str, Place] = {}
    for part in parts:
        place = places().in_body(part.part, part.within)
        if place is None or part.state == "named" or not _has(body, place):
            continue
        known[place.id] = place
        for half in _halves(part, place):
            halves.setdefault((place.id, half), []).append(part)
    areas, numbers = _areas(halves, known, body)
    if not areas:
        return None, {}
    shown = sorted(areas, key=lambda area: -STATES.index(area.state))
    box = _crop([known[one] for one, _ in halves if one in known], body.middle)
    radius = max(0.026 * box[3], 0.042 * box[2])  # so that a number can be read on a telephone
    band = _BAND * radius
    markers, box = _markers(areas, (box[0], box[1] - band, box[2], box[3] + band), body.middle, radius)
    return Drawing(body.name, Markup(body.outline), box, body.middle, tuple(shown), markers, radius), numbers  # noqa: S704 (our own file)


def _draw_brain(parts: Sequence[BodyPart], view: str, numbers: dict[BodyPart, int]) -> Drawing | None:
    """Return the side or the section of the brain, where something is told in a part of it that has no side; adds to `numbers`."""
    shapes, half = brain(), "left" if view == "side" else "right"
    told: dict[str, list[BodyPart]] = {}
    for part in parts:
        place = places().brain.get(part.part)
        if place and place.drawing["view"] == view and part.side is None and part.state != "named":
            told.setdefault(place.drawing["organ"], []).append(part)
    if not any(part.state in ("found", "possible") for many in told.values() for part in many):
        return None
    areas = []
    for organ, many in told.items():
        number = max(numbers.values(), default=0) + 1
        state = min((part.state for part in many), key=STATES.index)
        at = shapes[organ].middles[half]  # type: ignore[index]
        areas.append(Area(number, state, "whole", False, Markup(shapes[organ].markup), at))  # noqa: S704 (our own file)
        numbers |= {part: number for part in many if part.state == state and part not in numbers}
    box, radius = _BRAIN[view], 3.0
    markers, wide = _markers(areas, box, box[0] + box[2] / 2, radius)
    shown = tuple(sorted(areas, key=lambda area: -STATES.index(area.state)))
    outline = Markup(shapes[f"outline-{view}"].markup)  # noqa: S704 (our own file)
    return Drawing(f"brain-{view}", outline, wide, None, shown, markers, radius)


def _has(body: Picture, place: Place) -> bool:
    return "organ" not in place.drawing or place.drawing["organ"] in body.shapes


def _halves(part: BodyPart, place: Place) -> tuple[Half, ...]:
    """Return which halves are painted: none where the report leaves open in which of a pair something was found."""
    if not place.paired:
        return ("whole",)
    if part.side in ("left", "right"):
        return (part.side,)
    if part.side == "both" or part.state in ("normal", "not_found") or place.id == "brain":
        return ("right", "left")
    return ()


def _areas(
    halves: dict[tuple[str, Half], list[BodyPart]], known: dict[str, Place], body: Picture
) -> tuple[list[Area], dict[BodyPart, int]]:
    """Return one area for each place and side; two sides of which the same is said are one."""
    areas: list[Area] = []
    numbers: dict[BodyPart, int] = {}
    for (place, half), parts in sorted(
        halves.items(), key=lambda one: min(STATES.index(part.state) for part in one[1])
    ):
        other = halves.get((place, "left" if half == "right" else "right")) if half != "whole" else None
        if half == "left" and other == parts:
            continue  # drawn with its other half
        if len(areas) == _MAX_DRAWN:
            break
        whole: Half = "whole" if other == parts else half
        markup, at = _drawn(known[place], whole, body)
        number = len(areas) + 1
        state = min((part.state for part in parts), key=STATES.index)
        ring = bool(known[place].drawing.get("ring"))
        areas.append(Area(number, state, whole, ring, Markup(markup), at))  # noqa: S704 (our own file, and numbers)
        # A part of which less is told than of another part of the same area is in the list, but the picture does not show it.
        numbers |= {part: number for part in parts if part.state == state and part not in numbers}
    return areas, numbers


def _drawn(place: Place, half: Half, body: Picture) -> tuple[str, Point]:
    """Return the markup of a place and the point that its line leads to."""
    how, middle = place.drawing, body.middle
    if "organ" in how:
        shape = body.shapes[how["organ"]]
        at = shape.middles.get("right" if half == "whole" and place.paired else half, shape.middles["whole"])
        if "at" in how:
            off = -how["at"][0] if half == "left" else how["at"][0]
            at = (middle + off, how["at"][1])
        return shape.markup, at
    if "block" in how:
        x, y, width, height = body.blocks[how["block"]]
        step = height / how["bones"]
        bones = (
            f'<rect x="{middle + x:.1f}" y="{y + n * step:.1f}" width="{width}" height="{step * 0.82:.1f}" rx=".6"/>'
            for n in range(how["bones"])
        )
        return "".join(bones), (middle, y + height / 2)
    sides = [-1.0, 1.0] if half == "whole" and place.paired else [1.0 if half == "left" else -1.0]
    if "dot" in how:
        x, y = body.points[how["dot"]]
        dots = "".join(f'<circle cx="{middle + side * x:.1f}" cy="{y:.1f}" r="{how["r"]}"/>' for side in sides)
        return dots, (middle + sides[0] * x, y)
    ends = [body.points[name] for name in how["line"]]
    if how.get("curved"):
        (x0, y0), (x1, y1), (x2, y2) = ends
        w = how["width"]
        outer = f"M{middle + x0:.1f} {y0}C{middle + x0:.1f} {y1 - 2:.1f} {middle + x2:.1f} {y1 - 2:.1f} {middle + x2:.1f} {y2}"
        inner = f"L{middle + x2 - w:.1f} {y2}C{middle + x2 - w:.1f} {y1 + w - 2:.1f} {middle + x0 + w:.1f} {y1 + w - 2:.1f} {middle + x0 + w:.1f} {y0}Z"
        return f'<path d="{outer}{inner}"/>', (middle + x0 + w / 2, y0 - 2)
    (x0, y0), (x1, y1) = ends
    lines = "".join(_capsule((middle + side * x0, y0), (middle + side * x1, y1), how["width"]) for side in sides)
    return lines, (middle + sides[0] * (x0 + x1) / 2, (y0 + y1) / 2)


def _capsule(start: Point, end: Point, width: float) -> str:
    """Return a rounded bar from `start` to `end`, as a closed shape that a pattern can fill."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    r = width / 2
    return (
        f'<path d="M{start[0] + nx:.2f} {start[1] + ny:.2f}L{end[0] + nx:.2f} {end[1] + ny:.2f}'
        f"A{r} {r} 0 0 0 {end[0] - nx:.2f} {end[1] - ny:.2f}L{start[0] - nx:.2f} {start[1] - ny:.2f}"
        f'A{r} {r} 0 0 0 {start[0] + nx:.2f} {start[1] + ny:.2f}Z"/>'
    )


def _crop(shown: Iterable[Place], middle: float) -> tuple[float, float, float, float]:
    """Return (x, y, width, height) of what has to be seen of the body."""
    boxes = [_VIEWS[place.view] for place in shown]
    left, right = min(box[0] for box in boxes), max(box[1] for box in boxes)
    top, bottom = min(box[2] for box in boxes), max(box[3] for box in boxes)
    return (middle + left, top, right - left, bottom - top)


def _markers(
    areas: Sequence[Area], box: tuple[float, float, float, float], middle: float, radius: float
) -> tuple[tuple[Marker, ...], tuple[float, float, float, float]]:
    """Return the numbers in the two margins, none upon another, and the box with room for them."""
    x, y, width, height = box
    columns: dict[int, list[Area]] = {-1: [], 1: []}
    for area in sorted(areas, key=lambda area: area.at[1]):
        off = area.at[0] - middle
        lighter = min((-1, 1), key=lambda side: len(columns[side]))
        columns[lighter if abs(off) < 1.5 else (-1 if off < 0 else 1)].append(area)
    step = 2.5 * radius
    top = y + 3.5 * radius  # below the words on the sides
    height = max(height, top - y + step * max(len(many) for many in columns.values()))
    markers = []
    for side, many in columns.items():
        at = top
        heights = []
        for area in many:
            at = max(at, area.at[1])
            heights.append(at)
            at += step
        over = max(0.0, (heights[-1] if heights else 0) + radius - (y + height))
        for position in range(len(heights) - 1, -1, -1):  # what sticks out at the foot pushes up
            limit = y + height - radius - step * (len(heights) - 1 - position)
            heights[position] = min(heights[position], limit) if over else heights[position]
        edge = x - 1.6 * radius if side < 0 else x + width + 1.6 * radius
        markers += [
            Marker(area.number, area.state, (edge, level), area.at) for area, level in zip(many, heights, strict=True)
        ]
    return tuple(sorted(markers, key=lambda one: one.number)), (x - 3.2 * radius, y, width + 6.4 * radius, height)
