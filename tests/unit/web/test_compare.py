"""The staff view keeps the original and the statements in step, and gives the evidence for each."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Flag
from plainrad.domain.report import Exam, Report, ReportStatus
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


def test_a_hidden_statement_is_marked(plainrad: Plainrad) -> None:
    patient = plainrad.annotate(example("xr-chest-normal"))
    first = patient.statements[0].id
    view = compare(patient, words=staff_words(), hidden={first})
    assert [said.id for group in view.groups for said in group.statements if said.hidden] == [first]
