"""Describing words before a plain name: "a small amount of", "a number of new or sudden"."""

from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Mention


def with_describing_words(
    mention: Mention, base: str, book: PhraseBook, *, mass: bool, plural: bool, amounts: bool
) -> tuple[str, bool]:
    """Return the plain name `base` with what the report calls the thing, and whether an amount stands before it.

    `mass`: the thing is not counted; without `amounts` none is said ("The ..." stands before it).
    """
    words, amount = base, False
    for modifier in reversed(mention.modifiers):
        table = book.modifiers[modifier.id]
        if modifier.id == "multiple":
            if plural and mention.change in (None, "new") and not book.grammar.begins_as("many", words):
                words, amount = book.wording["several"].format(thing=words), False
            continue
        if table.after:
            continue  # told in a sentence of its own
        first, last = words.replace("{side }", "").split()[0], table.plain.split()[-1]
        if modifier.id == "large" and first == book.modifiers["small"].plain:
            continue  # "large small lump": told in a sentence of its own
        if first == last:
            continue  # "small small lump"
        if modifier.id in ("tiny", "small") and book.grammar.begins_as("tiny", words.replace("{side }", "")):
            continue  # "very small very small stroke", "small tiny spots"
        plain = table.amount if mass else table.plain
        measure = mass and (plain or "").endswith(book.grammar.amount_ends)
        if measure and not amounts:
            continue
        if plain:
            words = _before_noun(plain, words, book)
            amount = amount or measure
    return words, amount


def _before_noun(plain: str, words: str, book: PhraseBook) -> str:
    """Return the describing word before the noun: "a number of new broken bones", not "new a number of broken bones"."""
    several = book.wording["several"].format(thing="")
    return several + plain + " " + words[len(several) :] if words.startswith(several) else f"{plain} {words}"
