"""The forms of the glossary by their words. The forms that begin with a word are put into a trie when a text first has that word."""

from collections.abc import Iterable, Mapping, Sequence

from plainrad.glossary.lookup import Glossary, SenseOf
from plainrad.pipeline.patterns import Trie
from plainrad.pipeline.text import match_words

Entry = tuple[tuple[SenseOf, ...], bool]  # what a form may mean, and whether it is a plural


def spelt_words(forms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the words of those forms that are not simply the words between their spaces: numbers, marks, apostrophes."""
    return {form: match_words(form) for form in forms if not (form.isascii() and form.replace(" ", "").isalpha())}


class FormTrie:
    """Finds every form that begins at a place. Of two forms with the same words the first of the glossary has them."""

    def __init__(self, glossary: Glossary, spelt: Mapping[str, tuple[str, ...]]) -> None:
        self._glossary = glossary
        self._spelt = spelt
        self._waiting: dict[str, list[str]] = {}
        self._grown: dict[str, Trie[Entry]] = {}
        for form in glossary.forms:
            if form in spelt:
                words = spelt[form]
                first = words[0] if words else ""
            else:
                first = form.partition(" ")[0]
            if first in self._waiting:
                self._waiting[first].append(form)
            elif first:
                self._waiting[first] = [form]

    def every(self, words: Sequence[str], start: int, stop: int | None = None) -> list[tuple[int, Entry]]:
        """Return (place after the form, its entry) of every form that begins at `start` and ends by `stop`, shortest first."""
        word = words[start]
        if word not in self._waiting:
            return []
        trie = self._grown.get(word)
        if trie is None:  # two threads may both make it: it is the same, and whole before it is seen
            trie = self._grown[word] = self._grow(word)
        return trie.every(words, start, stop)

    def _grow(self, first: str) -> Trie[Entry]:
        trie: Trie[Entry] = Trie()
        for form in self._waiting[first]:
            words = self._spelt.get(form) or form.split(" ")
            trie.add(words, (self._glossary.forms[form], form in self._glossary.plurals))
        return trie
