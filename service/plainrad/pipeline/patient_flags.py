"""`rad_patient`: sex and age in the words of the report that do not fit the person it was sent for. Flags only: nothing read changes.

Without a patient from the sender, the sex that the report itself gives ("this 45-year-old man") is held against its findings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Extent, Flag
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Draft, flag, work
from plainrad.pipeline.resources import resources_of

_COUNTED = frozenset({"present", "absent", "possible", "neutral"})
_SLACK = 1  # years: a report may round, or be typed before a birthday


@dataclass(frozen=True, slots=True)
class AgeRule:
    """Entries that fit people of some ages only: from `least` to `most` years."""

    id: str
    terms: frozenset[str]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class PatientRules:
    """The rows of `patient.toml`."""

    parts: dict[str, frozenset[str]]
    words: dict[str, str]
    female_region: str
    ages: tuple[AgeRule, ...]


def compile_patient_rules(data: dict[str, Any]) -> PatientRules:
    """Return the rules of `patient.toml`."""
    sex = data["sex"]
    words = {word: name for name in ("female", "male") for word in sex[f"{name}_words"]}
    parts = {name: frozenset(sex[f"{name}_parts"]) for name in ("female", "male")}
    ages = tuple(
        AgeRule(row["id"], frozenset(row["terms"]), row.get("least", 0), row.get("most", 200)) for row in data["age"]
    )
    return PatientRules(parts, words, sex["female_region"], ages)


class PatientChecker:
    """Compares the sex and the age that are given with those that the words of the report need."""

    def __init__(self, rules: PatientRules, glossary: Glossary) -> None:
        self._rules = rules
        self._glossary = glossary
        names = "|".join(word for word in rules.words if len(word) > 1)
        self._said = re.compile(
            rf"\b(?P<age>\d{{1,3}})[\s\-]?(?:years?|yrs?|yo|y/o|y\.o\.)(?:[\s\-]?(?:old|of age))?(?:[\s\-]+(?P<sex>{names})\b)?"
            rf"|\b(?P<short>\d{{1,3}})\s?(?P<letter>[MF])\b|\bthis (?P<bare>{names})\b",
            re.IGNORECASE,
        )

    def __call__(self, doc: Doc) -> Doc:
        """Add to `doc._.flags`."""
        context = work(doc).context
        said = list(self._statements(doc))
        sexes = {sex for sex, _, _ in said if sex}
        given = context.sex if context.sex in self._rules.parts else None
        age = context.age
        work(doc).flags.extend(self._against(given, age, said))
        known = given or (next(iter(sexes)) if len(sexes) == 1 else None)
        if known is not None:
            self._organs(doc, known)
        if age is not None:
            self._ages(doc, age)
        return doc

    def _statements(self, doc: Doc) -> Iterator[tuple[str | None, int | None, Extent]]:
        """Return each sex and age that the report gives of the patient, but for those of relatives."""
        text = work(doc).tokens.text
        family = [
            (work(doc).tokens.starts[line.start], work(doc).tokens.ends[line.end - 1])
            for number, line in enumerate(work(doc).lines)
            if any(cue.rule.kind == "family" for cue in work(doc).cues[number])
        ]
        for match in self._said.finditer(text):
            if any(start <= match.start() < end for start, end in family):
                continue
            word = match["sex"] or match["letter"] or match["bare"]
            number = match["age"] or match["short"]
            if match["short"] and match.start() > 0 and text[match.start() - 1] in "./-":
                continue
            sex = self._rules.words.get(word.lower()) if word else None
            if sex or (match["age"] and "old" in match.group().lower()):
                yield sex, int(number) if number else None, Extent(match.start(), match.end())

    def _against(
        self, given: str | None, age: int | None, said: list[tuple[str | None, int | None, Extent]]
    ) -> Iterator[Flag]:
        wrong = tuple(span for sex, _, span in said if given and sex and sex != given)
        if wrong:
            yield Flag("sex_mismatch", f"The report speaks of a {_other(given)} patient, and was sent for one given as {given}. Check that it belongs to this patient.", wrong)  # fmt: skip
        off = tuple(
            span for _, years, span in said if age is not None and years is not None and abs(years - age) > _SLACK
        )
        if off:
            yield Flag("age_mismatch", "The age in the report is not that of the date of birth it was sent with. Check that it belongs to this patient.", off)  # fmt: skip

    def _organs(self, doc: Doc, sex: str) -> None:
        wrong = [one for one in _findings(doc) if self._sex_of(one) not in (None, sex)]
        if wrong:
            message = f"The patient is given as {sex}; this is read of {'women' if sex == 'male' else 'men'} only. Check that the report belongs to this patient; if it does, nothing has to be changed."
            work(doc).flags.append(flag(doc, "sex_mismatch", message, [(one.start, one.end) for one in wrong]))

    def _sex_of(self, draft: Draft) -> str | None:
        """Return the sex that an entry belongs to, or None for one of both."""
        term = self._glossary.terms[draft.term_id or ""]
        if term.region == self._rules.female_region and term.kind == "finding":
            return "female"
        parts = set(term.anatomy)
        found = [name for name, own in self._rules.parts.items() if parts & own]
        return found[0] if len(found) == 1 else None

    def _ages(self, doc: Doc, age: int) -> None:
        for rule in self._rules.ages:
            wrong = [one for one in _findings(doc) if one.term_id in rule.terms and not rule.least <= age <= rule.most]
            if wrong:
                work(doc).flags.append(flag(doc, "age_mismatch", "This is not usual at the age that the date of birth gives. Check that the report belongs to this patient, and the words.", [(one.start, one.end) for one in wrong]))  # fmt: skip


def _findings(doc: Doc) -> list[Draft]:
    """Return what the report says of this scan: no background, no next step, nobody else's."""
    return [
        one
        for one in work(doc).drafts
        if one.term_id is not None
        and one.reportable
        and one.assertion in _COUNTED
        and one.kind in ("finding", "anatomy", "device", "descriptor")
        and work(doc).lines[one.line].section in ("findings", "conclusion")
    ]


def _other(sex: str | None) -> str:
    return "male" if sex == "female" else "female"


@Language.factory(
    "rad_patient",
    requires=["doc._.tokens", "doc._.lines", "doc._.drafts", "doc._.cues", "doc._.context", "doc._.flags"],
    assigns=["doc._.flags"],
)
def make_patient(nlp: Language, name: str) -> PatientChecker:
    """Return the component."""
    resources = resources_of(nlp)
    return PatientChecker(compile_patient_rules(resources.patient), resources.glossary)
