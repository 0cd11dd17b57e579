"""Set phrases: each is read in its own sentence, and not in a near miss."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Report, ReportStatus
from tests.support.golden import GOLDEN, load

ROWS = load(GOLDEN / "phrases.jsonl")


def phrases(plainrad: Plainrad, text: str) -> set[str]:
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL))
    return {one.reading_id for one in reading.mentions if one.reading_id}


@pytest.mark.parametrize("row", [row for row in ROWS if row["reads"]], ids=lambda row: row["id"])
def test_a_set_phrase_is_read(plainrad: Plainrad, row: dict[str, str]) -> None:
    assert row["id"] in phrases(plainrad, row["text"])


@pytest.mark.parametrize("row", [row for row in ROWS if not row["reads"]], ids=lambda row: row["id"])
def test_a_near_miss_is_not_read_as_the_phrase(plainrad: Plainrad, row: dict[str, str]) -> None:
    assert row["id"] not in phrases(plainrad, row["text"])


def test_every_phrase_has_a_sentence_and_a_near_miss(plainrad: Plainrad) -> None:
    for reads in (True, False):
        covered = {row["id"] for row in ROWS if row["reads"] is reads}
        assert set(plainrad.book.phrases) - covered == set()
