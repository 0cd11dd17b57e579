"""Parts that look normal, told in sentences that are short enough to be read at once."""

from collections.abc import Sequence

from plainrad.domain.phrases import Grammar, NormalWords

_EASY_LIST = 16  # words


def in_sentences(names: Sequence[tuple[str, bool]], words: NormalWords, grammar: Grammar) -> str:
    """Return what is said of parts (name, whether it is more than one) in sentences that are short enough to be read at once."""
    rows: list[list[tuple[str, bool]]] = []
    for name in names:
        if rows and len(_said_of([*rows[-1], name], words, grammar).split()) <= _EASY_LIST:
            rows[-1].append(name)
        else:
            rows.append([name])
    return " ".join(_said_of(row, words, grammar) for row in rows)


def _said_of(names: Sequence[tuple[str, bool]], words: NormalWords, grammar: Grammar) -> str:
    many = len(dict(names)) > 1 or names[0][1]
    return (words.many if many else words.one).format(part=grammar.listed([name for name, _ in names]))
