"""What a report denies in one place and finds in another: "no fracture was found" would deny both."""

from plainrad.domain.reading import Mention, Reading
from plainrad.glossary.lookup import Glossary

_TOLD = ("findings", "conclusion", "addendum")
_OTHER = ("other", "further", "additional", "new", "second", "more", "residual", "remaining", "recurrent")


def denies_what_is_there(mention: Mention, reading: Reading, glossary: Glossary) -> bool:
    """Return True where the same thing is there, or may be, elsewhere in the report, and nothing in the "no" keeps the two apart.

    A place of its own, another side, or a word such as "other" keeps them apart.
    """
    if mention.term_id is None or mention.also_in:
        return False
    if mention.location:
        return _found_in_the_same_place(mention, reading)
    if any(one.rule == "neg.rather-than" for one in mention.evidence):
        return True  # "an accessory centre rather than a fracture" speaks of that spot alone
    words = mention.text.lower().split()
    if set(words) & set(_OTHER) or any(one.id in _OTHER or one.text.lower() in _OTHER for one in mention.modifiers):
        return False
    term = glossary.term(mention.term_id)
    plain = _bare(term.plain)
    names = {one.lower() for one in (term.term, *term.forms) if " " not in one} if not term.anatomy else set()
    return any(
        one is not mention
        and one.kind in ("finding", "device")
        and one.term_id is not None
        and one.section in _TOLD
        and one.assertion in ("present", "possible")
        and one.reportable
        and (mention.laterality is None or one.laterality in (None, "both", mention.laterality))
        and (
            one.term_id == mention.term_id
            or _bare(glossary.term(one.term_id).plain) == plain
            or any(word in names or word.removesuffix("s") in names for word in one.text.lower().split())
        )
        for one in reading.mentions
    )


def _found_in_the_same_place(mention: Mention, reading: Reading) -> bool:
    """As in "no duct dilatation and no calculus on the right", where the left duct is wide: the same thing in a part of that name."""
    place = reading.by_id[mention.location or ""]
    return mention.laterality is None and any(
        one.term_id == mention.term_id
        and one.section in _TOLD
        and one.assertion in ("present", "possible")
        and one.reportable
        and one.location is not None
        and reading.by_id[one.location].term_id == place.term_id
        and (place.laterality is None or reading.by_id[one.location].laterality in (None, place.laterality))
        for one in reading.mentions
        if one is not mention
    )


def _bare(plain: str) -> str:
    return plain.replace("{side }", "").lower()
