"""A message in, its answer out: on disk before AA, once and not twice, and every refusal in HL7's own words."""

import time
from pathlib import Path
from threading import Event, Thread

import pytest

from plainrad.formats.hl7v2.site import Hl7Site
from tests.support.hl7 import MARKER, OTHER_NHS_NUMBER, message, msh, numbered, obr, obx, pid
from tests.support.hl7_wire import MemorySink, Scene, make_scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path / "spool")


def test_a_good_message_is_acknowledged_and_reaches_the_sink(scene: Scene) -> None:
    assert scene.take(numbered(1)) == "AA"
    scene.settle()
    assert scene.sink.numbers == ["ACC00001"]
    assert len(scene.files("done")) == 1
    scene.close()


def test_it_is_on_disk_when_it_is_acknowledged(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, start=False)
    assert scene.take(numbered(1)) == "AA"
    (path,) = scene.files("incoming")
    assert path.read_bytes() == numbered(1)
    assert scene.sink.calls == 0
    scene.traffic.spool.close()


def test_what_an_earlier_process_took_is_worked_on_by_the_next(tmp_path: Path) -> None:
    first = make_scene(tmp_path, start=False)
    for n in range(5):
        first.take(numbered(n))
    first.traffic.spool.close()
    second = make_scene(tmp_path)
    second.settle()
    assert second.sink.numbers == [f"ACC{n:05d}" for n in range(5)]
    second.close()


def test_the_same_message_again_is_acknowledged_again_and_done_once(scene: Scene) -> None:
    assert [scene.take(numbered(1)) for _ in range(3)] == ["AA", "AA", "AA"]
    scene.settle()
    assert scene.take(numbered(1)) == "AA"
    assert scene.sink.calls == 1
    scene.close()


def test_the_same_message_is_known_after_a_start(tmp_path: Path) -> None:
    first = make_scene(tmp_path)
    first.take(numbered(1))
    first.settle()
    first.close()
    second = make_scene(tmp_path)
    assert second.take(numbered(1)) == "AA"
    assert second.sink.calls == 0
    second.close()


def test_another_message_with_the_same_control_id_is_refused(scene: Scene) -> None:
    assert scene.take(numbered(1)) == "AA"
    assert scene.take(numbered(1, text="Other words.")) == "AR control_id_reused"
    assert scene.take(message(msh(f3="RIS", f10="ID-00001"), pid(), obr(), obx())) == "AA"  # another sender's
    scene.close()


