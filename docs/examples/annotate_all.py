"""Explains every example report of this folder: one page each, and one summary line each.

    python docs/examples/annotate_all.py build/demo

`make demo` runs it. The same pages come one at a time from `plainrad annotate`; here the program is started only once.
"""

import sys
import tomllib
from collections import Counter
from pathlib import Path

from plainrad.bootstrap import plainrad
from plainrad.formats.incoming import decode, parse_report
from plainrad.render import render_html

EXAMPLES = Path(__file__).resolve().parent
SENT = ("status", "verified_at", "modality")


def main(target: Path) -> None:
    """Write `NAME.html` into `target` for every `NAME.txt` here."""
    target.mkdir(parents=True, exist_ok=True)
    print("Reading the glossary and the rules ...", flush=True)
    explainer = plainrad()
    names = sorted(path.stem for path in EXAMPLES.glob("*.txt"))
    width = max(map(len, names))
    for name in names:
        about = tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
        fields = {key: about[key] for key in SENT if key in about}
        exam = {"title": about.get("title"), "body_regions": about.get("body_regions", [])}
        text = decode((EXAMPLES / f"{name}.txt").read_bytes())
        patient = explainer.annotate(parse_report(fields | {"text": text, "exam": exam}))
        (target / f"{name}.html").write_text(render_html(patient), encoding="utf-8")
        groups = Counter(one.group for one in patient.statements)
        told = ", ".join(f"{count} {group.replace('_', ' ')}" for group, count in groups.items()) or "nothing"
        print(f"  {name:<{width}}  {len(patient.explanations):>3} words explained;  {told}", flush=True)
    print(f"{len(names)} pages are in {target}/")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo"))
