"""Who receives a message can tell that it is ours, whole, and fresh."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from plainrad.webhooks.signature import TOLERANCE, genuine, make_secret, sign
from tests.support.access import NOW

BODY = b'{"event":"report.released"}'
SECRET = "whsec_of-a-test"


def test_a_signature_is_known_again() -> None:
    assert genuine(sign(BODY, secret=SECRET, at=NOW), BODY, secret=SECRET, now=NOW)


def test_the_signature_is_hmac_sha256_over_the_time_a_dot_and_the_body() -> None:
    seconds = str(int(NOW.timestamp()))
    mac = hmac.new(SECRET.encode(), seconds.encode() + b"." + BODY, hashlib.sha256).hexdigest()
    assert sign(BODY, secret=SECRET, at=NOW) == f"t={seconds},v1={mac}"


@pytest.mark.parametrize("seconds", [-301, 301, 100_000])
def test_an_old_message_is_not_taken_again(seconds: int) -> None:
    assert not genuine(sign(BODY, secret=SECRET, at=NOW), BODY, secret=SECRET, now=NOW + timedelta(seconds=seconds))
    assert genuine(sign(BODY, secret=SECRET, at=NOW), BODY, secret=SECRET, now=NOW + TOLERANCE)


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=" + "0" * 64, "t=1,v1=" + "0" * 64, "t=x,v1=" + "0" * 64, "t=1795168800,v1=é"]
)
def test_anything_else_is_none(header: str) -> None:
    assert not genuine(header, BODY, secret=SECRET, now=NOW)


def test_another_body_time_or_secret_does_not_fit() -> None:
    header = sign(BODY, secret=SECRET, at=NOW)
    assert not genuine(header, BODY + b" ", secret=SECRET, now=NOW)
    assert not genuine(header, BODY, secret=make_secret(), now=NOW)
    later = header.replace(str(int(NOW.timestamp())), str(int(NOW.timestamp()) + 1))
    assert not genuine(later, BODY, secret=SECRET, now=NOW)


def test_secrets_differ_and_are_long() -> None:
    made = {make_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) >= 48 for one in made)
