"""The schema of `phrases/wording.toml`, and what every sentence in it has to hold so that code can fill and check it."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from plainrad.domain.phrases import Claims, Grammar
from plainrad.glossary.schema import Strict, Text

_PLACE = re.compile(r"\{([^{}]*)\}")
_NUMBER = frozenset({"a", "is", "has", "was"})  # places that follow the number of a thing: a language may need none
_QUOTE = "“{quote}”"
# Each sentence and the places that it has to have. Those of _NUMBER, where there is a thing, and of _MAY it may have.
_THING, _SAID = frozenset({"thing"}), frozenset({"thing", "said"})
_QUOTED, _THING_QUOTED = frozenset({"quote"}), frozenset({"thing", "quote"})
_CALLED, _THINGS = frozenset({"before", "thing", "after"}), frozenset({"things"})
PLACES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("present", "present_new", "resolved", "unchanged", "larger", "smaller", "healing"), _THING),
    **dict.fromkeys(("known", "healed", "historical", "several"), _THING),
    **dict.fromkeys(("absent", "absent_other", "absent_new", "absent_clear", "absent_sign", "absent_seen"), _THING),
    **dict.fromkeys(("present_likely", "possible_likely", "possible_suspicious", "possible_possible"), _SAID),
    "possible_unlikely": _SAID,
    **dict.fromkeys(("absent_called", "absent_clear_called"), _CALLED),
    **dict.fromkeys(("device", "neutral", "neutral_chosen", "limited", "not_scanned"), _THING_QUOTED),
    **dict.fromkeys(
        ("earlier_version", "before_addition", "limited_finding", "background_quoted", "next_step", "normal_quoted"),
        _QUOTED,
    ),
    **dict.fromkeys(("done", "score", "own_words", "in_its_words", "adds"), _QUOTED),
    **dict.fromkeys(("background", "background_question", "background_absent"), _THINGS),
    **dict.fromkeys(("background_again", "background_question_again", "background_absent_again", "exam"), _THINGS),
    "described": frozenset({"part", "gloss", "said"}),
    "labelled": frozenset({"label", "text"}),
    "labelled_normal": frozenset({"label"}),
    "measured": frozenset({"part", "quote"}),
    **dict.fromkeys(("size", "size_many", "size_prior"), frozenset({"size"})),
    **dict.fromkeys(("where", "where_too", "where_named", "where_named_too"), frozenset({"place"})),
    **dict.fromkeys(("side_left", "side_right", "side_both", "side_either"), frozenset()),
    "called": frozenset({"own"}),
    **dict.fromkeys(("said", "brackets", "as_named"), frozenset({"words"})),
    "located": frozenset({"places"}),
    "part": frozenset({"part"}),
}
_MAY = {
    **dict.fromkeys(("where", "where_too"), frozenset({"It_is"})),
    "called": frozenset({"it"}),
    "background_absent": _THING | _NUMBER,
}
_MAY["background_absent_again"] = _MAY["background_absent"]
_SWAPPED = frozenset({"background_absent", "background_absent_again"})  # one thing: {thing} does for {things}
# What a sentence claims: the faithfulness check has to be able to see it in the words.
CLAIMED = {
    "present_likely": "fits",
    "present_new": "new",
    "unchanged": "unchanged",
    "larger": "larger",
    "smaller": "smaller",
    "healing": "healing",
    "resolved": "resolved",
    "side_left": "left",
    "side_right": "right",
    "side_both": "both",
    "side_either": "both",
}

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Words = Annotated[str, StringConstraints(max_length=60)]
Joining = Annotated[str, StringConstraints(min_length=1, max_length=20)]


class NumberSchema(Strict):
    """What follows the number of a thing."""

    is_: Words = Field(alias="is")
    has: Words
    was: Words
    it: Words
    it_is: Words
    It_is: Words
    They: Words

    def forms(self) -> dict[str, str]:
        """Return the words by the names of their places."""
        return self.model_dump(by_alias=True)


class SidesSchema(Strict):
    """The words for left, right and both, as they stand in a {side } place."""

    left: Text
    right: Text
    both: Text


class BeginsSchema(Strict):
    """How plain words begin that do not stand behind every word."""

    compared: list[Text]
    many: list[Text]
    tiny: list[Text]


class GrammarSchema(Strict):
    """`[grammar]`: the small words of the language, joined as they stand."""

    articles: tuple[Words, Words]
    second_before: Pattern = Field(description="What the second article stands before (a regular expression).")
    comma: Joining
    and_: Joining = Field(alias="and")
    or_: Joining = Field(alias="or")
    amount_ends: Joining = Field(description='An amount that ends so brings its own article ("a small amount of").')
    sides: SidesSchema
    begins: BeginsSchema
    one: NumberSchema
    many: NumberSchema

    def grammar(self) -> Grammar:
        """Return the Grammar; raises re.error."""
        return Grammar(
            articles=self.articles,
            second_before=self.second_before,
            comma=self.comma,
            and_=self.and_,
            or_=self.or_,
            amount_ends=self.amount_ends,
            sides={"left": self.sides.left, "right": self.sides.right, "both": self.sides.both},
            begins={name: tuple(words) for name, words in self.begins.model_dump().items()},
            one=self.one.forms(),
            many=self.many.forms(),
        )


class ClaimsSchema(Strict):
    """`[claims]`: the words by which the faithfulness check knows what a sentence claims."""

    left: list[Text] = Field(min_length=1)
    right: list[Text] = Field(min_length=1)
    both: list[Text] = Field(min_length=1)
    fits: list[Text] = Field(min_length=1)
    new: list[Text] = Field(min_length=1)
    unchanged: list[Text] = Field(min_length=1)
    larger: list[Text] = Field(min_length=1)
    smaller: list[Text] = Field(min_length=1)
    healing: list[Text] = Field(min_length=1)
    resolved: list[Text] = Field(min_length=1)
    gone: list[Text] = Field(min_length=1)

    def claims(self) -> Claims:
        """Return the Claims; words are looked for as whole words."""
        return Claims({name: tuple(words) for name, words in self.model_dump().items()})


class QuestionSchema(Strict):
    """One `[[question]]` and when it is offered."""

    when: Literal[
        "always",
        "found",
        "possible",
        "changed",
        "measured",
        "limitation",
        "next_step",
        "no_next_step",
        "nothing_found",
        "asked",
        "cancer",
        "pregnancy",
    ]
    text: Text


class LeadSchema(Strict):
    """One `[[lead]]`: a line that stands first, and the kind of content that calls for it."""

    when: Literal["cancer", "cancer-possible", "pregnancy", "safeguarding", "urgent", "sensitive"]
    text: Text


class DisclaimerSchema(Strict):
    """The disclaimer, word for word, and the plain line after it."""

    text: Text
    plain: Text


class WordingFile(Strict):
    """`phrases/wording.toml`."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = Field(
        description="The language that patients read (BCP 47); a table of this name stands in strings.toml."
    )
    wording: dict[str, Annotated[str, StringConstraints(max_length=300)]]
    grammar: GrammarSchema
    claims: ClaimsSchema
    disclaimer: DisclaimerSchema
    question: list[QuestionSchema]
    lead: list[LeadSchema]


