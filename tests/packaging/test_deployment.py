"""The files that a site starts from are whole: they can be read, and what they name is there."""

import configparser
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from plainrad.cli import commands
from plainrad.release.load import load_policy
from plainrad.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
VARIABLES = {f"PLAINRAD_{name.upper()}" for name in Settings.model_fields} | {"PLAINRAD_SITE"}


def known_command(words: list[str]) -> None:
    """The command line is one that there is, with options that it has."""
    from typer.main import get_command

    command: Any = get_command(commands)
    assert Path(words[0]).name == "plainrad"
    rest = words[1:]
    while hasattr(command, "commands"):
        command, rest = command.commands[rest[0]], rest[1:]
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_the_compose_file_has_a_database_two_workers_a_worker_and_a_proxy(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {"database", "api", "worker", "proxy"} <= set(services)
    assert services["database"]["image"].startswith("postgres:")
    assert services["api"]["command"][-2:] == ["--workers", "2"]
    for name in ("api", "worker", "migrate"):
        known_command(services[name]["command"])
        assert services[name]["environment"]["PLAINRAD_DATABASE_URL"].startswith("postgresql://")


def test_only_the_proxy_can_be_reached_and_the_database_from_inside_only(compose: dict[str, Any]) -> None:
    open_ports = [name for name, service in compose["services"].items() if "ports" in service]
    assert open_ports == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    assert compose["services"]["database"]["networks"] == ["inside"]
    address = compose["services"]["proxy"]["networks"]["inside"]["ipv4_address"]
    assert compose["services"]["api"]["environment"]["PLAINRAD_TRUSTED_PROXIES"] == address


def test_no_secret_stands_in_a_file_and_every_variable_is_a_setting(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            assert name in VARIABLES or name.startswith("POSTGRES_")
            if re.search("PASSWORD|KEYS|SECRET", name):
                assert value.startswith("${")
    for mount in {mount for service in compose["services"].values() for mount in service.get("volumes", ())}:
        if mount.startswith("./"):
            assert (ROOT / mount.split(":")[0]).is_file()


def test_what_is_ours_runs_without_rights_it_does_not_need(compose: dict[str, Any]) -> None:
    for name in ("api", "worker", "migrate"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_the_image_is_built_from_what_is_there_and_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    known = {"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"}
    assert {word for word, _ in lines} <= known
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for word, rest in lines:
        if word == "COPY" and "--from" not in rest:
            for name in rest.split()[:-1]:
                assert (ROOT / name).exists()
                assert f"!{name}" in allowed
    users = [rest for word, rest in lines if word == "USER"]
    assert users == ["plainrad"]
    (command,) = [rest for word, rest in lines if word == "CMD"]
    known_command(yaml.safe_load(command))
    for name in re.findall(r"PLAINRAD_[A-Z_]+", text):
        assert name in VARIABLES


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_there_is_and_may_do_little(path: Path) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text(encoding="utf-8"))
    service = unit["Service"]
    known_command(shlex.split(service["ExecStart"]))
    assert service["User"] == "plainrad"
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert int(service["TimeoutStopSec"]) > Settings.model_fields["grace_seconds"].default
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_there_is_a_unit_for_the_service_and_one_for_the_worker() -> None:
    assert [path.name for path in UNITS] == ["plainrad-worker.service", "plainrad.service"]


def test_the_policy_to_start_from_is_a_policy() -> None:
    assert load_policy(DEPLOY / "release.toml").days == 28
    assert tomllib.loads((DEPLOY / "release.toml").read_text(encoding="utf-8"))["excluded_exams"] == []


def test_the_proxy_passes_on_to_the_service_and_keeps_figures_inside() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    assert "reverse_proxy api:8000" in text
    assert "respond @inside 404" in text
