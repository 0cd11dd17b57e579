"""A batch in, a batch of answers out."""

from pathlib import Path

from plainrad.log import make_log
from tests.support.hl7 import numbered
from tests.support.hl7_wire import RawClient, code_of, listening, make_scene

BHS = b"BHS|^~\\&|RIS|RXX|HL7API|PKB|20260102||||B-77\r"


def answers_of(answer: bytes) -> list[str]:
    assert answer.startswith(b"BHS|^~\\&|HL7API|PKB|RIS|RXX|")
    assert answer.split(b"\r")[0].endswith(b"|B-77")
    found = [code_of(b"MSH" + one) for one in answer.split(b"\rMSH")[1:]]
    assert answer.endswith(f"BTS|{len(found)}\r".encode())
    return found


def test_each_message_of_a_batch_is_taken_or_refused_by_itself(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    batch = BHS + numbered(1) + numbered(2, f25="P") + numbered(3) + b"BTS|3\r"
    assert answers_of(scene.intake.receive(batch)) == ["AA", "AR report_not_verified", "AA"]
    scene.settle()
    assert scene.sink.numbers == ["ACC00001", "ACC00003"]
    assert answers_of(scene.intake.receive(batch)) == ["AA", "AR report_not_verified", "AA"]
    assert scene.sink.calls == 2, "sent again, it is taken once"
    scene.close()


def test_of_a_batch_that_was_cut_nothing_is_taken(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    answer = scene.intake.receive(BHS + numbered(1) + numbered(2) + b"BTS|3\r")
    assert code_of(answer) == "AR batch_incomplete"
    assert b"|B-77|" in answer
    scene.settle()
    assert scene.sink.calls == 0
    assert scene.reasons() == ["batch_incomplete"]
    scene.close()


def test_a_batch_over_a_socket(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    with listening(scene.traffic, log=make_log(level="error")) as port, RawClient(port) as client:
        client.send(b"\x0b" + BHS + numbered(1) + numbered(2) + b"BTS|2\r\x1c\r")
        assert answers_of(client.answer()) == ["AA", "AA"]
        client.send(b"\x0b" + BHS + numbered(3) + b"\x1c\r")
        assert code_of(client.answer()) == "AR batch_incomplete"
        assert client.ask(numbered(4)) == "AA"
        scene.settle()
    assert scene.sink.numbers == ["ACC00001", "ACC00002", "ACC00004"]
    scene.close()
