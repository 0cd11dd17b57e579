"""Sizes of today and of an earlier scan, in the words that reports use for both."""

import pytest

from plainrad.pipeline.measurements import find_measurements


def told(text: str) -> list[tuple[tuple[float, ...], str]]:
    return [(one.values, one.when) for one in find_measurements(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now 3.1 cm (6.8 cm)", [((3.1,), "current"), ((6.8,), "prior")]),
        ("measures 68 x 65 mm (63 x 60 mm), a growth of half a centimetre", [((68, 65), "current"), ((63, 60), "prior")]),
        ("a cyst of 5 cm (4.8 cm wide)", [((5,), "current"), ((4.8,), "current")]),
        ("a cyst of 50 mm (5 cm)", [((50,), "current"), ((5,), "current")]),
        ("8 mm (previously 3)", [((8,), "current"), ((3,), "prior")]),
        ("8 mm (image 3)", [((8,), "current")]),
        ("has reduced from 9 to 5 mm", [((9,), "prior"), ((5,), "current")]),
        ("has increased in size from 21 mm to 3.4 cm", [((21,), "prior"), ((3.4,), "current")]),
        ("nodes of 5 to 9 mm", [((5, 9), "current")]),
    ],
)  # fmt: skip
def test_an_older_size_is_told_from_the_one_of_today(text: str, expected: list[tuple[tuple[float, ...], str]]) -> None:
    assert told(text) == expected
