"""Lists by state: found by hints, decided anew, the same as looking at everything, on both databases."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from plainrad.domain.release import ReleaseState
from plainrad.errors import ReportNotFoundError
from plainrad.release.policy import ReleasePolicy
from plainrad.store.engine import Database, open_database
from tests.support.databases import copy_of, postgres_address, sqlite_database
from tests.support.keeping import PORTAL, RADIOLOGIST, SHOWS_ALL, Clock, Kept, keep, report

STATES: tuple[ReleaseState, ...] = ("embargoed", "released", "held", "retracted")


def everything(kept: Kept, **asked: Any) -> list[str]:
    """All pages together."""
    found: list[str] = []
    cursor = None
    for _ in range(200):
        page = kept.records.list(cursor=cursor, **{"actor": RADIOLOGIST, "limit": 3, **asked})
        found += [one.id for one in page.reports]
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise AssertionError("a list without an end")


def some_reports(kept: Kept, count: int = 40) -> None:
    """Reports in every state, some of which time alone has moved on."""
    chance = random.Random(5)
    for number in range(count):
        name = kept.submit(
            report(f"Text {number}.", report_id=f"R{number}", accession=f"A{number}", verified_at=kept.clock())
        ).id
        what = chance.randrange(6)
        if what == 0:
            kept.records.hold(name, actor=RADIOLOGIST, kind=chance.choice(["clinical", "proxy_only"]), reason="x")
        elif what == 1:
            kept.records.withdraw(name, actor=PORTAL, reason="x")
        elif what == 2:
            kept.records.release_early(name, actor=RADIOLOGIST, reason="x")
        elif what == 3 and number > 20:
            kept.submit(report(f"Other {number}.", report_id=f"R{number}", verified_at=kept.clock()))
        kept.clock.on(days=2)


Told = Callable[[Database, str], Kept]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return a function that tells a story in a database of this kind; each is told once, and copied for each audience."""

    @cache
    def tell(sqlite: bool, worker: str) -> Kept:
        folder = tmp_path_factory.mktemp("told")
        kept = keep(sqlite_database(folder) if sqlite else open_database(postgres_address()))
        if worker in ("ran at the beginning", "has another policy"):
            kept.records.follow_policy()
        some_reports(kept)
        if worker == "ran at the end":
            kept.records.follow_policy()
            kept.records.announce()
        return kept

    return lambda database, worker: tell(database.sqlite, worker)


@pytest.mark.parametrize("worker", ["never ran", "ran at the beginning", "ran at the end", "has another policy"])
@pytest.mark.parametrize("audience", ["professional", "patient", "proxy"])
def test_a_list_by_state_holds_what_a_look_at_everything_finds(
    database: Database, told: Told, tmp_path: Path, audience: Any, worker: str
) -> None:
    story = told(database, worker)
    copy = copy_of(story.database, tmp_path)
    days = 60 if worker == "has another policy" else SHOWS_ALL.days
    kept = keep(copy, policy=replace(SHOWS_ALL, days=days), clock=Clock(story.clock.at))
    asked = {"audience": audience, "actor": RADIOLOGIST if audience == "professional" else PORTAL}
    looked_at = everything(kept, **asked)
    of = {one: kept.records.get(one, actor=asked["actor"], audience=audience).decision.state for one in looked_at}
    for state in STATES:
        assert everything(kept, state=state, **asked) == [one for one in looked_at if of[one] == state], state
    assert len({*of.values()}) > 1
    copy.close()


def test_a_page_of_one_looks_at_no_more_than_a_page_of_many(kept: Kept) -> None:
    for number in range(60):
        kept.submit(report(f"Text {number}.", report_id=f"R{number}"))
    asked: list[str] = []
    from sqlalchemy import event

    event.listen(kept.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    found = kept.records.list(actor=RADIOLOGIST, state="retracted", limit=1)
    assert found.reports == ()
    assert found.next_cursor is None
    assert len(asked) < 30


def test_staff_see_in_the_list_what_is_to_be_looked_at(kept: Kept) -> None:
    kept.submit(report("A mass [cancer]."))
    (one,) = kept.records.list(actor=RADIOLOGIST).reports
    assert (one.sensitive, one.looked_at) == (("cancer",), None)
    (told,) = kept.records.list(actor=PORTAL, audience="patient").reports
    assert told.sensitive == ()


# ---- between the look and its line -------------------------------------------------------------------------------------


def meanwhile(kept: Kept, deed: Any) -> None:
    """Do something once after the next look, before its line is written."""
    unit, done = kept.database.unit, list[bool]()

    class Between:
        def __getattr__(self, name: str) -> Any:
            return getattr(kept.database, name)

        def unit(self) -> Any:
            if not done:
                done.append(True)
                deed()
            return unit()

    kept.records.room = replace(kept.records.room, database=Between())  # type: ignore[arg-type]


def test_a_hold_placed_while_somebody_reads_is_seen_by_the_reading(database: Database) -> None:
    kept, other = keep(database), keep(database)
    name = kept.submit().id
    kept.clock.on(days=40)
    other.clock.at = kept.clock.at
    assert kept.visible(name)
    meanwhile(kept, lambda: other.records.hold(name, actor=RADIOLOGIST, kind="withhold", reason="x"))
    assert not kept.visible(name)
    last = [one for one in other.records.audit() if one.action == "read_patient_version"][-1]
    assert last.details["given"] is False


def test_a_report_purged_while_somebody_reads_is_not_given(database: Database) -> None:
    policy = ReleasePolicy(excluded_exams=frozenset(), keep_reports_days=50)
    kept, other = keep(database, policy=policy), keep(database, policy=policy)
    name = kept.submit().id
    kept.clock.on(days=60)
    other.clock.at = kept.clock.at
    meanwhile(kept, other.records.purge)
    with pytest.raises(ReportNotFoundError):
        kept.patient(name)


def test_a_report_retracted_while_a_list_is_made_is_listed_as_retracted(database: Database) -> None:
    kept, other = keep(database), keep(database)
    name = kept.submit().id
    meanwhile(kept, lambda: other.records.withdraw(name, actor=PORTAL, reason="x"))
    (one,) = kept.records.list(actor=RADIOLOGIST).reports
    assert one.decision.state == "retracted"
