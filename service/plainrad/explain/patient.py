"""Report + Reading -> PatientReport."""

from plainrad.domain.patient import PatientReport, Provenance, Statement
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Flag, Reading
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Report
from plainrad.explain.asides import AsideWriter
from plainrad.explain.background import request_once
from plainrad.explain.faithfulness import check
from plainrad.explain.framing import in_order, leads, questions
from plainrad.explain.rest import own_words
from plainrad.explain.statements import StatementWriter
from plainrad.explain.words import all_links, anatomy_labels, explanations
from plainrad.glossary.lookup import Glossary


def explain(
    report: Report,
    reading: Reading,
    *,
    glossary: Glossary,
    book: PhraseBook,
    release: ReleaseDecision,
    provenance: Provenance,
    approved_only: bool = False,
) -> PatientReport:
    """Return the patient version. A statement that its source does not bear out is dropped and flagged, never shown."""
    kept, refused = written_and_refused(report, reading, glossary=glossary, book=book)
    if approved_only:
        kept = [one for one in kept if _approved(one, reading, glossary)]
    flags = reading.flags + tuple(_refused(statement, reason) for statement, reason in refused)
    words = explanations(reading, glossary, approved_only=approved_only)
    ordered = in_order(kept, reading, book)
    first = leads(ordered, reading, glossary, book)
    return PatientReport(
        report=report,
        reading=reading,
        statements=tuple(ordered),
        explanations=words,
        anatomy=anatomy_labels(reading, glossary),
        links=all_links(words),
        questions=questions(ordered, reading, first, book),
        disclaimer=book.disclaimer,
        disclaimer_plain=book.disclaimer_plain,
        flags=flags,
        release=release,
        provenance=provenance,
        own_words=own_words(reading, ordered, report.text, sides=book.grammar.sides),
        lead=first,
        language=book.language,
    )


def written_and_refused(
    report: Report, reading: Reading, *, glossary: Glossary, book: PhraseBook
) -> tuple[list[Statement], list[tuple[Statement, str]]]:
    """Return the statements that the check bears out, and those that it refuses with the reason."""
    written = StatementWriter(reading=reading, text=report.text, glossary=glossary, book=book).write()
    written += AsideWriter(reading=reading, text=report.text, glossary=glossary, book=book).write(written)
    reviewed = reviewed_phrases(reading, glossary, book)
    return check(request_once(written, book), report.text, reviewed, claims=book.claims)


def reviewed_phrases(reading: Reading, glossary: Glossary, book: PhraseBook) -> dict[str, tuple[str, ...]]:
    """Return the fixed phrases of each mention: those of its entry that leave no side open, or the text of its set phrase."""
    found: dict[str, tuple[str, ...]] = {}
    for one in reading.mentions:
        if one.term_id:
            term = glossary.term(one.term_id)
            found[one.id] = tuple(phrase for phrase in (term.plain, term.plural) if "{side }" not in phrase)
        elif one.reading_id in book.phrases:
            found[one.id] = (book.phrases[one.reading_id].text,)
    return found


def _approved(statement: Statement, reading: Reading, glossary: Glossary) -> bool:
    """Return True when every word that the statement rests on has been approved; set phrases are drafts until they carry a review."""
    mentions = [reading.by_id[one] for one in statement.mentions]
    if any(one.reading_id not in (None, "next-step") for one in mentions):
        return False
    return all(glossary.term(one.term_id).review.status == "approved" for one in mentions if one.term_id)


def _refused(statement: Statement, reason: str) -> Flag:
    message = (
        f"A plain sentence about this was not shown, because its {reason} could not be confirmed in your own words."
    )
    return Flag("statement_dropped", message, tuple(Extent(one.start, one.end) for one in statement.source))
