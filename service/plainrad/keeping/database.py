"""`plainrad db ...`: tables, backups, keys."""

import os
from pathlib import Path
from typing import Annotated

import typer

from plainrad.terminal import fail, show, why

commands = typer.Typer(name="db", help="The database: its tables, backups and keys.", no_args_is_help=True)


@commands.command()
def upgrade() -> None:
    """Bring the tables to this version."""
    from plainrad.bootstrap import unchecked_database
    from plainrad.settings import settings
    from plainrad.store import migrate

    show(f"The tables stand at {migrate.upgrade(unchecked_database(settings()))}.\n")


@commands.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="The revision to go back to; base takes everything away.")],
    yes: Annotated[bool, typer.Option("--yes", help="Yes: what only the newer tables hold is lost.")] = False,
) -> None:
    """Take the tables back to an older version. What only newer tables hold is lost: back up first."""
    from plainrad.bootstrap import unchecked_database
    from plainrad.settings import settings
    from plainrad.store import migrate

    if not yes:
        fail("not_confirmed", "This loses what only the newer tables hold. Back up first, then say --yes.")
    show(f"The tables stand at {migrate.downgrade(unchecked_database(settings()), revision) or 'nothing'}.\n")


@commands.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
) -> None:
    """Copy an SQLite database while it is in use, and check the copy."""
    from plainrad.bootstrap import unchecked_database
    from plainrad.settings import settings
    from plainrad.store.backup import backup as copy

    show(
        f"Copied: {copy(unchecked_database(settings()), target):,} bytes. Keep PLAINRAD_KEYS elsewhere, but keep them.\n"
    )


@commands.command()
def source(
    report: Annotated[str, typer.Argument(help="The id of the report.")],
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    version: Annotated[int | None, typer.Option(min=1, help="Not the current version, but this one.")] = None,
) -> None:
    """Write what brought a report, byte for byte (an HL7 message, a FHIR resource). The audit notes that it was read."""
    from plainrad.bootstrap import bare_records
    from plainrad.domain.records import SYSTEM, Original
    from plainrad.settings import settings

    found = bare_records(settings()).original(
        report, actor=SYSTEM, audience="professional", version=version, with_sent=True
    )
    sent = found.sent if isinstance(found, Original) else None
    if sent is None:
        fail("not_kept", "This version came as plain fields: nothing else brought it.", status=1)
    try:
        with target.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(sent.data)
    except OSError as error:
        fail("file_unwritable", f"The file cannot be written: {why(error)}.")
    show(f"{sent.media_type}, {len(sent.data):,} bytes\n")


@commands.command("new-key")
def new_key() -> None:
    """Print a new key for PLAINRAD_KEYS."""
    from plainrad.store.seal import new_key as make

    show(f"{make()}\n")


@commands.command("rotate-keys")
def rotate_keys() -> None:
    """Seal all identifiers with the first of PLAINRAD_KEYS. Afterwards the others may be taken away."""
    from plainrad.bootstrap import bare_records
    from plainrad.settings import settings

    count = bare_records(settings()).rotate_keys()
    show(
        f"{count:,} sealed anew. Every key but the first of PLAINRAD_KEYS can be taken away now; older backups still need them.\n"
    )


@commands.command()
def purge() -> None:
    """Remove what the release policy keeps no longer ([keep]); each removed report leaves a line in the audit."""
    from plainrad.bootstrap import bare_records
    from plainrad.settings import settings

    gone = bare_records(settings()).purge()
    show(
        f"Removed: {gone.reports:,} reports ({gone.versions:,} versions), {gone.keys:,} keys of submissions, {gone.deliveries:,} deliveries.\n"
    )
