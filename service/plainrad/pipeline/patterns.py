"""The small grammar in which rules are written, and the matcher that finds them.

    no evidence of        three words, in this order
    evidence?             this word or nothing
    [seen|identified]     one of these (a choice may hold several words: [free of|negative for]); [..]? may be left out
    {change}              one phrase of a class that the rule file defines; {change}? may be left out
    {change}*             any number of the class up to three, or none
    ^                     only at the beginning of a sentence (first in the pattern)

Patterns are indexed by the words that they can begin with, so a place in the text costs one look-up, and a pattern is followed
only where it can begin: time grows with the length of the text and hardly with the number of rules.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from plainrad.errors import RuleError
from plainrad.pipeline.text import match_words

Payload = TypeVar("Payload")
START, END = "^", "$"
_PIECE = re.compile(r"(\[[^\]]*\]|\{[a-z_]+\}|[^\s?*]+|\?)([?*]?)(?=\s|$)")
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a pattern: the phrases that may stand there, by their first word."""

    choices: Mapping[str, tuple[tuple[str, ...], ...]]
    least: int
    most: int

    def ends(self, words: Sequence[str], start: int) -> list[int]:
        """Return the places after each phrase of this step that begins at `start`."""
        if start >= len(words):
            return []
        found = []
        for choice in self.choices.get(words[start], ()):
            stop = start + len(choice)
            if len(choice) == 1 or (stop <= len(words) and tuple(words[start:stop]) == choice):
                found.append(stop)
        return found


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    source: str
    steps: tuple[Step, ...]

    def longest(self, words: Sequence[str], start: int) -> int:
        """Return the place after the longest match that begins at `start`, or -1."""
        places = {start}
        for step in self.steps:
            reached = set(places) if step.least == 0 else set()
            edge = places
            for _ in range(step.most):
                edge = {end for place in edge for end in step.ends(words, place)}
                if not edge:
                    break
                reached |= edge
            places = reached
            if not places:
                return -1
        best = max(places)
        return best if best > start else -1

    def first_words(self) -> set[str]:
        """Return every word with which a match can begin. Raises RuleError when nothing at all is asked for."""
        found: set[str] = set()
        for step in self.steps:
            found |= set(step.choices)
            if step.least:
                return found
        raise RuleError(f"The pattern '{self.source}' may be empty: at least one word has to be asked for.")

    def examples(self, limit: int) -> Iterator[tuple[str, ...]]:
        """Return up to `limit` of the word sequences that the pattern stands for, spread over its choices."""

        def spread(index: int) -> Iterator[tuple[str, ...]]:
            if index == len(self.steps):
                yield ()
                return
            step = self.steps[index]
            options = [one for choices in step.choices.values() for one in choices]
            if step.least == 0:
                options = [(), *options]
            for option in options:
                for rest in islice(spread(index + 1), 4):
                    yield option + rest

        return islice((one for one in spread(0) if one), limit)


def compile_pattern(source: str, classes: Mapping[str, Sequence[str]]) -> Pattern:
    """Return the compiled pattern. Raises RuleError for a class that is not defined or a pattern that cannot be read."""
    steps = []
    position = 0
    for match in _PIECE.finditer(source):
        if source[position : match.start()].strip():
            break
        position = match.end()
        piece, mark = match.groups()
        choices: dict[str, list[tuple[str, ...]]] = {}
        for choice in _choices(source, piece, classes):
            choices.setdefault(choice[0], []).append(choice)
        frozen = {word: tuple(dict.fromkeys(many)) for word, many in choices.items()}
        steps.append(Step(frozen, 0 if mark else 1, _REPEATS if mark == "*" else 1))
    if source[position:].strip() or not steps:
        raise RuleError(f"The pattern '{source}' cannot be read after '{source[:position]}'.")
    return Pattern(source, tuple(steps))


def _choices(source: str, piece: str, classes: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    if piece in (START, END):
        return [(piece,)]
    if piece.startswith("["):
        made = [match_words(choice) for choice in piece[1:-1].split("|")]
    elif piece.startswith("{"):
        if piece[1:-1] not in classes:
            raise RuleError(f"The pattern '{source}' uses the class {piece}, which the file does not define.")
        made = [match_words(choice) for choice in classes[piece[1:-1]]]
    else:
        made = [match_words(piece)]
    if any(not one for one in made):
        raise RuleError(f"The pattern '{source}' holds an empty choice in '{piece}'. Use [..]? for what may be left out.")
    return made


class PatternMatcher(Generic[Payload]):
    """Patterns with what each stands for. Of several that match at a place the longest wins, then the one added first."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[Pattern, Payload]]] = {}
        self.patterns: list[tuple[Pattern, Payload]] = []

    def add(self, pattern: Pattern, payload: Payload) -> None:
        """Add a pattern."""
        self.patterns.append((pattern, payload))
        for word in pattern.first_words():
            self._by_first.setdefault(word, []).append((pattern, payload))

    def longest(self, words: Sequence[str], start: int) -> tuple[int, Payload] | None:
        """Return (place after the match, payload) of the longest match that begins at `start`, or None."""
        best: tuple[int, Payload] | None = None
        for pattern, payload in self._by_first.get(words[start], ()):
            end = pattern.longest(words, start)
            if end > (best[0] if best else start):
                best = (end, payload)
        return best

    def every(self, words: Sequence[str], start: int) -> list[tuple[int, Payload]]:
        """Return (place after the match, payload) of every pattern that matches at `start`, in the order of adding."""
        found = [(pattern.longest(words, start), payload) for pattern, payload in self._by_first.get(words[start], ())]
        return [(end, payload) for end, payload in found if end > start]


class Trie(Generic[Payload]):
    """Plain word sequences, each with a payload: for the many forms of the glossary."""

    __slots__ = ("_root", "size")

    def __init__(self) -> None:
        self._root: dict[str, object] = {}
        self.size = 0

    def add(self, words: Sequence[str], payload: Payload) -> Payload | None:
        """Add a sequence. Returns what stood there already (and keeps it), or None."""
        node = self._root
        for word in words:
            node = node.setdefault(word, {})  # type: ignore[assignment]
        if "" in node:
            return node[""]  # type: ignore[return-value]
        node[""] = payload
        self.size += 1
        return None

    def every(self, words: Sequence[str], start: int) -> list[tuple[int, Payload]]:
        """Return (place after the match, payload) of every sequence that begins at `start`, shortest first."""
        node = self._root
        found: list[tuple[int, Payload]] = []
        for index in range(start, len(words)):
            following = node.get(words[index])
            if following is None:
                break
            node = following  # type: ignore[assignment]
            if "" in node:
                found.append((index + 1, node[""]))  # type: ignore[arg-type]
        return found

    def longest(self, words: Sequence[str], start: int) -> tuple[int, Payload] | None:
        """Return the last of `every`, or None."""
        found = self.every(words, start)
        return found[-1] if found else None
