"""The ways of writing a form that follow by rule."""

import pytest

from plainrad.glossary.forms import american, plural, plural_phrase, variants
from plainrad.glossary.words import flesch_kincaid_grade, sentences, syllables


@pytest.mark.parametrize(
    ("one", "many"),
    [("nodule", "nodules"), ("metastasis", "metastases"), ("vertebra", "vertebrae"), ("mass", "masses"), ("biopsy", "biopsies"), ("appendix", "appendices"), ("ray", "rays"), ("focus", "foci")],
)  # fmt: skip
def test_plural(one: str, many: str) -> None:
    assert plural(one) == many


def test_the_head_noun_takes_the_plural() -> None:
    assert plural_phrase("small lump in the lung") == "small lumps in the lung"
    assert plural_phrase("broken bone") == "broken bones"


@pytest.mark.parametrize(
    ("british", "us"),
    [
        ("oedema", "edema"),
        ("tumour", "tumor"),
        ("haemorrhage", "hemorrhage"),
        ("ischaemia", "ischemia"),
        ("nodule", "nodule"),
        ("multinodular goitre", "multinodular goiter"),
        ("placenta praevia", "placenta previa"),
        ("phaeochromocytoma", "pheochromocytoma"),
    ],
)
def test_american_spelling(british: str, us: str) -> None:
    assert american(british) == us


def test_a_thing_that_cannot_be_counted_has_no_plural() -> None:
    assert variants("pulmonary oedema", count=False) == ("pulmonary oedema", "pulmonary edema")
    assert "nodules" in variants("nodule", count=True)
    assert "liver metastases" in variants("liver metastasis", count=True)


def test_reading_grade_rises_with_longer_words_and_sentences() -> None:
    easy = "A small lump in the lung."
    hard = "A circumscribed parenchymal abnormality demonstrating heterogeneous attenuation characteristics throughout."
    assert flesch_kincaid_grade(easy) < 3
    assert flesch_kincaid_grade(hard) > 12
    assert flesch_kincaid_grade("") == 0.0
    assert [syllables(word) for word in ("lung", "fluid", "between", "little", "places")] == [1, 1, 2, 2, 2]
    assert sentences("One. Two! Three?") == ["One.", "Two!", "Three?"]


def test_a_hyphen_after_a_prefix_may_be_left_out() -> None:
    assert "intraarticular" in variants("intra-articular", count=False)
    assert "extraaxial collection" in variants("extra-axial collection", count=False)


def test_other_hyphens_stay() -> None:
    assert "x-ray" in variants("x-ray", count=False)
    assert "xray" not in variants("x-ray", count=False)