def problems(file: WordingFile) -> Iterator[str]:
    """Yield what an editor has to mend: sentences that are missing, places that nothing fills, claims that the check could not see."""
    for name in sorted(PLACES.keys() - file.wording.keys()):
        yield f"wording.{name}: the sentence is missing. Add it."
    for name, sentence in file.wording.items():
        if name not in PLACES:
            yield f"wording.{name}: nothing says this sentence. Remove it."
            continue
        yield from _places(name, sentence)
    grammar, claims = file.grammar.grammar(), file.claims.claims()
    for name, claim in CLAIMED.items():
        for number in (grammar.one, grammar.many):
            words = _PLACE.sub(lambda one, forms=number: forms.get(one[1], ""), file.wording.get(name, ""))  # type: ignore[misc]
            if not claims.made(claim, words):
                yield f"wording.{name}: it holds none of the words of claims.{claim}, so that nothing would check it. Use one, or add yours there."
                break
    for side in ("left", "right", "both"):
        if not claims.made(side, file.grammar.sides.model_dump()[side]):
            yield f"grammar.sides.{side}: it is none of the words of claims.{side}. Add it there."


def _places(name: str, sentence: str) -> Iterator[str]:
    has, needs = set(_PLACE.findall(sentence)), PLACES[name]
    may = needs | _MAY.get(name, frozenset()) | (_NUMBER if needs & {"thing", "things"} else frozenset())
    if name in _SWAPPED and "thing" in has:
        needs = frozenset({"thing"})
    if missing := sorted(needs - has):
        yield f"wording.{name}: the sentence lacks {_named(missing)}. Put it where it belongs."
    if unknown := sorted(has - may):
        yield f"wording.{name}: nothing fills {_named(unknown)}. Remove it."
    if "quote" in has and _QUOTE not in sentence:
        yield f"wording.{name}: the report's own words need their marks. Write {_QUOTE}."
    if "{" in _PLACE.sub("", sentence) or "}" in _PLACE.sub("", sentence):
        yield f"wording.{name}: a brace has lost its partner."


def _named(places: list[str]) -> str:
    return ", ".join(f"{{{one}}}" for one in places)
