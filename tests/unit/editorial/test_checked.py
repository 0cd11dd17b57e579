"""The day of the last check goes into `links.toml`; everything else stays byte for byte."""

from datetime import date
from pathlib import Path

import pytest

from plainrad.content import content_folder
from plainrad.editorial.checked import remember, with_day
from plainrad.errors import ContentInvalidError
from plainrad.glossary.read import read_content

DAY = date(2026, 11, 21)
FILE = """# A head.

[[link]]   # first
id = "one"
url = "https://one/"
checked = ""   # never

[[ link ]]
checked   =   '2020-01-01'
id = 'two'
url = "https://two/"
topic = "[[link]]"


# about three
[[link]]
id = "three"
url = "https://three/"
"""


def test_only_the_day_changes() -> None:
    after, count = with_day(FILE, {"one": "https://one/", "two": "https://two/"}, DAY)
    assert count == 2
    assert after == FILE.replace('checked = "" ', 'checked = "2026-11-21" ').replace("'2020-01-01'", '"2026-11-21"')


def test_a_link_without_the_key_gets_it_after_its_last_line() -> None:
    after, count = with_day(FILE + "\n# end\n", {"three": "https://three/"}, DAY)
    assert (count, after) == (1, FILE + 'checked = "2026-11-21"\n\n# end\n')


def test_a_link_whose_address_was_changed_meanwhile_is_left_out() -> None:
    assert with_day(FILE, {"one": "https://another/", "four": "https://four/"}, DAY) == (FILE, 0)


def test_the_ends_of_lines_stay(tmp_path: Path) -> None:
    file = tmp_path / "links.toml"
    file.write_bytes(FILE.replace("\n", "\r\n").encode())
    assert remember(file, {"one": "https://one/", "three": "https://three/"}, DAY) == 2
    after = file.read_bytes()
    assert after.count(b"\r\n") == after.count(b"\n") == FILE.count("\n") + 1
    assert after.count(b'checked = "2026-11-21"') == 2


@pytest.mark.parametrize(
    "odd",
    [
        b'[[link]]\nid = "one"\nurl = "https://one/"\ntopic = """\nchecked = ""\n"""\n',
        b'[[link]]\nid = "one"\nurl = "https://one/"\nchecked = """"""\n',
        b"not toml",
        b'[[link]]\nid = "one"\n',
        b'[[link]]\nid = "\xff"\n',
    ],
)
def test_a_file_that_cannot_be_changed_safely_is_not_written(tmp_path: Path, odd: bytes) -> None:
    file = tmp_path / "links.toml"
    file.write_bytes(odd)
    with pytest.raises(ContentInvalidError, match="links"):
        remember(file, {"one": "https://one/"}, DAY)
    assert file.read_bytes() == odd


def test_the_file_of_the_glossary_can_be_changed(tmp_path: Path) -> None:
    folder = content_folder("glossary")
    text = folder.joinpath("links.toml").read_bytes().decode("utf-8")
    links = read_content(folder).links
    after, count = with_day(text, {one.id: one.url for one in links}, DAY)
    assert count == len(links)
    changed = [(a, b) for a, b in zip(text.split("\n"), after.split("\n"), strict=True) if a != b]
    assert all(b == 'checked = "2026-11-21"' for _, b in changed)
