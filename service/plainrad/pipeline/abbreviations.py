"""`rad_abbreviations`: ambiguous short forms by their context, and those that the report itself defines (scispaCy)."""

import warnings
from collections.abc import Sequence

from scispacy.abbreviation import AbbreviationDetector
from spacy.language import Language
from spacy.tokens import Doc

from plainrad.glossary.lookup import AbbreviationSense, Glossary
from plainrad.pipeline.drafts import Candidate, Line, flag, work
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.senses import fits
from plainrad.pipeline.text import match_words

_MOST_BRACKETS = 200  # the detector's time grows with their square
_CONTEXT = 60


class AbbreviationReader:
    """Gives an ambiguous short form its sense where the evidence is clear, and a flag where it is not."""

    def __init__(self, nlp: Language, glossary: Glossary) -> None:
        self._glossary = glossary
        self._detector = AbbreviationDetector(nlp, make_serializable=True)

    def __call__(self, doc: Doc) -> Doc:
        """Add to `doc._.candidates`; assign `doc._.defined` (short form -> long form) and `doc._.unread` (tokens left unexplained)."""
        tokens = work(doc).tokens
        work(doc).defined = self._definitions(doc)
        work(doc).flags = []
        work(doc).unread = set()
        chosen: dict[str, str | None] = {}
        for line in work(doc).lines:
            for index in range(line.start, line.end):
                short = tokens.raw[index]
                if short in self._glossary.ambiguous and not self._inside(doc, index):
                    self._read(doc, line, index, short, chosen)
        return doc

    def _definitions(self, doc: Doc) -> dict[str, str]:
        """Return the short forms that the text defines, as in "right ventricle (RV)"."""
        if not 0 < work(doc).tokens.text.count("(") <= _MOST_BRACKETS:
            return {}
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", message=r"\[W036\]"
            )  # its matcher of whole-document forms is empty by design
            self._detector(doc)
        return {one["short_text"]: one["long_text"] for one in doc._.abbreviations}

    def _inside(self, doc: Doc, index: int) -> bool:
        """Return True when a longer term holds the token ("IVC filter")."""
        return any(one.start <= index < one.end and one.end - one.start > 1 for one in work(doc).candidates)

    def _read(self, doc: Doc, line: Line, index: int, short: str, chosen: dict[str, str | None]) -> None:
        senses = self._glossary.ambiguous[short]
        defined = work(doc).defined.get(short)
        fitting = self._defined(senses, defined) if defined else self._fitting(doc, line, index, senses)
        if len({one.means for one in fitting}) == 1:
            chosen[short] = fitting[0].means
        elif short in chosen and not fitting:  # one sense in one report
            fitting = [one for one in senses if one.means == chosen[short]]
        if len({one.means for one in fitting}) == 1:
            sense = fitting[0]
            if sense.term_id is not None:
                rule = "term.abbreviation-defined" if defined else "term.abbreviation-sense"
                work(doc).candidates.append(Candidate(index, index + 1, (sense.term_id,), rule))
            return
        work(doc).candidates = [
            one for one in work(doc).candidates if not (one.start == index and one.end == index + 1)
        ]
        work(doc).unread.add(index)
        if line.section in ("technique", "comparison", "other"):
            return
        meanings = ", ".join(dict.fromkeys(one.means for one in senses))
        work(doc).flags.append(
            flag(
                doc,
                "ambiguous_abbreviation",
                f"A short form here has more than one meaning ({meanings}); it is left unexplained. Write it out if patients are to understand it.",
                [(index, index + 1)],
            )
        )

    def _defined(self, senses: Sequence[AbbreviationSense], long_form: str) -> list[AbbreviationSense]:
        words = match_words(long_form)
        named = self._glossary.forms.get(" ".join(words), ())
        ids = {one.term_id for one in named}
        return [one for one in senses if one.term_id in ids or match_words(one.means) == words]

    def _fitting(
        self, doc: Doc, line: Line, index: int, senses: Sequence[AbbreviationSense]
    ) -> list[AbbreviationSense]:
        tokens = work(doc).tokens
        words = tokens.words[line.start : line.end]
        here = index - line.start
        around = tokens.text[max(0, tokens.starts[index] - _CONTEXT) : tokens.ends[index] + _CONTEXT]
        by_pattern = [one for one in senses if one.speaks_in(around)]
        if len({one.means for one in by_pattern}) == 1:
            return by_pattern
        pool = by_pattern or senses
        by_words = [one for one in pool if one.when.near and fits(one.when, work(doc).exam, line.section, words, here, here + 1, frozenset())]  # fmt: skip
        if len({one.means for one in by_words}) == 1:
            return by_words
        by_place = [
            one
            for one in pool
            if not one.when.near
            and not one.when.is_empty()
            and fits(one.when, work(doc).exam, line.section, words, here, here + 1, frozenset())
        ]
        return by_place if len({one.means for one in by_place}) == 1 else []


@Language.factory(
    "rad_abbreviations",
    requires=["doc._.tokens", "doc._.lines", "doc._.candidates", "doc._.exam"],
    assigns=["doc._.candidates", "doc._.defined", "doc._.unread", "doc._.flags"],
)
def make_abbreviations(nlp: Language, name: str) -> AbbreviationReader:
    """Return the component."""
    resources = resources_of(nlp)
    return AbbreviationReader(nlp, resources.glossary)
