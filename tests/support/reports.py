"""Reports for the entry points: the invented examples, and everything that must be refused."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plainrad.api.examples import Example, load_examples

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = load_examples(ROOT / "docs" / "examples")
# A word that no content, code or error of ours holds: where it turns up, a report has leaked.
MARKER = "Zyxwqomarker"
TEXT = f"Clinical history: {MARKER}. Findings: Small left pleural effusion. No pneumothorax.\n"
NASTY = (
    "\ufeffFindings:\r\n\x00\x1b[31mNo pneumothorax.\x1b[0m\u2028<script>alert(1)</script>\r"
    "Small left pleural effusion. 12 × 9 mm. \u202eolleh\u202c e\u0301 😀\x85 \x7f end\n\n"
)


def example(name: str = "xr-chest-pneumonia") -> Example:
    """Return an invented report."""
    return EXAMPLES[name]


def fields(text: str = TEXT, **others: Any) -> dict[str, Any]:
    """Return the fields of a verified report."""
    return {"text": text, "status": "final", **others}


@dataclass(frozen=True)
class Bad:
    """A body that is refused, and how."""

    name: str
    body: bytes
    code: str
    status: int = 422


def _json(name: str, code: str, http: int = 422, /, **sent: Any) -> Bad:
    return Bad(name, json.dumps(sent).encode(), code, http)


UNVERIFIED = ("preliminary", "partial", "registered", "cancelled", "entered-in-error", "unknown", MARKER)
BAD: tuple[Bad, ...] = (
    *(_json(f"status {one}", "report_not_verified", text=TEXT, status=one) for one in UNVERIFIED),
    _json("no status", "report_status_missing", text=TEXT),
    _json("blank status", "report_status_missing", text=TEXT, status="  "),
    _json("null status", "report_status_missing", text=TEXT, status=None),
    _json("empty", "report_empty", text="", status="final"),
    _json("white space", "report_empty", text=" \t\r\n\u00a0\ufeff\x00", status="final"),
    _json("too long", "report_too_large", 413, text=MARKER + "x" * 200_001, status="final"),
    Bad("not UTF-8", b'{"text": "' + MARKER.encode() + b' \xff", "status": "final"}', "report_encoding", 400),
    _json("half a character", "report_encoding", 400, text=f"{MARKER} \ud800", status="final"),
    Bad("not JSON", b'{"text": ' + MARKER.encode(), "json_invalid", 400),
    Bad("nothing", b"", "json_invalid", 400),
    Bad("deep", b"[" * 100_000, "json_invalid", 400),
    Bad("a long number", b'{"text": ' + b"9" * 10_000 + b"}", "json_invalid", 400),
    Bad("not a number", b'{"text": NaN, "status": "final"}', "json_invalid", 400),
    Bad(
        "two statuses", f'{{"text": "{MARKER}", "status": "preliminary", "status": "final"}}'.encode(), "json_invalid", 400
    ),
    Bad("a list", json.dumps([MARKER]).encode(), "report_invalid"),
    Bad("a string", json.dumps(MARKER).encode(), "report_invalid"),
    Bad("null", b"null", "report_invalid"),
    _json("no text", "report_invalid", status="final"),
    _json("text of another type", "report_invalid", text=[MARKER], status="final"),
    _json("status of another type", "report_invalid", text=TEXT, status=1),
    _json("unknown field", "report_invalid", text=TEXT, status="final", **{MARKER: 1}),
    _json("unknown field of the exam", "report_invalid", text=TEXT, status="final", exam={MARKER: MARKER}),
    _json("exam of another type", "report_invalid", text=TEXT, status="final", exam=[MARKER]),
    _json("long title", "report_invalid", text=TEXT, status="final", exam=MARKER * 100),
    _json("title with half a character", "report_invalid", text=TEXT, status="final", exam=f"{MARKER} \udc00"),
    _json("time as a number", "report_invalid", text=TEXT, status="final", verified_at=1_760_000_000),
    _json("time as words", "report_invalid", text=TEXT, status="final", verified_at=MARKER),
    _json("time without a zone", "report_invalid", text=TEXT, status="final", verified_at="2026-10-05T14:20:00"),
    _json("only a day", "report_invalid", text=TEXT, status="final", verified_at="2026-10-05"),
    _json("a day that is none", "report_invalid", text=TEXT, status="final", verified_at="2026-02-30T10:00:00Z"),
    _json("the end of time", "report_invalid", text=TEXT, status="final", verified_at="9999-12-31T23:59:59Z"),
    _json("the beginning of time", "report_invalid", text=TEXT, status="final", verified_at="0001-01-01T00:00:00Z"),
    *(
        _json(f"target {start}-{end}", "report_invalid", text=TEXT, status="final", targets=[{"start": start, "end": end}])
        for start, end in ((0, len(TEXT) + 1), (-1, 3), (3, 3), (5, 2), (10**30, 10**31), (0.5, 2), ("0", "2"), (True, 2))
    ),
    _json("target without end", "report_invalid", text=TEXT, status="final", targets=[{"start": 1}]),
    _json("targets of another type", "report_invalid", text=TEXT, status="final", targets=MARKER),
    _json("too many targets", "report_invalid", text=TEXT, status="final", targets=[{"start": 0, "end": 1}] * 1001),
)  # fmt: skip
