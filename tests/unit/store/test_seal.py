"""Sealed identifiers: nothing is read without the key, from another row, or after a change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.errors import KeysInvalidError, KeysMissingError, SealBrokenError
from plainrad.store.seal import DEMO_KEY, Vault, make_vault, new_key
from tests.support.keeping import KEY, OTHER_KEY

VAULT = make_vault([KEY])


@given(
    value=st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_was_sealed_opens_again(value: object) -> None:
    key_id, sealed = VAULT.seal(value, row="r")
    assert VAULT.open(key_id, sealed, row="r") == value


def test_it_is_sealed_differently_each_time_and_shows_nothing() -> None:
    one, two = VAULT.seal("9990000018", row="r")[1], VAULT.seal("9990000018", row="r")[1]
    assert one != two
    assert b"999" not in one


@given(place=st.integers(0, 200), row=st.sampled_from(["r", "other"]))
def test_a_change_of_any_byte_or_of_the_row_is_noticed(place: int, row: str) -> None:
    key_id, sealed = VAULT.seal("9990000018", row="r")
    place %= len(sealed)
    changed = sealed if row == "other" else sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
    with pytest.raises(SealBrokenError):
        VAULT.open(key_id, changed, row=row)


def test_another_key_opens_nothing_and_finds_nothing() -> None:
    key_id, sealed = VAULT.seal("x", row="r")
    other = make_vault([OTHER_KEY])
    with pytest.raises(SealBrokenError):
        other.open(key_id, sealed, row="r")
    assert not set(other.indexes("x")) & set(VAULT.indexes("x"))


def test_after_a_change_of_keys_the_old_opens_and_the_new_seals() -> None:
    both = make_vault([OTHER_KEY, KEY])
    assert both.open(*VAULT.seal("x", row="r"), row="r") == "x"
    assert both.seal("x", row="r")[0] == both.newest.id == make_vault([OTHER_KEY]).newest.id
    assert both.index("x") == make_vault([OTHER_KEY]).index("x")
    assert VAULT.index("x") in both.indexes("x")


def test_without_a_key_nothing_is_sealed_opened_or_indexed() -> None:
    empty = Vault()
    for work in (lambda: empty.seal("x", row="r"), lambda: empty.open("k", b"", row="r"), lambda: empty.index("x")):
        with pytest.raises(KeysMissingError):
            work()
    assert empty.indexes("x") == ()


@pytest.mark.parametrize("keys", [["short"], [KEY, "no base64!"], [KEY, KEY], [DEMO_KEY], [KEY[:-4]]])
def test_what_is_no_key_is_refused_and_not_shown(keys: list[str]) -> None:
    with pytest.raises(KeysInvalidError) as caught:
        make_vault(keys)
    assert not any(one in str(caught.value) for one in keys)


def test_a_new_key_can_be_used_and_is_new() -> None:
    assert new_key() != new_key()
    assert make_vault([new_key()]).ready


def test_the_keys_never_show_in_a_repr() -> None:
    assert "hidden" not in repr(VAULT)
    for secret in (VAULT.newest.seal, VAULT.newest.index, VAULT.newest.sign):
        assert repr(secret) not in repr(VAULT)


def test_the_demonstration_has_a_key_unless_it_was_given_one() -> None:
    assert make_vault([], demo=True).demo
    assert not make_vault([KEY], demo=True).demo
    assert not make_vault([]).ready
