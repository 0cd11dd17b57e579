"""docs/hl7.md says what the code does."""

import re
import tomllib

from plainrad.formats.hl7v2.refusals import REFUSALS
from plainrad.formats.hl7v2.site import Hl7Site
from tests.support.hl7 import ROOT

TEXT = (ROOT / "docs" / "hl7.md").read_text(encoding="utf-8")


def test_every_code_stands_there_as_it_is_answered() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| (A[ER]) \| (\d+) \| ([^|]+) \| ([^|]+) \|$", TEXT, re.MULTILINE)
    assert rows == [
        (code, one.answer, str(one.condition), one.place or "names it", one.detail) for code, one in REFUSALS.items()
    ]


def test_the_configuration_shown_is_the_default() -> None:
    shown = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)[0]
    assert Hl7Site.model_validate(tomllib.loads(shown)) == Hl7Site()
