"""The first tables: reports with their versions and decisions, the audit, who may come in, and what is to be sent.

One file because it is one step: a database has all of these tables or none.
"""

import sqlalchemy as sa
from alembic import op

from plainrad.store.base import UtcDateTime

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

# Nobody changes the audit, and nobody deletes a line of it; of reasons the words may be purged.
_GUARDED = (("audit", "UPDATE"), ("audit", "DELETE"), ("audit_reason", "UPDATE"))


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.String(length=300), nullable=False),
        sa.Column("organisation", sa.String(length=10), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=30), nullable=False),
        sa.Column("object_id", sa.String(length=300), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason_sha256", sa.String(length=64), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_object", "audit", ["object_id", "seq"])

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.create_table(
        "audit_reason",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_reason"),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("jwks", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_client"),
    )
    op.create_index("ix_client_organisation", "client", ["organisation"])

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("code", name="uq_organisation_code"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=300), nullable=False),
        sa.Column("nonce", sa.String(length=300), nullable=False),
        sa.Column("verifier", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id_sha256", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_created_at", "sign_in_attempt", ["created_at"])

    op.create_table(
        "site",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_site"),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=10), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_staff"),
    )
    op.create_table(
        "staff_session",
        sa.Column("id_sha256", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("organisation", sa.String(length=10), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("csrf", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id_sha256", name="pk_staff_session"),
    )
    op.create_index("ix_staff_session_seen_at", "staff_session", ["seen_at"])

    op.create_table(
        "used_token",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("jti", sa.String(length=300), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "jti", name="pk_used_token"),
    )
    op.create_index("ix_used_token_expires_at", "used_token", ["expires_at"])

    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_api_key_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
    )
    op.create_index("ix_api_key_client_id", "api_key", ["client_id"])

    op.create_table(
        "patient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("blind_index", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_patient_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patient"),
        sa.UniqueConstraint("organisation_id", "blind_index", name="uq_patient_organisation_id_blind_index"),
        sa.UniqueConstraint("public_id", name="uq_patient_public_id"),
    )
    op.create_index("ix_patient_key_id", "patient", ["key_id"])

    op.create_table(
        "webhook",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=10), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_webhook_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_index("ix_webhook_client_id", "webhook", ["client_id"])
    op.create_index("ix_webhook_organisation", "webhook", ["organisation"])

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("report_key", sa.String(length=310), nullable=True),
        sa.Column("report_id", sa.String(length=300), nullable=True),
        sa.Column("accession", sa.String(length=300), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("check_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_report_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_report_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("organisation_id", "report_key", name="uq_report_organisation_id_report_key"),
        sa.UniqueConstraint("public_id", name="uq_report_public_id"),
    )
    op.create_index("ix_report_check_at", "report", ["check_at"])
    op.create_index("ix_report_organisation_id_accession_id", "report", ["organisation_id", "accession", "id"])
    op.create_index("ix_report_organisation_id_id", "report", ["organisation_id", "id"])
    op.create_index("ix_report_patient_id_id", "report", ["patient_id", "id"])
    op.create_index("ix_report_updated_at", "report", ["updated_at"])

    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(length=300), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.Column("lifted_by", sa.String(length=300), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_hold_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index("ix_hold_report_id", "hold", ["report_id"])

    op.create_table(
        "idempotency",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_idempotency_organisation_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_idempotency_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "client", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_index("ix_idempotency_report_id", "idempotency", ["report_id"])

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("for_patient", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_note_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.UniqueConstraint("public_id", name="uq_note_public_id"),
    )
    op.create_index("ix_note_report_id", "note", ["report_id"])

    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("wish", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_preference_patient_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_preference_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_preference"),
    )
    op.create_index("ix_preference_patient_id", "preference", ["patient_id"])
    op.create_index("ix_preference_report_id", "preference", ["report_id"])

    op.create_table(
        "report_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("exam_code", sa.String(length=300), nullable=True),
        sa.Column("exam_system", sa.String(length=300), nullable=True),
        sa.Column("exam_title", sa.String(length=300), nullable=True),
        sa.Column("modality", sa.String(length=10), nullable=True),
        sa.Column("body_regions", sa.JSON(), nullable=False),
        sa.Column("requester", sa.String(length=300), nullable=True),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("out_of_order", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("explained_at", UtcDateTime(), nullable=True),
        sa.Column("sensitive", sa.JSON(), nullable=True),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("announced_at", UtcDateTime(), nullable=True),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_report_version_patient_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_report_version_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_report_version"),
        sa.UniqueConstraint("report_id", "number", name="uq_report_version_report_id_number"),
    )
    op.create_index("ix_report_version_patient_id", "report_version", ["patient_id"])

    op.create_table(
        "annotation",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("contract", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("plainrad", sa.String(length=40), nullable=False),
        sa.Column("glossary", sa.String(length=120), nullable=False),
        sa.Column("pipeline", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["report_version.id"], name="fk_annotation_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", name="pk_annotation"),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["report_version.id"], name="fk_approval_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index("ix_approval_version_id", "approval", ["version_id"])

    op.create_table(
        "early_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["report_version.id"], name="fk_early_release_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_early_release"),
    )
    op.create_index("ix_early_release_version_id", "early_release", ["version_id"])

    op.create_table(
        "hidden_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["report_version.id"], name="fk_hidden_item_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hidden_item"),
        sa.UniqueConstraint("version_id", "item", name="uq_hidden_item_version_id_item"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("order_key", sa.String(length=36), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("taken_until", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("last_error", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_outbox_organisation_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_outbox_report_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["report_version.id"], name="fk_outbox_version_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("kind", "version_id", "target", "episode", name="uq_outbox_kind_version_id_target_episode"),
        sa.UniqueConstraint("public_id", name="uq_outbox_public_id"),
    )
    op.create_index("ix_outbox_order", "outbox", ["target", "order_key", "id"])
    op.create_index("ix_outbox_report_id", "outbox", ["report_id"])
    op.create_index("ix_outbox_waiting", "outbox", ["done_at", "next_at"])
    if op.get_bind().dialect.name == "sqlite":
        for table, what in _GUARDED:
            op.execute(
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION plainrad_only_add() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$"
        )
        for table, what in (*_GUARDED, ("audit", "TRUNCATE")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION plainrad_only_add()"
            )


def downgrade() -> None:
    """Go down: everything is lost."""
    if op.get_bind().dialect.name == "sqlite":
        for table, what in _GUARDED:
            op.execute(f"DROP TRIGGER {table}_no_{what.lower()}")
    else:
        op.execute("DROP FUNCTION plainrad_only_add() CASCADE")
    op.drop_index("ix_outbox_waiting", "outbox")
    op.drop_index("ix_outbox_report_id", "outbox")
    op.drop_index("ix_outbox_order", "outbox")

    op.drop_table("outbox")
    op.drop_table("hidden_item")
    op.drop_index("ix_early_release_version_id", "early_release")

    op.drop_table("early_release")
    op.drop_index("ix_approval_version_id", "approval")

    op.drop_table("approval")
    op.drop_table("annotation")
    op.drop_index("ix_report_version_patient_id", "report_version")

    op.drop_table("report_version")
    op.drop_index("ix_preference_report_id", "preference")
    op.drop_index("ix_preference_patient_id", "preference")

    op.drop_table("preference")
    op.drop_index("ix_note_report_id", "note")

    op.drop_table("note")
    op.drop_index("ix_idempotency_report_id", "idempotency")
    op.drop_index("ix_idempotency_created_at", "idempotency")

    op.drop_table("idempotency")
    op.drop_index("ix_hold_report_id", "hold")

    op.drop_table("hold")
    op.drop_index("ix_report_updated_at", "report")
    op.drop_index("ix_report_patient_id_id", "report")
    op.drop_index("ix_report_organisation_id_id", "report")
    op.drop_index("ix_report_organisation_id_accession_id", "report")
    op.drop_index("ix_report_check_at", "report")

    op.drop_table("report")
    op.drop_index("ix_webhook_organisation", "webhook")
    op.drop_index("ix_webhook_client_id", "webhook")

    op.drop_table("webhook")
    op.drop_index("ix_patient_key_id", "patient")

    op.drop_table("patient")
    op.drop_index("ix_api_key_client_id", "api_key")

    op.drop_table("api_key")
    op.drop_index("ix_used_token_expires_at", "used_token")

    op.drop_table("used_token")
    op.drop_index("ix_staff_session_seen_at", "staff_session")

    op.drop_table("staff_session")
    op.drop_table("staff")
    op.drop_table("site")
    op.drop_index("ix_sign_in_attempt_created_at", "sign_in_attempt")

    op.drop_table("sign_in_attempt")
    op.drop_table("organisation")
    op.drop_index("ix_client_organisation", "client")

    op.drop_table("client")
    op.drop_table("audit_reason")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_object", "audit")
    op.drop_index("ix_audit_at", "audit")

    op.drop_table("audit")
