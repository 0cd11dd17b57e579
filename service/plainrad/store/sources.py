"""What brought each version of a report, as it was sent: compressed, then sealed. Sessions are given; nothing commits here."""

import zlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainrad.domain.records import Sent
from plainrad.store.seal import Vault
from plainrad.store.tables import SourceRow, VersionRow


def keep_source(session: Session, version: VersionRow, sent: Sent, *, vault: Vault) -> bool:
    """Keep what brought a version, unless that is known; returns whether it was kept now. Without a key nothing can be sealed."""
    if not vault.ready or session.get(SourceRow, version.id) is not None:
        return False
    key_id, sealed = vault.seal_bytes(zlib.compress(sent.data), row=_row(version.id))
    session.add(SourceRow(version_id=version.id, media_type=sent.media_type, sealed=sealed, key_id=key_id))
    return True


def source_of(session: Session, version: VersionRow, *, vault: Vault) -> Sent | None:
    """Return what brought a version, byte for byte, or None; raises KeysMissingError or SealBrokenError."""
    row = session.get(SourceRow, version.id)
    if row is None:
        return None
    return Sent(row.media_type, zlib.decompress(vault.open_bytes(row.key_id, row.sealed, row=_row(row.version_id))))


def sources_to_seal(session: Session, *, key_id: str, limit: int) -> Sequence[SourceRow]:
    """Return some that are not sealed with this key."""
    return session.scalars(
        select(SourceRow).where(SourceRow.key_id != key_id).order_by(SourceRow.version_id).limit(limit)
    ).all()


def seal_source_anew(row: SourceRow, vault: Vault) -> None:
    """Seal it with the newest key."""
    bound = _row(row.version_id)
    row.key_id, row.sealed = vault.seal_bytes(vault.open_bytes(row.key_id, row.sealed, row=bound), row=bound)


def _row(version: int) -> str:
    return f"source:{version}"
