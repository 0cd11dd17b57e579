"""The editorial law, as checks that an editor can act on. `glossary/README.md` says the same in words."""

import re
from collections.abc import Iterator

from plainrad.glossary.forms import american, variants
from plainrad.glossary.lookup import form_key
from plainrad.glossary.read import Problem, RawContent
from plainrad.glossary.schema import TermSchema, takes_plural
from plainrad.glossary.words import EverydayWords, flesch_kincaid_grade, sentences, words

MAX_PLAIN_WORDS = 8
MAX_SENTENCE_WORDS = 20
MAX_GRADE = 8.0
_BRACKETS = re.compile(r"\([^)]*\)")
_ARTICLE = re.compile(r"^(?:a|an|the|some|no|there)\b", re.IGNORECASE)

# What a definition must not do, the words that do it, and the remedy.
_FORBIDDEN = (
    (
        re.compile(r"\b(?:should|must|need to|make sure|try to|ask your|see your|speak to|talk to|do not worry)\b", re.I),
        "gives advice",
        "Say only what it is.",
    ),
    (
        re.compile(r"\b(?:harmless|nothing to worry|not serious|not dangerous|no cause for|reassuring|luckily)\b", re.I),
        "comforts",
        "Say what it is and leave the comfort to people who know the patient.",
    ),
    (
        re.compile(r"\b(?:deadly|fatal|life[- ]threatening|dangerous|incurable|terminal|alarming|scary|killer)\b", re.I),
        "alarms or gives a prognosis",
        "Say calmly what it is.",
    ),
    (re.compile(r"\d+\s*(?:%|per ?cent| in \d+ people)", re.I), "gives a statistic", "Leave figures out."),
    (
        re.compile(r"\b(?:like a (?:balloon|tree|sponge|pipe|bag)|shock absorber|plumbing|pump station)\b", re.I),
        "uses a metaphor",
        "Say what it is, not what it is like.",
    ),
    (
        re.compile(r"\b(?:e\.g\.|i\.e\.|etc\.?|can't|don't|isn't|doesn't|won't)(?=\W|$)", re.I),
        "uses a short form that readers or screen readers stumble over",
        "Write it out.",
    ),
    (
        re.compile(r"\b(?:clinicians?|renal|hepatic|cardiac|pulmonary|gastric|acute|chronic|haemorrhage|anus)\b(?![^(]*\))", re.I),
        "uses a word that the style list avoids",
        "Use the plain word (kidney, liver, heart, lung, stomach, sudden, long-lasting, bleeding).",
    ),
)  # fmt: skip


def definition_grade(definition: str) -> float:
    """Return the reading grade of a definition, without the hard words that stand in brackets."""
    return flesch_kincaid_grade(_BRACKETS.sub("", definition))


def check_law(raw: RawContent, everyday: EverydayWords) -> list[Problem]:
    """Return everything in `raw` that breaks the editorial law, in file order."""
    problems = list(raw.problems)
    problems += _unique_ids(raw)
    problems += _form_clashes(raw)
    parts, links = {part.id for part in raw.parts}, {link.id for link in raw.links}
    ids = {term.id for _, term in raw.terms}
    for path, term in raw.terms:
        problems += [Problem(path, term.id, *found) for found in term_problems(term, everyday)]
        for part in term.anatomy:
            if part not in parts:
                problems.append(
                    Problem(
                        path, term.id, f"`anatomy` names '{part}'.", "Add it to anatomy.toml or use one that is there."
                    )
                )
        for link in term.links:
            if link not in links:
                problems.append(Problem(path, term.id, f"`links` names '{link}'.", "Use an id of links.toml."))
        if term.replaced_by and term.replaced_by not in ids:
            problems.append(
                Problem(path, term.id, f"`replaced_by` names '{term.replaced_by}'.", "Name an entry that exists.")
            )
    problems += _same(raw)
    problems += _anatomy(raw)
    problems += _abbreviations(raw, ids)
    return problems


