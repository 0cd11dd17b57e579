"""The set phrases of the phrase book and its words for normal, ready to be found."""

from dataclasses import dataclass

from plainrad.domain.phrases import PhraseBook, SetPhrase
from plainrad.pipeline.patterns import Graph, PatternMatcher, Trie, compile_pattern
from plainrad.pipeline.text import match_words


@dataclass(frozen=True, slots=True)
class ReadingBook:
    """The set phrases and the words for normal, ready to be found."""

    phrases: PatternMatcher[SetPhrase]
    normals: PatternMatcher[str]
    modifiers: Trie[str]
    known: dict[str, SetPhrase]


def compile_readings(book: PhraseBook) -> ReadingBook:
    """Return the matchers of a phrase book. Raises RuleError for a pattern that cannot be read."""
    phrases: PatternMatcher[SetPhrase] = PatternMatcher()
    for phrase in book.phrases.values():
        for pattern in phrase.patterns:
            phrases.add(compile_pattern(pattern, book.classes), phrase)
    return _reading_book(book, phrases)


def restored_readings(book: PhraseBook, graph: Graph) -> ReadingBook:
    """Return the matchers of a phrase book whose set phrases had this `graph`. Raises ValueError where it is that of others."""
    meant = [phrase for phrase in book.phrases.values() for _ in phrase.patterns]
    return _reading_book(book, PatternMatcher.of_graph(graph, meant))


def _reading_book(book: PhraseBook, phrases: PatternMatcher[SetPhrase]) -> ReadingBook:
    normals: PatternMatcher[str] = PatternMatcher()
    for normal in book.normals.values():
        for pattern in normal.patterns:
            normals.add(compile_pattern(pattern, book.classes), normal.id)
    modifiers: Trie[str] = Trie()
    for modifier in book.modifiers.values():
        for form in modifier.forms:
            modifiers.add(match_words(form), modifier.id)
    return ReadingBook(phrases, normals, modifiers, book.phrases)
