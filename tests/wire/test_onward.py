"""Inline mode: in, explained, and out to a portal; the original is never lost, and nothing leaves early.

It is one file because each case follows a message the whole way.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.errors import BusyError
from plainrad.formats.hl7v2.message import Message, parse_message
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.log import make_log
from plainrad.release.policy import ReleasePolicy, Rule
from plainrad.wire.box import PlainBox
from plainrad.wire.build import Traffic, inline_traffic, patient_parts
from plainrad.wire.metrics import WireMetrics
from plainrad.wire.onward import Onward
from plainrad.wire.outbox import Outbox
from plainrad.wire.release import decide_for
from plainrad.wire.sender import Destination, Sender
from plainrad.wire.spool import Spool
from tests.support.hl7 import MARKER, OTHER_NHS_NUMBER, message, msh, numbered, obr, obx, pid
from tests.support.hl7_wire import Portal, code_of, unexplained

SHOWN = ReleasePolicy(excluded_exams=frozenset())  # a site that shows every examination
QUIET = make_log(level="error")
NOW = datetime.now(UTC)


class Inline:
    """Inline mode in a folder of the test, and what waits in its outbox."""

    def __init__(
        self,
        root: Path,
        plainrad: Plainrad,
        *,
        policy: ReleasePolicy = SHOWN,
        days_only: bool = False,
        **choices: Any,
    ) -> None:
        self.site = Hl7Site.model_validate(choices)
        self.spool = Spool(root / "spool", box=PlainBox())
        self.outbox = Outbox(Spool(root / "outbox", box=PlainBox()))
        self.traffic: Traffic = inline_traffic(
            self.spool,
            self.outbox,
            replace(plainrad, policy=policy),
            site=self.site,
            log=QUIET,
            days_only=days_only,
        )
        self.traffic.worker.start()

    def take(self, data: bytes) -> str:
        answer = code_of(self.traffic.intake.receive(data))
        assert self.traffic.worker.drain(timeout=30)
        return answer

    def waiting(self) -> list[Message]:
        return [
            parse_message(self.outbox.message(one))
            for one in sorted(self.outbox._waiting.values(), key=lambda one: one.entry)
        ]

    def close(self) -> None:
        self.traffic.worker.stop()
        self.spool.close()
        self.outbox.spool.close()


@pytest.fixture
def inline(tmp_path: Path, plainrad: Plainrad) -> Inline:
    return Inline(tmp_path, plainrad)


def codes(sent: Message) -> list[str]:
    return [one.get(3) for one in sent.segments if one.name == "OBX"]


def test_a_report_goes_on_with_disclaimer_and_patient_version(inline: Inline, plainrad: Plainrad) -> None:
    assert inline.take(numbered(1)) == "AA"
    (sent,) = inline.waiting()
    assert codes(sent) == ["RPT", "PLAINRAD-DISCLAIMER", "PLAINRAD-PATIENT-TEXT"]
    parts = [one for one in sent.segments if one.name == "OBX"]
    assert parts[0].raw(5) == parse_message(numbered(1)).segments[-1].raw(5)
    assert parts[1].get(5) == plainrad.book.disclaimer
    assert "fluid" in parts[2].get(5)
    assert sent.control_id.startswith("PR")
    assert sent.header.get(3) == "RADIOLOGY"
    assert (
        parts[0].get(13) == "31"
    )  # 20 December to 19 January, and the release comes later in the day than the examination
    inline.close()


def test_what_a_portal_reads_from_it_is_the_original_and_what_was_added(inline: Inline) -> None:
    inline.take(numbered(1))
    (waiting,) = inline.outbox._waiting.values()
    (item,) = read_oru(inline.outbox.message(waiting), Hl7Site()).items
    assert isinstance(item, ReportReceived)
    assert item.report.text.startswith(
        "CT chest.\nFindings: Small left pleural effusion. No pneumothorax.\nThis report has been sent"
    )
    inline.close()


def test_html_can_go_beside_or_instead_of_the_text(tmp_path: Path, plainrad: Plainrad) -> None:
    inline = Inline(tmp_path, plainrad, out={"patient_version": ["html", "text"]})
    inline.take(numbered(1))
    (sent,) = inline.waiting()
    assert codes(sent)[2:] == ["PLAINRAD-PATIENT-HTML", "PLAINRAD-PATIENT-TEXT"]
    inline.close()


@pytest.mark.parametrize("status", ["P", "Prelim", "I"])
def test_what_is_not_verified_never_goes_on(inline: Inline, status: str) -> None:
    assert inline.take(numbered(1, f25=status)) == "AR report_not_verified"
    assert inline.waiting() == []
    inline.close()


def test_two_reports_in_a_message_are_refused_while_the_sender_listens(tmp_path: Path, plainrad: Plainrad) -> None:
    inline = Inline(tmp_path, plainrad, several_reports="split")
    assert inline.take(message(msh(), pid(), obr(), obx(), obr(f3="B"), obx())) == "AR several_reports"
    inline.close()


def test_worked_on_again_it_is_the_same_message_once(tmp_path: Path, plainrad: Plainrad) -> None:
    """As after a kill between the outbox and the end of the work."""
    inline = Inline(tmp_path, plainrad)
    inline.take(numbered(1))
    (first,) = inline.waiting()
    (entry,) = inline.spool.entries("done")
    (inline.spool.root / "done" / entry.name).rename(inline.spool.root / "incoming" / entry.name)
    inline.traffic.worker.add(entry)
    assert inline.traffic.worker.drain(timeout=30)
    assert [one.control_id for one in inline.waiting()] == [first.control_id]
    inline.close()


# ---- when explaining fails -----------------------------------------------------------------------------------------


def failing(
    root: Path, plainrad: Plainrad, *, policy: ReleasePolicy = SHOWN, **out: Any
) -> tuple[Onward, Spool, Outbox, WireMetrics]:
    spool, outbox = Spool(root / "spool", box=PlainBox()), Outbox(Spool(root / "outbox", box=PlainBox()))
    metrics = WireMetrics()
    site = Hl7Site.model_validate({"out": out})
    made = Onward(
        explain=unexplained, render=patient_parts, decide=decide_for(policy), count=decide_for(policy), disclaimer=plainrad.book.disclaimer,
        outbox=outbox, spool=spool, site=site, log=QUIET, metrics=metrics,
    )  # fmt: skip
    return made, spool, outbox, metrics


def test_if_explaining_fails_the_original_goes_on_with_the_disclaimer(tmp_path: Path, plainrad: Plainrad) -> None:
    onward, spool, outbox, metrics = failing(tmp_path, plainrad)
    onward(numbered(1), entry=spool.put("k", numbered(1)))
    (waiting,) = outbox._waiting.values()
    sent = parse_message(outbox.message(waiting))
    assert codes(sent) == ["RPT", "PLAINRAD-DISCLAIMER-ONLY"]
    assert sent.segments[3].get(13) == "31"  # and not a day earlier
    assert not any(one.name.startswith("Z") for one in sent.segments)
    assert metrics.registry.get_sample_value("plainrad_hl7_worked_total", {"outcome": "original_only"}) == 1


def test_or_it_is_kept_here_where_the_site_wants_that(tmp_path: Path, plainrad: Plainrad) -> None:
    onward, spool, outbox, _ = failing(tmp_path, plainrad, on_failure="refuse")
    with pytest.raises(type(refused("annotation_failed"))) as caught:
        onward(numbered(1), entry=spool.put("k", numbered(1)))
    assert caught.value.code == "annotation_failed"
    assert MARKER not in str(caught.value)
    assert outbox.backlog == 0


def test_if_the_service_is_only_busy_it_is_tried_again(tmp_path: Path, plainrad: Plainrad) -> None:
    onward, spool, outbox, _ = failing(tmp_path, plainrad)

    def busy(_: object) -> Any:
        raise BusyError

    onward._explain = busy
    with pytest.raises(BusyError):
        onward(numbered(1), entry=spool.put("k", numbered(1)))
    assert outbox.backlog == 0


def test_an_examination_that_is_never_shown_does_not_leave_unexplained_either(
    tmp_path: Path, plainrad: Plainrad
) -> None:
    policy = ReleasePolicy(excluded_exams=frozenset({"ctches"}))
    onward, spool, outbox, _ = failing(tmp_path, plainrad, policy=policy)
    data = numbered(1, f4="CTCHES^CT Chest^L")
    with pytest.raises(type(refused("held"))) as caught:
        onward(data, entry=spool.put("k", data))
    assert (caught.value.code, caught.value.place) == ("held", "exam_excluded")
    assert outbox.backlog == 0


# ---- what the policy holds -----------------------------------------------------------------------------------------

SAFEGUARDING = "Findings: Classic metaphyseal lesion of the distal femur. Suspected non-accidental injury."
HOLDING = {
    "examinations not stated": (ReleasePolicy(), {}, "exclusions_not_stated"),
    "an examination that is never shown": (
        ReleasePolicy(excluded_exams=frozenset({"ctche"})), {"f4": "CTCHE^CT chest^L"}, "exam_excluded"),
    "an examination without a code": (ReleasePolicy(excluded_exams=frozenset({"ctche"})), {"f4": "^CT chest"}, "exam_unknown"),
    "a rule that excludes": (replace(SHOWN, rules=(Rule("r", modalities=frozenset({"CT"}), exclude=True),)), {"f24": "CT"}, "exam_excluded"),
    "a rule that holds": (replace(SHOWN, rules=(Rule("r", modalities=frozenset({"CT"}), hold=True),)), {"f24": "CT"}, "exam_held"),
    "something sensitive": (SHOWN, {"text": SAFEGUARDING}, "sensitive_category"),
    "verified in the future": (SHOWN, {"f22": "20990101090000"}, "verification_in_future"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOLDING)
def test_what_the_policy_holds_is_kept_here_with_its_reason(tmp_path: Path, plainrad: Plainrad, name: str) -> None:
    policy, fields, why = HOLDING[name]
    inline = Inline(tmp_path, plainrad, policy=policy)
    assert inline.take(numbered(1, **fields)) == "AA"
    assert inline.waiting() == []
    (entry,) = inline.spool.entries("failed")
    reason = inline.spool.reason(entry)
    assert (reason["code"], reason["place"]) == ("held", why)
    inline.close()


def test_a_site_may_send_the_original_of_what_is_held_alone_and_after_its_days(
    tmp_path: Path, plainrad: Plainrad
) -> None:
    policy = ReleasePolicy(
        excluded_exams=frozenset({"ctche"}), rules=(Rule("r", exams=frozenset({"ctche"}), days=90, hold=True),)
    )
    inline = Inline(tmp_path, plainrad, policy=policy, out={"on_held": "original"})
    inline.take(numbered(1, f4="CTCHE^CT chest^L"))
    (sent,) = inline.waiting()
    assert codes(sent) == ["RPT"]
    assert int(sent.segments[3].get(13)) >= 90
    inline.close()


def test_a_rule_with_days_of_its_own_counts(tmp_path: Path, plainrad: Plainrad) -> None:
    policy = replace(SHOWN, rules=(Rule("r", exams=frozenset({"ctche"}), days=90),))
    inline = Inline(tmp_path, plainrad, policy=policy)
    inline.take(numbered(1, f4="CTCHE^CT chest^L"))
    (sent,) = inline.waiting()
    assert int(sent.segments[3].get(13)) >= 90
    inline.close()


def test_where_the_destination_holds_reports_back_only_days_are_counted(tmp_path: Path, plainrad: Plainrad) -> None:
    inline = Inline(tmp_path, plainrad, policy=ReleasePolicy(), days_only=True)
    inline.take(numbered(1))
    (sent,) = inline.waiting()
    assert sent.segments[3].get(13) == "31"
    inline.close()


def test_a_correction_that_is_held_takes_what_still_waits_away(tmp_path: Path, plainrad: Plainrad) -> None:
    inline = Inline(tmp_path, plainrad, out={"embargo": "hold"})
    inline.take(recent(1, days_ago=1, report="R1"))
    inline.take(recent(2, days_ago=1, report="R1", f25="C", text=SAFEGUARDING))
    assert inline.waiting() == []
    (old,) = inline.outbox.spool.entries("failed")
    assert inline.outbox.spool.reason(old)["code"] == "superseded"
    inline.close()


def test_what_was_held_and_is_put_back_is_decided_again_and_does_not_overtake(
    tmp_path: Path, plainrad: Plainrad
) -> None:
    first = Inline(tmp_path, plainrad, policy=ReleasePolicy(excluded_exams=frozenset({"ctche"})))
    first.take(numbered(1, report="R1", f4="CTCHE^CT chest^L"))
    first.take(numbered(2, report="R2", f4="CTCHE^CT chest^L"))
    first.take(numbered(3, report="R1", f4="CTABD^CT abdomen^L"))
    for entry in first.spool.entries("failed"):
        first.spool.replay(entry)
    first.close()
    second = Inline(tmp_path, plainrad)
    assert second.traffic.worker.drain(timeout=30)
    assert [one.segments[2].get(4) for one in second.waiting()] == ["CTABD", "CTCHE"]
    (old,) = second.spool.entries("failed")
    assert second.spool.reason(old)["code"] == "superseded"
    second.close()


# ---- the embargo ---------------------------------------------------------------------------------------------------


def recent(number: int, *, days_ago: int, report: str | None = None, **fields: Any) -> bytes:
    day = (NOW - timedelta(days=days_ago)).strftime("%Y%m%d%H%M%S+0000")
    return numbered(number, report=report, f7=day, f22=fields.pop("f22", day), **fields)


def test_held_here_it_is_sent_with_0_when_its_time_has_come(tmp_path: Path, plainrad: Plainrad) -> None:
    inline = Inline(tmp_path, plainrad, out={"embargo": "hold"})
    inline.take(recent(1, days_ago=1))
    inline.take(recent(2, days_ago=100))
    new, old = sorted(inline.outbox._waiting.values(), key=lambda one: one.entry)
    assert new.not_before is not None
    assert new.not_before > NOW + timedelta(days=26)
    due = inline.outbox.due(NOW)
    assert due is not None
    assert due.entry == old.entry
    assert [one.segments[3].get(13) for one in inline.waiting()] == ["0", "0"]
    later = inline.outbox.due(new.not_before)
    assert later is not None
    assert later.entry == new.entry
    inline.close()


def test_without_a_verification_time_the_arrival_counts(inline: Inline) -> None:
    inline.take(recent(1, days_ago=100, f22=""))
    (sent,) = inline.waiting()
    assert int(sent.segments[3].get(13)) >= 128
    inline.close()


def test_without_a_time_of_the_examination_it_is_held_here(inline: Inline) -> None:
    inline.take(numbered(1, f7="", f22=NOW.strftime("%Y%m%d%H%M%S+0000")))
    (waiting,) = inline.outbox._waiting.values()
    assert waiting.not_before is not None
    assert waiting.not_before > NOW + timedelta(days=27)
    inline.close()


def test_a_correction_takes_the_place_of_what_still_waits(tmp_path: Path, plainrad: Plainrad) -> None:
    inline = Inline(tmp_path, plainrad, out={"embargo": "hold"})
    inline.take(recent(1, days_ago=1, report="R1"))
    inline.take(recent(2, days_ago=1, report="R1", f25="C"))
    inline.take(recent(3, days_ago=1, report="R2"))
    assert [one.segments[2].get(25) for one in inline.waiting()] == ["C", "F"]
    (old,) = inline.outbox.spool.entries("failed")
    assert inline.outbox.spool.reason(old)["code"] == "superseded"
    inline.close()


def test_a_withdrawal_stops_what_waits_and_goes_out_itself(tmp_path: Path, plainrad: Plainrad) -> None:
    inline = Inline(tmp_path, plainrad, out={"embargo": "hold"})
    inline.take(recent(1, days_ago=1, report="R1"))
    assert inline.take(recent(2, days_ago=1, report="R1", f25="X")) == "AA"
    (sent,) = inline.waiting()
    assert sent.segments[2].get(25) == "R"
    assert inline.outbox.due(NOW) is not None
    inline.close()


# ---- sending -------------------------------------------------------------------------------------------------------


def sender_of(inline: Inline, port: int, **patience: Any) -> Sender:
    quick = {
        "answer_seconds": 2.0,
        "first_pause": 0.01,
        "longest_pause": 0.05,
        "fault_pause": 0.2,
        "look_seconds": 0.02,
        **patience,
    }
    return Sender(inline.outbox, Destination("127.0.0.1", port, **quick), log=QUIET, metrics=inline.traffic.metrics)


def send_until_empty(inline: Inline, sender: Sender) -> None:
    async def work() -> None:
        task = asyncio.create_task(sender.run())
        for _ in range(500):
            if inline.outbox.backlog == 0:
                break
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(work())


def test_the_outbox_is_sent_in_order(inline: Inline) -> None:
    for n in range(10):
        inline.take(numbered(n))
    expected = [one.control_id for one in inline.waiting()]
    portal = Portal()
    with portal.open() as port:
        send_until_empty(inline, sender_of(inline, port))
    assert portal.ids == expected
    assert len(inline.outbox.spool.entries("done")) == 10
    inline.close()


def test_without_an_answer_it_is_sent_again_with_the_same_id(inline: Inline) -> None:
    inline.take(numbered(1))
    inline.take(numbered(2))
    first, second = (one.control_id for one in inline.waiting())
    portal = Portal(rule=lambda _, count: None if count <= 2 else "AA")
    with portal.open() as port:
        send_until_empty(inline, sender_of(inline, port))
    assert portal.ids == [first, first, first, second]
    inline.close()


def test_a_portal_that_is_away_is_waited_for(inline: Inline) -> None:
    inline.take(numbered(1))
    with Portal().open() as port:
        pass
    sender = sender_of(inline, port)
    (waiting,) = inline.outbox._waiting.values()
    assert asyncio.run(sender.send(waiting)) is False
    assert inline.outbox.backlog == 1
    inline.close()


def test_ar_puts_it_aside_and_the_others_go_on(inline: Inline) -> None:
    for n in range(3):
        inline.take(numbered(n))
    portal = Portal(rule=lambda _, count: "AR" if count == 2 else "AA")
    with portal.open() as port:
        send_until_empty(inline, sender_of(inline, port))
    assert len(portal.received) == 3
    (aside,) = inline.outbox.spool.entries("failed")
    assert inline.outbox.spool.reason(aside)["code"] == "destination_refused"
    inline.close()


def test_ae_makes_one_patient_wait_and_not_the_others(inline: Inline) -> None:
    other = pid(f3=f"{OTHER_NHS_NUMBER}^^^NHS^NH")
    inline.take(numbered(1))
    inline.take(numbered(2))
    inline.take(message(msh(f10="OTHER"), other, obr(f3="O1"), obx()))
    first, second, third = (one.control_id for one in inline.waiting())
    portal = Portal(rule=lambda _, count: "AE" if count == 1 else "AA")
    with portal.open() as port:
        send_until_empty(inline, sender_of(inline, port))
    assert portal.ids == [first, third, first, second]
    inline.close()


def test_ae_for_ever_is_put_aside_at_last(inline: Inline) -> None:
    inline.take(numbered(1))
    portal = Portal(rule=lambda _, __: "AE")
    with portal.open() as port:
        send_until_empty(inline, sender_of(inline, port, fault_pause=0.01, fault_tries=3))
    assert len(portal.received) == 3
    assert len(inline.outbox.spool.entries("failed")) == 1
    inline.close()


def test_an_answer_to_another_message_is_no_answer(inline: Inline) -> None:
    inline.take(numbered(1))
    portal = Portal(rule=lambda _, count: "AA|WRONG" if count == 1 else "AA")
    with portal.open() as port:
        send_until_empty(inline, sender_of(inline, port))
    assert len(portal.received) == 2
    inline.close()


def test_what_waits_is_sent_by_the_next_process(tmp_path: Path, plainrad: Plainrad) -> None:
    first = Inline(tmp_path, plainrad)
    first.take(numbered(1))
    first.close()
    second = Inline(tmp_path, plainrad)
    portal = Portal()
    with portal.open() as port:
        send_until_empty(second, sender_of(second, port))
    assert len(portal.received) == 1
    second.close()


def test_a_message_that_was_put_aside_does_not_overtake_a_newer_one(inline: Inline) -> None:
    inline.take(numbered(1, report="R1"))
    portal = Portal(rule=lambda _, count: "AR" if count == 1 else "AA")
    with portal.open() as port:
        send_until_empty(inline, sender_of(inline, port))
        inline.take(numbered(2, report="R1", f25="C"))
        send_until_empty(inline, sender_of(inline, port))
        (aside,) = inline.outbox.spool.entries("failed")
        inline.outbox.spool.replay(aside)
        inline.outbox.rescan()
        send_until_empty(inline, sender_of(inline, port))
    assert len(portal.received) == 2
    assert inline.outbox.spool.reason(aside)["code"] == "superseded"
    inline.close()


def test_a_message_that_cannot_be_read_is_put_aside_and_the_others_go_on(inline: Inline) -> None:
    for n in range(3):
        inline.take(numbered(n))
    (first, *_) = sorted(inline.outbox._waiting)
    (inline.outbox.spool.root / "incoming" / first.name).write_bytes(b"{}\nnothing that has a header")
    portal = Portal()
    with portal.open() as port:
        send_until_empty(inline, sender_of(inline, port))
    assert len(portal.received) == 2
    assert len(inline.outbox.spool.entries("failed")) == 1
    assert len(inline.outbox.spool.entries("done")) == 2
    inline.close()


def test_what_no_key_opens_does_not_keep_the_outbox_from_opening(tmp_path: Path, plainrad: Plainrad) -> None:
    first = Inline(tmp_path, plainrad)
    first.take(numbered(1))
    first.take(numbered(2))
    (entry, *_) = sorted(first.outbox._waiting)
    (first.outbox.spool.root / "incoming" / entry.name).write_bytes(b"gAAAA not ours")
    first.close()
    second = Inline(tmp_path, plainrad)
    assert second.outbox.backlog == 1
    assert len(second.outbox.spool.entries("failed")) == 1
    second.close()
