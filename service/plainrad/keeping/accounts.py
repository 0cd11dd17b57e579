"""`plainrad accounts ...`: local accounts of staff, for sites without a sign-in service (PLAINRAD_LOCAL_ACCOUNTS)."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from plainrad.domain.access import STAFF_ROLES, Account, Role, organisation_code
from plainrad.terminal import fail, read_input, show

commands = typer.Typer(name="accounts", help="Local accounts of staff.", no_args_is_help=True)
StaffRole = StrEnum("StaffRole", {role.name: str(role) for role in STAFF_ROLES})  # type: ignore[misc]


def _password() -> str:
    """Return the first line of standard input: it never stands in a command line or a history."""
    return read_input("-").decode("utf-8", "replace").split("\n", 1)[0].rstrip("\r")


@commands.command()
def add(
    name: Annotated[str, typer.Argument(help="A new name: small letters, digits, hyphens.")],
    organisation: Annotated[str, typer.Option(help="ODS code of the organisation.")],
    role: Annotated[list[StaffRole], typer.Option(help="May be given more than once.")],
) -> None:
    """Add an account; its password is the first line of standard input. An account of the same name is replaced."""
    from plainrad.access.passwords import hash_password
    from plainrad.bootstrap import access_store, now

    roles = frozenset(Role(one.value) for one in role)
    made = Account(name, organisation_code(organisation), roles, hash_password(_password()), now())
    store = access_store()
    store.put_account(made)
    store.end_sessions_of(f"local:{name}")
    show(f"Added {name}: {', '.join(sorted(roles))}\n")


@commands.command("list")
def list_accounts() -> None:
    """List the accounts."""
    from plainrad.bootstrap import access_store, now

    for one in access_store().accounts():
        locked = one.locked_until is not None and one.locked_until > now()
        state = (
            "disabled" if one.disabled_at else f"locked until {one.locked_until:%H:%M UTC}" if locked else "in force"
        )
        show(f"{one.name}  {one.organisation}  {state}  {', '.join(sorted(one.roles))}\n")


@commands.command()
def unlock(name: str) -> None:
    """Let somebody in again who has guessed too often."""
    from plainrad.bootstrap import access_store

    store = access_store()
    if store.account(name) is None:
        fail("account_unknown", "There is no such account. plainrad accounts list shows them.")
    store.lock_account(name, until=None, failures=0, by_hand=True)
    show(f"Unlocked {name}.\n")


@commands.command()
def disable(name: str) -> None:
    """End an account and sign it out everywhere."""
    from plainrad.bootstrap import access_store, now

    store = access_store()
    found = store.account(name)
    if found is None:
        fail("account_unknown", "There is no such account. plainrad accounts list shows them.")
    store.put_account(replace(found, disabled_at=now()))
    store.end_sessions_of(f"local:{name}")
    show(f"Disabled {name}.\n")
