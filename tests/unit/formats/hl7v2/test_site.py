"""The site's configuration: strict, with names of what is wrong and never its values."""

from pathlib import Path

import pytest

from plainrad.errors import SettingsInvalidError
from plainrad.formats.hl7v2.site import Hl7Site, load_site


def test_without_a_file_the_defaults_hold() -> None:
    assert load_site(None) == Hl7Site()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(
        'several_reports = "split"\n[radiology]\napplications = ["cris"]\n[out]\nembargo = "hold"\n', encoding="utf-8"
    )
    site = load_site(path)
    assert (site.several_reports, site.radiology.applications, site.out.embargo) == ("split", ("CRIS",), "hold")
    assert site.status == Hl7Site().status


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[radiology]\nsender = ['A']", "radiology.sender"),
        ('[status.report]\nP = "preliminary"', "status.report.P"),
        ('zone = "Europe/Nowhere"', "zone"),
        ('[fields]\nverified_at = ["OBR22"]', "fields.verified_at.0"),
        ("not toml", "TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsInvalidError, match=named):
        load_site(path)


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalidError):
        load_site(tmp_path / "missing.toml")
