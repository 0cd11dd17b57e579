"""The small grammar in which rules are written, and the matcher that finds them.

    no evidence of        three words, in this order
    evidence?             this word or nothing
    [seen|identified]     one of these (a choice may hold several words: [free of|negative for]); [..]? may be left out
    {change}              one phrase of a class that the rule file defines; {change}? may be left out
    {change}*             any number of the class up to three, or none
    ^                     only at the beginning of a sentence (first in the pattern)

All patterns of a matcher are one automaton, whose states are made when a text first needs them (subset construction: Rabin & Scott,
1959). Finding the longest match at a place is one look-up a word: time grows with the text, not with the number of rules.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Generic, TypeVar

from plainrad.errors import RuleError
from plainrad.pipeline.text import match_words

Payload = TypeVar("Payload")
START, END = "^", "$"
_PIECE = re.compile(r"(\[[^\]]*\]|\{[a-z_]+\}|[^\s?*]+|\?)([?*]?)(?=\s|$)")
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a pattern: the phrases that may stand there, how often at least and at most."""

    choices: tuple[tuple[str, ...], ...]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that has been read."""

    source: str
    steps: tuple[Step, ...]

    def words(self) -> set[str]:
        """Return every word that the pattern asks for."""
        return {word for step in self.steps for choice in step.choices for word in choice}

    def examples(self, limit: int) -> Iterator[tuple[str, ...]]:
        """Return up to `limit` of the word sequences that the pattern stands for, spread over its choices."""

        def spread(index: int) -> Iterator[tuple[str, ...]]:
            if index == len(self.steps):
                yield ()
                return
            step = self.steps[index]
            options = step.choices if step.least else ((), *step.choices)
            for option in options:
                for rest in islice(spread(index + 1), 4):
                    yield option + rest

        return islice((one for one in spread(0) if one), limit)


def compile_pattern(source: str, classes: Mapping[str, Sequence[str]]) -> Pattern:
    """Return the pattern. Raises RuleError for a class that is not defined or a pattern that cannot be read."""
    steps = []
    position = 0
    for match in _PIECE.finditer(source):
        if source[position : match.start()].strip():
            break
        position = match.end()
        piece, mark = match.groups()
        choices = tuple(dict.fromkeys(_choices(source, piece, classes)))
        steps.append(Step(choices, 0 if mark else 1, _REPEATS if mark == "*" else 1))
    if source[position:].strip() or not steps:
        raise RuleError(f"The pattern '{source}' cannot be read after '{source[:position]}'.")
    if not any(step.least for step in steps):
        raise RuleError(f"The pattern '{source}' may be empty: at least one word has to be asked for.")
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
        raise RuleError(
            f"The pattern '{source}' holds an empty choice in '{piece}'. Use [..]? for what may be left out."
        )
    return made


class _State(Generic[Payload]):
    """A state of the automaton: the nodes that it stands for, what it accepts (first added first), where words lead."""

    __slots__ = ("_leads", "accepts", "next", "nodes")

    def __init__(self, nodes: frozenset[int], accepts: tuple[Payload, ...]) -> None:
        self.nodes = nodes
        self.accepts = accepts
        self.next: dict[str, _State[Payload] | None] = {}
        self._leads: dict[str, list[int]] | None = None

    def leads(self, edges: list[dict[str, list[int]]]) -> dict[str, list[int]]:
        """Return the nodes that each word leads to from here: put together once, for the first state has thousands of nodes."""
        if self._leads is None:  # two threads may both make it: it is the same, and whole before it is seen
            leads: dict[str, list[int]] = {}
            for node in self.nodes:
                for word, there in edges[node].items():
                    leads.setdefault(word, []).extend(there)
            self._leads = leads
        return self._leads


@dataclass(frozen=True, slots=True)
class Graph:
    """The nodes of a matcher by number: the words that lead on, the nodes reached by leaving something out; where patterns begin and end."""

    edges: list[dict[str, list[int]]]
    skips: list[list[int]]
    starts: list[int]
    ends: list[int]


class PatternMatcher(Generic[Payload]):
    """Patterns with what each stands for. Of several that match at a place the longest wins, then the one added first."""

    def __init__(self) -> None:
        self.payloads: list[Payload] = []
        self.vocabulary: set[str] = set()
        self._edges: list[dict[str, list[int]]] = []
        self._skips: list[list[int]] = []
        self._ends: dict[int, int] = {}
        self._starts: list[int] = []
        self._states: dict[frozenset[int], _State[Payload]] = {}
        self._start: _State[Payload] | None = None

    @classmethod
    def of_graph(cls, graph: Graph, payloads: Sequence[Payload]) -> "PatternMatcher[Payload]":
        """Return the matcher that had this `graph`; `payloads` say what its patterns stand for. Raises ValueError where they do not fit."""
        count = len(graph.edges)
        reached = (*(there for edge in graph.edges for nodes in edge.values() for there in nodes), *chain(*graph.skips))
        for nodes in (reached, graph.starts, graph.ends):
            if nodes and not 0 <= min(nodes) <= max(nodes) < count:
                raise ValueError("The graph leads to a node that it does not have.")
        if (
            not len(graph.starts) == len(graph.ends) == len(set(graph.ends)) == len(payloads)
            or len(graph.skips) != count
        ):
            raise ValueError("The graph is that of other patterns.")
        made = cls()
        made.payloads, made.vocabulary = list(payloads), set().union(*graph.edges)
        made._edges, made._skips, made._starts = graph.edges, graph.skips, graph.starts
        made._ends = {node: order for order, node in enumerate(graph.ends)}
        return made

    def graph(self) -> Graph:
        """Return the nodes of all patterns that were added."""
        return Graph(self._edges, self._skips, self._starts, list(self._ends))

    def add(self, pattern: Pattern, payload: Payload) -> None:
        """Add a pattern."""
        here = self._node()
        self._starts.append(here)
        for step in pattern.steps:
            for _ in range(step.most):
                there = self._node()
                self._paths(here, step.choices, there)
                if step.least == 0:
                    self._skips[here].append(there)
                here = there
        self._ends[here] = len(self.payloads)
        self.payloads.append(payload)
        self.vocabulary |= pattern.words()
        self._start = None
        self._states.clear()

    def opens(self, word: str) -> bool:
        """Return True where a pattern begins with this word."""
        return word in (self._start or self._first()).leads(self._edges)

    def longest(self, words: Sequence[str], start: int, stop: int | None = None) -> tuple[int, Payload] | None:
        """Return (place after the match, payload) of the longest match that begins at `start` and ends by `stop`, or None."""
        best: tuple[int, Payload] | None = None
        for end, accepts in self._walk(words, start, len(words) if stop is None else stop):
            best = (end, accepts[0])
        return best

    def every(self, words: Sequence[str], start: int) -> list[tuple[int, Payload]]:
        """Return (place after the match, payload) of every pattern that matches at `start`, shortest first."""
        return [(end, payload) for end, accepts in self._walk(words, start, len(words)) for payload in accepts]

    def _walk(self, words: Sequence[str], start: int, stop: int) -> Iterator[tuple[int, tuple[Payload, ...]]]:
        state = self._start or self._first()
        for index in range(start, stop):
            word = words[index]
            following = state.next.get(word, False)
            if following is False:
                if word not in self.vocabulary:  # never kept: it may be a patient's word
                    return
                following = self._follow(state, word)
            if not following:
                return
            state = following  # type: ignore[assignment]
            if state.accepts:
                yield index + 1, state.accepts

    def _node(self) -> int:
        self._edges.append({})
        self._skips.append([])
        return len(self._edges) - 1

    def _paths(self, start: int, choices: Sequence[tuple[str, ...]], end: int) -> None:
        """Lead from `start` to `end` by every choice; choices that begin with the same words share them."""
        shared: dict[tuple[int, str], int] = {}
        for choice in choices:
            here = start
            for word in choice[:-1]:
                there = shared.get((here, word))
                if there is None:
                    there = shared[here, word] = self._node()
                    self._edges[here].setdefault(word, []).append(there)
                here = there
            self._edges[here].setdefault(choice[-1], []).append(end)

    def _first(self) -> _State[Payload]:
        self._start = self._state(self._starts)
        return self._start

    def _follow(self, state: _State[Payload], word: str) -> _State[Payload] | None:
        reached = state.leads(self._edges).get(word)
        following = self._state(reached) if reached else None
        state.next[word] = following
        return following

    def _state(self, nodes: Sequence[int]) -> _State[Payload]:
        closed: set[int] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node not in closed:
                closed.add(node)
                waiting.extend(self._skips[node])
        key = frozenset(closed)
        state = self._states.get(key)
        if state is None:
            orders = sorted(self._ends[node] for node in key if node in self._ends)
            state = self._states[key] = _State(key, tuple(self.payloads[order] for order in orders))
        return state


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

    def opens(self, word: str) -> bool:
        """Return True where a sequence begins with this word."""
        return word in self._root

    def every(self, words: Sequence[str], start: int, stop: int | None = None) -> list[tuple[int, Payload]]:
        """Return (place after the match, payload) of every sequence that begins at `start` and ends by `stop`, shortest first."""
        node = self._root
        found: list[tuple[int, Payload]] = []
        for index in range(start, len(words) if stop is None else stop):
            following = node.get(words[index])
            if following is None:
                break
            node = following  # type: ignore[assignment]
            if "" in node:
                found.append((index + 1, node[""]))  # type: ignore[arg-type]
        return found

    def longest(self, words: Sequence[str], start: int, stop: int | None = None) -> tuple[int, Payload] | None:
        """Return the last of `every`, or None."""
        found = self.every(words, start, stop)
        return found[-1] if found else None
