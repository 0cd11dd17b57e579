"""Identifiers of patients, sealed (AES-256-GCM) and found again by a blind index (HMAC-SHA256). Neither can be had without a key.

Each key of PLAINRAD_KEYS gives three by HKDF: one to seal with, one to index with, one that access tokens are signed with. The first
seals; all of them open. A sealed value is bound to its row: put into another row it does not open.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from plainrad.errors import KeysInvalidError, KeysMissingError, SealBrokenError

_KEY_BYTES, _NONCE_BYTES = 32, 12
# The demonstration keeps invented patients only, so its key need not be a secret.
DEMO_KEY = base64.urlsafe_b64encode(hashlib.sha256(b"plainrad demonstration").digest()).decode()


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the name that is kept beside what it sealed."""

    id: str
    seal: bytes = field(repr=False)
    index: bytes = field(repr=False)
    sign: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vault:
    """The keys of this process, newest first; with none it seals nothing. `demo`: only invented patients are taken."""

    keys: tuple[Key, ...] = ()
    demo: bool = False

    @property
    def ready(self) -> bool:
        """Return True when there is a key."""
        return bool(self.keys)

    @property
    def newest(self) -> Key:
        """Return the key that seals; raises KeysMissingError."""
        if not self.keys:
            raise KeysMissingError
        return self.keys[0]

    def seal(self, value: Any, *, row: str) -> tuple[str, bytes]:
        """Return the name of the key and the sealed JSON of `value`, which opens only for `row`; raises KeysMissingError."""
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return self.seal_bytes(plain, row=row)

    def seal_bytes(self, plain: bytes, *, row: str) -> tuple[str, bytes]:
        """Return the name of the key and the sealed bytes, which open only for `row`; raises KeysMissingError."""
        key = self.newest
        nonce = os.urandom(_NONCE_BYTES)
        return key.id, nonce + AESGCM(key.seal).encrypt(nonce, plain, row.encode())

    def open(self, key_id: str | None, sealed: bytes, *, row: str) -> Any:
        """Return the value that was sealed; raises KeysMissingError or SealBrokenError."""
        return json.loads(self.open_bytes(key_id, sealed, row=row).decode("utf-8", "surrogatepass"))

    def open_bytes(self, key_id: str | None, sealed: bytes, *, row: str) -> bytes:
        """Return the bytes that were sealed; raises KeysMissingError or SealBrokenError."""
        if not self.keys:
            raise KeysMissingError
        for key in self.keys:
            if key.id == key_id:
                try:
                    return AESGCM(key.seal).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row.encode())
                except InvalidTag:
                    raise SealBrokenError from None
        raise SealBrokenError

    def index(self, value: str) -> str:
        """Return the blind index of `value` by the newest key; raises KeysMissingError."""
        return _index(self.newest, value)

    def indexes(self, value: str) -> tuple[str, ...]:
        """Return the blind indexes of `value` by every key: rows that were not yet sealed anew are found too."""
        return tuple(_index(key, value) for key in self.keys)


def _index(key: Key, value: str) -> str:
    return hmac.new(key.index, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def new_key() -> str:
    """Return a new key as it stands in PLAINRAD_KEYS."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def make_vault(keys: Sequence[str], *, demo: bool = False) -> Vault:
    """Return the vault of these keys, newest first; raises KeysInvalidError, which names the place and not the key.

    The demonstration has a key that everybody knows, and takes invented patients only.
    """
    if demo and not keys:
        return Vault((_derive(base64.urlsafe_b64decode(DEMO_KEY)),), demo=True)
    found = []
    for number, text in enumerate(keys, start=1):
        try:
            raw = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != _KEY_BYTES or text.strip() == DEMO_KEY:
            raise KeysInvalidError(
                f"PLAINRAD_KEYS: key {number} cannot be used. A key is 32 random bytes in base64, as plainrad db new-key prints it."
            )
        found.append(_derive(raw))
    if len({key.id for key in found}) < len(found):
        raise KeysInvalidError("PLAINRAD_KEYS: one key stands twice.")
    return Vault(tuple(found))


def _derive(raw: bytes) -> Key:
    def part(purpose: bytes) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=b"plainrad " + purpose).derive(raw)

    return Key(part(b"name").hex()[:16], part(b"seal"), part(b"index"), part(b"sign"))
