"""The wheel stands on its own: built, installed elsewhere, run from elsewhere, it explains a report."""

import json
import os
import site
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "xr-chest-pneumonia.txt"
CONTENT = ("glossary", "models", "templates")
pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("wheel")]  # one worker, so that it is built once


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing of this checkout in its environment; its output is in the failure."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PLAINRAD_", "PYTHON"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | {"PLAINRAD_CACHE": "false"} | more,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("plainrad-*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel, which sees the libraries of this one but not its editable Plainrad."""
    folder = tmp_path_factory.mktemp("else where")  # a space on purpose
    environment = folder / "env"
    run(sys.executable, "-m", "venv", environment, cwd=folder)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip())
    libraries = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()])
    (own / "libraries.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    return environment


def test_holds_every_content_file(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for name in CONTENT:
        for path in (ROOT / name).rglob("*"):
            if path.is_file():
                assert f"plainrad/_content/{path.relative_to(ROOT)}" in inside


def test_holds_nothing_else(wheel: Path) -> None:
    for name in zipfile.ZipFile(wheel).namelist():
        assert name.startswith(("plainrad/", "plainrad-")), name
        assert not Path(name).name.startswith(("test_", "conftest")) or name.startswith("plainrad/_content/"), name
        assert not name.startswith("plainrad/_content/") or not name.endswith((".py", ".pyc")), name


def test_says_its_licence_and_its_types(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in inside.namelist() if name.endswith(".dist-info/METADATA"))
    assert "License-Expression: Apache-2.0" in inside.read(metadata).decode()
    assert any(name.endswith("licenses/LICENSE") for name in inside.namelist())
    assert "plainrad/py.typed" in inside.namelist()


def test_explains_a_report_where_it_is_installed(elsewhere: Path, tmp_path: Path) -> None:
    place = run(elsewhere / "bin" / "python", "-c", "import plainrad; print(plainrad.__file__)", cwd=tmp_path).stdout
    assert Path(place.strip()).is_relative_to(elsewhere)
    about = tomllib.loads(EXAMPLE.with_suffix(".toml").read_text(encoding="utf-8"))
    asked: list[str | Path] = [
        "annotate",
        EXAMPLE,
        "--format",
        "json",
        "--status",
        about["status"],
        "--exam",
        about["title"],
    ]
    keeping = {"PLAINRAD_CACHE": "true", "PLAINRAD_CACHE_DIR": str(tmp_path / "cache")}
    answer = run(elsewhere / "bin" / "plainrad", *asked, cwd=tmp_path, **keeping)
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert run(elsewhere / "bin" / "plainrad", *asked, cwd=tmp_path, **keeping).stdout == answer.stdout
    report = json.loads(answer.stdout)
    assert report["original"]["text"] == EXAMPLE.read_text(encoding="utf-8")
    assert report["statements"]
    assert "consolidation" in {one["concept"] for one in report["mentions"] if one["assertion"] == "present"}


def test_makes_a_page_as_a_module_too(elsewhere: Path, tmp_path: Path) -> None:
    asked: list[str | Path] = ["-m", "plainrad.cli", "annotate", EXAMPLE, "--format", "html", "--status", "final"]
    page = run(elsewhere / "bin" / "python", *asked, cwd=tmp_path).stdout
    assert page.lower().startswith("<!doctype html>")
    assert "</html>" in page


def test_content_of_the_wheel_is_the_content_of_the_checkout(elsewhere: Path, tmp_path: Path) -> None:
    code = "from plainrad.bootstrap import plainrad; print(plainrad().provenance)"
    there = run(elsewhere / "bin" / "python", "-c", code, cwd=tmp_path).stdout
    here = run(sys.executable, "-c", code, cwd=ROOT).stdout
    assert there == here
