"""`rad_readings`: set sentences of reporting that are read as a whole ("heart size is normal"), and parts said to be normal."""

from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.phrases import PhraseBook, SetPhrase
from plainrad.pipeline.drafts import Draft, Line, evidence
from plainrad.pipeline.patterns import PatternMatcher, Trie, compile_pattern
from plainrad.pipeline.text import match_words


@dataclass(frozen=True, slots=True)
class ReadingBook:
    """The set phrases and the words for normal, ready to be found."""

    phrases: PatternMatcher[SetPhrase]
    normals: PatternMatcher[str]
    modifiers: Trie[str]


def compile_readings(book: PhraseBook) -> ReadingBook:
    """Return the matchers of a phrase book. Raises RuleError for a pattern that cannot be read."""
    phrases: PatternMatcher[SetPhrase] = PatternMatcher()
    normals: PatternMatcher[str] = PatternMatcher()
    for phrase in book.phrases.values():
        for pattern in phrase.patterns:
            phrases.add(compile_pattern(pattern, book.classes), phrase)
    for normal in book.normals.values():
        for pattern in normal.patterns:
            normals.add(compile_pattern(pattern, book.classes), normal.id)
    modifiers: Trie[str] = Trie()
    for modifier in book.modifiers.values():
        for form in modifier.forms:
            modifiers.add(match_words(form), modifier.id)
    return ReadingBook(phrases, normals, modifiers)


_BE = frozenset({":", "is", "are", "appears", "appear", "looks", "remains", "remain", "was", "were"})
_DEGREES = frozenset(
    [
        "mildly",
        "moderately",
        "severely",
        "markedly",
        "slightly",
        "minimally",
        "grossly",
        "significantly",
        "partially",
        "partly",
        "completely",
        "diffusely",
        "focally",
        "somewhat",
        "also",
        "now",
        "very",
        "quite",
        "extensively",
        "abnormally",
        "both",
        "all",
        "again",
        "largely",
    ]
)
_SIZE_WORDS = frozenset(
    [
        "at",
        "to",
        "measuring",
        "up",
        "mm",
        "cm",
        "x",
        "(",
        ")",
        "approximately",
        "measures",
        "maximum",
        "-",
        "with",
        "diameter",
    ]
)
_AFTER_NORMAL = frozenset(
    [
        ".",
        ",",
        ";",
        "!",
        "and",
        "in",
        "for",
        "of",
        "the",
        "age",
        "size",
        "appearance",
        "appearances",
        "shape",
        "contour",
        "position",
        "outline",
        "calibre",
        "configuration",
        "signal",
        "throughout",
        "bilaterally",
        "otherwise",
        "intact",
        "unremarkable",
        "normal",
        "clear",
        "patent",
        "with",
        "no",
    ]
)


