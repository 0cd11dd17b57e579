"""The tables of kept reports: reports and their versions, what people decided about them, and what is still to be sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plainrad.store.base import Base, ExactText

_SHORT = String(300)


class OrganisationRow(Base):
    """An organisation whose reports are kept apart from all others."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    name: Mapped[str | None] = mapped_column(_SHORT)
    created_at: Mapped[datetime]


class PatientRow(Base):
    """A patient of one organisation. Everything that names a person is in `sealed`; `blind_index` finds them again."""

    __tablename__ = "patient"
    __table_args__ = (UniqueConstraint("organisation_id", "blind_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    blind_index: Mapped[str | None] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReportRow(Base):
    """A report over all its versions. `revision` grows with every change, so that nobody decides on what has changed meanwhile."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("organisation_id", "report_key"),
        Index("ix_report_organisation_id_accession_id", "organisation_id", "accession", "id"),
        Index("ix_report_patient_id_id", "patient_id", "id"),
        Index("ix_report_organisation_id_id", "organisation_id", "id"),
        Index("ix_report_check_at", "check_at"),
        Index("ix_report_updated_at", "updated_at"),
        Index("ix_report_standing", "organisation_id", "standing", "id", "opens_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    report_key: Mapped[str | None] = mapped_column(String(310))
    report_id: Mapped[str | None] = mapped_column(_SHORT)
    accession: Mapped[str | None] = mapped_column(_SHORT)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    current: Mapped[int]
    revision: Mapped[int]
    received_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # When the worker should look next. A hint for speed: whether something may be read is worked out anew each time.
    check_at: Mapped[datetime | None]
    # Where it stood when something last changed, and from when it can be read: hints too, that lists by state are found with.
    standing: Mapped[str | None] = mapped_column(String(12))
    opens_at: Mapped[datetime | None]


class VersionRow(Base):
    """One text of a report, exactly as it was sent, with what its sender said about it. A version is never changed, only withdrawn."""

    __tablename__ = "report_version"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(ExactText)
    sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    # Everything of the Report but its text and its patient, as JSON of `domain.snapshot`.
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)
    exam_code: Mapped[str | None] = mapped_column(_SHORT)
    exam_system: Mapped[str | None] = mapped_column(_SHORT)
    exam_title: Mapped[str | None] = mapped_column(_SHORT)
    modality: Mapped[str | None] = mapped_column(String(10))
    body_regions: Mapped[list[str]] = mapped_column(JSON)
    requester: Mapped[str | None] = mapped_column(_SHORT)
    verified_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(20))
    out_of_order: Mapped[bool]
    withdrawn_at: Mapped[datetime | None]
    explained_at: Mapped[datetime | None]
    sensitive: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    looked_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    # How often it was announced, taken back and announced again: 0 until the first time it is taken back.
    episode: Mapped[int]


class AnnotationRow(Base):
    """What a version was explained with and as: the JSON of version 1, and the values that pages are made from, both compressed."""

    __tablename__ = "annotation"

    version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id", ondelete="CASCADE"), primary_key=True)
    contract: Mapped[bytes] = mapped_column(LargeBinary)
    snapshot: Mapped[bytes] = mapped_column(LargeBinary)
    plainrad: Mapped[str] = mapped_column(String(40))
    glossary: Mapped[str] = mapped_column(String(120))
    pipeline: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class SourceRow(Base):
    """What brought a version, as it was sent (compressed), sealed: it names the patient."""

    __tablename__ = "version_source"

    version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id", ondelete="CASCADE"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(60))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(16), index=True)


class HoldRow(Base):
    """A hold: placed, and perhaps lifted. It stays when the text is corrected."""

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(_SHORT)
    placed_at: Mapped[datetime]
    lift_reason: Mapped[str | None] = mapped_column(Text)
    lifted_by: Mapped[str | None] = mapped_column(_SHORT)
    lifted_at: Mapped[datetime | None]


class EarlyReleaseRow(Base):
    """Somebody let a version out before its time, with a reason."""

    __tablename__ = "early_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(_SHORT)
    at: Mapped[datetime]


class ApprovalRow(Base):
    """A professional has looked at a version."""

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    by: Mapped[str] = mapped_column(_SHORT)
    at: Mapped[datetime]


class PreferenceRow(Base):
    """What the patient asked for, of one report or of all; the last one counts."""

    __tablename__ = "preference"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    wish: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(_SHORT)
    at: Mapped[datetime]


class HiddenItemRow(Base):
    """A part of a version that the patient is not shown, or is told in neutral words only (`choice`): made, and perhaps undone."""

    __tablename__ = "hidden_item"
    __table_args__ = (Index("ix_hidden_item_version_id_item", "version_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(120))
    choice: Mapped[str] = mapped_column(String(10), default="hidden")
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(_SHORT)
    at: Mapped[datetime]
    lift_reason: Mapped[str | None] = mapped_column(Text)
    lifted_by: Mapped[str | None] = mapped_column(_SHORT)
    lifted_at: Mapped[datetime | None]


class NoteRow(Base):
    """A comment of staff, a question of a patient, or feedback; `kind` tells which.

    A note to the patient (`for_patient`) belongs to its version, can carry a name (`signed`) and can be taken back. `about` says
    what a reading that was marked as wrong was: the sentence, how it was read, and what it should be.
    """

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(_SHORT)
    at: Mapped[datetime]
    for_patient: Mapped[bool]
    signed: Mapped[str | None] = mapped_column(_SHORT)
    about: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    lift_reason: Mapped[str | None] = mapped_column(Text)
    lifted_by: Mapped[str | None] = mapped_column(_SHORT)
    lifted_at: Mapped[datetime | None]


class IdempotencyRow(Base):
    """A key that a client sent with a submission, the hash of what came with it, and what it was answered."""

    __tablename__ = "idempotency"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    client: Mapped[str] = mapped_column(_SHORT, primary_key=True)
    key: Mapped[str] = mapped_column(_SHORT, primary_key=True)
    body_sha256: Mapped[str] = mapped_column(String(64))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)


class OutboxRow(Base):
    """Something to be sent. Rows of one order key go out one after the other; `taken_until` keeps two workers from sending one row."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("kind", "version_id", "target", "episode"),
        Index("ix_outbox_waiting", "done_at", "next_at"),
        Index("ix_outbox_order", "target", "order_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    target: Mapped[str] = mapped_column(_SHORT)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id", ondelete="SET NULL"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("report_version.id", ondelete="SET NULL"))
    order_key: Mapped[str] = mapped_column(String(36))
    episode: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    taken_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    last_error: Mapped[str | None] = mapped_column(String(60))


class SiteRow(Base):
    """A few facts about the store itself, such as the policy that the hints were worked out with."""

    __tablename__ = "site"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
