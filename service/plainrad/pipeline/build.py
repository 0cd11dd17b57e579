"""Rules and glossary -> a Reader. The order of the components is that of `models/pipeline.cfg`."""

import hashlib
from importlib.resources.abc import Traversable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import get_lang_class
from spacy.vocab import Vocab
from thinc.api import Config

from plainrad.content import walk
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Evidence, Reading
from plainrad.domain.report import Report
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline import (  # noqa: F401  (importing a component registers it with spaCy)
    abbreviations,
    assertion,
    change,
    cues,
    exam,
    exam_side,
    flags,
    laterality,
    measurements,
    modifiers,
    normals,
    patient_flags,
    readings,
    recommendations,
    relations,
    repeats,
    resolve,
    sections,
    sentences,
    suggests,
    terms,
    twins,
    typos,
)
from plainrad.pipeline.drafts import Context, begin, register, work
from plainrad.pipeline.export import export
from plainrad.pipeline.resources import Resources, gather, give
from plainrad.pipeline.rules import Rules, read_rule_files
from plainrad.pipeline.text import normalise, tokenise


class Tokenizer:
    """spaCy's tokenizer here: normalised text, radiology tokens, and an empty context."""

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab

    def __call__(self, text: str) -> Doc:
        """Return a Doc whose text is the normalised `text`, of the same length."""
        tokens = tokenise(normalise(text))
        follows = [*tokens.starts[1:], *tokens.ends[-1:]]
        spaces = [start > end for start, end in zip(follows, tokens.ends, strict=True)]
        doc = Doc(self._vocab, words=tokens.raw, spaces=spaces)
        about = begin(doc)
        about.tokens, about.context = tokens, Context()
        return doc


class Reader:
    """Reads reports. Build it once: it is expensive to make and cheap to use."""

    def __init__(self, nlp: Language, version: str) -> None:
        self.nlp = nlp
        self.version = version

    def read(self, report: Report) -> Reading:
        """Return what the report says. Words that only this report has are forgotten by the vocabulary afterwards."""
        with self.nlp.memory_zone():
            return export(self._doc(report), original=report.text, version=self.version)

    def firings(self, report: Report) -> tuple[Evidence, ...]:
        """Return every rule of `cues.toml` that fires in the report, whether or not it reaches a finding."""
        with self.nlp.memory_zone():
            return _firings(self._doc(report))

    def _doc(self, report: Report) -> Doc:
        doc = self.nlp.make_doc(report.text)
        patient, moment = report.patient, report.exam.performed_at or report.verified_at
        work(doc).context = Context(
            report.exam,
            report.targets,
            sex=patient.sex if patient is not None else None,
            age=patient.age_on(moment.date()) if patient is not None and moment is not None else None,
        )
        for _, component in self.nlp.pipeline:
            doc = component(doc)
        return doc


def _firings(doc: Doc) -> tuple[Evidence, ...]:
    tokens = work(doc).tokens
    return tuple(
        Evidence(cue.rule.id, tokens.starts[cue.start], tokens.ends[cue.end - 1])
        for found in work(doc).cues
        for cue in found
    )


def build_reader(*, models: Traversable, glossary: Glossary, book: PhraseBook) -> Reader:
    """Return a Reader with the rules of `models`, the words of `glossary` and the phrases of `book`. Raises RuleError."""
    resources = gather(read_rule_files(models), glossary, book)
    return make_reader(resources, steps=models.joinpath("pipeline.cfg"), version=rules_version(models))


def make_reader(resources: Resources, *, steps: Traversable, version: str) -> Reader:
    """Return a Reader with the components that the file `steps` names."""
    register()
    config = Config().from_str(steps.read_text(encoding="utf-8"))
    # Our tokenizer from the start, and a vocabulary of plain strings: nothing here asks spaCy for the shape or the norm of a word,
    # which it would work out for every new one.
    nlp = get_lang_class(config["nlp"]["lang"])(Vocab(), create_tokenizer=Tokenizer)
    give(nlp, resources)
    for name in config["nlp"]["pipeline"]:
        nlp.add_pipe(name)
    _learn(nlp, resources.rules)
    return Reader(nlp, version)


def _learn(nlp: Language, rules: Rules) -> None:
    """Give the vocabulary the words of the rules for good: a word that is known is not made anew for each report."""
    words = (
        rules.cue_matcher.vocabulary
        | rules.grammar.prepositions
        | rules.grammar.openers
        | rules.grammar.determiners
        | set(",.;:()-/\n")
    )
    for word in sorted(words | {word.capitalize() for word in words}):
        nlp.vocab[word]


def rules_version(models: Traversable) -> str:
    """Return which rules these are: the digest of every file of `models`."""
    digest = hashlib.sha256()
    for path, file in walk(models, ""):
        digest.update(path.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"rules-{digest.hexdigest()[:16]}"
