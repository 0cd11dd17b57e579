"""`rad_readings`: set sentences of reporting that are read as a whole ("heart size is normal"), and next steps."""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.pipeline.drafts import Draft, Line, evidence, work
from plainrad.pipeline.resources import resources_of

# A label that speaks of the person, not of the scan: "PMH: unremarkable" is no normal scan.
_NOT_THE_SCAN = frozenset({"pmh", "fhx", "shx", "psh", "history", "hx", "allergies", "medications", "meds", "exam", "examination", "ros", "heent", "neuro"})  # fmt: skip


class PhraseFinder:
    """Adds a draft for each set phrase and for each next step."""

    def __init__(self, nlp: Language) -> None:
        self._book = resources_of(nlp).readings

    def __call__(self, doc: Doc) -> Doc:
        """Add to `doc._.drafts`."""
        drafts = work(doc).drafts
        added: list[Draft] = []
        for number, line in enumerate(work(doc).lines):
            if line.section in ("history", "technique", "comparison"):
                continue
            found = self._phrases(doc, line, number)
            found += self._next_step(doc, line, number, found)
            added.extend(found)
        drafts.extend(added)
        drafts.sort(key=lambda one: (one.start, one.end, one.target, one.reading_id or ""))
        return doc

    def _phrases(self, doc: Doc, line: Line, number: int) -> list[Draft]:
        """A set phrase is read only when it fills its clause: nothing around it may say more, or less."""
        words = work(doc).tokens.words
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
                if _NOT_THE_SCAN & set(words[line.start : index[0]] if index else ()):
                    continue
            if not index:
                continue
            sequence = [words[i] for i in index]
            match = self._book.phrases.longest(sequence, 0)
            if match is None or match[0] < len(sequence):
                continue
            phrase = match[1]
            if any(
                cue.rule.kind == "exception" for cue in work(doc).cues[number] if cue.start >= end or cue.end <= start
            ):
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
            for cue in work(doc).cues[number]
            if cue.rule.recommendation and not any(one.start <= cue.start < one.end for one in found)
        ]
        if not cues and (line.section != "recommendation" or found):
            return []
        if line.section == "other" or line.end - line.start < 3:
            return []
        words = work(doc).tokens.words
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


@Language.factory(
    "rad_readings", requires=["doc._.tokens", "doc._.lines", "doc._.drafts", "doc._.cues"], assigns=["doc._.drafts"]
)
def make_readings(nlp: Language, name: str) -> PhraseFinder:
    """Return the component."""
    return PhraseFinder(nlp)
