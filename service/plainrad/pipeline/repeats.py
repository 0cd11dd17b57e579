"""`rad_repeats`: a finding that the conclusion names again is the one of the findings: the two are joined."""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.pipeline.drafts import Draft, work

_KINDS = frozenset({"finding", "device"})
_SHORT = 2
_SMALL = frozenset({"the", "left", "right", "both", "and", "with", "within", "small", "large", "acute", "old"})
_SAID = frozenset({"present", "possible", "absent"})


def join_repeats(doc: Doc) -> Doc:
    """Fill in `same_as`: the first mention of the same entry, side and assertion in the findings; None where two could be meant."""
    first: dict[str, list[Draft]] = {}
    named: list[tuple[frozenset[str], Draft]] = []
    for draft in work(doc).drafts:
        if draft.term_id is None or draft.kind not in _KINDS or draft.assertion not in _SAID:
            continue
        section = work(doc).lines[draft.line].section
        if section == "findings":
            first.setdefault(draft.term_id, []).append(draft)
            named.append((_name(doc, draft), draft))
        elif section == "conclusion":
            words = _name(doc, draft)
            alike = [one for wider, one in named if len(words) > 1 and words <= wider]
            draft.same_as = _meant(draft, first.get(draft.term_id) or alike)
    return doc


def _name(doc: Doc, draft: Draft) -> frozenset[str]:
    """Return the words that name a finding and where it is: "fracture of the femoral neck" and "femoral neck fracture" share them."""
    spans = [draft, *([draft.location] if draft.location is not None else [])]
    words = {word for one in spans for word in work(doc).tokens.words[one.start : one.end]}
    return frozenset(word.rstrip("s") for word in words if len(word) > _SHORT and word not in _SMALL)


def _meant(draft: Draft, earlier: list[Draft]) -> Draft | None:
    fitting = [one for one in earlier if (one.assertion == "absent") == (draft.assertion == "absent")]
    fitting = [
        one for one in fitting if None in (one.laterality, draft.laterality) or one.laterality == draft.laterality
    ]
    exact = [one for one in fitting if one.laterality == draft.laterality] or fitting
    sized = {one.text for one in draft.measurements}
    alike = [one for one in exact if sized & {size.text for size in one.measurements}] or exact
    placed = [
        one for one in alike if draft.location and one.location and one.location.term_id == draft.location.term_id
    ]
    chosen = placed or alike
    sides = {one.laterality for one in chosen}
    places = {one.location.term_id for one in chosen if one.location is not None}
    return chosen[0] if chosen and len(sides) == 1 and len(places) <= 1 else None


@Language.factory("rad_repeats", requires=["doc._.lines", "doc._.drafts"], assigns=["doc._.drafts"])
def make_repeats(nlp: Language, name: str) -> object:
    """Return the component."""
    return join_repeats
