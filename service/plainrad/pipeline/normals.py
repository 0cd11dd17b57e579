"""`rad_normals`: parts of the body that a clause calls normal, or of which a describing word is said ("the duct is dilated")."""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.pipeline.drafts import Draft, Line, evidence, work
from plainrad.pipeline.reading_book import ReadingBook
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Grammar


class NormalFinder:
    """Marks anatomy drafts with what a clause says of them; a set phrase that holds the clause goes before."""

    def __init__(self, book: ReadingBook, grammar: Grammar) -> None:
        self._book = book
        self._grammar = grammar

    def __call__(self, doc: Doc) -> Doc:
        """Fill in `normal` and `described` of anatomy drafts."""
        by_line: dict[int, list[Draft]] = {}
        for draft in work(doc).drafts:
            by_line.setdefault(draft.line, []).append(draft)
        for number, members in sorted(by_line.items()):
            line: Line = work(doc).lines[number]
            if line.section not in ("history", "technique", "comparison"):
                phrases = [one for one in members if one.reading_id not in (None, "next-step")]
                covered = {i for one in phrases for i in range(one.start, one.end)}
                self._clauses(doc, line, number, members, covered)
        return doc

    def _described(self, doc: Doc, number: int, start: int, end: int, parts: list[Draft], drafts: list[Draft]) -> None:
        """As in "the bile duct is mildly dilated": a part of the body and the describing word that is said of it."""
        words = work(doc).tokens.words
        told = [one for one in drafts if one.kind == "descriptor" and start < one.start < end]
        for word in told:
            verb = next(
                (i for i in range(word.start - 1, max(start, word.start - 4), -1) if words[i] in self._grammar.says_of),
                None,
            )
            if verb is None or not all(words[i] in self._grammar.degrees for i in range(verb + 1, word.start)):
                continue
            before = [one for one in parts if one.end <= verb]
            if words[verb] == ":":
                before = [one for one in before if one.end == verb]
            clear = all(
                words[i] in self._grammar.after_normal
                or words[i] in self._grammar.after_size
                or any(char.isdigit() for char in words[i])
                for i in range(word.end, end)
            )
            doubt = any(words[i] in self._grammar.watch for i in range(start, end)) or any(
                start <= cue.start < end and cue.rule.kind not in ("change", "partial", "confirm")
                for cue in work(doc).cues[number]
            )
            if before and clear and not doubt and self._is_subject(words, before, start, verb):
                for part in before:
                    if any(other.start == part.end for other in before):
                        continue  # "L4 nerve is displaced": the nerve, not the bone
                    part.described = word
                    part.evidence.append(evidence(doc, "described.predicate", verb, word.end))

    def _clauses(self, doc: Doc, line: Line, number: int, drafts: list[Draft], covered: set[int]) -> None:
        words = work(doc).tokens.words
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
            hit = self._normal_words(words, start, end) or self._negative(words, start, end)
            if hit is None or self._doubted(doc, number, start, end, hit[0], hit[1]):
                continue
            first, after, normal_id = hit
            before = [one for one in inside if one.end <= first]
            chosen = before or [one for one in inside if one.start >= after]
            if before and not self._ends_clause(words, after, end):
                continue
            if before and not self._is_subject(words, before, start, first):
                continue
            if not before and not self._names_only(words, chosen, after, end):
                continue  # "normal bone density in the spine" is no normal spine
            for draft in chosen:
                draft.normal = normal_id
                if words[first] == "negative":
                    draft.assertion, draft.certainty = (
                        "present",
                        "definite",
                    )  # the part is there; nothing was found in it
                draft.evidence.append(evidence(doc, f"normal.{normal_id}", first, after))

    def _names_only(self, words: list[str], chosen: list[Draft], after: int, end: int) -> bool:
        """Return True when what is called normal is the parts themselves, up to the end of the clause."""
        names = {i for one in chosen for i in range(one.start, one.end)}
        return all(
            i in names or words[i] in self._grammar.among_parts or words[i] in self._grammar.after_normal
            for i in range(after, end)
        )

    def _ends_clause(self, words: list[str], after: int, end: int) -> bool:
        """Return True when the words for normal end what the clause says: "is of normal echotexture" is no "is normal"."""
        return all(word in self._grammar.after_normal for word in words[after:end])

    def _normal_words(self, words: list[str], start: int, end: int) -> tuple[int, int, str] | None:
        index = start
        while index < end:
            match = self._book.normals.longest(words, index, end)
            if match is not None:
                return index, match[0], match[1]
            index += 1
        return None

    def _negative(self, words: list[str], start: int, end: int) -> tuple[int, int, str] | None:
        """As in "negative cervical spine": nothing was found in the part, when the clause holds nothing else."""
        while start < end and words[start] in ("-", ",", "\n"):
            start += 1
        return (start, start + 1, "normal") if start < end and words[start] == "negative" else None

    def _doubted(self, doc: Doc, number: int, start: int, end: int, first: int, after: int) -> bool:
        """Return True when a word outside the normal phrase negates, hedges, asks or excepts."""
        words = work(doc).tokens.words
        if any(words[i] in self._grammar.watch for i in range(start, end) if not first <= i < after):
            return True
        return any(cue.rule.kind == "exception" for cue in work(doc).cues[number] if cue.start >= start)

    def _is_subject(self, words: list[str], before: list[Draft], start: int, first: int) -> bool:
        """Return True when nothing but parts of the body and small words stands between the parts and "is normal"."""
        names = {i for one in before for i in range(one.start, one.end)}
        return all(i in names or words[i] in self._grammar.among_parts for i in range(start, first))


@Language.factory(
    "rad_normals", requires=["doc._.tokens", "doc._.lines", "doc._.drafts", "doc._.cues"], assigns=["doc._.drafts"]
)
def make_normals(nlp: Language, name: str) -> NormalFinder:
    """Return the component."""
    resources = resources_of(nlp)
    return NormalFinder(resources.readings, resources.rules.grammar)
