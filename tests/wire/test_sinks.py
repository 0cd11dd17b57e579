"""Where reports go: files until they are retracted, or the store as one actor."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.errors import BusyError, MessageError
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.records.records import Records
from plainrad.records.room import Room
from plainrad.store.seal import make_vault
from plainrad.wire.box import PlainBox
from plainrad.wire.folder import FolderSink
from plainrad.wire.records import RecordsSink, feed_actor
from plainrad.wire.sinks import IntoSink
from plainrad.wire.spool import Spool
from tests.support.databases import sqlite_database
from tests.support.hl7 import message, msh, numbered, obr, obx, pid

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


# ---- the store -----------------------------------------------------------------------------------------------------


def stored(tmp_path: Path, plainrad: Plainrad) -> Records:
    key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    room = Room(
        database=sqlite_database(tmp_path), policy=plainrad.policy, explain=plainrad.annotate, vault=make_vault([key])
    )
    return Records(room)


def test_reports_of_a_feed_are_kept_once_versioned_and_withdrawn(tmp_path: Path, plainrad: Plainrad) -> None:
    records = stored(tmp_path, plainrad)
    actor = feed_actor("RXX")
    spool = Spool(tmp_path / "spool", box=PlainBox())
    work = IntoSink(RecordsSink(records, actor=actor), site=Hl7Site(), spool=spool)

    def take(data: bytes) -> None:
        entry = spool.put(spool.hashed(data), data)
        work(data, entry=entry)
        work(data, entry=entry)  # as after a kill between the effect and the end of the work

    take(numbered(1, report="R1"))
    take(numbered(2, report="R1", text="Corrected words.", f25="C"))
    take(numbered(3, report="R2"))
    page = records.list(actor=actor)
    assert len(page.reports) == 2
    (first,) = [one for one in page.reports if len(records.versions(one.id, actor=actor)) == 2]
    assert [one.number for one in records.versions(first.id, actor=actor)] == [1, 2]
    take(numbered(4, report="R1", f25="R"))
    assert records.get(first.id, actor=actor).decision.state == "retracted"
    with pytest.raises(MessageError) as caught:
        take(numbered(5, report="R9", f25="R"))
    assert caught.value.code == "report_unknown"


def test_while_the_store_is_away_messages_wait(tmp_path: Path, plainrad: Plainrad) -> None:
    records = stored(tmp_path, plainrad)
    without_keys = Records(replace(records.room, vault=make_vault([])))
    with pytest.raises(BusyError):
        RecordsSink(without_keys, actor=feed_actor("RXX")).submit(received(), key="k")


def test_another_organisation_knows_nothing_of_the_report(tmp_path: Path, plainrad: Plainrad) -> None:
    records = stored(tmp_path, plainrad)
    RecordsSink(records, actor=feed_actor("RXX")).submit(received(), key="k")
    assert RecordsSink(records, actor=feed_actor("RYY")).retract("ACC123456", reason="OBR-25 R", key="k2") is False
    assert RecordsSink(records, actor=feed_actor("RXX")).retract("ACC123456", reason="OBR-25 R", key="k2") is True
