"""How a note to a patient reads, as a guard while it is typed."""

from plainrad.records.deeds import MOST_NOTE
from plainrad.web.note_check import AIM, check_note


def test_short_sentences_of_everyday_words_are_easy() -> None:
    found = check_note("I spoke with you on the phone today. The nurse will ring you on Monday.")
    assert found.grade is not None
    assert found.grade <= AIM
    assert (found.hard, found.long) == ((), ())


def test_long_sentences_and_hard_words_are_named() -> None:
    found = check_note("Multidisciplinary deliberation is awaited. " + "We will see you and " * 6 + "then we stop.")
    assert found.hard[:2] == ("Multidisciplinary", "deliberation")
    assert len(found.long) == 1


def test_nothing_has_no_grade_and_too_much_has_less_than_nothing_left() -> None:
    assert check_note(" \n ").grade is None
    assert check_note("9 12").grade is None
    assert check_note("x" * (MOST_NOTE + 5)).left == -5
