"""The original is cut into pieces that can carry links, and never into other words."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plainrad.domain.reading import Extent, Mention
from plainrad.domain.term import TermKind
from plainrad.render.original import Piece, Spot, Stretch, cut_original
from tests.support.patient import mention, statement

TEXT = "Small pleural effusion. No effusion on the right."
EXPLAINED = {"pleural-effusion", "effusion", "small"}


def word(start: int, end: int, term_id: str | None, *, kind: TermKind = "finding") -> Mention:
    return mention(1, start, end, text=TEXT, term_id=term_id, kind=kind)


def marked(stretches: tuple[Stretch, ...]) -> list[tuple[str, str | None]]:
    return [(piece.text, piece.term_id) for one in stretches for piece in one.pieces if piece.term_id]


def test_without_words_and_statements_the_text_is_one_piece() -> None:
    assert cut_original(TEXT, mentions=(), explained=(), statements=()) == (Stretch((Piece(TEXT),)),)


def test_an_explained_word_is_marked() -> None:
    stretches = cut_original(TEXT, mentions=[word(6, 22, "pleural-effusion")], explained=EXPLAINED, statements=())
    assert marked(stretches) == [("pleural effusion", "pleural-effusion")]


def test_a_word_without_an_explanation_is_not_marked() -> None:
    mentions = [word(6, 22, "something-else"), word(0, 5, None)]
    assert marked(cut_original(TEXT, mentions=mentions, explained=EXPLAINED, statements=())) == []


def test_only_the_first_occurrence_is_marked_whatever_the_order_of_the_mentions() -> None:
    mentions = [word(27, 35, "effusion"), word(14, 22, "effusion")]
    (stretch,) = cut_original(TEXT, mentions=mentions, explained=EXPLAINED, statements=())
    assert [bool(piece.term_id) for piece in stretch.pieces] == [False, True, False]
    assert len(stretch.pieces[0].text) == 14


def test_of_nested_words_the_outermost_is_marked_and_the_inner_one_where_it_stands_alone() -> None:
    mentions = [word(14, 22, "effusion"), word(6, 22, "pleural-effusion"), word(27, 35, "effusion")]
    stretches = cut_original(TEXT, mentions=mentions, explained=EXPLAINED, statements=())
    assert marked(stretches) == [("pleural effusion", "pleural-effusion"), ("effusion", "effusion")]


def test_findings_are_marked_strongly_and_describing_words_lightly() -> None:
    mentions = [word(0, 5, "small", kind="descriptor"), word(6, 22, "pleural-effusion", kind="finding")]
    (stretch,) = cut_original(TEXT, mentions=mentions, explained=EXPLAINED, statements=())
    assert [piece.strong for piece in stretch.pieces if piece.term_id] == [False, True]


def test_an_absent_finding_is_marked_as_a_present_one_is() -> None:
    pieces = [
        cut_original(
            TEXT,
            mentions=[mention(1, 27, 35, text=TEXT, term_id="effusion", assertion=assertion)],
            explained=EXPLAINED,
            statements=(),
        )
        for assertion in ("present", "absent", "possible")
    ]
    assert pieces[0] == pieces[1] == pieces[2]


def test_a_source_becomes_a_place_that_leads_back_to_its_statement() -> None:
    stretches = cut_original(TEXT, mentions=(), explained=(), statements=[statement(3, source=(Extent(24, 49),))])
    assert stretches == (
        Stretch((Piece("Small pleural effusion. "),)),
        Stretch((Piece("No effusion on the right."),), (Spot("original-s3", "s3"),)),
    )


def test_statements_on_one_sentence_share_a_place() -> None:
    statements = [statement(1, source=(Extent(0, 23),)), statement(2, source=(Extent(0, 23),))]
    place, _ = cut_original(TEXT, mentions=(), explained=(), statements=statements)
    assert place.spots == (Spot("original-s1", "s1"), Spot("original-s2", "s2"))


def test_every_source_of_a_statement_has_a_place() -> None:
    first, _, second = cut_original(
        TEXT, mentions=(), explained=(), statements=[statement(1, source=(Extent(0, 23), Extent(24, 49)))]
    )
    assert (first.spots, second.spots) == ((Spot("original-s1", "s1"),), (Spot("original-s1-2", "s1"),))


def test_a_place_does_not_cut_a_marked_word_in_two() -> None:
    stretches = cut_original(
        TEXT,
        mentions=[word(6, 22, "pleural-effusion")],
        explained=EXPLAINED,
        statements=[statement(1, source=(Extent(14, 23),))],
    )
    assert ["".join(piece.text for piece in one.pieces) for one in stretches][1] == "pleural effusion."


def test_a_span_outside_the_text_is_left_out() -> None:
    stretches = cut_original(
        TEXT,
        mentions=[mention(1, 40, 400, text=TEXT, term_id="small"), mention(1, 9, 5, text=TEXT, term_id="small")],
        explained=EXPLAINED,
        statements=[statement(1, source=(Extent(40, 400),)), statement(2, source=(Extent(-3, 4),))],
    )
    assert stretches == (Stretch((Piece(TEXT),)),)


SPANS = st.lists(st.tuples(st.integers(-2, 60), st.integers(-2, 60)), max_size=12)


@given(text=st.text(max_size=55), words=SPANS, sources=SPANS)
def test_the_pieces_together_are_the_text_and_each_term_is_marked_once(
    text: str, words: list[tuple[int, int]], sources: list[tuple[int, int]]
) -> None:
    stretches = cut_original(
        text,
        mentions=[mention(1, *span, text=text, term_id=f"t{number % 5}") for number, span in enumerate(words)],
        explained={f"t{number}" for number in range(5)},
        statements=[statement(number, source=(Extent(*span),)) for number, span in enumerate(sources)],
    )
    assert "".join(piece.text for one in stretches for piece in one.pieces) == text
    terms = [term for _, term in marked(stretches)]
    assert len(terms) == len(set(terms))
    spots = [spot.id for one in stretches for spot in one.spots]
    assert sorted(spots) == sorted(
        f"original-s{number}" for number, (start, end) in enumerate(sources) if 0 <= start < end <= len(text)
    )
    assert all(piece.text for one in stretches for piece in one.pieces)
    assert all(one.spots or other.spots for one, other in pairwise(stretches))
