"""Take the pictures of the body out of the npm package of the Expression Atlas, and keep of them what we draw.

    python -m tests.support.vendor_pictures anatomogram-2.4.0.tgz

The archive is the one of `npm pack @ebi-gene-expression-group/anatomogram@2.4.0`. Its checksum is pinned: another file is refused.
Shapes keep their ids (UBERON) and their form; editor data, colours and organs that we do not draw are left out. `at`, `right` and
`left` of a shape are the middles of the whole and of its halves, for the lines that lead to it.
"""

import hashlib
import io
import re
import sys
import tarfile
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

CHECKSUM = "eb0a0b339928e5bfec21a8f004cad68c1da2e91277c0ad2c49f3049fe2d70166"
SOURCE = "anatomogram 2.4.0, Expression Atlas, EMBL-EBI (github.com/gxa/anatomogram), Apache-2.0; see README.md"
FOLDER = Path(__file__).parents[2] / "templates" / "pictures"
MIDDLES = {"male": 53.0, "female": 52.7, "brain": 71.0}
DRAWN = {
    "path": ("d",),
    "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"),
    "rect": ("x", "y", "width", "height"),
}
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


def name(element: ET.Element) -> str:
    """Return the tag without its namespace."""
    return element.tag.rpartition("}")[2]


def matrix(transform: str | None) -> Matrix:
    """Return the matrix of matrix(), translate() or scale()."""
    if not transform:
        return (1, 0, 0, 1, 0, 0)
    kind, values = (
        transform.partition("(")[0].strip(),
        [float(one) for one in NUMBER.findall(transform.partition("(")[2])],
    )
    if kind == "matrix":
        a, b, c, d, e, f = values
        return (a, b, c, d, e, f)
    if kind == "translate":
        return (1, 0, 0, 1, values[0], values[1] if len(values) > 1 else 0)
    if kind == "scale":
        return (values[0], 0, 0, values[-1], 0, 0)
    raise ValueError(f"unknown transform {kind}")


def times(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that does `second` and then `first`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def short(value: float) -> str:
    """Return `value` in hundredths, without zeros at its end."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def through(turn: Matrix, point: Point) -> Point:
    """Return where `point` goes."""
    a, b, c, d, e, f = turn
    return (a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f)


STEPS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def absolute(path: str, turn: Matrix) -> tuple[str, list[Point]]:
    """Return the path after `turn`, in whole hundredths, with the points it goes through. H and V become L."""
    words = re.findall(r"[a-zA-Z]|" + NUMBER.pattern, path)
    here: Point = (0, 0)
    begun: Point = (0, 0)
    command, at, out, points = "", 0, [], []
    while at < len(words):
        if words[at].isalpha():
            command, at = words[at], at + 1
            if command in "zZ":
                out.append("Z")
                here = begun
                continue
        upper, relative = command.upper(), command.islower()
        values = [float(one) for one in words[at : at + STEPS[upper]]]
        at += STEPS[upper]
        ox, oy = here if relative else (0.0, 0.0)
        if upper == "H":
            ends = [(values[0] + ox, here[1])]
        elif upper == "V":
            ends = [(here[0], values[0] + oy)]
        elif upper == "A":
            size = (
                abs(turn[0] * turn[3] - turn[1] * turn[2]) ** 0.5
            )  # arcs here are short, so that how they are turned is not seen
            ends = [(values[5] + ox, values[6] + oy)]
            here = ends[-1]
            points.append(through(turn, here))
            sweep = int(values[4]) ^ (turn[0] * turn[3] - turn[1] * turn[2] < 0)
            radii = f"{short(values[0] * size)} {short(values[1] * size)} {short(values[2])}"
            out.append(f"A{radii} {int(values[3])} {sweep} {short(points[-1][0])} {short(points[-1][1])}")
            continue
        else:
            ends = [(values[i] + ox, values[i + 1] + oy) for i in range(0, len(values), 2)]
        here = ends[-1]
        moved = [through(turn, end) for end in ends]
        points.append(moved[-1])
        out.append(("L" if upper in "HV" else upper) + " ".join(f"{short(x)} {short(y)}" for x, y in moved))
        if upper == "M":
            begun = here
            command = "l" if relative else "L"
    return "".join(out), points


def shapes(element: ET.Element, turn: Matrix) -> Iterator[tuple[str, list[Point]]]:
    """Yield (markup, points) of everything that is drawn in `element`."""
    own = times(turn, matrix(element.get("transform")))
    kind = name(element)
    if kind == "path":
        d, points = absolute(element.get("d", ""), own)
        yield f'<path d="{d}"/>', points
    elif kind in ("circle", "ellipse", "rect"):
        x, y, width, height = (
            (float(element.get(key, "0")) for key in DRAWN["rect"]) if kind == "rect" else _round(element)
        )
        corners = [through(own, (x, y)), through(own, (x + width, y + height))]
        (left, top), (right, bottom) = corners
        if kind == "rect":
            yield (
                f'<rect x="{left:.2f}" y="{top:.2f}" width="{right - left:.2f}" height="{bottom - top:.2f}"/>',
                corners,
            )
        else:
            middle = f'cx="{(left + right) / 2:.2f}" cy="{(top + bottom) / 2:.2f}"'
            yield f'<ellipse {middle} rx="{(right - left) / 2:.2f}" ry="{(bottom - top) / 2:.2f}"/>', corners
    for child in element:
        if name(child) in ("g", "path", "circle", "ellipse", "rect"):
            yield from shapes(child, own)


def _round(element: ET.Element) -> tuple[float, float, float, float]:
    rx = float(element.get("rx", element.get("r", "0")))
    ry = float(element.get("ry", element.get("r", "0")))
    return float(element.get("cx", "0")) - rx, float(element.get("cy", "0")) - ry, 2 * rx, 2 * ry


def centre(points: list[Point]) -> str:
    """Return the middle of the box around `points`."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return f"{(min(xs) + max(xs)) / 2:.1f} {(min(ys) + max(ys)) / 2:.1f}"


def coarse(markup: str) -> str:
    """Return `markup` in tenths: a third of a pixel on a screen."""
    tenths = re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.1f}", markup)
    return re.sub(r"\.0(?=[^0-9])", "", tenths)


