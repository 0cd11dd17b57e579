"""Rows of who may come in -> the values of the domain."""

from collections.abc import Callable, Sequence

from plainrad.domain.access import Account, ApiKey, Client, Role, Scope
from plainrad.store.access_tables import ApiKeyRow, ClientRow, StaffRow


def texts(values: frozenset[Scope] | frozenset[Role]) -> list[str]:
    """Return scopes or roles as they are kept."""
    return sorted(str(one) for one in values)


def _known(stated: Sequence[str]) -> frozenset[Scope]:
    """Return the scopes that this version knows: one that was taken away gives nothing."""
    names: Callable[[str], bool] = {str(one) for one in Scope}.__contains__
    return frozenset(Scope(one) for one in stated if names(one))


def client_of(row: ClientRow) -> Client:
    """Return the client of a row."""
    return Client(row.id, row.organisation, row.name, _known(row.scopes), row.created_at, row.jwks, row.revoked_at)


def key_of(row: ApiKeyRow) -> ApiKey:
    """Return the key of a row."""
    return ApiKey(
        row.id, row.client_id, row.secret_sha256, _known(row.scopes), row.created_at, row.expires_at, row.revoked_at
    )


def account_of(row: StaffRow) -> Account:
    """Return the account of a row."""
    return Account(
        row.name, row.organisation, frozenset(Role(one) for one in row.roles), row.password_hash, row.created_at,
        row.failures, row.locked_until, row.disabled_at,
    )  # fmt: skip
