"""Without what is hidden: what rests on it alone goes too, what rests on something else stays, nothing is added."""

import re
from dataclasses import replace

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.explain.along import goes_along, same_sentence
from plainrad.explain.hidden import items, other_half, without

TWO = "Findings: There are liver metastases. There is a small left pleural effusion. No pneumothorax."


def patient(plainrad: Plainrad, text: str) -> PatientReport:
    return plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam("CT", "CT", ("chest", "abdomen"))))


def quoting(found: PatientReport, words: str) -> str:
    return next(one.id for one in found.statements if words in one.quote)


def test_nothing_hidden_changes_nothing(plainrad: Plainrad) -> None:
    found = patient(plainrad, TWO)
    assert without(found, (), book=plainrad.book) is found


def test_the_lead_goes_with_the_only_sentence_that_calls_for_it(plainrad: Plainrad) -> None:
    found = patient(plainrad, TWO)
    left = without(found, {quoting(found, "metastases")}, book=plainrad.book)
    assert ([one.about for one in found.lead], left.lead) == (["cancer", "cancer"], ())
    assert {one.term_id for one in left.explanations}.isdisjoint({"metastasis", "liver-metastasis", "liver"})
    assert "liver" not in {one.id for one in left.anatomy}


def test_the_lead_says_no_more_than_the_sentences_that_are_left(plainrad: Plainrad) -> None:
    found = patient(plainrad, "Findings: There are liver metastases. Possible lung cancer.")
    left = without(found, {quoting(found, "metastases")}, book=plainrad.book)
    lines = dict(plainrad.book.leads)
    assert (found.lead[0].text, left.lead[0].text) == (lines["cancer"], lines["cancer-possible"])


def test_hiding_a_part_adds_no_lead_and_no_question(plainrad: Plainrad) -> None:
    found = patient(plainrad, TWO)
    left = without(found, {quoting(found, "metastases"), quoting(found, "effusion")}, book=plainrad.book)
    assert set(left.questions) < set(found.questions), "least of all the one for when nothing was found"


def test_hiding_something_else_leaves_the_lead(plainrad: Plainrad) -> None:
    found = patient(plainrad, TWO)
    left = without(found, {quoting(found, "effusion")}, book=plainrad.book)
    assert left.lead == found.lead


def test_a_pregnancy_that_is_not_seen_is_led_by_no_longer_when_it_is_hidden(plainrad: Plainrad) -> None:
    found = patient(plainrad, "Findings: No intrauterine pregnancy. Small left pleural effusion.")
    assert [one.about for one in found.lead] == ["pregnancy", "pregnancy"]
    left = without(found, {quoting(found, "pregnancy")}, book=plainrad.book)
    assert left.lead == ()


def test_what_a_shown_sentence_rests_on_stays(plainrad: Plainrad) -> None:
    found = patient(plainrad, TWO)
    left = without(found, {"pleural-effusion"}, book=plainrad.book)
    assert all(number in left.reading.by_id for one in left.statements for number in one.mentions)
    assert "pleural-effusion" not in {one.term_id for one in left.explanations}


def test_own_words_are_hidden_by_their_place(plainrad: Plainrad) -> None:
    found = patient(plainrad, "Findings: Zorbic zoop of the zob. Small left pleural effusion.")
    assert found.own_words
    assert "w1" in items(found)
    left = without(found, {"w1"}, book=plainrad.book)
    assert left.own_words == found.own_words[1:]


@pytest.mark.parametrize("item", ["s999", "w999", "no-such-term"])
def test_what_is_not_there_cannot_be_hidden(plainrad: Plainrad, item: str) -> None:
    assert item not in items(patient(plainrad, TWO))


