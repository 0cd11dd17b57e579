"""plainrad clients, keys, accounts: a secret is shown once, and what was ended stays ended."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from plainrad import settings
from plainrad.cli import app
from plainrad.domain.access import STAFF_ROLES
from plainrad.keeping.accounts import StaffRole
from tests.support.access import ec_key, public_keys, rsa_key

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("PLAINRAD_DATABASE_URL", f"sqlite:///{tmp_path}/plainrad.db")
    settings.settings.cache_clear()

    def call(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        with pytest.raises(SystemExit) as ended:
            app(words)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture(autouse=True)
def _settings_of_others() -> object:
    yield
    settings.settings.cache_clear()


def test_a_key_is_shown_once_and_its_client_is_listed(run: Run) -> None:
    assert run("clients", "add", "ris-one", "--organisation", "rxx")[0] == 0
    status, secret, _ = run("keys", "add", "ris-one", "--days", "5", "--scope", "reports:read")
    assert (status, secret.startswith("plainrad_")) == (0, True)
    _, listed, _ = run("clients", "list")
    assert "ris-one  RXX  in force  keys only" in listed
    assert "reports:read" in listed
    assert secret.strip().split("_", 2)[2] not in listed


def test_a_client_with_public_keys_signs_its_own_assertions(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(public_keys(rsa_key(), ec_key()), encoding="utf-8")
    assert run("clients", "add", "portal-one", "--organisation", "RXX", "--jwks", str(file))[0] == 0
    assert "signs its own assertions" in run("clients", "list")[1]
    assert run("clients", "set-keys", "portal-one", str(file))[1] == "portal-one has 2 keys.\n"


def test_a_private_key_is_refused_and_not_shown(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [ec_key().as_dict(private=True)]}), encoding="utf-8")
    status, _, said = run("clients", "add", "portal-one", "--organisation", "RXX", "--jwks", str(file))
    assert (status, "public keys only" in said) == (2, True)
    assert str(ec_key().as_dict(private=True)["d"]) not in said


def test_what_was_revoked_cannot_be_used_or_revoked_again(run: Run) -> None:
    run("clients", "add", "ris-one", "--organisation", "RXX")
    key = run("keys", "add", "ris-one")[1].split("_")[1]
    assert run("keys", "revoke", key)[0] == 0
    assert run("keys", "revoke", key)[0] == 2
    assert run("clients", "revoke", "ris-one")[0] == 0
    assert run("clients", "revoke", "ris-one")[0] == 2
    assert run("keys", "add", "ris-one")[0] == 2
    assert run("clients", "add", "ris-one", "--organisation", "RXX")[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("clients", "add", "X", "--organisation", "RXX"), ("clients", "add", "portal-one", "--organisation", "?"),
        ("clients", "add", "portal-one"), ("clients", "add", "portal-one", "--organisation", "RXX", "--scope", "everything"),
        ("keys", "add", "nobody"), ("clients", "set-keys", "nobody", "/nowhere"), ("accounts", "unlock", "nobody"), ("accounts", "disable", "nobody"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(run: Run, words: tuple[str, ...]) -> None:
    status, out, said = run(*words)
    assert (status, out, said.count("\n")) == (2, "", 1)
    assert said.startswith("plainrad: ")


def test_an_account_takes_its_password_from_standard_input(run: Run) -> None:
    words = ("accounts", "add", "anna", "--organisation", "RXX", "--role", "radiologist", "--role", "auditor")
    status, out, said = run(*words, typed="three words apart\n")
    assert (status, out, said) == (0, "Added anna: auditor, radiologist\n", "")
    assert run("accounts", "list")[1] == "anna  RXX  in force  auditor, radiologist\n"
    assert run("accounts", "unlock", "anna")[0] == 0
    assert run("accounts", "disable", "anna")[0] == 0
    assert "disabled" in run("accounts", "list")[1]


def test_a_weak_password_is_refused_and_not_shown(run: Run) -> None:
    status, _, said = run("accounts", "add", "anna", "--organisation", "RXX", "--role", "editor", typed="hunter2\n")
    assert (status, "hunter2" in said) == (2, False)


def test_every_role_of_people_can_be_given() -> None:
    assert {role.value for role in StaffRole} == {str(role) for role in STAFF_ROLES}
