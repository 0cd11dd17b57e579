"""The sentences in which an entry's plain words will stand, for its editor to read."""

from typing import Final

from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Side
from plainrad.domain.term import Noun
from plainrad.explain.phrase import Thing, with_side

_SENTENCES: Final = ("present", "absent", "possible_possible", "unchanged")


def carriers(*, term: str, plain: str, noun: Noun, book: PhraseBook) -> tuple[str, ...]:
    """Return what a patient would read when the thing is there, not there, possible, or as before; one with a side where it has one.

    A describing word (noun "none") stands in no sentence, so there are none.
    """
    if noun == "none":
        return ()
    said = [_in(template, term=term, plain=plain, noun=noun, side=None, book=book) for template in _SENTENCES]
    if "{side }" in plain:
        said.append(_in("present", term=term, plain=plain, noun=noun, side="left", book=book))
    return tuple(said)


def _in(template: str, *, term: str, plain: str, noun: Noun, side: Side | None, book: PhraseBook) -> str:
    words = with_side(plain, side, book)
    if term.casefold() not in words.casefold():
        words += book.wording["brackets"].format(words=term)
    slots = Thing(words, noun == "plural", noun == "count", amount=False).slots(book.grammar)
    said = book.wording[template].format(**slots, said="")
    return said[:1].upper() + said[1:]
