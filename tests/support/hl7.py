"""HL7 v2 messages for tests: all patients invented, all NHS numbers of the 999 range."""

import json
from pathlib import Path
from typing import Any

from plainrad.formats.hl7v2.site import Hl7Site, Radiology

ROOT = Path(__file__).resolve().parents[2]
# Public messages with machine-written patients; they stand beside the checkout or not at all.
PUBLIC_FILE = ROOT.parent / "shared" / "data" / "hl7_oru_messages.jsonl"
PUBLIC_SITE = Hl7Site(radiology=Radiology(applications=("SOMERIS",)))
MARKER = "Zyxwqomarker"
NHS_NUMBER = "9992158107"
OTHER_NHS_NUMBER = "9994129309"
WORDS = "CT chest.\\.br\\Findings: Small left pleural effusion. No pneumothorax."


def public_messages() -> list[str]:
    """Return the public messages, or none where they do not stand beside the checkout."""
    if not PUBLIC_FILE.is_file():
        return []
    return [json.loads(line)["hl7"] for line in PUBLIC_FILE.read_text(encoding="utf-8").splitlines()]


def msh(**fields: Any) -> str:
    """Return MSH; fields by number as f3="RIS"."""
    return _segment(
        "MSH",
        {2: "^~\\&", 3: "RADIOLOGY", 4: "RXX", 5: "HL7API", 6: "PKB", 7: "20260102101112", 9: "ORU^R01", 10: "ID-0001", 11: "P", 12: "2.4"},
        fields,
        first=2,
    )  # fmt: skip


def pid(**fields: Any) -> str:
    """Return PID."""
    usual = {1: "1", 3: f"{NHS_NUMBER}^^^NHS^NH~H00017^^^RXX^MR", 5: f"{MARKER}^Alex^Jo^^Ms", 7: "19700131", 8: "F"}
    return _segment("PID", usual, fields)


def orc(**fields: Any) -> str:
    """Return ORC."""
    return _segment("ORC", {1: "RE"}, fields)


def obr(**fields: Any) -> str:
    """Return OBR."""
    usual = {
        1: "1", 3: "ACC123456", 4: "CCHAC^CT Chest with contrast^NICIP", 7: "20251220093000", 16: "C1^Foster^Kim^^^Dr",
        22: "20251222141500", 24: "CT", 25: "F", 32: "R1&Reader&Robin&&&Dr",
    }  # fmt: skip
    return _segment("OBR", usual, fields)


def obx(text: str = WORDS, **fields: Any) -> str:
    """Return OBX of type FT."""
    return _segment("OBX", {1: "1", 2: "FT", 3: "RPT^Report^L", 5: text, 11: "F"}, fields)


def message(*segments: str, end: str = "\r") -> bytes:
    """Return a message of these segments; without any, a good one."""
    return (end.join(segments or (msh(), pid(), obr(), obx())) + end).encode("utf-8")


def numbered(number: int, *, report: str | None = None, text: str = WORDS, **fields: Any) -> bytes:
    """Return a good message with a control id and a report of its own."""
    return message(msh(f10=f"ID-{number:05d}"), pid(), obr(f3=report or f"ACC{number:05d}", **fields), obx(text))


def _segment(name: str, usual: dict[int, str], chosen: dict[str, Any], *, first: int = 1) -> str:
    values = usual | {int(key[1:]): value for key, value in chosen.items()}
    return "|".join((name, *(values.get(number, "") for number in range(first, max(values) + 1))))