def trimmed(svg: bytes, picture: str, wanted: set[str]) -> str:
    """Return the picture with its outline and the wanted organs."""
    root = ET.fromstring(svg)  # noqa: S314 (the checksum of what it comes from is pinned)
    middle = MIDDLES[picture]
    lines = []
    for layer in root:
        turn = matrix(layer.get("transform"))
        for element in layer if name(layer) == "g" else ():
            own = element.get("id", "")
            outline = layer.get("id") == "LAYER_OUTLINE" and name(element) != "a"
            if not outline and own not in wanted:
                continue
            found = list(shapes(element, turn))
            if picture == "brain":  # the two lower drawings: the section through the middle, and the side
                found = [one for one in found if min(y for _, y in one[1]) > 60]
            points = [point for _, many in found for point in many]
            if not points:
                continue
            places = {
                "at": points,
                "right": [p for p in points if p[0] < middle],
                "left": [p for p in points if p[0] >= middle],
            }
            given = " ".join(f'data-{key}="{centre(many)}"' for key, many in places.items() if many)
            if outline and picture == "brain":
                for markup, many in found:
                    side = "side" if min(x for x, _ in many) > MIDDLES["brain"] else "section"
                    lines.append(f'<g id="outline-{side}">{coarse(markup)}</g>')
            elif outline:
                lines.append(f'<g id="outline">{coarse("".join(markup for markup, _ in found))}</g>')
            else:
                lines.append(f'<g id="{own}" {given}>{"".join(markup for markup, _ in found)}</g>')
    box = "0 68 143.51 54" if picture == "brain" else root.get("viewBox")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">\n<!-- {SOURCE} -->\n'
        + "\n".join(lines)
        + "\n</svg>\n"
    )


def main(archive: Path) -> None:
    """Write the pictures into templates/pictures."""
    data = archive.read_bytes()
    if hashlib.sha256(data).hexdigest() != CHECKSUM:
        sys.exit("This is not the archive whose checksum is pinned here: nothing was written.")
    table = tomllib.loads((FOLDER / "places.toml").read_text(encoding="utf-8"))
    wanted = {one["organ"] for kind in ("place", "brain") for one in table[kind] if "organ" in one}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as package:
        for picture in MIDDLES:
            member = package.extractfile(f"package/lib/svg/homo_sapiens.{picture}.svg")
            assert member is not None
            text = trimmed(member.read(), picture, wanted)
            (FOLDER / f"{picture}.svg").write_text(text, encoding="utf-8")
            print(f"{picture}.svg: {len(text):,} characters, {text.count('<g id=') - 1} organs")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
