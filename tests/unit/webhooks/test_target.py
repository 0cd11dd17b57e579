"""A webhook is called over HTTPS at a public address, and at the very address that was looked at."""

from collections.abc import Sequence

import pytest

from plainrad.errors import WebhookInvalidError
from plainrad.webhooks.target import check_url, look_up, public


@pytest.mark.parametrize(
    "url",
    [
        "https://portal.example/hook",
        "https://portal.example:8443/a?b=c",
        "https://[2606:4700::1111]/",
        "https://8.8.8.8/x",
    ],
)
def test_public_https_addresses_may_be_kept(url: str) -> None:
    check_url(url, private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example/", "ftp://portal.example/", "//portal.example/", "portal.example", "", "https://", "https:///x",
        "https://user@portal.example/", "https://user:pass@portal.example/", "https://portal.example/#part", "https://portal.example:0/",
        "https://portal.example:99999/", "https://portal.example:x/", "https://portal.example\\@10.0.0.1/", "https://a b/", "https://a\n/",
        "https://a\t/", "https://\u00e9.example/", "javascript:alert(1)", "file:///etc/passwd", "https://" + "a" * 2_000 + ".example/",
        "https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.0.1/", "https://172.16.0.1/", "https://169.254.169.254/latest/",
        "https://[::1]/", "https://[fd00::1]/", "https://[fe80::1]/", "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://[::]/",
        "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/", "https://100.64.0.1/", "https://224.0.0.1/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://255.255.255.255/", "https://198.18.0.1/",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(WebhookInvalidError) as caught:
        check_url(url, private=False)
    assert len(url) < 9 or url not in str(caught.value)


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://portal.internal:8080/", "https://127.0.0.1/"])
def test_a_closed_network_may_allow_its_own_addresses(url: str) -> None:
    check_url(url, private=True)
    assert look_up(url, private=True, resolve=lambda *_: ["10.0.0.1"]).address == "10.0.0.1"


@pytest.mark.parametrize("url", ["https://user@10.0.0.1/", "ftp://10.0.0.1/", "file:///etc/passwd"])
def test_and_nothing_more(url: str) -> None:
    with pytest.raises(WebhookInvalidError):
        check_url(url, private=True)


@pytest.mark.parametrize(
    "addresses", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:192.168.1.1"], ["fe80::1%eth0"], ["nonsense"]]
)
def test_a_name_that_leads_inside_is_refused_each_time_it_is_called(addresses: Sequence[str]) -> None:
    with pytest.raises(WebhookInvalidError):
        look_up("https://portal.example/", private=False, resolve=lambda *_: addresses)


def test_the_address_that_was_looked_at_is_the_one_that_is_called() -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    target = look_up("https://portal.example/hook", private=False, resolve=lambda *_: next(answers))
    assert (target.host, target.port, target.address) == ("portal.example", 443, "8.8.8.8")


def test_a_name_without_an_address_cannot_be_called() -> None:
    with pytest.raises(OSError, match="no address"):
        look_up("https://portal.example/", private=False, resolve=lambda *_: [])


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_public_addresses_are_known(address: str) -> None:
    assert public(address)
