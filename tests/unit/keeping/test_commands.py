"""The commands of those who run the store, as they are typed."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from plainrad.domain.records import Sent
from plainrad.settings import settings
from plainrad.store.engine import open_database
from plainrad.store.seal import make_vault
from tests.support.keeping import KEY, NUMBER, OTHER_KEY, PORTAL, RADIOLOGIST, Clock, Kept, keep, report
from tests.support.reports import ROOT
from tests.unit.cli.command import Outcome, run


class Site:
    """A folder with a database, and its settings in the environment."""

    def __init__(self, folder: Path, environment: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.file = folder, folder / "plainrad.db"
        self._environment, self._capture = environment, capture
        self.set(DATABASE_URL=f"sqlite:///{self.file}", KEYS=KEY)

    def set(self, **values: str) -> None:
        """Set variables as a site does."""
        for name, value in values.items():
            self._environment.setenv(f"PLAINRAD_{name}", value)
        settings.cache_clear()

    def run(self, *arguments: str | Path) -> Outcome:
        """Run a command."""
        return run(self._capture, *arguments)

    def kept(self, **options: object) -> Kept:
        """The records of the site."""
        return keep(open_database(f"sqlite:///{self.file}"), **options)  # type: ignore[arg-type]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Site:
    """A site with tables."""
    made = Site(tmp_path, monkeypatch, capfd)
    assert made.run("db", "upgrade").code == 0
    return made


@pytest.fixture(autouse=True)
def _forget_settings() -> Iterator[None]:
    """The next test reads the environment anew."""
    yield
    settings.cache_clear()


def test_the_tables_go_up_and_down_and_down_only_when_one_is_sure(site: Site) -> None:
    site.kept().submit()
    refused = site.run("db", "downgrade", "base")
    assert (refused.code, "not_confirmed" in refused.err) == (2, True)
    assert site.run("db", "downgrade", "base", "--yes").out == b"The tables stand at nothing.\n"
    broken = site.run("audit", "verify")
    assert (broken.code, "store_schema" in broken.err, "plainrad db upgrade" in broken.err) == (2, True, True)
    assert site.run("db", "upgrade").out.startswith(b"The tables stand at r")


def test_a_backup_can_be_used_in_place_of_the_original(site: Site) -> None:
    receipt = site.kept().submit()
    done = site.run("db", "backup", site.folder / "copy.db")
    assert (done.code, b"Copied" in done.out) == (0, True)
    site.set(DATABASE_URL=f"sqlite:///{site.folder / 'copy.db'}")
    assert site.run("audit", "verify").code == 0
    copied = keep(open_database(f"sqlite:///{site.folder / 'copy.db'}"))
    assert copied.records.get(receipt.id, actor=PORTAL).id == receipt.id
    assert site.run("db", "backup", site.folder / "copy.db").code == 2


def test_a_new_key_can_be_put_first_and_everything_is_sealed_with_it(site: Site) -> None:
    assert make_vault([site.run("db", "new-key").out.decode().strip()]).ready
    site.kept().submit()
    site.set(KEYS=f"{OTHER_KEY},{KEY}")
    assert site.run("db", "rotate-keys").out.startswith(b"1 sealed anew")
    assert len(site.kept(vault=make_vault([OTHER_KEY])).records.list(actor=PORTAL, patient=NUMBER).reports) == 1


def test_what_brought_a_report_is_written_to_a_file_of_ones_own_and_the_audit_says_so(site: Site) -> None:
    kept = site.kept()
    sent = Sent("application/hl7-v2+er7", b"MSH|^~\\&|\xff\r")
    name = kept.records.submit(report(), actor=PORTAL, sent=sent).id
    done = site.run("db", "source", name, site.folder / "one")
    assert (done.code, done.out) == (0, b"application/hl7-v2+er7, 11 bytes\n")
    assert (site.folder / "one").read_bytes() == sent.data
    assert (site.folder / "one").stat().st_mode & 0o077 == 0
    assert site.run("db", "source", name, site.folder / "one").code == 2, "it writes over nothing"
    (read, *_) = [one for one in kept.records.audit(report_id=name) if one.action == "read_original"]
    assert (read.actor_id, read.details["sent"]) == ("plainrad", True)
    plain = kept.records.submit(report("B.", report_id="R2", accession="A2"), actor=PORTAL).id
    missing = site.run("db", "source", plain, site.folder / "two")
    assert (missing.code, "not_kept" in missing.err) == (1, True)
    assert site.run("db", "source", "nothing", site.folder / "two").code == 2


def test_a_key_that_is_none_is_named_by_its_place_and_not_shown(site: Site) -> None:
    site.set(KEYS=f"{KEY},Zyxqwvia")
    done = site.run("db", "rotate-keys")
    assert (done.code, "key 2" in done.err, "Zyxqwvia" in done.err) == (2, True, False)


def test_verify_says_the_head_and_finds_what_was_changed(site: Site) -> None:
    receipt = site.kept().submit()
    site.kept().records.hold(receipt.id, actor=RADIOLOGIST, kind="clinical", reason="Because.")
    whole = site.run("audit", "verify")
    assert whole.code == 0
    head = whole.out.decode().split()[-1]
    assert site.run("audit", "verify", "--head", head).code == 0
    assert site.run("audit", "verify", "--head", "2:abc").code == 2
    with closing(sqlite3.connect(site.file, isolation_level=None)) as base:
        base.execute("DROP TRIGGER audit_no_update")
        base.execute("UPDATE audit SET actor_id = 'nobody' WHERE seq = 1")
    changed = site.run("audit", "verify")
    assert (changed.code, "Line 1" in changed.err) == (1, True)


def test_the_audit_goes_out_as_json_lines_and_as_csv_that_no_spreadsheet_computes(site: Site) -> None:
    receipt = site.kept().submit()
    site.kept().records.hold(receipt.id, actor=RADIOLOGIST, kind="clinical", reason='=HYPERLINK("x"), "quoted"\nline')
    lines, sheet = site.folder / "audit.jsonl", site.folder / "audit.csv"
    assert site.run("audit", "export", lines).code == 0
    assert site.run("audit", "export", sheet, "--format", "csv", "--report", receipt.id).code == 0
    found = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert [one["action"] for one in found][:2] == ["submitted_created", "held"]
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8"))))
    assert [row["action"] for row in rows if row["object_kind"] == "report"] == ["submitted_created", "held"]
    assert rows[1]["reason"].startswith("'=HYPERLINK")
    assert site.run("audit", "export", lines).code == 2, "nothing is written over"


def test_a_policy_is_checked_and_said_in_words(site: Site) -> None:
    done = site.run("release", "check", "--policy", ROOT / "docs" / "release.toml")
    assert done.code == 0
    for words in (b"28 days", b"mri fetal", b"plain films after two weeks': 14 days"):
        assert words in done.out
    assert b"NOTHING KEPT IS RELEASED" in site.run("release", "check").out
    bad = site.folder / "bad.toml"
    bad.write_text("days = 3\n", encoding="utf-8")
    refused = site.run("release", "check", "--policy", bad)
    assert (refused.code, "excluded_exams is required" in refused.err) == (2, True)


def test_the_policy_of_the_handbook_is_that_of_the_code() -> None:
    from plainrad.release.load import parse_policy

    page = (ROOT / "docs" / "release.md").read_text(encoding="utf-8")
    shown = parse_policy(page.split("```toml\n")[1].split("```")[0])
    plain = parse_policy("excluded_exams = []")
    assert [rule.days for rule in shown.rules] == [14]
    assert {name: value for name, value in shown.settled() if name != "rules"} == {
        name: value for name, value in plain.settled() if name != "rules"
    }


def test_a_dry_run_over_kept_reports_counts_and_shows_no_words(site: Site) -> None:
    kept = site.kept(clock=Clock())
    kept.submit(report("Zyxqwvia."))
    kept.submit(report("Other.", report_id="R2", verified_at=None))
    policy = site.folder / "release.toml"
    policy.write_text("excluded_exams = []\ndays = 14\n", encoding="utf-8")
    done = site.run("release", "dry-run", "--stored", "--since", "2026-08-01", "--policy", policy, "--at", "2026-09-20")
    assert done.code == 0, done.err
    said = done.out.decode()
    assert "2 reports" in said
    assert "verification_missing" in said
    assert "held -> released" in said, "today nothing is released: the site has no policy"
    assert "Zyxqwvia" not in said
    assert site.run("release", "dry-run").code == 2


def test_a_worker_does_what_is_due_and_ends(site: Site) -> None:
    site.kept(clock=Clock()).submit()
    policy = site.folder / "release.toml"
    policy.write_text("excluded_exams = []\n", encoding="utf-8")
    site.set(RELEASE_POLICY=str(policy))
    done = site.run("worker", "--once")
    assert (done.code, done.out) == (0, b"announced 1, sent 0, not sent 0, explained 0, purged 0\n")


def test_a_purge_says_what_it_removed(site: Site) -> None:
    site.kept(clock=Clock()).submit()
    assert site.run("db", "purge").out.startswith(b"Removed: 0 reports")
