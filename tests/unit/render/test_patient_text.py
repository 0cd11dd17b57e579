"""The patient version as plain text."""

from plainrad.render import render_text
from tests.support.patient import DISCLAIMER, NHS_CT, TEXT, explanation, patient_report, plain_report, statement


def own_lines(text: str) -> list[str]:
    before, _, after = text.partition(TEXT)
    return before.splitlines() + after.splitlines()


def test_the_original_stands_in_it_exactly() -> None:
    assert TEXT in render_text(patient_report())


def test_our_own_lines_have_at_most_eighty_columns() -> None:
    assert [line for line in own_lines(render_text(patient_report())) if len(line) > 80] == []


def test_a_long_address_is_left_whole() -> None:
    url = "https://www.nhs.uk/" + "very-long-" * 12
    link = NHS_CT.__class__("x", url, "CT scan", "NHS", "A", None)
    assert url in render_text(plain_report(TEXT, links=(link,)))


def test_no_boxes_are_drawn() -> None:
    text = render_text(patient_report())
    assert not [mark for mark in text if "\u2500" <= mark <= "\u259f"]
    assert not any(mark in text for mark in ("---", "===", "___", "***"))


def test_each_statement_is_followed_by_the_reports_words() -> None:
    said = statement(text="The heart is the usual size.", quote="The heart is\n normal.")
    assert ("* The heart is the usual size.\n  In the report’s words: “The heart is  normal.”\n") in render_text(
        plain_report(TEXT, statements=(said,))
    )


def test_words_are_not_escaped() -> None:
    text = render_text(plain_report("a < b", explanations=(explanation(term="V/Q & <scan>"),)))
    assert "V/Q & <scan>" in text
    assert "&amp;" not in text


def test_the_order_is_that_of_the_page() -> None:
    text = render_text(patient_report())
    parts = [
        "CT chest with contrast",
        "WHAT THIS PAGE IS",
        "WHY THE SCAN WAS DONE, AND BACKGROUND",
        "WHAT THE REPORT DESCRIBES",
    ]
    parts += ["PARTS OF THE BODY", "WHAT HAPPENS NEXT", "QUESTIONS YOU MAY", "THE REPORT, WORD FOR WORD"]
    parts += ["WHERE TO READ MORE", "WORDS EXPLAINED", "HOW THIS PAGE WAS MADE"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_the_disclaimer_and_the_line_about_nhs_111_are_there() -> None:
    flat = " ".join(render_text(plain_report(TEXT)).split())
    assert DISCLAIMER in flat
    assert "If you feel unwell or worried, go to NHS 111 online (https://111.nhs.uk/) or call 111." in flat


def test_without_explanations_it_says_so() -> None:
    assert "No words in this report were explained." in render_text(plain_report(TEXT))


def test_flags_are_not_in_it() -> None:
    assert "different sides" not in render_text(patient_report())


def test_it_ends_in_one_line_feed_and_has_no_double_empty_lines_of_its_own() -> None:
    before, _, after = render_text(patient_report()).partition(TEXT)
    assert after.endswith("\n")
    assert not after.endswith("\n\n")
    assert "\n\n\n" not in before + "x" + after.lstrip("\n")