def test_half_a_sentence_is_not_hidden_while_the_other_half_is_told(plainrad: Plainrad) -> None:
    whole = patient(plainrad, "Findings: Zorbic zoop of the zob. Small left pleural effusion.")
    (told,) = whole.statements
    (own,) = whole.own_words
    assert other_half(whole, "w1", hidden=()) is None, "a sentence of its own"
    start = told.source[0].start
    half = replace(own, start=start, end=start + 5, text=whole.report.text[start : start + 5])
    together = replace(whole, own_words=(half,))
    assert other_half(together, "w1", hidden=()) == told.id
    assert other_half(together, "w1", hidden={told.id}) is None
    assert other_half(together, told.id, hidden={"w1"}) == "w1", "nor is the statement told again while they are hidden"
    assert other_half(together, told.id, hidden=()) is None
    assert other_half(together, "pleural-effusion", hidden=()) is None


# ---- what quotes the same words ---------------------------------------------------------------------------------------

BOTH = "Findings: The left pleural effusion that was told of cannot be told from the collapse. No pneumothorax."
STEP = "Findings: Normal heart size.\nConclusion: Refer to the lung MDT for the 9 mm nodule suspicious for malignancy."
SAID = re.compile(r"“([^”]*)”")


def saying(found: PatientReport, words: str) -> str:
    return next(one.id for one in found.statements if words in one.text)


def quotations(found: PatientReport) -> str:
    return " ".join(words for one in found.statements for words in SAID.findall(one.text))


@pytest.mark.parametrize(
    ("text", "hidden", "word"),
    [(BOTH, "fluid around the lung", "effusion"), (BOTH, "collapsed area", "collapse"), (STEP, "small lump", "nodule"), (STEP, "cancer (malignancy)", "malignancy")],
)  # fmt: skip
def test_what_is_hidden_is_not_quoted_by_another_statement(
    plainrad: Plainrad, text: str, hidden: str, word: str
) -> None:
    found = patient(plainrad, text)
    assert word in quotations(found), "another statement quotes it, or this would prove nothing"
    left = without(found, {saying(found, hidden)}, book=plainrad.book)
    assert word not in quotations(left)
    assert not any(hidden in one.text for one in left.statements)


def test_a_statement_in_plain_words_about_another_thing_stays(plainrad: Plainrad) -> None:
    found = patient(plainrad, STEP)
    lump, cancer = saying(found, "small lump"), saying(found, "cancer (malignancy)")
    assert goes_along(found, {lump}) == {saying(found, "next step")}
    assert same_sentence(found, {lump}) == {cancer}, "and it is said that it rests on the same sentence"
    both = patient(plainrad, BOTH)
    assert saying(both, "No leaked air") not in goes_along(both, {saying(both, "fluid")})
    assert same_sentence(both, {saying(both, "fluid")}) == frozenset()


def test_hiding_the_quotation_leaves_what_is_told_in_plain_words(plainrad: Plainrad) -> None:
    found = patient(plainrad, STEP)
    assert goes_along(found, {saying(found, "next step")}) == frozenset()
    left = without(found, {saying(found, "next step")}, book=plainrad.book)
    assert saying(left, "small lump")


def test_a_cue_that_is_quoted_hides_nothing(plainrad: Plainrad) -> None:
    found = patient(plainrad, "Findings: Possible left pleural effusion or pneumonia.")
    assert len(found.statements) > 1
    for one in found.statements:
        assert goes_along(found, {one.id}) == frozenset(), "“possible” is no word of a thing"


def test_what_another_statement_tells_in_plain_words_is_no_secret(plainrad: Plainrad) -> None:
    found = patient(plainrad, STEP)
    lump, step = saying(found, "small lump"), saying(found, "next step")
    again = replace(next(one for one in found.statements if one.id == lump), id="s99", text="The lump is known.")
    more = replace(found, statements=(*found.statements, again))
    assert step not in goes_along(more, {lump})
    assert step in goes_along(more, {lump, "s99"})


def test_hiding_nothing_and_hiding_a_word_take_no_statement_along(plainrad: Plainrad) -> None:
    found = patient(plainrad, STEP)
    assert goes_along(found, ()) == frozenset()
    assert goes_along(found, {"nodule", "w1"}) == frozenset()