class PhraseFinder:
    """Adds a draft for each set phrase, and marks the parts of the body that a clause calls normal."""

    def __init__(self, nlp: Language) -> None:
        from plainrad.pipeline.resources import resources_of

        resources = resources_of(nlp)
        self._book = resources.readings
        self._grammar = resources.rules.grammar

    def __call__(self, doc: Doc) -> Doc:
        """Add to `doc._.drafts`; fill in `normal` of anatomy drafts."""
        drafts: list[Draft] = doc._.drafts
        by_line: dict[int, list[Draft]] = {}
        for draft in drafts:
            by_line.setdefault(draft.line, []).append(draft)
        added: list[Draft] = []
        for number, line in enumerate(doc._.lines):
            if line.section in ("history", "technique", "comparison"):
                continue
            found = self._phrases(doc, line, number)
            found += self._next_step(doc, line, number, found)
            added.extend(found)
            covered = {i for one in found for i in range(one.start, one.end)}
            self._normals(doc, line, number, by_line.get(number, []), covered)
        drafts.extend(added)
        drafts.sort(key=lambda one: (one.start, one.end, one.target, one.reading_id or ""))
        return doc

    def _phrases(self, doc: Doc, line: Line, number: int) -> list[Draft]:
        """A set phrase is read only when it fills its clause: nothing around it may say more, or less."""
        words = doc._.tokens.words
        found: list[Draft] = []
        for start, end in line.clauses:
            index = [i for i in range(start, end) if words[i] not in ("-", "\n")]
            while index and words[index[-1]] in (".", ",", ";", "!"):
                index.pop()
            while index and (
                words[index[0]] in (",", ";", ".", "and", ")")
                or (words[index[0]].isdigit() and len(index) > 1 and words[index[1]] in ".)")
            ):
                index.pop(0)
            colon = next((place for place, i in enumerate(index[:7]) if words[i] == ":"), None)
            if colon is not None and start == line.start:
                index = index[colon + 1 :]  # "L1/2: no significant abnormality": the label is shown with the statement
            if not index:
                continue
            sequence = [words[i] for i in index]
            match = self._book.phrases.longest(sequence, 0)
            if match is None or match[0] < len(sequence):
                continue
            phrase = match[1]
            if any(cue.rule.kind == "exception" for cue in doc._.cues[number] if cue.start >= end or cue.end <= start):
                continue  # "no abnormality, apart from ..."
            draft = Draft(index[0], index[-1] + 1, None, phrase.id, "other", number, "phrase", reading_id=phrase.id)
            draft.assertion = "absent" if phrase.group == "looked_for_not_found" else "present"
            draft.reportable = line.section not in ("other",)
            draft.evidence.append(evidence(doc, f"phrase.{phrase.id}", draft.start, draft.end))
            found.append(draft)
        return found

    def _next_step(self, doc: Doc, line: Line, number: int, found: list[Draft]) -> list[Draft]:
        """A sentence in which the report suggests what to do next is told in its own words."""
        cues = [
            cue
            for cue in doc._.cues[number]
            if cue.rule.recommendation and not any(one.start <= cue.start < one.end for one in found)
        ]
        if not cues and (line.section != "recommendation" or found):
            return []
        if line.section == "other" or line.end - line.start < 3:
            return []
        words = doc._.tokens.words
        cues = [cue for cue in cues if words[cue.start - 1] not in ("was", "were", "been") or cue.start == line.start]
        past = any(words[i] in ("was", "were", "shows", "showed", "demonstrates") for i in range(line.start, line.end))
        cues = [cue for cue in cues if not (past and cue.start == line.start)]
        if not cues and line.section != "recommendation":
            return []
        draft = Draft(line.start, line.end, None, "next-step", "other", number, "phrase", reading_id="next-step")
        draft.assertion, draft.certainty = "hypothetical", "possible"
        first = (cues[0].start, cues[0].end) if cues else (line.start, line.start + 1)
        draft.evidence.append(evidence(doc, cues[0].rule.id if cues else "section.recommendation", *first))
        return [draft]

    def _described(self, doc: Doc, number: int, start: int, end: int, parts: list[Draft], drafts: list[Draft]) -> None:
        """As in "the bile duct is mildly dilated": a part of the body and the describing word that is said of it."""
        words = doc._.tokens.words
        told = [one for one in drafts if one.kind == "descriptor" and start < one.start < end]
        for word in told:
            verb = next((i for i in range(word.start - 1, max(start, word.start - 4), -1) if words[i] in _BE), None)
            if verb is None or not all(words[i] in _DEGREES for i in range(verb + 1, word.start)):
                continue
            before = [one for one in parts if one.end <= verb]
            if words[verb] == ":":
                before = [one for one in before if one.end == verb]
            clear = all(
                words[i] in _AFTER_NORMAL or words[i] in _SIZE_WORDS or words[i][0].isdigit()
                for i in range(word.end, end)
            )
            doubt = any(words[i] in self._grammar.watch for i in range(start, end)) or any(
                start <= cue.start < end and cue.rule.kind not in ("change", "partial", "confirm")
                for cue in doc._.cues[number]
            )
            if before and clear and not doubt and self._is_subject(words, before, start, verb):
                for part in before:
                    part.described = word
                    part.evidence.append(evidence(doc, "described.predicate", verb, word.end))

    def _normals(self, doc: Doc, line: Line, number: int, drafts: list[Draft], covered: set[int]) -> None:
        words = doc._.tokens.words
        parts = [one for one in drafts if one.kind == "anatomy"]
        if not parts:
            return
        for start, end in line.clauses:
            if any(i in covered for i in range(start, end)):
                continue
            inside = [one for one in parts if start <= one.start < end]
            if inside:
                self._described(doc, number, start, end, inside, drafts)
            if not inside or any(one.kind in ("finding", "device") and start <= one.start < end for one in drafts):
                continue
            hit = self._normal_words(words, start, end)
            if hit is None or self._doubted(doc, number, start, end, hit[0], hit[1]):
                continue
            first, after, normal_id = hit
            before = [one for one in inside if one.end <= first]
            chosen = before or [one for one in inside if one.start >= after]
            if before and not self._ends_clause(words, after, end):
                continue
            if before and not self._is_subject(words, before, start, first):
                continue
            if not before and any(word in self._grammar.finite_verbs for word in words[after : chosen[0].start]):
                continue
            for draft in chosen:
                draft.normal = normal_id
                draft.evidence.append(evidence(doc, f"normal.{normal_id}", first, after))

    def _ends_clause(self, words: list[str], after: int, end: int) -> bool:
        """Return True when the words for normal end what the clause says: "is of normal echotexture" is no "is normal"."""
        return all(word in _AFTER_NORMAL for word in words[after:end])

    def _normal_words(self, words: list[str], start: int, end: int) -> tuple[int, int, str] | None:
        index = start
        while index < end:
            match = self._book.normals.longest(words, index, end)
            if match is not None:
                return index, match[0], match[1]
            index += 1
        return None

    def _doubted(self, doc: Doc, number: int, start: int, end: int, first: int, after: int) -> bool:
        """Return True when a word outside the normal phrase negates, hedges, asks or excepts."""
        words = doc._.tokens.words
        if any(words[i] in self._grammar.watch for i in range(start, end) if not first <= i < after):
            return True
        return any(cue.rule.kind == "exception" for cue in doc._.cues[number] if cue.start >= start)

    def _is_subject(self, words: list[str], before: list[Draft], start: int, first: int) -> bool:
        """Return True when nothing but parts of the body and small words stands between the parts and "is normal"."""
        names = {i for one in before for i in range(one.start, one.end)}
        allowed = {"the", "and", ",", "both", "or", "left", "right", "a", "of", "visualised", "visualized", "imaged", "remaining", "remainder", ":", "&", "/", "bilateral", "its", "in", "rest", "other", "-", "all", "three", "four", "two", "included", "also", "otherwise", "wall", "bones", "underlying", "surrounding", "adjacent", "upper", "lower", "main", "proximal", "distal", "paired", "opacified", "scanned"}  # fmt: skip
        return all(i in names or words[i] in allowed for i in range(start, first))


@Language.factory(
    "rad_readings", requires=["doc._.tokens", "doc._.lines", "doc._.drafts", "doc._.cues"], assigns=["doc._.drafts"]
)
def make_readings(nlp: Language, name: str) -> PhraseFinder:
    """Return the component."""
    return PhraseFinder(nlp)
