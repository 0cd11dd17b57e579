"""`plainrad clients ...` and `plainrad keys ...`: programs that may come in. A secret is shown once, on standard output."""

from pathlib import Path
from typing import Annotated

import typer

from plainrad.domain.access import Client, Scope, organisation_code
from plainrad.errors import AccessInvalidError
from plainrad.terminal import fail, harmless, read_input, show

commands = typer.Typer(name="clients", help="Programs that may come in: portals, a RIS.", no_args_is_help=True)
key_commands = typer.Typer(name="keys", help="Keys of programs at small sites.", no_args_is_help=True)
Scopes = Annotated[
    list[Scope] | None, typer.Option("--scope", help="What it may do; may be given more than once. All if not given.")
]


@commands.command("add")
def add_client(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT", help="A new id: small letters, digits, hyphens.")],
    organisation: Annotated[str, typer.Option(help="ODS code of the organisation whose reports it sees.")],
    name: Annotated[str, typer.Option(help="What people call it.")] = "",
    scope: Scopes = None,
    jwks: Annotated[Path | None, typer.Option(help="Its public keys: a JSON Web Key Set, for private_key_jwt.")] = None,
) -> None:
    """Add a program. With --jwks it signs for its tokens; without, give it a key: plainrad keys add."""
    from plainrad.access.assertions import read_jwks
    from plainrad.bootstrap import access_store, now

    keys = read_input(str(jwks)).decode("utf-8", "replace") if jwks is not None else None
    if keys is not None:
        read_jwks(keys)
    scopes = frozenset(scope or Scope)
    made = Client(client_id, organisation_code(organisation), name or client_id, scopes, now(), keys)
    if not access_store().add_client(made):
        fail("client_exists", "This id is taken. A revoked client keeps its id: choose another.")
    show(f"Added {made.id} for {made.organisation}: {', '.join(sorted(scopes))}\n")


@commands.command("list")
def list_clients() -> None:
    """List programs and their keys. No secret is known here, so none is shown."""
    from plainrad.bootstrap import access_store

    store = access_store()
    keys = store.keys()
    for one in store.clients():
        state = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else "in force"
        signs = "signs its own assertions" if one.jwks else "keys only"
        show(harmless(f"{one.id}  {one.organisation}  {state}  {signs}  {', '.join(sorted(one.scopes))}  {one.name}\n"))
        for key in (key for key in keys if key.client_id == one.id):
            ended = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}"
            show(f"  key {key.id}  {ended}  {', '.join(sorted(key.scopes))}\n")


@commands.command("set-keys")
def set_keys(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT")],
    jwks: Annotated[
        Path, typer.Argument(help="Its public keys: a JSON Web Key Set. Old and new ones while it changes over.")
    ],
) -> None:
    """Replace the public keys of a program."""
    from plainrad.access.assertions import read_jwks
    from plainrad.bootstrap import access_store

    text = read_input(str(jwks)).decode("utf-8", "replace")
    count = len(read_jwks(text).keys)
    if not access_store().set_jwks(client_id, text):
        fail("client_unknown", "There is no such client. plainrad clients list shows them.")
    show(f"{client_id} has {count} keys.\n")


@commands.command("revoke")
def revoke_client(client_id: Annotated[str, typer.Argument(metavar="CLIENT")]) -> None:
    """End a program and all of its keys, at once: tokens that it holds are refused too."""
    from plainrad.bootstrap import access_store, now

    if not access_store().revoke_client(client_id, at=now()):
        fail("client_unknown", "There is no such client in force. plainrad clients list shows them.")
    show(f"Revoked {client_id}.\n")


@key_commands.command("add")
def add_key(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it lives.")] = 90,
    scope: Scopes = None,
) -> None:
    """Make a key of a program. It is shown this once."""
    from plainrad.access.keys import make_key
    from plainrad.bootstrap import access_store, now

    store = access_store()
    found = store.client(client_id)
    if found is None or found.revoked_at is not None:
        raise AccessInvalidError("client: there is no such client in force. plainrad clients list shows them.")
    key, secret = make_key(found, scopes=frozenset(scope or found.scopes), days=days, now=now())
    store.add_key(key)
    show(f"{secret}\n")


@key_commands.command("revoke")
def revoke_key(key_id: Annotated[str, typer.Argument(metavar="KEY", help="Its id, as clients list shows it.")]) -> None:
    """End a key, at once."""
    from plainrad.bootstrap import access_store, now

    if not access_store().revoke_key(key_id, at=now()):
        fail("key_unknown", "There is no such key in force. plainrad clients list shows them.")
    show(f"Revoked {key_id}.\n")
