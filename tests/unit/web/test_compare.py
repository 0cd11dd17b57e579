"""The staff view keeps the original and the statements in step, and gives the evidence for each."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Flag
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.explain.neutral import as_chosen, neutral_items
from plainrad.web.compare import compare
from plainrad.web.words import staff_words
from tests.support.golden_cases import example
from tests.support.reports import EXAMPLES


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_pieces_are_the_report_and_every_link_has_its_other_end(plainrad: Plainrad, name: str) -> None:
    patient = plainrad.annotate(example(name))
    view = compare(patient, words=staff_words())
    assert "".join(piece.text for piece in view.pieces) == patient.report.text
    sentences = {piece.id: piece for piece in view.pieces if piece.id}
    statements = {said.id: said for group in view.groups for said in group.statements}
    assert set(statements) == {one.id for one in patient.statements}
    for said in statements.values():
        assert said.sentences
        assert all(said.id in sentences[one].statements for one in said.sentences)
        assert said.evidence
        assert all(one.rules and one.facts for one in said.evidence)
    for piece in sentences.values():
        assert all(piece.id in statements[one].sentences for one in piece.statements)
        assert (piece.kind == "told") == bool(piece.statements)


def test_a_sentence_says_what_became_of_it(plainrad: Plainrad) -> None:
    text = "History: Cough.\n\nFindings: No pneumothorax. Zzyx qwv.\n"
    report = Report(text, ReportStatus.FINAL, Exam("XR Chest"))
    kinds = {
        " ".join(piece.text.split()): piece.kind
        for piece in compare(plainrad.annotate(report), words=staff_words()).pieces
        if piece.id
    }
    assert kinds["No pneumothorax."] == "told"
    assert kinds["Zzyx qwv."] == "unread"


def test_every_flag_of_the_reading_says_what_can_be_done(plainrad: Plainrad) -> None:
    text = "Findings: Left pleural effusion.\n\nConclusion: Right pleural effusion.\n"
    view = compare(plainrad.annotate(Report(text, ReportStatus.FINAL, Exam("XR Chest"))), words=staff_words())
    (flag,) = [one for one in view.flags if one.code == "laterality_discrepancy"]
    assert flag.heading == "Left and right do not agree"
    assert len(flag.places) == 2
    assert {place for place, _ in flag.places} <= {piece.id for piece in view.pieces}


def test_a_flag_of_a_later_release_has_general_words() -> None:
    words = staff_words()
    assert words.flag(Flag("not_known_yet", "?").code) == words.other_flag


def test_what_the_patient_does_not_read_as_it_was_read_is_marked(plainrad: Plainrad) -> None:
    patient = plainrad.annotate(example("xr-chest-normal"))
    first, second = (one.id for one in patient.statements[:2])
    reads = as_chosen(patient, hidden={first}, neutral={second}, book=plainrad.book)
    can = neutral_items(patient, book=plainrad.book)
    view = compare(patient, words=staff_words(), as_patient=reads, neutral=can)
    said = {one.id: one for group in view.groups for one in group.statements}
    assert [one.id for one in said.values() if one.hidden] == [first]
    assert {one.id: one.instead for one in said.values() if one.instead} == {
        one.id: one.text for one in reads.statements if one.id == second
    }
    assert {one.id for one in said.values() if one.neutral} == {one for one in can if one in said}


def test_words_that_no_statement_rests_on_are_in_step_with_their_sentence(plainrad: Plainrad) -> None:
    text = "Findings: No pneumothorax. Zorbic zoop of the zob.\n"
    view = compare(plainrad.annotate(Report(text, ReportStatus.FINAL, Exam("XR Chest"))), words=staff_words())
    (own,) = view.own
    (piece,) = [one for one in view.pieces if "zoop" in one.text]
    assert (own.id, own.sentences) == ("w1", (piece.id,))
    assert piece.partners == ("w1",)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_explained_word_names_its_entry_and_where_it_stands(plainrad: Plainrad, name: str) -> None:
    patient = plainrad.annotate(example(name))
    view = compare(patient, words=staff_words())
    assert {one.term_id for one in view.explained} == {one.term_id for one in patient.explanations}
    assert all(one.review for one in view.explained)
    ids = {piece.id for piece in view.pieces}
    assert all(set(one.sentences) <= ids for one in view.explained)
