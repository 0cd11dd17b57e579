"""Make templates/static/nhsuk-frontend.css and htmx.min.js anew from their npm packages, and change nothing by accident.

    python docs/vendor/nhsuk_frontend.py nhsuk-frontend-10.6.1.tgz htmx.org-2.0.11.tgz

`npm pack nhsuk-frontend@10.6.1 htmx.org@2.0.11` fetches them. The checksums are pinned: other bytes are refused. Of nhsuk-frontend
(MIT) the style sheet is taken without its web font, which would be fetched from another host, and with Arial in its place; the few
icons that it names are put into it. htmx is Zero-Clause BSD and taken as it is.
"""

import hashlib
import re
import sys
import tarfile
from base64 import b64encode
from pathlib import Path

PINNED = {
    "nhsuk-frontend": "1af037bcb75237c4208809d3ac9a06522ccf61b2268221268ead3985bceb060b",
    "htmx.org": "165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
}
STATIC = Path(__file__).resolve().parents[2] / "templates" / "static"
_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_FAMILY = re.compile(r"font-family:\s*Frutiger W01\s*,\s*", re.IGNORECASE)
_ICON = re.compile(r"url\(/assets/images/([a-z-]+\.svg)\)")
_OUTSIDE = re.compile(r"url\((?!data:)|https?://(?!www\.w3\.org/)")


def main(files: list[str]) -> None:
    """Write both files; stops with what is wrong when a package is not the one that is pinned."""
    for file in map(Path, files):
        name = next(name for name in PINNED if file.name.startswith(name))
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != PINNED[name]:
            sys.exit(f"{file.name} is not the package whose checksum is pinned here.")
        with tarfile.open(file) as package:
            if name == "htmx.org":
                (STATIC / "htmx.min.js").write_bytes(_member(package, "dist/htmx.min.js"))
            else:
                (STATIC / "nhsuk-frontend.css").write_text(_style(package), encoding="utf-8")


def _member(package: tarfile.TarFile, name: str) -> bytes:
    found = package.extractfile(f"package/{name}")
    if found is None:
        sys.exit(f"The package holds no {name}.")
    return found.read()


def _style(package: tarfile.TarFile) -> str:
    style = _member(package, "dist/nhsuk/nhsuk-frontend.min.css").decode("utf-8").removeprefix("\ufeff")
    style = _FAMILY.sub("font-family:", _FONT_FACE.sub("", style))
    style = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", style).strip()

    def icon(match: re.Match[str]) -> str:
        drawn = b64encode(_member(package, f"dist/nhsuk/assets/images/{match[1]}")).decode("ascii")
        return f"url(data:image/svg+xml;base64,{drawn})"

    style = _ICON.sub(icon, style)
    if (left := _OUTSIDE.search(style)) is not None:
        sys.exit(f"The style sheet would still ask another host: {style[left.start() : left.start() + 60]}")
    return f"/* nhsuk-frontend 10.6.1, MIT licence, NHS England; without its web font. */\n{style}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
