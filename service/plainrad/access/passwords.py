"""Passwords of local accounts: argon2id, and a lock that grows when somebody guesses."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from plainrad.access.ports import StaffStore
from plainrad.domain.access import Account
from plainrad.errors import AccessInvalidError

SHORTEST, LONGEST = 12, 256
FREE_TRIES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=12)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobody() -> str:
    """Return a hash that nothing fits: an account that is not there must take as long to refuse as one that is."""
    return _hasher().hash("\x00 nobody's password")


def hash_password(password: str) -> str:
    """Return the argon2id hash; raises AccessInvalidError for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < SHORTEST // 2:
        raise AccessInvalidError(
            f"password: {SHORTEST} to {LONGEST} characters, not the same few over and over. Three words that do not belong together are good."
        )
    return _hasher().hash(password)


def lock_for(failures: int) -> timedelta | None:
    """Return how long an account is locked after so many failures: nothing for the first few, then twice as long each time."""
    over = failures - FREE_TRIES
    return None if over < 0 else min(LONGEST_LOCK, FIRST_LOCK * 2 ** min(over, 20))


def check_password(name: str, password: str, *, store: StaffStore, now: datetime) -> Account | None:
    """Return the account whose password this is, or None. Says nothing of why not, and always takes as long."""
    account = store.account(name)
    usable = account is not None and account.disabled_at is None
    unlocked = account is not None and (account.locked_until is None or now >= account.locked_until)
    try:
        known = account.password_hash if account is not None and usable and unlocked else _nobody()
        fits = _hasher().verify(password[:LONGEST], known)
    except PwdlibError:
        fits = False
    if account is None or not usable or not unlocked:
        why = "unknown" if account is None else "locked" if usable else "disabled"
        store.sign_in_failed(way="local", why=why, account=account.name if account is not None else None)
        return None
    if fits:
        if account.failures or account.locked_until:
            store.lock_account(name, until=None, failures=0)
        return replace(account, failures=0, locked_until=None)
    failures = store.count_failure(name)
    wait = lock_for(failures)
    if wait is not None:
        store.lock_account(name, until=now + wait, failures=failures)
    return None
