"""The example reports: what is read in each, and what a patient is told, reviewed by eye.

When a difference is meant, write the cases anew with `python -m tests.support.golden_cases` and read the diff line by line.
"""

import json

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.render.html import render_html
from tests.support.golden_cases import CASES, NAMES, case, example


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_read_and_told_as_before(plainrad: Plainrad, name: str) -> None:
    expected = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    assert case(plainrad.annotate(example(name))) == expected


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_an_example_shows_every_statement_and_stands_alone(plainrad: Plainrad, name: str) -> None:
    patient = plainrad.annotate(example(name))
    page = render_html(patient)
    assert page.count('class="statement') >= len(patient.statements) or len(patient.statements) == 0
    assert "<script" not in page
    assert 'src="http' not in page
    assert "@import" not in page


def test_there_are_sixteen_examples_of_every_modality(plainrad: Plainrad) -> None:
    assert len(NAMES) >= 16
    assert {example(name).exam.modality for name in NAMES} == {
        "XR",
        "CT",
        "MR",
        "US",
        "MG",
        "NM",
        "PT",
        "BMD",
        "RF",
        "IR",
    }
