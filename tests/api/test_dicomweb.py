"""STOW-RS: each file is kept or refused with the status that C-STORE has for it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Client
from plainrad.domain.people import NhsNumber, Patient
from plainrad.errors import RequestError
from plainrad.wire.dicom.inbox import Inbox
from plainrad.wire.dicom.multipart import parts
from tests.support.access import client
from tests.support.dicom import coded, file_of, report, sr, structured
from tests.support.kept import kept_service
from tests.support.reports import MARKER
from tests.support.service import Service, make_service

TYPE = 'multipart/related; type="application/dicom"; boundary=xYz'


def body(*files: bytes) -> bytes:
    made = b"".join(b"--xYz\r\nContent-Type: application/dicom\r\n\r\n" + one + b"\r\n" for one in files)
    return made + b"--xYz--\r\n"


@pytest.fixture
def stow(plainrad: Plainrad, tmp_path: Path) -> Service:
    return make_service(plainrad, dicom_dir=tmp_path / "box")


def post(service: Service, content: bytes, path: str = "/dicom-web/studies", kind: str = TYPE) -> Any:
    return service.client.post(path, content=content, headers={"content-type": kind})


def unverified(one: Any) -> None:
    one.VerificationFlag = "UNVERIFIED"


def reasons(answer: Any, tag: str = "00081198") -> list[int]:
    return [one["00081197"]["Value"][0] for one in answer.json()[tag]["Value"]]


def test_files_are_kept_or_refused_one_by_one(stow: Service, tmp_path: Path) -> None:
    good, bad = structured(), sr([coded(MARKER, "Unknown")])
    some = post(stow, body(file_of(good), bad, sr(change=unverified), b"junk"))
    assert (some.status_code, some.headers["content-type"]) == (202, "application/dicom+json")
    assert [one["00081155"]["Value"] for one in some.json()["00081199"]["Value"]] == [[str(good.SOPInstanceUID)]]
    assert (reasons(some), reasons(some, "0008119A")) == ([0xC005, 0xC001], [0xC000])
    assert [path.stem for path in Inbox(tmp_path / "box").waiting()] == [str(good.SOPInstanceUID)]
    assert post(stow, body(file_of(good))).status_code == 200
    assert post(stow, body(bad)).status_code == 409
    assert MARKER not in stow.written


def test_nobody_on_this_machine_hands_in_a_report_about_somebody_who_may_be_real(stow: Service, tmp_path: Path) -> None:
    real = Patient(NhsNumber("4010232137"))
    answer = post(stow, body(sr(), sr(about=report(patient=real))))
    assert (answer.status_code, answer.json()["code"]) == (403, "demo_only")
    assert list(Inbox(tmp_path / "box").waiting()) == []
    assert post(stow, body(sr(about=report(patient=Patient(NhsNumber("9990000018")))))).status_code == 200


def test_only_files_of_the_study_are_kept(stow: Service) -> None:
    one = structured()
    assert post(stow, body(file_of(one)), f"/dicom-web/studies/{one.StudyInstanceUID}").status_code == 200
    other = post(stow, body(sr()), f"/dicom-web/studies/{one.StudyInstanceUID}")
    assert (other.status_code, reasons(other)) == (409, [0xA900])


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (body(sr()), "application/dicom", 415), (body(sr()), "multipart/related; boundary=xYz", 415),
        (body(sr()), 'multipart/related; type="application/dicom"', 422), (body(sr())[:-9], TYPE, 422), (b"", TYPE, 422),
        (body(), TYPE, 422), (b"--xYz\r\n\r\n--xYz--", TYPE, 422), (body(*[b"x"] * 101), TYPE, 413),
        (b"--xYz\r\nContent-Type: text/plain\r\n\r\nx\r\n--xYz--", TYPE, 415),
    ],
    ids=["no-parts", "no-type", "no-boundary", "cut", "nothing", "empty", "part-without-type", "too-many", "text"],
)  # fmt: skip
def test_a_body_that_is_not_whole_is_refused(stow: Service, content: bytes, kind: str, status: int) -> None:
    answer = post(stow, content, kind=kind)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_without_a_folder_it_is_off(plainrad: Plainrad) -> None:
    answer = post(make_service(plainrad), body(sr()))
    assert (answer.status_code, answer.json()["code"]) == (501, "dicom_off")


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_whatever_is_sent_is_taken_apart_or_refused(data: bytes) -> None:
    for sent in (data, b"--xYz\r\n\r\n" + data + b"\r\n--xYz--"):
        try:
            found = parts(TYPE, sent)
        except RequestError:
            continue
        assert all(one in sent for one in found)


def test_the_content_is_what_was_sent_byte_for_byte() -> None:
    files = [b"\r\n\r\n--xY\r\n", b"a", b"\x00\xff--xYz"]
    assert parts(TYPE, body(*files)) == files


def test_files_of_another_organisation_are_refused(plainrad: Plainrad, tmp_path: Path) -> None:
    with kept_service(plainrad, tmp_path, dicom_dir=tmp_path / "dicom", organisation=client().organisation) as kept:

        def send(one: Client) -> int:
            headers = kept.bearer(one) | {"content-type": TYPE}
            found: int = kept.http.post("/dicom-web/studies", content=body(sr()), headers=headers).status_code
            return found

        assert (send(kept.portal), send(kept.other)) == (200, 403)
