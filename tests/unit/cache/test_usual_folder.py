"""Where this user's programs keep what they can make again (XDG Base Directory Specification)."""

from pathlib import Path

import pytest

from plainrad.settings import Settings, usual_cache_dir


def test_it_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert usual_cache_dir() == tmp_path / "plainrad"


@pytest.mark.parametrize("said", ["", "relative/folder", None])
def test_it_is_in_the_home_folder_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str | None) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if said is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", said)
    assert usual_cache_dir() == tmp_path / ".cache" / "plainrad"


def test_a_site_may_choose_another_or_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PLAINRAD_CACHE", "PLAINRAD_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert (Settings().cache, Settings().cache_dir) == (True, None)
    monkeypatch.setenv("PLAINRAD_CACHE", "false")
    monkeypatch.setenv("PLAINRAD_CACHE_DIR", str(tmp_path))
    assert (Settings().cache, Settings().cache_dir) == (False, tmp_path)
