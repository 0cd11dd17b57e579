"""Where reports go: files until they are retracted, or the records as one actor."""

import base64
from pathlib import Path
from typing import Any

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Report
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.wire.folder import FolderSink
from plainrad.wire.records import RecordsSink
from tests.support.hl7 import message, msh, obr, obx, pid

PDF = b"%PDF-1.4"


def received(*attachments: str) -> ReportReceived:
    documents = [
        obx(f"^application^{one}^Base64^{base64.b64encode(PDF).decode()}", f1="2", f2="ED") for one in attachments
    ]
    (item,) = read_oru(message(msh(), pid(), obr(), obx(), *documents), Hl7Site()).items
    assert isinstance(item, ReportReceived)
    return item


def test_documents_are_kept_beside_the_patient_version(tmp_path: Path, plainrad: Plainrad) -> None:
    sink = FolderSink(tmp_path, explain=plainrad.annotate, named=lambda _: "name")
    sink.submit(received("pdf", "../../etc"), key="k")
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "name.1.pdf",
        "name.2.bin",
        "name.html",
        "name.json",
        "retracted",
    ]
    assert (tmp_path / "name.1.pdf").read_bytes() == PDF
    sink.submit(received(), key="k")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["name.html", "name.json", "retracted"]


def test_a_new_version_after_a_withdrawal_is_there_alone(tmp_path: Path, plainrad: Plainrad) -> None:
    sink = FolderSink(tmp_path, explain=plainrad.annotate, named=lambda _: "name")
    sink.submit(received("pdf"), key="k")
    assert sink.retract("ACC123456", reason="OBR-25 R", key="k2")
    assert sorted(one.name for one in (tmp_path / "retracted").iterdir()) == ["name.1.pdf", "name.html", "name.json"]
    sink.submit(received(), key="k3")
    assert list((tmp_path / "retracted").iterdir()) == []


class Records:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def submit(self, report: Report, *, actor: Any, key: str | None = None, source: str = "api") -> Any:
        self.asked.append((report.report_id, actor, key, source))

    def withdraw_by_number(self, report_id: str, *, actor: Any, reason: str) -> bool:
        self.asked.append((report_id, actor, reason))
        return report_id == "ACC123456"


def test_the_records_are_asked_as_one_actor() -> None:
    records = Records()
    sink = RecordsSink(records, actor="feed")
    sink.submit(received(), key="hl7-1-0")
    assert sink.retract("ACC123456", reason="OBX-11 W", key="hl7-2-0") is True
    assert sink.retract("other", reason="OBR-25 R", key="hl7-3-0") is False
    assert records.asked == [
        ("ACC123456", "feed", "hl7-1-0", "hl7v2"),
        ("ACC123456", "feed", "Withdrawn by the sender (OBX-11 W)"),
        ("other", "feed", "Withdrawn by the sender (OBR-25 R)"),
    ]
