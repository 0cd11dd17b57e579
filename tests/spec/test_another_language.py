"""Statements in another language need no change of code: in a made-up one no English word of ours is left, and every check still holds."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from plainrad.bootstrap import Plainrad, build
from plainrad.domain.patient import Statement
from plainrad.domain.reading import Extent
from plainrad.errors import ContentInvalidError
from plainrad.explain.faithfulness import refusal
from plainrad.explain.patient import written_and_refused
from plainrad.glossary.load import load_glossary
from plainrad.settings import Settings
from tests.support.another_language import LANGUAGE, make_glossary, written
from tests.support.golden_cases import NAMES, example

_LATIN = re.compile(r"[A-Za-z][A-Za-z’'\-]*")
_QUOTES, _BRACKETS = re.compile(r"“[^”]*”"), re.compile(r"\([^()]*\)")
_LABEL = re.compile(r"^(?P<label>[A-Za-z0-9][^:.“]{0,60}): ")
SIDES = (re.compile(r"\b(?:right|rt|r)\b|\bR", re.IGNORECASE), re.compile(r"\b(?:left|lt|l)\b|\bL", re.IGNORECASE))
_UNITS = frozenset({"mm", "cm", "x", "by"})


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Plainrad:
    folder = make_glossary(tmp_path_factory.mktemp("glossary"))
    return build(Settings(glossary_dir=folder))


def english_left(statement: Statement, report: str, own: set[str]) -> set[str]:
    """The words in our script outside the report's own: not quoted, in brackets, a label, a size, or a describing word of the report."""
    text = _BRACKETS.sub(" ", _QUOTES.sub(" ", statement.text))
    label = _LABEL.match(text)
    if label and " ".join(label["label"].split()).casefold() in " ".join(report.split()).casefold():
        text = text[label.end() :]
    return {one for one in _LATIN.findall(text) if not set(one.lower().replace("-", " ").split()) <= own | _UNITS}


def describing(plainrad: Plainrad) -> set[str]:
    return {word for one in plainrad.book.modifiers.values() for form in one.forms for word in form.split()} - {"of"}


@pytest.mark.parametrize("name", NAMES)
def test_no_english_word_of_ours_is_left(plainrad: Plainrad, other: Plainrad, name: str) -> None:
    report = example(name)
    told, wanted = other.annotate(report), plainrad.annotate(report)
    assert told.language == LANGUAGE
    assert [(one.id, one.group, one.source, one.mentions) for one in told.statements] == [
        (one.id, one.group, one.source, one.mentions) for one in wanted.statements
    ]
    own = describing(other)
    assert {one.text: left for one in told.statements if (left := english_left(one, report.text, own))} == {}
    assert not _LATIN.search(" ".join((*told.questions, *(one.text for one in told.lead), told.disclaimer_plain)))
    assert all(not _LATIN.search(f"{one.plain} {one.definition}") for one in told.explanations)
    assert all(not _LATIN.search(one.label) for one in told.anatomy)


@pytest.mark.parametrize("name", NAMES)
def test_the_check_refuses_none_of_its_sentences(other: Plainrad, name: str) -> None:
    patient = other.annotate(example(name))
    _, refused = written_and_refused(patient.report, patient.reading, glossary=other.glossary, book=other.book)
    assert refused == []


@pytest.mark.parametrize("name", ["ct-head-fall", "ct-kub-stone", "us-thyroid"])
def test_the_check_sees_a_wrong_side_in_it(other: Plainrad, name: str) -> None:
    patient = other.annotate(example(name))
    left, right = written("left"), written("right")
    seen = 0
    for one in patient.statements:
        source = " ".join(patient.report.text[span.start : span.end] for span in one.source)
        for said, wrong in ((left, right), (right, left)):
            if said in one.text.split() and not SIDES[wrong == left].search(source):
                seen += 1
                swapped = replace(one, text=re.sub(rf"\b{said}\b", wrong, one.text))
                assert refusal(swapped, patient.report.text, claims=other.book.claims) == "side", one.text
    assert seen


@pytest.mark.parametrize("claim", ["present_new", "larger", "smaller", "unchanged", "healing", "resolved"])
def test_the_check_sees_a_change_in_it_that_nobody_reported(other: Plainrad, claim: str) -> None:
    source = "A stone is seen."
    words = other.book.wording[claim].format(thing="x", a="", **other.book.grammar.one)
    one = Statement(
        "s1", "unchanged_or_known", words, "definite", (Extent(0, len(source)),), source, ("m1",), conclusion=False
    )
    assert refusal(one, source, claims=other.book.claims) == "change"


def test_a_language_without_its_plurals_is_refused_with_what_to_do(tmp_path: Path) -> None:
    folder = make_glossary(tmp_path)
    file = folder / "terms" / "chest" / "anatomy.toml"
    text = re.sub(r"^plural = .*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentInvalidError, match=r"have no `plural`, such as .*in another language give each"):
        load_glossary(folder)