def _same(raw: RawContent) -> Iterator[Problem]:
    """`same_as` names an entry in use of the same kind that names no other, so that one step leads to the concept."""
    entries = {term.id: term for _, term in raw.terms}
    for path, term in raw.terms:
        if term.same_as is None:
            continue
        other = entries.get(term.same_as)
        if other is None or other is term or other.same_as or other.replaced_by or other.kind != term.kind:
            yield Problem(
                path, term.id, f"`same_as` names '{term.same_as}'.",
                "Name an entry in use, of the same kind, that has no `same_as` of its own.",
            )  # fmt: skip


def _unique_ids(raw: RawContent) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for path, term in raw.terms:
        if term.id in seen:
            yield Problem(path, term.id, f"The id is used in {seen[term.id]} too.", "Give one of them another id.")
        seen[term.id] = path
    for name, ids in (
        ("anatomy.toml", [part.id for part in raw.parts]),
        ("links.toml", [link.id for link in raw.links]),
    ):
        for repeated in sorted({one for one in ids if ids.count(one) > 1}):
            yield Problem(name, repeated, "The id is used twice.", "Give one of them another id.")


def _form_clashes(raw: RawContent) -> Iterator[Problem]:
    """A form may belong to two entries only where a `sense` tells each of them apart."""
    owners: dict[str, list[tuple[str, TermSchema, bool]]] = {}
    ambiguous = {entry.form for entry in raw.abbreviations}
    for path, term in raw.terms:
        if term.replaced_by:
            continue
        told_apart = {form_key(sense.form) for sense in term.sense if not _is_empty(sense)}
        keys = {form_key(form) for form in (term.term, *term.forms)}
        if len(keys) < 1 + len(term.forms):
            yield Problem(path, term.id, "A form is listed twice (or repeats the term).", "List each form once.")
        for key in keys:
            owners.setdefault(key, []).append((path, term, key in told_apart))
        for short in term.abbreviations:
            if short not in ambiguous:
                owners.setdefault("=" + short, []).append((path, term, form_key(short) in told_apart))
    for key, entries in owners.items():
        if len(entries) > 1 and not all(told for _, _, told in entries):
            others = ", ".join(term.id for _, term, _ in entries[1:])
            path, term, _ = entries[0]
            yield Problem(
                path, term.id, f"The form '{key.lstrip('=')}' belongs to {others} too.",
                "Keep it in one entry, or give every one of them a [[term.sense]] that says where it holds.",
            )  # fmt: skip


def _is_empty(sense: object) -> bool:
    when = getattr(sense, "when")  # noqa: B009
    return not (when.region or when.modality or when.section or when.near)


