"""From the inbox to the archive: nothing before its time, nothing twice, nothing lost, and no older version after a newer one."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset

from plainrad.bootstrap import Plainrad
from plainrad.errors import AddressError, DicomDuplicateError, DicomInvalidError, ReportError
from plainrad.formats.dicom.origin import origin_of
from plainrad.formats.dicom.read import read_dataset, read_file
from plainrad.log import make_log
from plainrad.release.policy import ReleasePolicy
from plainrad.render import render_pdf
from plainrad.wire.dicom.client import Peer, echo, kept, send
from plainrad.wire.dicom.inbox import Inbox, file_name
from plainrad.wire.dicom.worker import Worker
from plainrad.wire.release import decide_for
from tests.support.dicom import NOW, file_of, report, sr, structured
from tests.support.dicom_net import archive, server


def page(_: object) -> bytes:
    return b"%PDF-1.7"


def worker(inbox: Inbox, plainrad: Plainrad, **others: Any) -> Worker:
    chosen: dict[str, Any] = {
        "to_pdf": page,
        "log": make_log(stream=io.StringIO()),
        "release": None,
        "now": lambda: NOW,
    } | others
    return Worker(inbox, plainrad.annotate, **chosen)


def names(inbox: Inbox, room: str) -> list[str]:
    return sorted(path.name for path in (inbox.folder / room).iterdir())


def test_a_report_goes_in_and_its_patient_version_reaches_the_archive(tmp_path: Path, plainrad: Plainrad) -> None:
    from tests.unit.wire.dicom.test_server import ready, stored

    one = structured(about=report(accession="A1"))
    with server(tmp_path) as (inbox, peer, _), archive() as (pacs, found):
        assert stored(peer, ready(one)) == [0x0000]
        assert echo(pacs, own_title="X") is False, "this archive does not know C-ECHO"
        works = worker(inbox, plainrad, to_pdf=render_pdf, send=lambda files: send(pacs, files, own_title="PLAINRAD"))
        assert works.run_once() == 1
        assert works.run_once() == 0
    assert [str(each.Modality) for each in found] == ["DOC", "SR"]
    assert {str(each.StudyInstanceUID) for each in found} == {str(one.StudyInstanceUID)}
    assert found[0].EncapsulatedDocument.startswith(b"%PDF")
    assert any("fluid" in str(part.TextValue) for part in found[1].ContentSequence[-1].ContentSequence)
    origin = origin_of(found[1])
    assert origin is not None
    assert origin.uid == one.SOPInstanceUID
    assert names(inbox, "out") == []
    assert (tmp_path / "done" / file_name(str(one.SOPInstanceUID))).read_bytes()


POLICY = ReleasePolicy(excluded_exams=frozenset(), exam_not_stated="release")


def test_nothing_leaves_before_its_release(tmp_path: Path, plainrad: Plainrad) -> None:
    inbox = Inbox(tmp_path)
    inbox.keep(sr(about=report(verified_at=NOW)))
    time = [NOW]
    works = worker(inbox, plainrad, release=decide_for(POLICY), now=lambda: time[0])
    release = POLICY.available_from(NOW)
    for moment in (NOW, release - timedelta(seconds=1)):
        time[0] = moment
        assert works.run_once() == 0
        assert names(inbox, "out") == []
    time[0] = release
    assert works.run_once() == 1
    assert len(names(inbox, "out")) == 2


@pytest.mark.parametrize(
    ("policy", "verified_at", "reason"),
    [
        (POLICY, None, "verification_missing"),
        (replace(POLICY, excluded_exams=frozenset({"xr chest"})), NOW, "exam_excluded"),
        (replace(POLICY, excluded_exams=None), NOW, "exclusions_not_stated"),
    ],
)
def test_what_waits_for_a_person_never_leaves_by_itself(
    tmp_path: Path, plainrad: Plainrad, policy: ReleasePolicy, verified_at: datetime | None, reason: str
) -> None:
    inbox = Inbox(tmp_path)
    inbox.keep(sr(about=report(verified_at=verified_at)))
    works = worker(inbox, plainrad, release=decide_for(policy), now=lambda: NOW + timedelta(days=60))
    assert (works.run_once(), works.run_once(), names(inbox, "out")) == (0, 0, [])
    assert [path.read_text() for path in (tmp_path / "failed").glob("*.reason")] == [f"{reason}\n"]


def replacing(older: Dataset) -> Dataset:
    study, series, one = Dataset(), Dataset(), Dataset()
    one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = older.SOPClassUID, older.SOPInstanceUID
    series.ReferencedSOPSequence, series.SeriesInstanceUID = [one], older.SeriesInstanceUID
    study.ReferencedSeriesSequence, study.StudyInstanceUID = [series], older.StudyInstanceUID

    def change(made: Dataset) -> None:
        made.PredecessorDocumentsSequence = [study]
        made.StudyInstanceUID = older.StudyInstanceUID

    return structured(change=change)


@pytest.mark.parametrize("what", ["StudyInstanceUID", "PatientID"])
@pytest.mark.parametrize("first", [True, False])
def test_a_document_of_another_study_or_patient_replaces_nothing(
    tmp_path: Path, plainrad: Plainrad, what: str, first: bool
) -> None:
    inbox = Inbox(tmp_path)
    older = structured()
    foreign = replacing(older)
    setattr(foreign, what, "1.2.3")
    both = [file_of(foreign), file_of(older)]
    for raw in both if first else reversed(both):
        inbox.keep(raw)
    inbox.keep(file_of(structured()))
    assert worker(inbox, plainrad).run_once() == 3
    assert not inbox.is_superseded(str(older.SOPInstanceUID))


@pytest.mark.parametrize("newer_first", [True, False])
def test_an_older_version_never_leaves_after_a_newer_one_came(
    tmp_path: Path, plainrad: Plainrad, newer_first: bool
) -> None:
    inbox = Inbox(tmp_path)
    older = structured()
    both = [file_of(replacing(older)), file_of(older)]
    for raw in both if newer_first else reversed(both):
        inbox.keep(raw)
    assert worker(inbox, plainrad).run_once() == 1
    assert [name for name in names(inbox, "out") if name.startswith(str(older.SOPInstanceUID))] == []
    assert (tmp_path / "failed" / f"{file_name(str(older.SOPInstanceUID))}.reason").read_text() == "superseded\n"


def test_an_older_patient_version_that_waits_for_the_archive_is_held_back(tmp_path: Path, plainrad: Plainrad) -> None:
    inbox = Inbox(tmp_path)
    older = structured()
    inbox.keep(file_of(older))
    sent: list[bytes] = []

    def away(_: object) -> list[int | None]:
        return [None]

    def there(files: Any) -> list[int | None]:
        sent.extend(files)
        return [0]

    assert worker(inbox, plainrad, send=away).run_once() == 1
    assert len(names(inbox, "out")) == 2
    newer = replacing(older)
    inbox.keep(file_of(newer))
    assert worker(inbox, plainrad, send=there).run_once() == 1
    origin = [origin_of(read_dataset(one)) for one in sent]
    assert [one.uid for one in origin if one] == [newer.SOPInstanceUID] * 2


def test_what_the_archive_refuses_is_set_aside_and_what_it_cannot_take_now_waits(
    tmp_path: Path, plainrad: Plainrad
) -> None:
    inbox = Inbox(tmp_path)
    inbox.keep(sr())
    worker(inbox, plainrad, send=lambda _: [0xA700]).run_once()
    assert len(names(inbox, "out")) == 2
    worker(inbox, plainrad, send=lambda _: [0x0122]).run_once()
    assert names(inbox, "out") == []
    assert [path.read_text() for path in (tmp_path / "failed").glob("*.reason")] == ["status_0122\n"] * 2


def test_a_report_that_cannot_be_explained_is_set_aside_with_its_reason(tmp_path: Path, plainrad: Plainrad) -> None:
    def broken(_: object) -> bytes:
        raise ValueError("words of a report")

    log = io.StringIO()
    inbox = Inbox(tmp_path)
    inbox.keep(sr())
    inbox.keep(sr())
    assert worker(inbox, plainrad, to_pdf=broken, log=make_log(stream=log)).run_once() == 0
    assert [path.read_text() for path in (tmp_path / "failed").glob("*.reason")] == ["internal_error\n"] * 2
    assert "words of a report" not in log.getvalue()


def test_the_same_again_changes_nothing_and_other_words_are_refused(tmp_path: Path, plainrad: Plainrad) -> None:
    inbox = Inbox(tmp_path)
    raw = sr()
    for _ in range(2):
        inbox.keep(raw)
    worker(inbox, plainrad).run_once()
    inbox.keep(raw)
    assert names(inbox, "in") == []
    with pytest.raises(DicomDuplicateError):
        inbox.keep(raw.replace(b"Small left", b"Large left"))


@pytest.mark.parametrize("uid", ["../../x", "", "1..2", "1.02", "1" * 65, "1.2/3"])
def test_a_number_that_is_none_leads_nowhere(uid: str) -> None:
    with pytest.raises(DicomInvalidError):
        file_name(uid)


def test_what_is_half_written_is_never_seen(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    (tmp_path / "tmp" / "1.2.3.dcm.99.part").write_bytes(b"half")
    assert list(inbox.waiting()) == []
    with pytest.raises(ReportError):
        inbox.keep(b"half")
    assert names(inbox, "in") == []


@pytest.mark.parametrize("text", ["", "A", "A@b", "A@b:0", "A@b:70000", "A B@b:104", "X" * 17 + "@b:104", "A\\B@c:104"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        Peer.parse(text)


def test_addresses_are_read() -> None:
    assert Peer.parse("ARCHIVE@pacs.example:104") == Peer("ARCHIVE", "pacs.example", 104)
    assert [kept(one) for one in (0, 0xB000, 0xA700, 0xC000, None)] == [True, True, False, False, False]


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # pynetdicom lets go of a socket unclosed
def test_where_nobody_listens_nobody_answers() -> None:
    assert echo(Peer("X", "127.0.0.1", 1), own_title="Y") is False
    assert send(Peer("X", "127.0.0.1", 1), [sr(), sr()], own_title="Y") == [None, None]


def test_the_time_zone_of_the_worker_does_not_matter() -> None:
    assert read_file(sr()).report.verified_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
