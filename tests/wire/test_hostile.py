"""Senders that mean harm, or are broken in ways that look like it: the listener lives, and serves the others."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.log import make_log
from plainrad.wire.listener import Limits
from tests.support.hl7 import message, msh, numbered, obr, obx, pid
from tests.support.hl7_wire import RawClient, Scene, code_of, listener_of, listening, make_scene, wait_until

QUIET = make_log(level="error")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path / "spool")


def test_one_that_is_silent_makes_room_for_one_that_speaks(scene: Scene) -> None:
    limits = Limits(connections=2, silent_seconds=0.3)
    with (
        listener_of(scene.traffic, log=QUIET, limits=limits) as (port, listener),
        RawClient(port) as silent,
        RawClient(port) as begun,
    ):
        assert silent.ask(numbered(1)) == "AA"
        time.sleep(0.6)
        begun.send(b"\x0b" + numbered(2)[:50])
        wait_until(lambda: listener.held >= 50, "what has begun is held")
        with RawClient(port) as third:
            assert third.ask(numbered(3)) == "AA"
            assert silent.answer() == b"", "its sender connects anew, as after any pause"
            begun.send(numbered(2)[50:] + b"\x1c\r")
            assert code_of(begun.answer()) == "AA", "who is in the middle of a message is never let go"
    scene.close()


def test_a_message_that_drips_in_is_not_waited_for_for_ever(scene: Scene) -> None:
    limits = Limits(message_seconds=0.6)
    with listening(scene.traffic, log=QUIET, limits=limits) as port, RawClient(port) as slow:
        began = time.monotonic()
        with suppress(OSError):
            for byte in b"\x0b" + numbered(1):
                slow.send(bytes([byte]))  # each arrives well before a pause would be noticed
                time.sleep(0.05)
                if time.monotonic() - began > 10:
                    raise AssertionError("it was waited for")
        with RawClient(port) as client:
            assert client.ask(numbered(2)) == "AA"
    scene.close()


def test_messages_that_fill_the_memory_together_are_put_off(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, limit=3_000_000)
    limits = Limits(held_bytes=4_000_000)
    with (
        listener_of(scene.traffic, log=QUIET, limits=limits) as (port, listener),
        RawClient(port) as one,
        RawClient(port) as two,
    ):
        one.send(b"\x0b" + numbered(1)[:-2] + b"x" * 2_500_000)
        wait_until(lambda: listener.held >= 2_500_000, "the first is held")
        two.send(b"\x0b" + numbered(2)[:-2] + b"x" * 2_500_000)
        answer = two.answer()
        assert code_of(answer) == "AE busy"
        assert b"ID-00002" in answer
        with RawClient(port) as third:
            assert third.ask(numbered(3)) == "AA", "small ones go on"
        one.send(b"\x1c\r")
        assert code_of(one.answer()) == "AR report_status_mixed", "and the first is answered as it deserves"
    scene.close()


def test_what_was_refused_does_not_fill_the_disk(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, refused_bytes=10_000)
    for number in range(20):
        assert scene.take(numbered(number)[:-2] + b"x" * 2_000 + b"\rnonsense") == "AR segment_invalid"
    kept = sum(one.stat().st_size for one in scene.files("failed"))
    assert 0 < kept < 13_000
    scene.close()


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["OBX|1|TX|||a"] * 25_000, "message_too_large"),
        ([obx("\\.sp50\\" * 200_000)], "report_too_large"),
        ([obx("~" * 900_000)], "report_too_large"),
        ([pid(f3="~".join(f"{n}^^^X^MR" for n in range(200))), obx()], "report_invalid"),
    ],
)
def test_a_message_that_would_grow_is_refused_before_it_does(tmp_path: Path, lines: list[str], code: str) -> None:
    scene = make_scene(tmp_path, limit=5_000_000)
    assert scene.take(message(msh(), pid(), obr(), *lines)) == f"AR {code}"
    scene.close()


@pytest.mark.parametrize(("count", "code"), [(20, "AA"), (21, "AR several_reports")])
def test_a_message_of_many_reports_is_refused_where_several_are_taken(tmp_path: Path, count: int, code: str) -> None:
    scene = make_scene(tmp_path, site=Hl7Site(several_reports="split"))
    groups = [line for n in range(count) for line in (obr(f3=f"R{n}"), obx())]
    assert scene.take(message(msh(), pid(), *groups)) == code
    scene.settle()
    scene.close()
