"""`check-links` against a site on this machine; never the real network."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from plainrad.editorial.links import MAX_REDIRECTS, Manners, Seen, check_links, exit_code
from plainrad.settings import settings
from plainrad.store.engine import open_database
from plainrad.store.links_seen import all_seen
from plainrad.table import print_links
from tests.unit.cli.command import run
from tests.unit.editorial.local_site import Site, local_site

QUICK = Manners(timeout=5, pause=0, trust_env=False)


@dataclass(frozen=True)
class Page:
    id: str
    url: str


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with local_site() as made:
        yield made


def look(site: Site, path: str, manners: Manners = QUICK) -> Seen:
    site.asked.clear()
    (seen,) = check_links([Page("page", site.address + path)], manners)
    return seen


@pytest.mark.parametrize(
    ("path", "state", "note"),
    [
        ("/here", "alive", ""),
        ("/old", "moved", "{site}/here"),
        ("/for-now", "alive", "for now at {site}/here"),
        ("/mixed", "moved", "{site}/for-now"),
        ("/absent", "gone", "answers 404"),
        ("/withdrawn", "gone", "answers 410"),
        ("/forbidden", "unreachable", "answers 403"),
        ("/broken", "unreachable", "answers 500"),
        ("/loop", "unreachable", "more than 5 redirects"),
        (f"/steps/{MAX_REDIRECTS}", "alive", "for now at {site}/steps/0"),
        (f"/steps/{MAX_REDIRECTS + 1}", "unreachable", "more than 5 redirects"),
    ],
)
def test_each_answer_has_its_name(site: Site, path: str, state: str, note: str) -> None:
    seen = look(site, path)
    assert (seen.state, seen.note) == (state, note.format(site=site.address))


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/here", ["HEAD"]),
        ("/no-head", ["HEAD", "GET"]),
        ("/head-lies", ["HEAD", "GET"]),
        ("/absent", ["HEAD", "GET"]),
        ("/broken", ["HEAD", "GET", "GET"]),
    ],
)
def test_head_comes_first_and_only_what_may_pass_is_asked_again(site: Site, path: str, methods: list[str]) -> None:
    look(site, path)
    assert site.methods(path) == methods


def test_where_head_is_refused_get_decides(site: Site) -> None:
    assert look(site, "/no-head").state == look(site, "/head-lies").state == "alive"


def test_a_second_try_finds_a_page_that_was_busy(site: Site) -> None:
    assert look(site, "/tired").state == "alive"
    assert site.methods("/tired") == ["HEAD", "GET", "GET"]


def test_a_page_that_does_not_answer_is_not_called_gone(site: Site) -> None:
    seen = look(site, "/slow", Manners(timeout=0.2, pause=0, trust_env=False))
    assert (seen.state, seen.note) == ("unreachable", "no answer within 0.2 s")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://[not-an-address/", "nothing://at.all/"])
def test_an_address_that_leads_nowhere_is_unreachable(url: str) -> None:
    (seen,) = check_links([Page("page", url)], QUICK)
    assert seen.state == "unreachable"
    assert seen.note.startswith("no connection (")


def test_a_host_is_asked_one_thing_at_a_time_by_a_client_with_a_name() -> None:
    with local_site() as site:
        pages = [Page(f"p{number}", f"{site.address}/page/{number}") for number in range(20)]
        seen = check_links(pages, QUICK)
        assert [(one.id, one.state) for one in seen] == [(page.id, "alive") for page in pages]
        assert site.most_at_once == 1
        assert len(site.asked) == len(pages)
        (agent,) = site.agents
        assert agent.startswith("Plainrad/")


def test_the_table_names_what_needs_an_editor_last() -> None:
    console = Console(width=120, highlight=False)
    seen = [Seen("b", "https://b/", "gone", "answers 404"), Seen("a", "https://a/", "alive", "")]
    with console.capture() as capture:
        print_links(seen, console=console)
    text = capture.get()
    assert text.index("https://a/") < text.index("https://b/")
    assert text.endswith("1 alive; 0 moved; 0 unreachable; 1 gone.\n")


def test_only_a_page_that_is_gone_fails_the_check(site: Site) -> None:
    kept = [look(site, path) for path in ("/here", "/old", "/broken")]
    assert exit_code(kept) == 0
    assert exit_code([*kept, look(site, "/absent")]) == 1


LINK = '[[link]]\nid = "{id}"\nurl = "https://127.0.0.1:1/{id}"\ntitle = "t"\npublisher = "p"\nevidence = "A"\nchecked = ""\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A glossary whose links lead to a port where nobody listens."""
    (tmp_path / "terms").mkdir()
    (tmp_path / "links.toml").write_text(LINK.format(id="one") + LINK.format(id="two"))
    settings.cache_clear()
    monkeypatch.setenv("PLAINRAD_GLOSSARY_DIR", str(tmp_path))
    yield tmp_path
    settings.cache_clear()


def test_the_command_leaves_the_file_alone_when_nothing_answers(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "links.toml").read_bytes()
    outcome = run(capfd, "check-links", "--only", "two", "--write", "--timeout", "5")
    assert outcome.code == 0
    assert b"unreachable" in outcome.out
    assert b"0 links have today's date now." in outcome.out
    assert b"/one" not in outcome.out
    assert (folder / "links.toml").read_bytes() == before


def test_the_command_refuses_an_unknown_id_and_a_broken_file(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, "check-links", "--only", "three").err.startswith("plainrad: link_unknown: ")
    (folder / "links.toml").write_text("[[link]]\n")
    outcome = run(capfd, "check-links")
    assert (outcome.code, outcome.out) == (1, b"")
    assert outcome.err.startswith("plainrad: content_invalid: ")


def test_what_was_seen_is_kept_for_the_queue_of_the_editors(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    address = f"sqlite:///{tmp_path}/site.db"
    monkeypatch.setenv("PLAINRAD_DATABASE_URL", address)
    settings.cache_clear()
    for _ in range(2):
        outcome = run(capfd, "check-links", "--keep", "--timeout", "5")
        assert outcome.code == 0
        assert "2 links are kept" in outcome.err
    database = open_database(address)
    with database.reading() as session:
        seen = all_seen(session)
    database.close()
    assert {one.id: one.state for one in seen.values()} == {"one": "unreachable", "two": "unreachable"}
