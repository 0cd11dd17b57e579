"""The other commands, and what every command has in common."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from plainrad import __version__
from plainrad.check import check
from plainrad.cli import app
from plainrad.formats.contract import json_schema
from plainrad.settings import Settings
from plainrad.terminal import harmless
from tests.support.reports import MARKER, ROOT
from tests.unit.cli.command import run

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("plainrad")


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_lists_the_commands(capfd: Capture, arguments: tuple[str, ...]) -> None:
    outcome = run(capfd, *arguments)
    assert outcome.code == 0
    for name in (
        "annotate", "batch", "serve", "check-content", "terms", "schema", "check-links", "content-report", "version",
    ):  # fmt: skip
        assert f"  {name} ".encode() in outcome.out


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from plainrad.cli import app\n"
        "try: app(['--help'])\n"
        "finally: print(sorted({'spacy', 'fastapi', 'numpy', 'pydantic', 'jinja2', 'httpx', 'rich.progress'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.strip() == "[]"


def test_to_explain_a_report_loads_neither_database_nor_web() -> None:
    program = (
        "import sys; from plainrad.bootstrap import plainrad; plainrad()\n"
        "print(sorted({'sqlalchemy', 'alembic', 'fastapi', 'authlib', 'joserfc', 'structlog', 'weasyprint'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_the_schema_is_printed_as_it_is_published(capfd: Capture) -> None:
    assert run(capfd, "schema").out.decode() == json_schema()


def test_the_version_names_code_and_content(capfd: Capture) -> None:
    out = run(capfd, "version").out.decode()
    assert out.startswith(f"plainrad {__version__}\nglossary ")
    assert "+sha256:" in out


def test_terms_shows_what_is_known(capfd: Capture) -> None:
    out = run(capfd, "terms", "No", "pneumothorax.").out.decode()
    assert "pneumothorax" in out
    assert "absent" in out
    assert run(capfd, "terms", "Qwertyuiop").out == b"No word of this text is known.\n"


def test_terms_lets_no_control_character_and_no_markup_through(capfd: Capture) -> None:
    out = run(capfd, "terms", "[bold] No \x1b pneumothorax [/bold]").out.decode()
    assert "\x1b" not in out
    assert "pneumothorax" in out


@pytest.mark.parametrize(
    "arguments", [("terms",), ("frobnicate",), ("batch", "one"), ("serve", "--port", "70000"), ("--frob",)]
)
def test_a_wrong_command_line_is_answered_in_one_line(capfd: Capture, arguments: tuple[str, ...]) -> None:
    outcome = run(capfd, *arguments)
    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err.startswith("plainrad: usage: ")
    assert outcome.err.count("\n") == 1
    assert "frob" not in outcome.err


def test_an_unforeseen_error_is_one_line_without_its_words(
    capfd: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from plainrad import bootstrap

    def broken() -> None:
        raise RuntimeError(f"cannot read {MARKER}")

    monkeypatch.setattr(bootstrap, "plainrad", broken)
    file = tmp_path / "report.txt"
    file.write_text(MARKER)
    outcome = run(capfd, "annotate", file, "--status", "final")
    assert (outcome.code, outcome.out) == (1, b"")
    assert outcome.err.startswith("plainrad: internal_error: Something went wrong here (RuntimeError at cli.py:")
    assert outcome.err.count("\n") == 1
    assert MARKER not in outcome.err


def test_control_characters_are_shown_and_lines_are_kept() -> None:
    assert harmless("a\x1b[1mb\r\nc\rd\x07\x7f\x9b\u202ee\tf") == "a\u241b[1mb\nc\nd\u2407\u2421\ufffd\ufffde\tf"


def test_check_content_finds_wrong_entries_and_rules(tmp_path: Path) -> None:
    glossary, models = tmp_path / "glossary", tmp_path / "models"
    (glossary / "terms" / "chest").mkdir(parents=True)
    (glossary / "terms" / "chest" / "a.toml").write_text('[[term]]\nid = "Wrong Id"\n')
    (models / "rules").mkdir(parents=True)
    (models / "rules" / "cues.toml").write_text("not toml")
    result = check(Settings(glossary_dir=glossary, models_dir=models))
    assert any("`id`" in line for line in result.problems["terms/chest/a.toml"])
    assert result.problems["models/rules"]
    assert "problems in" in result.closing


def test_check_content_ends_with_one_when_something_is_wrong(tmp_path: Path) -> None:
    glossary = tmp_path / "glossary"
    (glossary / "terms" / "moon").mkdir(parents=True)
    (glossary / "terms" / "moon" / "a.toml").write_text("")
    result = check(Settings(glossary_dir=glossary))
    assert "'moon' is not a region." in result.problems["terms/moon/a.toml"][0]


def test_a_wrong_setting_is_named_without_its_value(capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    from plainrad.settings import settings

    settings.cache_clear()
    monkeypatch.setenv("PLAINRAD_PORT", MARKER)
    try:
        outcome = run(capfd, "version")
    finally:
        settings.cache_clear()
    assert outcome.code == 2
    assert outcome.err.startswith("plainrad: settings_invalid: PLAINRAD_PORT: ")
    assert MARKER not in outcome.err


@pytest.mark.heavy
def test_serve_answers_and_stops(tmp_path: Path) -> None:
    import signal
    import urllib.request

    command = [sys.executable, "-m", "plainrad.cli", "serve", "--port", "0", "--demo"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert line.startswith("Plainrad is ready at http://127.0.0.1:"), line
            address = line.split()[-1]
            with urllib.request.urlopen(f"{address}readyz") as answer:  # noqa: S310
                assert json.load(answer)["status"] == "ready"
            with urllib.request.urlopen(f"{address}demo/ct-head-fall") as answer:  # noqa: S310
                assert b"CT head" in answer.read()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
    assert callable(app)
