"""A program is known by a JWT that it signed with RS512 or ES256, made for us, fresh, and used once. Anything else is the same refusal."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from plainrad.access.assertions import check_assertion, read_jwks
from plainrad.access.memory import MemoryAccessStore
from plainrad.errors import AccessInvalidError, TokenRequestError
from tests.support.access import NOW, TOKEN_ADDRESS, assertion, claims, client, ec_key, encoded, public_keys, rsa_key


@pytest.fixture
def store() -> MemoryAccessStore:
    store = MemoryAccessStore()
    store.add_client(client())
    store.add_client(client("portal-two", "RYY", jwks=public_keys(ECKey.generate_key("P-256"))))
    store.add_client(client("keyless", jwks=None))
    store.add_client(client("ended"))
    store.revoke_client("ended", at=NOW)
    return store


def check(store: MemoryAccessStore, text: str, *, later: float = 0) -> str:
    return check_assertion(text, store=store, audience=TOKEN_ADDRESS, now=NOW + timedelta(seconds=later)).id


@pytest.mark.parametrize("alg", ["RS512", "ES256"])
def test_a_good_assertion_names_its_client(store: MemoryAccessStore, alg: str) -> None:
    assert check(store, assertion(alg=alg)) == "portal-one"
    assert check(store, assertion(alg=alg, kid="rsa" if alg == "RS512" else "ec", typ="JWT")) == "portal-one"


def refused(store: MemoryAccessStore, text: str, *, later: float = 0) -> None:
    with pytest.raises(TokenRequestError) as caught:
        check(store, text, later=later)
    assert (caught.value.error, str(caught.value)) == ("invalid_client", "The client assertion was not accepted.")


@pytest.mark.parametrize(
    "others",
    [
        {"iss": "portal-two"}, {"sub": "portal-two"}, {"sub": "nobody"}, {"sub": None}, {"iss": None}, {"sub": 7},
        {"sub": "a\x00b"}, {"sub": "x" * 100}, {"aud": None}, {"aud": "https://elsewhere.example/oauth2/token"},
        {"aud": TOKEN_ADDRESS + "/"}, {"aud": [TOKEN_ADDRESS, "https://elsewhere.example"]}, {"aud": []},
        {"jti": None}, {"jti": ""}, {"jti": "short"}, {"jti": "x" * 256}, {"jti": 12345678},
        {"exp": None}, {"exp": "soon"}, {"exp": True}, {"exp": -1}, {"exp": 1e300}, {"exp": [1]},
        {"exp": int(NOW.timestamp()) - 61}, {"exp": int(NOW.timestamp()) + 361},
        {"iat": int(NOW.timestamp()) + 61}, {"nbf": int(NOW.timestamp()) + 61}, {"iat": "now"},
        {"iss": "ended", "sub": "ended"}, {"iss": "keyless", "sub": "keyless"},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_claim_is_refused(store: MemoryAccessStore, others: dict[str, Any]) -> None:
    refused(store, assertion(claims(**others)))


@pytest.mark.parametrize("seconds", [-59, -30, 0, 30, 59])
def test_clocks_may_differ_by_a_minute(store: MemoryAccessStore, seconds: int) -> None:
    assert check(store, assertion(claims(now=NOW + timedelta(seconds=seconds)))) == "portal-one"
    assert check(store, assertion(claims(exp=int(NOW.timestamp()) - 59))) == "portal-one"


def test_the_same_assertion_is_taken_once(store: MemoryAccessStore) -> None:
    text = assertion()
    check(store, text)
    refused(store, text)
    refused(store, text, later=299)  # until it would be refused as expired
    refused(store, assertion(claims(jti=json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "=="))["jti"])))


def test_two_clients_may_use_the_same_jti(store: MemoryAccessStore) -> None:
    store.add_client(client("portal-three"))
    for name in ("portal-one", "portal-three"):
        assert check(store, assertion(claims(name, jti="the-same-one"))) == name


@pytest.mark.parametrize("alg", ["RS256", "RS384", "PS512"])
def test_other_algorithms_of_the_right_key_are_refused(store: MemoryAccessStore, alg: str) -> None:
    refused(store, assertion(alg=alg))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", "HS256", "HS512", "RS512"])
def test_an_unsigned_assertion_is_refused(store: MemoryAccessStore, alg: str) -> None:
    refused(store, f"{encoded({'alg': alg})}.{encoded(claims())}.")
    refused(store, f"{encoded({'typ': 'JWT'})}.{encoded(claims())}.")


@pytest.mark.parametrize("alg", ["HS256", "HS512"])
def test_a_public_key_is_not_a_shared_secret(store: MemoryAccessStore, alg: str) -> None:
    import hashlib
    import hmac

    for public in (rsa_key().as_pem(private=False), public_keys(rsa_key(), ec_key()).encode()):
        signed = f"{encoded({'alg': alg})}.{encoded(claims())}"
        mac = hmac.new(public, signed.encode(), getattr(hashlib, f"sha{alg[2:]}")).digest()
        refused(store, f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}")


def test_a_key_in_the_header_is_not_believed(store: MemoryAccessStore) -> None:
    own = RSAKey.generate_key(2048)
    refused(store, assertion(key=own))
    refused(store, assertion(key=own, jwk=own.as_dict(private=False)))
    refused(store, assertion(key=own, kid="rsa"))
    refused(store, assertion(kid="nothing-like-it"))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_assertion_is_refused(store: MemoryAccessStore, place: int) -> None:
    parts = assertion().split(".")
    for at in range(0, len(parts[place]), max(1, len(parts[place]) // 12)):
        swapped = "A" if parts[place][at] != "A" else "B"
        changed = parts[place][:at] + swapped + parts[place][at + 1 :]
        refused(store, ".".join([*parts[:place], changed, *parts[place + 1 :]]))


@pytest.mark.parametrize(
    "text", ["", ".", "..", "...", "a.b.c", "é.é.é", "x" * 8_001, ".".join(["A" * 2_000] * 3), f"{encoded({})}.{encoded([])}.x",
             f"{encoded({'alg': 'RS512'})}.{'W10' * 900}.x"]
)  # fmt: skip
def test_what_is_no_token_is_refused(store: MemoryAccessStore, text: str) -> None:
    refused(store, text)


def test_a_client_cannot_sign_for_another(store: MemoryAccessStore) -> None:
    refused(store, assertion(claims("portal-two")))


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"keys": []}', '{"keys": [{}]}', '{"keys": 3}', "null", "not json",
        json.dumps({"keys": [rsa_key().as_dict(private=True)]}),
        json.dumps({"keys": [OctKey.generate_key(256).as_dict(private=True)]}),
        json.dumps({"keys": [ECKey.generate_key("P-384").as_dict(private=False)]}),
        json.dumps({"keys": [{"kty": "RSA", "e": "AQAB", "n": base64.urlsafe_b64encode((2**1023 + 1).to_bytes(128, "big")).decode().rstrip("=")}]}),
    ],
    ids=["nothing", "list", "object", "empty", "no key", "number", "null", "words", "private", "shared", "P-384", "short"],
)  # fmt: skip
def test_keys_that_cannot_be_used_are_refused_when_they_are_added(text: str) -> None:
    with pytest.raises(AccessInvalidError):
        read_jwks(text)


def test_keys_that_can_be_used_are_read() -> None:
    assert len(read_jwks(public_keys(rsa_key(), ec_key())).keys) == 2
