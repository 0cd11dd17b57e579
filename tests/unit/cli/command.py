"""Running a command in this process."""

from pathlib import Path
from typing import NamedTuple

import pytest

from plainrad.cli import app


class Outcome(NamedTuple):
    """How a command ended and what it wrote."""

    code: int
    out: bytes
    err: str


def run(capfd: pytest.CaptureFixture[str], *arguments: str | Path) -> Outcome:
    """Return the outcome of `plainrad ...`."""
    with pytest.raises(SystemExit) as caught:
        app([str(one) for one in arguments])
    out, err = capfd.readouterr()
    assert isinstance(caught.value.code, int)
    return Outcome(caught.value.code, out.encode("utf-8", "surrogateescape"), err)
