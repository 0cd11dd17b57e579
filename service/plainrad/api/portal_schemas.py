"""What the routes for kept reports take and give. Whom a report is about never comes back."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from plainrad.api.schemas import Answer
from plainrad.domain.access import Webhook
from plainrad.domain.records import Note, Original, Receipt, ReportView, VersionView
from plainrad.domain.release import ReleaseDecision, ReleaseState, Wish
from plainrad.formats.incoming import Incoming, Short
from plainrad.release.decide import told

Text = Annotated[str, StringConstraints(max_length=4_000)]
ReaderAudience = Literal["patient", "proxy"]
FeedbackKind = Literal["helpful", "not_helpful", "worried", "free_text"]


class SearchIn(Incoming):
    """A search by patient: in the body, so that no NHS number stands in an address or its log."""

    nhs_number: Short = Field(description="Ten digits, with or without spaces.")
    accession: Short | None = None
    state: ReleaseState | None = None
    audience: ReaderAudience = "patient"
    cursor: Short | None = None
    limit: int = Field(default=50, ge=1, le=200, strict=True)


class WithdrawIn(Incoming):
    """Why a report is taken back."""

    reason: Text = Field(min_length=1)
    revision: int | None = Field(default=None, strict=True, ge=0, le=2**31, description="The revision that was read.")


class FeedbackIn(Incoming):
    """What a patient thought of the patient version."""

    kind: FeedbackKind
    text: Text = ""
    item: Short | None = Field(
        default=None, description="What it is about: the id of a statement (s3) or of an explained term."
    )


class QuestionIn(Incoming):
    """A question of a patient to the referring team."""

    text: Text = Field(min_length=1)


class PreferenceIn(Incoming):
    """What a patient wants: of one report (`report`, our id) or of all of theirs (`nhs_number`)."""

    wish: Wish
    nhs_number: Short | None = None
    report: Short | None = None


class WebhookIn(Incoming):
    """An address that is told of releases."""

    url: str = Field(max_length=2_000, description="https, a public address.")


BODIES = (SearchIn, WithdrawIn, FeedbackIn, QuestionIn, PreferenceIn, WebhookIn)


class ReleaseOut(Answer):
    """When it may be read, and why not yet. What the patient may not be told is not in it."""

    state: ReleaseState
    available_from: datetime | None
    reason: str
    code: str


class ReceiptOut(Answer):
    """What came of handing in a report."""

    id: str
    version: int
    outcome: Literal["created", "new_version", "completed", "unchanged", "replayed"]
    revision: int
    received_at: datetime
    release: ReleaseOut


class KeptExam(Answer):
    """What was done."""

    title: str | None
    modality: str | None
    body_regions: list[str]


class ReportOut(Answer):
    """A kept report without its words."""

    id: str
    report_id: str | None
    accession: str | None
    organisation: str
    version: int
    versions: int
    revision: int
    status: str
    exam: KeptExam
    verified_at: datetime | None
    received_at: datetime
    preference: Wish | None
    release: ReleaseOut


class ReportPage(Answer):
    """Some reports, newest first, and where to go on."""

    reports: list[ReportOut]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next ones; null at the end.")


class StatusOut(Answer):
    """Where a report stands."""

    id: str
    version: int
    revision: int
    release: ReleaseOut


class VersionOut(Answer):
    """One version of a report, without its words."""

    number: int
    sha256: str | None
    status: str
    verified_at: datetime | None
    received_at: datetime
    current: bool
    withdrawn: bool


class VersionsOut(Answer):
    """All versions, the first one first."""

    id: str
    versions: list[VersionOut]


class OriginalOut(Answer):
    """The text exactly as it was sent."""

    id: str
    version: int
    sha256: str
    text: str


class WrittenOut(Answer):
    """Something that was written down."""

    id: str
    at: datetime


class WebhookOut(Answer):
    """An address that is told of releases."""

    id: str
    url: str
    created_at: datetime


class WebhookMade(WebhookOut):
    """A new one, with the secret that signs what is sent to it. It is shown this once."""

    secret: str


class WebhookList(Answer):
    """The addresses of the client."""

    webhooks: list[WebhookOut]


def release_out(decision: ReleaseDecision) -> ReleaseOut:
    """Return a decision as it is answered."""
    return ReleaseOut(
        state=decision.state, available_from=decision.available_from, reason=decision.reason, code=decision.code
    )


def receipt_out(receipt: Receipt) -> ReceiptOut:
    """Return a receipt as it is answered: of the decision no more than the patient may know, for a portal may pass it on."""
    return ReceiptOut(
        id=receipt.id, version=receipt.version, outcome=receipt.outcome, revision=receipt.revision,
        received_at=receipt.received_at, release=release_out(told(receipt.decision)),
    )  # fmt: skip


def report_out(view: ReportView) -> ReportOut:
    """Return a report as it is answered."""
    return ReportOut(
        id=view.id, report_id=view.report_id, accession=view.accession, organisation=view.organisation,
        version=view.version, versions=view.versions, revision=view.revision, status=view.status,
        exam=KeptExam(title=view.exam_title, modality=view.modality, body_regions=list(view.body_regions)),
        verified_at=view.verified_at, received_at=view.received_at, preference=view.preference,
        release=release_out(view.decision),
    )  # fmt: skip


def status_out(view: ReportView) -> StatusOut:
    """Return where a report stands."""
    return StatusOut(id=view.id, version=view.version, revision=view.revision, release=release_out(view.decision))


def version_out(view: VersionView, *, hashed: bool) -> VersionOut:
    """Return a version as it is answered. Its hash lets a guess at its words be tried: it is given with `hashed` only."""
    return VersionOut(
        number=view.number, sha256=view.sha256 if hashed else None, status=view.status, verified_at=view.verified_at,
        received_at=view.received_at, current=view.current, withdrawn=view.withdrawn,
    )  # fmt: skip


def original_out(original: Original) -> OriginalOut:
    """Return an original as it is answered."""
    return OriginalOut(id=original.id, version=original.version, sha256=original.sha256, text=original.report.text)


def written_out(note: Note) -> WrittenOut:
    """Return a note without its words."""
    return WrittenOut(id=note.id, at=note.at)


def webhook_out(webhook: Webhook) -> WebhookOut:
    """Return a webhook without its secret."""
    return WebhookOut(id=webhook.id, url=webhook.url, created_at=webhook.created_at)