def term_problems(term: TermSchema, everyday: EverydayWords) -> Iterator[tuple[str, str]]:
    """Yield (message, remedy) for everything in the entry itself that breaks the law."""
    plain = term.plain.replace("{side }", "")
    if len(plain.split()) > MAX_PLAIN_WORDS:
        yield f"`plain` has {len(plain.split())} words.", f"Use at most {MAX_PLAIN_WORDS}; the definition can say more."
    if _ARTICLE.match(plain):
        yield "`plain` starts with an article.", "Leave it out: the sentence adds a, an or the."
    if plain.endswith((".", ",", ";")) or "{" in plain:
        yield "`plain` ends in a mark or holds a slot other than {side }.", "Write a bare phrase."
    if "{" in term.plural.replace("{side }", "") or "}" in term.plural.replace("{side }", ""):
        yield "`plural` holds a slot other than {side }.", "Write a bare phrase."
    if plain[:1].isupper() and plain.split()[0] not in (
        "X-ray",
        "X-rays",
        "CT",
        "MRI",
        "PET",
        "NHS",
        "DEXA",
        "Baker's",
        "Achilles",
        "Crohn's",
        "B-cell",
        "T-cell",
    ):
        yield "`plain` starts with a capital letter.", "It stands inside a sentence: start it in lower case."
    if (term.noun == "none") != (term.kind in ("descriptor", "qualifier", "direction", "normal")) and term.kind in (
        "finding", "anatomy", "procedure", "device", "descriptor", "qualifier", "direction",
    ):  # fmt: skip
        yield (
            f"`noun` is '{term.noun}' for a {term.kind}.",
            "Things are mass, count or plural; describing words are none.",
        )
    if not term.definition.endswith((".", ".)")):
        yield "`definition` does not end in a full stop.", "End it with one."
    if len(sentences(term.definition)) > 2:
        yield "`definition` has more than two sentences.", "Say it in one or two."
    for sentence in sentences(term.definition):
        if len(words(sentence)) > MAX_SENTENCE_WORDS:
            yield f"A sentence of `definition` has {len(words(sentence))} words.", f"Use at most {MAX_SENTENCE_WORDS}."
    grade = definition_grade(term.definition)
    if grade > MAX_GRADE:
        yield (
            f"`definition` reads at grade {grade:.1f}.",
            f"Bring it to {MAX_GRADE:.0f} or lower: shorter words and sentences.",
        )
    for pattern, what, remedy in _FORBIDDEN:
        for name, text in (("plain", term.plain), ("definition", term.definition)):
            match = pattern.search(text)
            if match:
                yield f"`{name}` {what}: '{match.group()}'.", remedy
    for name, text in (("plain", plain), ("definition", term.definition)):
        hard = [word for word in words(_BRACKETS.sub(" ", text)) if word not in everyday and not _explained(word, text)]
        if hard:
            yield f"`{name}` uses hard words: {', '.join(dict.fromkeys(hard))}.", "Use an everyday word, or put the hard word in brackets after a plain one, or add it to allowed-words.toml with a reason."  # fmt: skip
    for name, text in (("term", term.term), ("plain", term.plain), ("definition", term.definition)):
        if american(text) != text and american(american(text)) == american(text):
            continue
        match = _AMERICAN_SPELLING.search(text)
        if match:
            yield (
                f"`{name}` has American spelling: '{match.group()}'.",
                "Use British spelling; the American one is generated.",
            )
    if term.review.status != "draft" and not (term.review.by and term.review.on):
        yield "`review` has moved on from draft without a name and a day.", "Only a named person moves it on."
    forms = {form_key(form) for form in (term.term, *term.forms)}
    for sense in term.sense:
        if form_key(sense.form) not in forms and sense.form not in term.abbreviations:
            yield f"`sense` speaks of '{sense.form}', which is not a form of this entry.", "List the form too."


_AMERICAN_SPELLING = re.compile(
    r"\b\w*(?:edema|tumor\b|tumors\b|esophag|hemorrhag|hematoma|ischemi|anemi|fiber|center|color\b|colored|caliber|"
    r"gynecolog|pediatric|diarrhea|gray\b|leukemi|celiac)\w*", re.I
)  # fmt: skip


def _explained(word: str, text: str) -> bool:
    """Return True when brackets stand right after `word`, which then explain it."""
    return re.search(rf"\b{re.escape(word)}(?:\s+\w+)?\s*\(", text) is not None


def _anatomy(raw: RawContent) -> Iterator[Problem]:
    ids = {part.id: part for part in raw.parts}
    for part in raw.parts:
        if part.parent and part.parent not in ids:
            yield Problem("anatomy.toml", part.id, f"`parent` names '{part.parent}'.", "Name a part that exists.")
        seen, current = set(), part
        while current.parent and current.parent in ids:
            if current.id in seen:
                yield Problem("anatomy.toml", part.id, "The part is its own ancestor.", "Mend the parents.")
                break
            seen.add(current.id)
            current = ids[current.parent]


def _abbreviations(raw: RawContent, ids: set[str]) -> Iterator[Problem]:
    for entry in raw.abbreviations:
        for sense in entry.sense:
            if sense.term and sense.term not in ids:
                yield Problem("abbreviations.toml", entry.form, f"A sense names '{sense.term}'.", "Name an entry that exists, or leave `term` out.")  # fmt: skip


def listed_and_generated(raw: RawContent) -> tuple[int, int]:
    """Return how many different forms are listed, and how many there are with the generated ones."""
    listed: set[str] = set()
    every: set[str] = set()
    for _, term in raw.terms:
        for form in (term.term, *term.forms):
            listed.add(form_key(form))
            every.update(form_key(one) for one in variants(form, count=takes_plural(term)))
        every.update("=" + short for short in term.abbreviations)
        listed.update("=" + short for short in term.abbreviations)
    return len(listed), len(every)
