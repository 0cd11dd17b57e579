"""Records: the one door to what is kept. Entry points call this and nothing below it.

Every call is one transaction: what it decides, what follows from that, and its line in the audit are kept together or not at all.
Every call knows who asks; a report of another organisation looks like one that does not exist. Errors have codes (`errors`):
report_not_found, forbidden, stale, record_invalid, idempotency_conflict, keys_missing, store_unavailable, store_busy, store_full ...
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from plainrad.domain.people import NhsNumber
from plainrad.domain.records import (
    SYSTEM,
    Actor,
    AuditEntry,
    Delivery,
    Note,
    NotReleased,
    Original,
    Page,
    Prospect,
    Purged,
    Receipt,
    ReportView,
    Sent,
    Submission,
    VersionView,
    Visible,
    WrongKind,
)
from plainrad.domain.release import Audience, HoldKind, ReleaseFacts, ReleaseState, Wish
from plainrad.domain.report import Report
from plainrad.records import change, deeds, duties, listing, read
from plainrad.records.deeds import Deed
from plainrad.records.facts import kept_facts
from plainrad.records.room import Room
from plainrad.records.submit import submit


class Records:
    """Kept reports: what may be done with them, and nothing else. Safe to use from several threads and processes."""

    def __init__(self, room: Room) -> None:
        self.room = room

    # ---- coming in -----------------------------------------------------------------------------------------------

    def submit(
        self, report: Report, *, actor: Actor, key: str | None = None, source: str = "api", sent: Sent | None = None
    ) -> Receipt:
        """Keep a report for the organisation of `actor`, and return its receipt once it is on disk.

        The same filler number (`report_id`, or else the accession number) with other words, or about another patient, is a new
        version: the older one is retracted, nothing is deleted. A copy without a filler number is known by its accession number. The same words again change nothing, but for what was missing (a
        verification time). With `key`, sending twice keeps once: the same key with anything else raises IdempotencyConflictError.
        A report that cannot be explained is kept and held. `sent` is what brought it; it is kept as it is, sealed.
        Raises KeysMissingError, DemoOnlyError.
        """
        return submit(self.room, [Submission(report, key, sent)], actor=actor, source=source)[0]

    def submit_all(self, submissions: Sequence[Submission], *, actor: Actor, source: str) -> tuple[Receipt, ...]:
        """Keep several reports in one transaction: where one cannot be kept, none is."""
        return submit(self.room, submissions, actor=actor, source=source)

    # ---- reading ---------------------------------------------------------------------------------------------------

    def get(self, report_id: str, *, actor: Actor, audience: Audience = "professional") -> ReportView:
        """Return what is known of a report beside its words. `decision` is the patient's (or the proxy's), as far as may be told."""
        return read.get(self.room, report_id, actor=actor, audience=audience)

    def list(
        self,
        *,
        actor: Actor,
        patient: NhsNumber | None = None,
        accession: str | None = None,
        state: ReleaseState | None = None,
        audience: Audience = "professional",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page:
        """Return reports of the actor's organisation, newest first, 1 to 200 a page; go on with `next_cursor`.

        For patients and proxies reports of which they may not know are left out. A page may hold fewer than `limit` and still go on.
        """
        return listing.list_reports(
            self.room, actor=actor, patient=patient, accession=accession, state=state, audience=audience,
            cursor=cursor, limit=limit,
        )  # fmt: skip

    def versions(self, report_id: str, *, actor: Actor) -> tuple[VersionView, ...]:
        """Return all versions of a report, the first one first."""
        return read.versions(self.room, report_id, actor=actor)

    def patient_version(
        self, report_id: str, *, actor: Actor, audience: Audience, with_sent: bool = False
    ) -> Visible | NotReleased:
        """Return the patient version of the current version, or why `audience` may not read it now.

        What was hidden is not in it. Professionals read it at any time, flags and hidden parts with it. `with_sent`: with what
        brought the report, which names the patient.
        """
        return read.patient_version(self.room, report_id, actor=actor, audience=audience, with_sent=with_sent)

    def original(
        self,
        report_id: str,
        *,
        actor: Actor,
        audience: Audience,
        version: int | None = None,
        with_sent: bool = False,
    ) -> Original | NotReleased:
        """Return the text exactly as it was sent. Patients and proxies get it when the patient version may be read, not before.

        Professionals get every version, withdrawn ones too, with the patient's identifiers. `with_sent`: with what brought it.
        """
        return read.original(self.room, report_id, actor=actor, audience=audience, number=version, with_sent=with_sent)

    def notes(self, report_id: str, *, actor: Actor) -> tuple[Note, ...]:
        """Return comments, questions and feedback, oldest first: for professionals."""
        return read.notes(self.room, report_id, actor=actor)

    # ---- deciding (each takes the `revision` that was read, and raises StaleError when that is not the present one) ---

    def withdraw(self, report_id: str, *, actor: Actor, reason: str, revision: int | None = None) -> ReportView:
        """Retract the current version at once. The same words do not come back; other words can follow as a new version."""
        return self.do(report_id, deeds.withdrawing(self.room, reason=reason), actor=actor, revision=revision)

    def hold(
        self, report_id: str, *, actor: Actor, kind: HoldKind, reason: str, revision: int | None = None
    ) -> ReportView:
        """Keep a report back until `lift`, over corrections too. Outweighs an early release. `proxy_only`: from proxies alone."""
        return self.do(
            report_id, deeds.holding(self.room, actor, kind=kind, reason=reason), actor=actor, revision=revision
        )

    def lift(
        self, report_id: str, *, actor: Actor, kind: HoldKind, reason: str, revision: int | None = None
    ) -> ReportView:
        """Lift the holds of this kind. What waited for nothing else can be read from the next working hour on."""
        return self.do(
            report_id, deeds.lifting(self.room, actor, kind=kind, reason=reason), actor=actor, revision=revision
        )

    def approve(
        self, report_id: str, *, actor: Actor, reason: str | None = None, revision: int | None = None
    ) -> ReportView:
        """Note that a professional has looked at the current version: what the policy held for that is held no longer."""
        return self.do(report_id, deeds.approving(self.room, actor, reason=reason), actor=actor, revision=revision)

    def release_early(self, report_id: str, *, actor: Actor, reason: str, revision: int | None = None) -> ReportView:
        """Let the current version out before its time. Holds, exclusions and a missing verification time still keep it back."""
        return self.do(report_id, deeds.releasing(self.room, actor, reason=reason), actor=actor, revision=revision)

    def set_preference(
        self,
        *,
        actor: Actor,
        wish: Wish,
        report_id: str | None = None,
        patient: NhsNumber | None = None,
        revision: int | None = None,
    ) -> None:
        """Note that the patient wants to see, not to see now, or to see together with a clinician: one report, or all of theirs."""
        change.set_preference(
            self.room, actor=actor, wish=wish, report_id=report_id, patient=patient, revision=revision
        )

    def hide(self, report_id: str, *, actor: Actor, item: str, reason: str, revision: int | None = None) -> ReportView:
        """Hide a statement (`s3`), an explained term (its id) or own words (`w1`) of the current version, and all that tells of it.

        The original stays whole: what the patient must not read there needs a hold. Own words that narrow what a statement says of the
        same sentence are not hidden while that statement is told.
        """
        deed = deeds.choosing(self.room, actor, choice="hidden", item=item, reason=reason)
        return self.do(report_id, deed, actor=actor, revision=revision)

    def show_again(
        self, report_id: str, *, actor: Actor, item: str, reason: str, revision: int | None = None
    ) -> ReportView:
        """Undo `hide`."""
        deed = deeds.unchoosing(self.room, actor, choice="hidden", item=item, reason=reason)
        return self.do(report_id, deed, actor=actor, revision=revision)

    def tell_neutrally(
        self, report_id: str, *, actor: Actor, item: str, reason: str, revision: int | None = None
    ) -> ReportView:
        """Tell a statement, or all that rests on an explained term, in neutral words: that the report mentions it, and its own words."""
        deed = deeds.choosing(self.room, actor, choice="neutral", item=item, reason=reason)
        return self.do(report_id, deed, actor=actor, revision=revision)

    def tell_as_read(
        self, report_id: str, *, actor: Actor, item: str, reason: str, revision: int | None = None
    ) -> ReportView:
        """Undo `tell_neutrally`."""
        deed = deeds.unchoosing(self.room, actor, choice="neutral", item=item, reason=reason)
        return self.do(report_id, deed, actor=actor, revision=revision)

    def note_to_patient(
        self, report_id: str, *, actor: Actor, text: str, reason: str, signed: str = "", revision: int | None = None
    ) -> ReportView:
        """Write a note to the patient, 1 to 1,200 characters, shown above the current version and with no later one."""
        deed = deeds.noting(self.room, actor, text=text, signed=signed, reason=reason)
        return self.do(report_id, deed, actor=actor, revision=revision)

    def take_note_back(
        self, report_id: str, *, actor: Actor, note: str, reason: str, revision: int | None = None
    ) -> ReportView:
        """Take a note to the patient (its id) back; staff still see that it was there."""
        deed = deeds.taking_back(self.room, actor, note=note, reason=reason)
        return self.do(report_id, deed, actor=actor, revision=revision)

    def do(
        self, report_id: str, deed: Deed, *, actor: Actor, revision: int | None = None, once: str | None = None
    ) -> ReportView:
        """Do a deed of `records.deeds`. `once` is the mark of a form: sent twice, it is done once and raises nothing."""
        return change.change(self.room, report_id, deed, actor=actor, revision=revision, once=once)

    def foresee(self, report_id: str, deed: Deed, *, actor: Actor, revision: int | None = None) -> Prospect:
        """Return what the patient has before a deed and would have after it. Nothing is done but a line in the audit."""
        return change.foresee(self.room, report_id, deed, actor=actor, revision=revision)

    def comment(self, report_id: str, *, actor: Actor, text: str) -> Note:
        """Keep a comment of a professional for colleagues; patients never see it."""
        return change.write_note(self.room, report_id, actor=actor, right="comment", kind="comment", text=text)

    def mark_wrong(self, report_id: str, *, actor: Actor, item: str, text: str, kind: WrongKind = "other") -> Note:
        """Keep that a professional finds a reading wrong, for the editors: of a statement, an explained term or own words.

        `text` says what it should be; the sentence and how it was read are kept with it (`Note.about`).
        """
        return change.mark_wrong(self.room, report_id, actor=actor, item=item, kind=kind, text=text)

    def feedback(
        self,
        report_id: str,
        *,
        actor: Actor,
        kind: Literal["helpful", "not_helpful", "worried", "free_text"],
        text: str = "",
        item: str | None = None,
    ) -> Note:
        """Keep what a patient thought of the patient version, or of one statement or explained word (`item`) of it."""
        return change.write_note(self.room, report_id, actor=actor, right="feedback", kind=kind, text=text, item=item)

    def question(self, report_id: str, *, actor: Actor, text: str) -> Note:
        """Keep a question of a patient to the referring team."""
        return change.write_note(self.room, report_id, actor=actor, right="question", kind="question", text=text)

    # ---- from time to time (the worker) ------------------------------------------------------------------------------

    def announce(self, *, limit: int = 1_000) -> int:
        """Announce every version that can be read now and was not announced: one outbox row for each address. Returns how many."""
        return duties.announce_due(self.room, limit=limit)

    def follow_policy(self) -> int:
        """Take over a policy that is another than last time; returns how many reports were looked at. Call it at start."""
        return duties.follow_policy(self.room)

    def explain_waiting(self, *, limit: int = 20) -> int:
        """Explain kept reports that could not be explained when they came; returns how many."""
        return duties.explain_waiting(self.room, limit=limit)

    def take(self, *, limit: int = 20) -> Sequence[Delivery]:
        """Return deliveries that are due, the oldest of each report and address; each is ours for two minutes, then anybody's."""
        return duties.take(self.room, limit=limit)

    def settle(
        self, delivery: Delivery, *, outcome: str | None, error: str | None = None, wait: timedelta | None = None
    ) -> bool:
        """Write what became of a delivery: an `outcome` ends it; without one it is tried again after `wait`. `error` is a code."""
        return duties.settle(self.room, delivery, outcome=outcome, error=error, wait=wait)

    def purge(self, *, actor: Actor = SYSTEM, limit: int = 10_000) -> Purged:
        """Remove what the policy keeps no longer; each removed report leaves one line in the audit."""
        return duties.purge(self.room, actor=actor, limit=limit)

    def rotate_keys(self, *, actor: Actor = SYSTEM) -> int:
        """Seal all identifiers with the newest key; returns how many were not."""
        return duties.rotate_keys(self.room, actor=actor)

    def facts(self, *, since: datetime, actor: Actor = SYSTEM) -> Iterator[ReleaseFacts]:
        """Yield what a decision rests on, for every report that came in since a moment: for trying a policy out."""
        return kept_facts(self.room, actor=actor, since=since)

    # ---- the audit -----------------------------------------------------------------------------------------------------

    def verify_audit(self, *, head: tuple[int, str] | None = None) -> tuple[int, str]:
        """Return number and hash of the last line; raises AuditBrokenError. `head`: a line noted earlier, which must still be there."""
        return duties.verify_audit(self.room, head=head)

    def audit(self, *, actor: Actor = SYSTEM, report_id: str | None = None) -> Iterator[AuditEntry]:
        """Yield the lines of the audit in their order: of everything, or of one report."""
        return duties.audit_entries(self.room, actor=actor, report_id=report_id)
