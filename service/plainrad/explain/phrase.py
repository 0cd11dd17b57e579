"""A mention in plain words: "a small amount of fluid around the left lung (pleural effusion)"."""

import re
from dataclasses import dataclass

from plainrad.domain.phrases import Grammar, PhraseBook
from plainrad.domain.reading import Mention, Reading, Side
from plainrad.domain.term import Term
from plainrad.explain.describing import with_describing_words
from plainrad.glossary.lookup import Glossary

_PLACE_WORDS = re.compile(
    r"(?:(?:(?<![\w\-])(?:proximal|distal|mid|middle|upper|lower|anterior|posterior|medial|lateral|superior|inferior|superficial|deep|inner|outer|central|peripheral|"
    r"terminal|ascending|descending|transverse|common|internal|external|visuali[sz]ed|imaged|included|remaining|visible|first|second|third|fourth|fifth|"
    r"frontal|(?!possible|typical|atypical|normal|abnormal|clinical|residual|incidental|minimal|equivocal|potential|similar|chronic|critical|general|usual|"
    r"additional|several|physiological|bilateral|unilateral|optimal|suboptimal|partial|symmetrical|interval|initial|final|usual|identical|original|actual|real|"
    r"surgical|historical|nominal|serial|total|trivial|basic|specific|nonspecific|non-specific|focal|multifocal|local|appear|clear|tear|scar|smear|bar|radiological|particular|historic|atypical)[a-z]+(?:ic|al|ar|ary))|"
    r"\d+(?:st|nd|rd|th))[\s\-]+){1,3}$",
    re.IGNORECASE,
)
_NEW_ITEM = re.compile(r"\n\s*[\n\-]")
# How the words of place end: most words before a finding end otherwise, and need no longer look.
_PLACE_ENDS = ("al", "ar", "or", "er", "id", "le", "ep", "ng", "se", "on", "ed", "st", "nd", "rd", "th", "ic", "ry")
MAX_WORDS = 20  # of one sentence for patients
_NUMBERED = re.compile(
    r"\s+\d+[a-z]?(?:(?:\s*,\s*|\s+and\s+|/|-|\s+to\s+)\d+[a-z]?)*\b(?!\s*(?:mm|cm|ml|x|%|\.\d))", re.IGNORECASE
)
_TAKES_NUMBERS = re.compile(r"(?:segment|rib|level|zone|station|grade|vertebra)s?$", re.IGNORECASE)
_ORGAN = re.compile(
    r" (?:in|of) the (?:\{side \})?(?P<organ>lung|liver|kidney|brain|breast|prostate|pancreas|womb|bladder)$"
)
_UNFINISHED = re.compile(r"\b(?:started|began|begins|starts|spread|grows|comes)$")
_SHORT_FORM = 5  # letters: "CT", "FLAIR" and "BIRADS" keep their capitals
_WORD_BEFORE = re.compile(r"(?<![A-Za-z\-])(?P<side>(?:left|right) +)?(?P<word>[A-Za-z][A-Za-z\-]*) +$")
_NARROWS_NOT = frozenset(
    [
        "the",
        "a",
        "an",
        "all",
        "both",
        "and",
        "or",
        "of",
        "in",
        "is",
        "are",
        "with",
        "left",
        "right",
        "bilateral",
        "visualised",
        "visualized",
        "visible",
        "imaged",
        "included",
        "remaining",
        "other",
        "rest",
        "normal",
        "unremarkable",
        "intact",
        "clear",
        "unchanged",
        "stable",
        "overlying",
        "underlying",
        "surrounding",
        "adjacent",
        "these",
        "those",
        "this",
        "that",
        "its",
        "no",
        "any",
        "scanned",
        "shown",
        "seen",
        "demonstrated",
        "for",
        "to",
        "within",
        "on",
        "at",
        "from",
        "otherwise",
        "there",
    ]
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun phrase ready for a sentence, with its number."""

    words: str
    plural: bool
    countable: bool
    amount: bool

    def slots(self, grammar: Grammar) -> dict[str, str]:
        """Return what the fixed sentences leave open: {thing}, {a}, {is}, {has}, {was}."""
        counted = self.countable and not self.plural and not self.amount
        number = grammar.many if self.plural and not self.amount else grammar.one
        return {
            "thing": self.words,
            "a": grammar.article(self.words) if counted else "",
            **{name: number[name] for name in ("is", "has", "was")},
        }


def name_of(
    mention: Mention,
    reading: Reading,
    glossary: Glossary,
    book: PhraseBook,
    *,
    text: str = "",
    amounts: bool = True,
    place: bool = True,
    describe: bool = True,
    side: bool = True,
    apart: bool = False,
) -> Thing:
    """Return the mention in plain words; `place` adds where it is, `describe` its size, amount and age, `side` left or right.

    With `text`, the original, the report's own word in brackets keeps the words of place before it ("distal", "7th"). With
    `apart` the place is left out, for it is told in a sentence of its own; a side that it names is not told twice.
    """
    term = glossary.term(mention.term_id or "")
    many = mention.plural or (term.noun == "count" and mention.text.lower().endswith("lithiasis"))
    plural = many or term.noun == "plural"
    base = term.plural if many else term.plain
    located = located_in(mention, reading, glossary, book, base, text) if place else ""
    base = _once(base, located, mention.laterality if side else None, book)
    words, amount = (
        with_describing_words(mention, base, book, mass=term.noun == "mass", plural=plural, amounts=amounts)
        if describe
        else (base, False)
    )
    words = with_side(
        words, mention.laterality if side else None, book, already=located, absent=mention.assertion == "absent"
    )
    where = reading.by_id.get(mention.location or "")
    if located and where is not None and not text[where.end : mention.start].strip(" -") and where.end <= mention.start:
        text = ""  # the words of place before it are told as the place: "2nd to 4th rib fractures"
    words += in_brackets(mention, term, book, text) + ("" if apart else located)
    return Thing(words, plural, term.noun == "count", amount)


def part_name(mention: Mention, glossary: Glossary, book: PhraseBook, text: str = "") -> tuple[str, bool]:
    """Return a part of the body in plain words with its side, and whether it is more than one."""
    term = glossary.term(mention.term_id or "")
    base = term.plural if mention.plural else term.plain
    words = with_side(base, mention.laterality, book)
    narrowed = _narrowed(mention, term, text)
    if narrowed:
        named = book.wording["as_named"].format(words=narrowed)
        if mention.laterality not in narrowed.lower().split():
            named = with_side(named, mention.laterality, book)
        return named, mention.plural or narrowed.endswith("s")
    return words + in_brackets(
        mention, term, book, text
    ), mention.plural or term.noun == "plural" or mention.laterality == "both"


def _narrowed(mention: Mention, term: Term, text: str) -> str:
    """Return a general part as the report names it with the word before it ("olecranon soft tissues"), or nothing where none narrows it."""
    before = _WORD_BEFORE.search(text, max(0, mention.start - 30), mention.start)
    if term.region != "general" or before is None or before["word"].lower() in _NARROWS_NOT:
        return ""
    return " ".join(text[before.start() : mention.end].split())


def with_side(words: str, side: Side | None, book: PhraseBook, *, already: str = "", absent: bool = False) -> str:
    """Return `words` with {side } filled in, or the side after it where there is no slot and it is not said already.

    Of what is `absent` neither side has any: "no fluid on either side".
    """
    if "{side }" in words:
        if side in ("left", "right"):
            return words.replace("{side }", f"{book.grammar.sides[side]} ")
        words = words.replace("{side }", "")
    said, sides = set(f"{words} {already}".lower().split()), book.grammar.sides
    if side is None or sides[side] in said or (side == "both" and said & set(sides.values())):
        return words
    return words + book.wording["side_either" if absent and side == "both" else f"side_{side}"]


def spelled(mention: Mention, text: str) -> str:
    """Return the mention as the report writes it, with the words of place right before it and the numbers right behind it."""
    if not text:
        return " ".join(mention.text.split())
    beside = text[max(0, mention.start - 60) : mention.start].rstrip(" \t\r\n-")
    ends = beside.lower().endswith(_PLACE_ENDS)
    before = _PLACE_WORDS.search(text, max(0, mention.start - 60), mention.start) if ends else None
    start = before.start() if before and not _NEW_ITEM.search(before[0]) else mention.start
    behind = _NUMBERED.match(text, mention.end) if _TAKES_NUMBERS.search(mention.text) else None
    return " ".join(text[start : behind.end() if behind else mention.end].split())


def in_brackets(mention: Mention, term: Term, book: PhraseBook, text: str = "") -> str:
    """Return the report's own word in brackets, or nothing where it is the plain word itself."""
    own = spelled(mention, text)
    if own.isupper() and all(len(word) > _SHORT_FORM for word in own.split()) and own.replace(" ", "").isalpha():
        own = own.lower()
    elif own[:1].isupper() and own[1:].islower() and not term.term[:1].isupper():
        own = own[:1].lower() + own[1:]
    plain = term.plain.replace("{side }", "").lower()
    if own.lower() in plain or own.lower() in term.plural.replace("{side }", "").lower():
        return ""
    if own.lower() in re.findall(r"\(([^)]*)\)", plain):
        return ""
    return book.wording["brackets"].format(words=own)


def located_in(mention: Mention, reading: Reading, glossary: Glossary, book: PhraseBook, base: str, text: str) -> str:
    """Return " in the left collarbone (clavicle)", with every further place that the report joins to it.

    Nothing where `base`, the plain name of the thing, says it already; " and in the spleen" where it says the first of them.
    """
    named, all_of_them = places_of(mention, reading, glossary, book, base, text)
    if not named:
        return ""
    word = book.grammar.or_ if mention.assertion == "absent" else book.grammar.and_
    begins = "" if all_of_them else word.rstrip()  # the first place is in the name
    return begins + book.wording["located"].format(places=book.grammar.joined(named, word))


def places_of(
    mention: Mention, reading: Reading, glossary: Glossary, book: PhraseBook, base: str, text: str
) -> tuple[list[str], bool]:
    """Return the places of a finding that its plain name `base` does not say, and whether these are all of them."""
    where = [reading.by_id[one] for one in (mention.location, *mention.also_in) if one]
    absent = mention.assertion == "absent"
    named = [name for name in (_place(one, glossary, book, base, text, absent=absent) for one in where) if name]
    return named, len(named) == len(where) and bool(mention.location)


def _once(base: str, located: str, side: Side | None, book: PhraseBook) -> str:
    """Return the name without its organ where the place says it: "small lump (nodule) in the top part of the right lung"."""
    organ = _ORGAN.search(base)
    if organ and _UNFINISHED.search(base[: organ.start()]):
        return base  # "cancer that started in the lung"
    said = organ and re.search(rf"\bpart of the (?:left |right )?{organ['organ']}\b", located)
    told = side not in ("left", "right") or book.grammar.sides[side] in located.split()
    return base[: organ.start()] if organ and said and told else base


def _place(where: Mention, glossary: Glossary, book: PhraseBook, base: str, text: str, *, absent: bool) -> str:
    if where.term_id is None:
        return ""
    term = glossary.term(where.term_id)
    if not term.anatomy:
        return ""  # "the lobe", "the base": a place only together with its organ
    plain = (term.plural if where.plural else term.plain).replace(
        "{side }", f"{book.grammar.sides[where.laterality]} " if where.laterality in ("left", "right") else ""
    )
    bare = (term.plural if where.plural else term.plain).replace("{side }", "").lower()
    if bare.removesuffix("s") in base.replace("{side }", "").lower():
        return ""
    both = book.wording["side_either" if absent else "side_both"] if where.laterality == "both" else ""
    return book.wording["part"].format(part=f"{plain}{in_brackets(where, term, book, text)}{both}")


def described(part: str, *, gloss: str, said: str, book: PhraseBook) -> str:
    """Return that the report describes a part so, with its own words in brackets unless they are the plain ones."""
    text = book.wording["described"].format(part=part, gloss=gloss, said=said)
    return text.replace(gloss + book.wording["brackets"].format(words=gloss), gloss)


def describes_next(one: Mention, other: Mention, text: str) -> bool:
    """Return True for a part that only describes the next ("paravertebral soft tissues")."""
    return one.end < other.start and not text[one.end : other.start].strip()