def test_two_connections_with_the_same_message_have_one_effect(scene: Scene) -> None:
    answers: list[str] = []
    threads = [Thread(target=lambda: answers.append(scene.take(numbered(7)))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    scene.settle()
    assert answers == ["AA"] * 8
    assert scene.sink.calls == 1
    assert len(scene.files("done")) == 1
    scene.close()


def test_a_new_text_for_the_same_report_is_a_new_version(scene: Scene) -> None:
    scene.take(numbered(1, report="R1"))
    scene.take(numbered(2, report="R1", text="Corrected."))
    scene.settle()
    assert [one.report.text for one in scene.sink.reports.values()][-1] == "Corrected."
    assert len(scene.sink.reports) == 2
    scene.close()


@pytest.mark.parametrize("status", ["P", "I", "O", "S", "Prelim", "Wet Read"])
def test_what_is_not_verified_is_refused_and_never_reaches_the_sink(scene: Scene, status: str) -> None:
    assert scene.take(numbered(1, f25=status)) == "AR report_not_verified"
    scene.settle()
    assert scene.sink.calls == 0
    scene.close()


def test_a_known_report_is_withdrawn_before_the_sender_has_its_answer(scene: Scene) -> None:
    scene.take(numbered(1, report="R1"))
    assert scene.take(numbered(2, report="R1", f25="R")) == "AA"
    assert scene.sink.retracted == ["R1 OBR-25 R"]
    scene.close()


def test_an_unknown_report_cannot_be_withdrawn(scene: Scene) -> None:
    assert scene.take(numbered(2, report="R9", f25="X")) == "AR report_unknown"
    assert scene.reasons() == ["report_unknown"]
    scene.close()


def test_while_the_store_is_away_a_withdrawal_is_answered_busy_and_others_are_taken(tmp_path: Path) -> None:
    gate = Event()
    scene = make_scene(tmp_path, sink=MemorySink(gate=gate), patience=0.05)
    scene.take(numbered(1, report="R1"))
    assert scene.take(numbered(2, report="R1", f25="R")) == "AE busy"
    assert scene.take(numbered(2, report="R1", f25="R")) == "AE busy"  # the same again is not done yet either
    assert scene.take(numbered(3, report="R3")) == "AA"
    gate.set()
    scene.settle()
    assert scene.take(numbered(2, report="R1", f25="R")) == "AA"
    assert scene.sink.retracted == ["R1 OBR-25 R"]
    assert scene.reasons() == []
    scene.close()


BAD = {
    "half a message": (b"MSH|^~\\&|RADIOLOGY|RXX|||20260101||ORU^R01|ID|P|2.4\rPID|1||99", "AR segment_missing"),
    "no message": (b"hello", "AR message_header"),
    "nothing": (b"", "AR message_empty"),
    "wrong character set": (message(msh(f18="UNICODE UTF-8"), pid(), obr(), obx("caf\u00e9")).decode().encode("latin-1"), "AR encoding_invalid"),
    "unknown character set": (message(msh(f18="KLINGON"), pid(), obr(), obx()), "AR encoding_unknown"),
    "no PID": (message(msh(), obr(), obx()), "AR segment_missing"),
    "OBR without text": (message(msh(), pid(), obr()), "AR report_empty"),
    "two OBR": (message(msh(), pid(), obr(), obx(), obr(f3="B"), obx()), "AR several_reports"),
    "damaged Base64": (message(msh(), pid(), obr(), obx(), obx("^application^pdf^Base64^@@@", f2="ED")), "AR attachment_invalid"),
    "two patients": (message(msh(), pid(), pid(f3=f"{OTHER_NHS_NUMBER}^^^NHS^NH"), obr(), obx()), "AR patient_mismatch"),
    "no NHS number": (message(msh(), pid(f3="1234567890^^^NHS^NH"), obr(), obx()), "AR nhs_number_invalid"),
    "no time": (message(msh(), pid(), obr(f22=MARKER), obx()), "AR time_invalid"),
    "laboratory": (message(msh(f3="LAB"), pid(), obr(f24="CH", f4="FBC^Blood^L"), obx()), "AR not_radiology"),
    "admission": (message(msh(f9="ADT^A01"), pid(), obr(), obx()), "AR message_type"),
    "a line that is no segment": (message(msh(), pid(), obr(), obx("no\rfracture")), "AR segment_invalid"),
    "too large": (message(msh(), pid(), obr(), obx("x" * 1_000_001)), "AR message_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_the_senders_language(scene: Scene, name: str) -> None:
    data, answer = BAD[name]
    assert scene.take(data) == answer
    assert scene.take(numbered(1)) == "AA"  # the next one is none the worse
    scene.settle()
    assert scene.sink.numbers == ["ACC00001"]
    assert MARKER not in scene.stream.getvalue()
    scene.close()


def test_what_was_refused_is_kept_with_its_reason_unless_a_healthy_feed_is_full_of_it(scene: Scene) -> None:
    for data, _ in BAD.values():
        scene.take(data)
        scene.take(data)
    scene.take(numbered(1, f25="P"))
    assert "not_radiology" not in scene.reasons()
    assert "report_not_verified" not in scene.reasons()
    assert scene.reasons() == sorted(
        answer.split()[1] for _, answer in BAD.values() if answer.split()[1] not in ("not_radiology", "message_empty")
    )
    scene.close()


def test_what_was_refused_can_be_replayed_when_the_site_has_changed_its_mind(tmp_path: Path) -> None:
    strict = make_scene(tmp_path)
    assert strict.take(message(msh(), pid(), obr(), obx(), obr(f3="B"), obx())) == "AR several_reports"
    strict.close()
    mild = make_scene(tmp_path, site=Hl7Site(several_reports="split"))
    (entry,) = mild.traffic.spool.entries("failed")
    mild.traffic.spool.replay(entry)
    mild.traffic.worker.add(entry)
    mild.settle()
    assert mild.sink.numbers == ["ACC123456", "B"]
    mild.close()


def test_a_full_disk_is_no_reason_to_say_aa(scene: Scene) -> None:
    (scene.root / "incoming").rename(scene.root / "away")
    assert scene.take(numbered(1)) == "AE busy"
    (scene.root / "away").rename(scene.root / "incoming")
    assert scene.take(numbered(1)) == "AA"
    scene.settle()
    assert scene.sink.numbers == ["ACC00001"]
    scene.close()


def test_a_store_that_is_away_is_waited_for_and_the_order_holds(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, sink=MemorySink(busy_for=4))
    for n in range(5):
        assert scene.take(numbered(n)) == "AA"
    scene.settle()
    assert scene.sink.numbers == [f"ACC{n:05d}" for n in range(5)]
    assert scene.files("failed") == []
    scene.close()


def test_a_report_that_cannot_be_kept_goes_aside_and_the_others_go_on(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, sink=MemorySink(fails_on=MARKER))
    for n, words in enumerate(["fine", MARKER, "fine too"]):
        assert scene.take(numbered(n, text=words)) == "AA"
    scene.settle()
    assert scene.sink.numbers == ["ACC00000", "ACC00002"]
    assert scene.reasons() == ["internal_error"]
    assert MARKER not in scene.stream.getvalue()
    assert any(one["event"] == "hl7_failed" and one["exception"] == "ValueError" for one in scene.log)
    scene.sink.fails_on = None
    (entry,) = scene.traffic.spool.entries("failed")
    scene.traffic.spool.replay(entry)
    scene.traffic.worker.add(entry)
    scene.settle()
    assert "ACC00001" in scene.sink.numbers
    scene.close()


def test_an_old_message_that_is_replayed_does_not_take_the_place_of_a_newer(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, sink=MemorySink(fails_on="first"))
    scene.take(numbered(1, report="R1", text="first"))
    scene.take(numbered(2, report="R1", text="second"))
    scene.settle()
    scene.sink.fails_on = None
    (entry,) = scene.traffic.spool.entries("failed")
    scene.traffic.spool.replay(entry)
    scene.traffic.worker.add(entry)
    scene.settle()
    assert [one.report.text for one in scene.sink.reports.values()] == ["second"]
    assert scene.reasons() == ["superseded"]
    scene.close()


def test_a_message_put_back_by_hand_is_found(scene: Scene) -> None:
    scene.sink.fails_on = "words"
    scene.take(numbered(1, text="words"))
    scene.settle()
    scene.sink.fails_on = None
    (entry,) = scene.traffic.spool.entries("failed")
    scene.traffic.spool.replay(entry)
    waited = Event()
    for _ in range(100):
        if scene.sink.numbers:
            break
        waited.wait(0.1)
    assert scene.sink.numbers == ["ACC00001"]
    scene.close()


def test_a_message_put_back_by_hand_is_found_in_a_busy_feed(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, sink=MemorySink(fails_on="words"))
    scene.take(numbered(1, text="words"))
    scene.settle()
    scene.sink.fails_on = None
    (entry,) = scene.traffic.spool.entries("failed")
    scene.traffic.spool.replay(entry)
    for n in range(10, 500):
        assert scene.take(numbered(n)) == "AA"
        if "ACC00001" in scene.sink.numbers:
            break
        time.sleep(0.02)
    assert "ACC00001" in scene.sink.numbers
    scene.close()


def test_a_message_that_somebody_takes_away_holds_nobody_up(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, start=False)
    scene.take(numbered(1))
    scene.take(numbered(2))
    scene.files("incoming")[0].unlink()
    scene.traffic.worker.start()
    scene.settle()
    assert scene.sink.numbers == ["ACC00002"]
    scene.close()


def test_figures_count_by_code(scene: Scene) -> None:
    scene.take(numbered(1))
    scene.take(numbered(2, f25="P"))
    value = scene.traffic.metrics.registry.get_sample_value
    assert value("plainrad_hl7_answers_total", {"answer": "AA", "code": "accepted"}) == 1
    assert value("plainrad_hl7_answers_total", {"answer": "AR", "code": "report_not_verified"}) == 1
    scene.close()
