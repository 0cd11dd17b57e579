"""A list behind one "no": told item by item, or, where one item cannot be told, quoted once and nothing beside it."""

from collections.abc import Sequence
from dataclasses import replace

from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Reading
from plainrad.explain.drafts import Draft


def without_halves(drafts: Sequence[Draft], reading: Reading, book: PhraseBook) -> list[Draft]:
    """Return the drafts of a sentence without those items of a "no" that its quote, which has to be shown, holds as well."""
    opening = book.wording["own_words"].partition("{quote}")[0]
    quotes: dict[int, Draft] = {}
    for draft in drafts:
        cue = _negator(draft, reading)
        if cue is not None and draft.about is None and draft.statement.text.startswith(opening):
            longest = quotes.get(cue)
            if longest is None or len(draft.statement.text) > len(longest.statement.text):
                quotes[cue] = draft
    kept: list[Draft] = []
    halves: dict[int, tuple[str, ...]] = {}
    for draft in drafts:
        cue = _negator(draft, reading)
        whole = quotes.get(cue) if cue is not None else None
        words = " ".join(reading.by_id[draft.statement.mentions[0]].text.split())
        if draft.about is None:
            words = draft.statement.text.removeprefix(opening).rstrip("”.")
        if cue is None or whole is None or whole is draft or words not in whole.statement.text:
            kept.append(draft)
        else:
            halves[id(whole)] = halves.get(id(whole), ()) + draft.statement.mentions
    return [_with(draft, halves.get(id(draft), ())) for draft in kept]


def _with(draft: Draft, mentions: tuple[str, ...]) -> Draft:
    every = tuple(dict.fromkeys((*draft.statement.mentions, *mentions)))
    return replace(draft, statement=replace(draft.statement, mentions=every))


def _negator(draft: Draft, reading: Reading) -> int | None:
    """Return where the "no" of a finding stands, or None for what is not absent."""
    mention = reading.by_id[draft.statement.mentions[0]]
    if mention.assertion != "absent" or draft.statement.group != "looked_for_not_found":
        return None
    return next((one.start for one in mention.evidence if one.rule.startswith("neg.")), None)
