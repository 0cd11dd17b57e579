"""Whatever an entry holds goes through the form and comes out again."""

from dataclasses import replace

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.content import content_folder
from plainrad.explain.carriers import carriers
from plainrad.glossary.read import read_content
from plainrad.glossary.schema import TermSchema
from plainrad.web.entry_form import FIELDS, fields_from, fields_of, parse_entry


def test_every_field_of_an_entry_is_in_the_form() -> None:
    given_elsewhere = {"review", "sense"}  # at approval; in rows
    assert set(TermSchema.model_fields) - given_elsewhere <= set(FIELDS)


def test_every_shipped_entry_goes_in_and_comes_out() -> None:
    for path, entry in read_content(content_folder("glossary")).terms:
        parsed = parse_entry(fields_from(entry.model_dump(mode="json"), path))
        assert parsed.wrong == (), entry.id
        assert parsed.entry == entry.model_copy(update={"review": type(entry.review)()}), entry.id


def test_every_plain_phrase_is_shown_in_its_sentences(plainrad: Plainrad) -> None:
    for term in plainrad.glossary.terms.values():
        said = carriers(term=term.term, plain=term.plain, noun=term.noun, book=plainrad.book)
        assert (said == ()) == (term.noun == "none")
        assert all("{" not in one and one.endswith(".") for one in said), term.id


@pytest.mark.parametrize("topic", ["", "A", "a b", "a--b", "../x", "²", "x.toml", "x\n"])
def test_a_topic_is_a_file_name_of_ours(topic: str) -> None:
    path, entry = read_content(content_folder("glossary")).terms[0]
    fields = replace(fields_from(entry.model_dump(mode="json"), path), topic=topic)
    assert [one.name for one in parse_entry(fields).wrong] == ["topic"]


WORD = "\ufeffclot\u00a0in a\u202fpatient\u2019s \u201cdeep\u201d vein\u00ad of\u200b the\u2060 leg\u200e"


def test_text_pasted_from_a_word_processor_becomes_plain_text() -> None:
    sent = {
        "term": "t",
        "id": "t",
        "kind": "finding",
        "noun": "count",
        "plain": WORD,
        "definition": f"{WORD}\x0b{WORD}.\x07",
    }
    fields = fields_of(
        sent | {"forms": "one form\x0btwo\u2028three\u2029four\r\nfive\rsix\tsix", "region": "chest"}, new=True
    )
    assert fields.words["plain"] == 'clot in a patient\'s "deep" vein of the leg'
    assert fields.words["definition"] == f"{fields.words['plain']} {fields.words['plain']}."
    assert fields.lines["forms"].split("\n") == ["one form", "two", "three", "four", "five", "six six"]
    assert fields.words["plain"].isascii()
