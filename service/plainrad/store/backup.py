"""A copy of the whole database, made while it is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from plainrad.errors import StoreAddressError, StoreError
from plainrad.store.engine import Database


def backup(database: Database, target: Path) -> int:
    """Write a whole copy of an SQLite database to a new file, check it, and return its size in bytes; raises StoreError.

    PostgreSQL has tools of its own for this (pg_dump, pg_basebackup), which keep roles and settings too.
    """
    source = database.file
    if source is None:
        raise StoreAddressError(
            "plainrad db backup copies SQLite databases. For PostgreSQL use pg_dump or pg_basebackup."
        )
    if target.exists():
        raise StoreError("The backup would overwrite a file. Name a new one.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(unfinished)) as written,
        ):
            read.backup(written, pages=1_000)
            if written.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise StoreError("The copy is not whole. Nothing was kept of it; look at the disk.")
            written.execute("PRAGMA journal_mode=DELETE")
        unfinished.rename(target)
    except (OSError, sqlite3.Error):
        raise StoreError("The backup cannot be written there. Look at the folder, its rights and its room.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size
