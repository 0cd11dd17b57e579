"""Which fixed sentence tells what was looked for and not found."""

from plainrad.domain.patient import StatementGroup
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Mention, Reading
from plainrad.explain.elsewhere import denies_what_is_there
from plainrad.explain.restrict import restriction, tail_restricts
from plainrad.explain.sources import CAVEAT
from plainrad.glossary.lookup import Glossary

_SIZES = frozenset({"large", "small"})  # "no large amount of air", never "no large air"


def absent(
    mention: Mention, reading: Reading, text: str, glossary: Glossary, book: PhraseBook
) -> tuple[StatementGroup, str, dict[str, str]]:
    """Return the group, the name of the sentence and what else it needs."""
    if mention.change == "resolved":
        return "unchanged_or_known", "resolved", {}
    if glossary.term(mention.term_id or "").sensitivity == "pregnancy":
        return "looked_for_not_found", "own_words", {}  # never in other words than those that were chosen
    if CAVEAT.search(text, mention.end, reading.sentences[mention.sentence].end):
        return "looked_for_not_found", "own_words", {}  # "no stone, but a small one cannot be excluded"
    kind, words = restriction(mention, reading, text)
    if kind == "own" or (kind != "seen" and tail_restricts(mention, reading, text)):
        return "looked_for_not_found", "own_words", {}
    if not kind and denies_what_is_there(mention, reading, glossary):
        return "looked_for_not_found", "own_words", {}
    if not kind.startswith("called"):
        return "looked_for_not_found", f"absent_{kind}" if kind else "absent", {}
    known = [book.called.get(word) for word in words.split()]
    if any(one is None for one in known):
        return "looked_for_not_found", "own_words", {}
    mass = glossary.term(mention.term_id or "").noun == "mass"
    amounts = [book.modifiers[one.word].amount if mass and one.word in _SIZES else None for one in known if one]
    before = "".join(
        f"{(amount or '').removeprefix(book.grammar.articles[0]) or one.before} "
        for one, amount in zip((one for one in known if one), amounts, strict=True)
        if one.before
    )
    after = "".join(f" {one.after}" for one in known if one and one.after)
    return (
        "looked_for_not_found",
        "absent_called" if kind == "called" else "absent_clear_called",
        {"before": before, "after": after},
    )
