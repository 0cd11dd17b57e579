"""One story, told to the real thing and to the model; after each step both are asked the same."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from plainrad.domain.records import NotReleased, Original, Visible
from plainrad.errors import RecordInvalidError
from plainrad.release.policy import ReleasePolicy
from tests.support.keeping import PORTAL, RADIOLOGIST, TUESDAY, Kept, report
from tests.support.timeline import Model, deeds

POLICY = ReleasePolicy(excluded_exams=frozenset(), sensitive=frozenset({"cancer"}))


def play(kept: Kept, *, seed: int, length: int = 12) -> int:
    """Return how many questions were asked; raises AssertionError with the seed where the two differ."""
    chance = random.Random(seed)
    kept.clock.at = TUESDAY + timedelta(minutes=chance.randrange(0, 500_000))
    model, name, asked = Model(), "", 0
    for number, (deed, detail) in enumerate(deeds(chance, length)):
        name = _do(kept, model, name, deed, detail, kept.clock(), number=seed) or name
        now = kept.clock()
        for audience in ("patient", "proxy"):
            expected = model.visible(now, proxy=audience == "proxy")
            found = kept.patient(name, audience)
            real = isinstance(found, Visible)
            assert real == expected, f"seed {seed}: {audience} at {now}: real {real}, model {expected}"
            if isinstance(found, Visible):
                assert found.patient_report.report.text == model.versions[-1].text, f"seed {seed}: other words"
            asked += 1
        if number % 4 == 3:
            given = kept.records.original(name, actor=PORTAL, audience="patient")
            assert isinstance(given, Original) == model.visible(now, proxy=False), f"seed {seed}: original"
            if isinstance(given, NotReleased) and given.available_from is not None:
                assert given.available_from > now, f"seed {seed}: a date that has passed"
            asked += 1
    said = [one.action for one in kept.records.audit(report_id=name) if one.action.endswith("_announced")]
    in_turn = ["release_announced", "retraction_announced"] * len(said)
    assert said == in_turn[: len(said)], f"seed {seed}: announced twice, or taken back twice"
    return asked


def _do(kept: Kept, model: Model, name: str, deed: str, detail: Any, now: datetime, *, number: int) -> str | None:
    records, last = kept.records, model.versions[-1] if model.versions else None
    if deed == "clock":
        kept.clock.on(seconds=detail)
    elif deed == "submit":
        text, offset = detail
        verified = None if offset is None else now + timedelta(days=offset)
        sent = replace(report(text, report_id=f"R{number}", accession=None, verified_at=verified), patient=None)
        model.submit(text, verified, now)
        return str(kept.submit(sent).id)
    elif deed == "hold":
        records.hold(name, actor=RADIOLOGIST, kind=detail, reason="x")
        model.held.setdefault(detail, now)
    elif deed == "lift":
        if detail in model.held:
            records.lift(name, actor=RADIOLOGIST, kind=detail, reason="x")
            del model.held[detail]
            model.lifted.append((detail, now))
        else:
            try:
                records.lift(name, actor=RADIOLOGIST, kind=detail, reason="x")
            except RecordInvalidError:
                return None
            raise AssertionError(f"seed {number}: a hold was lifted that nobody placed")
    elif deed == "early" and last is not None:
        records.release_early(name, actor=RADIOLOGIST, reason="x")
        last.early = now
    elif deed == "approve" and last is not None:
        records.approve(name, actor=RADIOLOGIST)
        last.looked = last.looked or now
    elif deed == "withdraw" and last is not None:
        records.withdraw(name, actor=PORTAL, reason="x")
        last.gone = True
    elif deed == "wish":
        records.set_preference(actor=PORTAL, wish=detail, report_id=name)
        model.wish = (detail, now)
    elif deed == "announce":
        records.announce()
    return None
