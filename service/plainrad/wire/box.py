"""What lies on disk, encrypted with the site's keys where it has some (PLAINRAD_KEYS: the first encrypts, all can decrypt)."""

import base64
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from plainrad.errors import SettingsInvalidError

_KEY_BYTES = 32
CLOSED = b"gAAAA"  # how everything that is encrypted begins (Fernet, version 128)


class Box(Protocol):
    """Closes bytes before they are written and opens them again."""

    suffix: str

    def close(self, data: bytes) -> bytes:
        """Return what is written."""

    def open(self, data: bytes) -> bytes:
        """Return what was closed."""


class PlainBox:
    """Writes bytes as they are: for a site without keys, whose disk is encrypted below."""

    suffix = ".msg"

    def close(self, data: bytes) -> bytes:
        """Return `data`."""
        return data

    def open(self, data: bytes) -> bytes:
        """Return `data`; raises SettingsInvalidError for what was encrypted when there were keys."""
        if data.startswith(CLOSED):
            raise SettingsInvalidError("PLAINRAD_KEYS: what lies here was encrypted, and no key is given.")
        return data


class LockedBox:
    """Encrypts with Fernet (AES-128-CBC and HMAC-SHA256)."""

    suffix = ".enc"

    def __init__(self, keys: list[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsInvalidError(
                "PLAINRAD_KEYS: each key is 32 bytes as URL-safe Base64 (44 characters)."
            ) from None

    def close(self, data: bytes) -> bytes:
        """Return `data`, encrypted with the first key."""
        return self._fernet.encrypt(data)

    def open(self, data: bytes) -> bytes:
        """Return what was encrypted with any of the keys; raises SettingsInvalidError where none fits."""
        try:
            return self._fernet.decrypt(data)
        except InvalidToken:
            raise SettingsInvalidError("PLAINRAD_KEYS: no key opens a message of the spool.") from None


def _derived(key: str) -> bytes:
    """Return a key for the spool alone: nothing else that the site's key locks can be opened with it."""
    try:
        raw = base64.b64decode(key, altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise SettingsInvalidError("PLAINRAD_KEYS: each key is 32 random bytes in URL-safe Base64.")
    own = HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=b"plainrad spool").derive(raw)
    return base64.urlsafe_b64encode(own)


def make_box(keys: str | None) -> Box:
    """Return the box for a comma-separated list of keys; without keys what lies on disk is readable."""
    found = [key.strip() for key in (keys or "").split(",") if key.strip()]
    return LockedBox(found) if found else PlainBox()
