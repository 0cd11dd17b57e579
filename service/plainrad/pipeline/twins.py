"""`rad_twins`: a span that the caller asked for and a term that ends with it are one thing: what is known of one is known of the other.

A longer term around the span ("cyst in the left breast" around "cyst") gives it its side.
"""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.pipeline.drafts import work


def join_twins(doc: Doc) -> Doc:
    """Fill in side, change, size and place of the caller's spans from the terms that they end with."""
    drafts = work(doc).drafts
    terms = {(one.line, one.end): one for one in drafts if not one.target and one.term_id is not None}
    for target in drafts:
        twin = terms.get((target.line, target.end)) if target.target else None
        if twin is None:
            if target.target and target.laterality is None:
                around = next(
                    (one for one in terms.values() if one.line == target.line and one.start < target.end <= one.end),
                    None,
                )
                target.laterality = around.laterality if around is not None else None
            continue
        target.laterality = target.laterality or twin.laterality
        target.change = target.change or twin.change
        target.measurements = target.measurements or list(twin.measurements)
        target.location = target.location or twin.location
        target.anatomy = target.anatomy or twin.anatomy
        target.evidence += [
            one for one in twin.evidence if one not in target.evidence and not one.rule.startswith("term.")
        ]
    return doc


@Language.factory("rad_twins", requires=["doc._.drafts"], assigns=["doc._.drafts"])
def make_twins(nlp: Language, name: str) -> object:
    """Return the component."""
    return join_twins
