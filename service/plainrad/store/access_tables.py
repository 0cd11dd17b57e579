"""The tables of who may come in: programs with their keys, people with their sessions, and where news is sent."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from plainrad.store.base import Base

_SHORT = String(300)


class ClientRow(Base):
    """A program of an organisation."""

    __tablename__ = "client"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(10), index=True)
    name: Mapped[str] = mapped_column(_SHORT)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    jwks: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiKeyRow(Base):
    """A key of a client, as a hash."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    secret_sha256: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class UsedTokenRow(Base):
    """A signed token that was used, so that it is refused a second time; kept until it would have expired."""

    __tablename__ = "used_token"

    issuer: Mapped[str] = mapped_column(_SHORT, primary_key=True)
    jti: Mapped[str] = mapped_column(_SHORT, primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class StaffRow(Base):
    """A local account of a member of staff."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(10))
    roles: Mapped[list[str]] = mapped_column(JSON)
    password_hash: Mapped[str] = mapped_column(_SHORT)
    created_at: Mapped[datetime]
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class StaffSessionRow(Base):
    """A signed-in member of staff."""

    __tablename__ = "staff_session"

    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject: Mapped[str] = mapped_column(_SHORT)
    organisation: Mapped[str] = mapped_column(String(10))
    roles: Mapped[list[str]] = mapped_column(JSON)
    csrf: Mapped[str] = mapped_column(_SHORT)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class SignInAttemptRow(Base):
    """A sign-in that has begun and not ended."""

    __tablename__ = "sign_in_attempt"

    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(_SHORT)
    nonce: Mapped[str] = mapped_column(_SHORT)
    verifier: Mapped[str] = mapped_column(_SHORT)
    created_at: Mapped[datetime] = mapped_column(index=True)


class WebhookRow(Base):
    """Where a client wants to be told of releases; its secret is sealed."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    organisation: Mapped[str] = mapped_column(String(10), index=True)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
