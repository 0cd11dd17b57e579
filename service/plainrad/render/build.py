"""PatientReport -> Page: the order, the grouping and the wording of the small parts of the patient page."""

from dataclasses import replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from plainrad.domain.patient import (
    STATEMENT_GROUPS,
    Explanation,
    OwnWords,
    PatientReport,
    Statement,
    StatementGroup,
    TeamNote,
)
from plainrad.domain.term import Link, Review
from plainrad.explain.bodymap import body_parts
from plainrad.explain.framing import place_in_conclusion
from plainrad.render.original import Stretch, cut_original, own_id, spot_ids
from plainrad.render.parts import part_groups, picture_text
from plainrad.render.picture import draw
from plainrad.render.strings import Strings, load_strings
from plainrad.render.templates import content_security_policy, stylesheet
from plainrad.render.verbatim import can_show
from plainrad.render.view import (
    FactView,
    GroupView,
    LinkView,
    Look,
    NoteView,
    OwnView,
    Page,
    PlaceView,
    StatementView,
    Theme,
    WordView,
)

_CONCLUDED: frozenset[StatementGroup] = frozenset(
    {"found", "possible", "unchanged_or_known", "looked_for_not_found", "normal"}
)
_MANY = 10  # more are easier to read in their groups, where there is nothing beside them
_HERE: Final = ZoneInfo("Europe/London")


def build_page(
    patient: PatientReport,
    *,
    language: str | None = None,
    look: Look = "standard",
    theme: Theme = "neutral",
    prefix: str = "",
    top: int = 1,
    alone: bool = True,
    styled: bool = True,
) -> Page:
    """Return the Page of `patient` with the fixed sentences of `language`, by default that of its statements.

    Flags and release are for staff.
    """
    language = language or patient.language
    say = load_strings(language)
    title = _one_line(patient.report.exam.title or "")
    explained = {explanation.term_id for explanation in patient.explanations}
    original = cut_original(
        patient.report.text,
        mentions=patient.reading.mentions,
        explained=explained,
        statements=patient.statements,
        own_words=patient.own_words,
    )
    words = _words(patient.explanations, original, say)
    told = body_parts(patient)
    drawings, numbers = draw(told, sex=patient.report.patient.sex if patient.report.patient else None)
    parts = part_groups(told, numbers, say)
    requester = _one_line(patient.report.requester or "")
    return Page(
        language=language,
        say=say,
        look=look,
        theme=theme,
        prefix=prefix,
        top=top,
        alone=alone,
        style=stylesheet() if styled else Markup(),
        content_security_policy=content_security_policy(),
        title=title or say.title,
        eyebrow=say.eyebrow if title else None,
        leads=tuple(one.text for one in patient.lead),
        notes=tuple(_note(one, say) for one in patient.notes),
        groups=_groups(patient, say),
        own_words=_own_words(patient.own_words, say),
        original=original,
        original_text=patient.report.text,
        unshowable=not can_show(patient.report.text),
        words=words,
        drafts=_drafts(patient.explanations, say),
        parts=parts,
        sided=any(label.laterality for label in patient.anatomy),
        drawings=tuple(replace(one, title=picture_text(parts, one, say)) for one in drawings),
        links=_links(patient.links, say),
        questions=patient.questions,
        asked_by=say.asked_by.format(requester=requester) if requester else None,
        disclaimer=patient.disclaimer,
        disclaimer_plain=patient.disclaimer_plain,
        facts=_facts(patient, say),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _note(note: TeamNote, say: Strings) -> NoteView:
    """Return a note with its paragraphs, and the day on which it was written here."""
    on = say.day(note.written_at.astimezone(_HERE).date())
    written = say.note_by.format(by=note.signed, on=on) if note.signed else say.note_on.format(on=on)
    paragraphs = (_one_line(one) for one in note.text.split("\n"))
    return NoteView(tuple(one for one in paragraphs if one), written)


def _groups(patient: PatientReport, say: Strings) -> tuple[GroupView, ...]:
    """Return the groups that have statements. What the report concludes stands together, in its order, before the other findings."""
    concluded = _concluded(patient)
    groups = []
    for group in STATEMENT_GROUPS:
        members = [one for one in patient.statements if one.group == group and one not in concluded]
        members.sort(key=lambda one: group != "background" and not one.conclusion)
        if members:
            groups.append(GroupView(group, say.groups[group], tuple(_statement(one, say) for one in members)))
    if concluded:
        place = sum(one.id == "background" for one in groups)
        groups.insert(place, GroupView("conclusion", say.conclusion, tuple(_statement(one, say) for one in concluded)))
    return tuple(groups)


def _concluded(patient: PatientReport) -> list[Statement]:
    """Return what the conclusion tells, as it is ordered there; nothing where a long report has no other part."""
    told = [one for one in patient.statements if one.group in _CONCLUDED]
    places = {one.id: place_in_conclusion(one, patient.reading) for one in told if one.conclusion}
    late = [one for one in told if places.get(one.id) is not None]
    if len(late) == len(told) and len(late) > _MANY:
        return []
    added = [one.start for one in patient.reading.sections if one.kind == "addendum"]
    return sorted(
        late, key=lambda one: (not any(start <= (places[one.id] or 0) for start in added), places[one.id] or 0)
    )


def _statement(statement: Statement, say: Strings) -> StatementView:
    ids = spot_ids(statement)
    one_of_many = say.see_in_report if len(ids) == 1 else say.see_in_report_many
    places = (PlaceView(place, one_of_many.format(number=n, total=len(ids))) for n, place in enumerate(ids, start=1))
    tail = f" {say.in_report_words}: {say.quoted.format(words=statement.quote)}"
    beside = statement.text.removesuffix(tail)
    return StatementView(statement.id, statement.group, statement.text, beside, statement.quote, tuple(places))


def _own_words(own_words: tuple[OwnWords, ...], say: Strings) -> tuple[OwnView, ...]:
    """Return what no statement rests on, in the order of the report."""
    return tuple(
        OwnView(own_id(number), one.text, PlaceView(f"original-{own_id(number)}", say.see_in_report))
        for number, one in enumerate(own_words, start=1)
    )


def _words(explanations: tuple[Explanation, ...], original: tuple[Stretch, ...], say: Strings) -> tuple[WordView, ...]:
    """Return the explained words from A to Z."""
    marked = {piece.term_id: piece.text for stretch in original for piece in stretch.pieces if piece.term_id}
    all_drafts = all(one.review.status == "draft" for one in explanations)
    return tuple(
        WordView(
            term_id=one.term_id,
            term=one.term,
            as_written=_as_written(one.term, marked.get(one.term_id), say),
            plain=one.plain if one.plain.casefold() != one.term.casefold() else None,
            definition=one.definition,
            state=None if all_drafts else _state(one.review, say),
            links=_links(one.links, say),
            marked=one.term_id in marked,
        )
        for one in sorted(explanations, key=lambda one: (one.term.casefold(), one.term_id))
    )


def _drafts(explanations: tuple[Explanation, ...], say: Strings) -> str | None:
    """Return the one sentence on explanations that nobody has reviewed, or None when there are none."""
    drafts = sum(one.review.status == "draft" for one in explanations)
    if not drafts:
        return None
    return say.drafts_all if drafts == len(explanations) else say.drafts_some


def _as_written(term: str, written: str | None, say: Strings) -> str | None:
    """Say how the report writes the term: a reader who chose "DOAC" must not wonder why another word opened."""
    words = _one_line(written or "")
    same = words.casefold().removesuffix("s") == term.casefold().removesuffix("s")
    return say.word_as_written.format(words=words) if words and not same else None


def _state(review: Review, say: Strings) -> str:
    if review.status == "draft":
        return say.draft
    state = say.approved if review.status == "approved" else say.reviewed
    if review.by:
        state += say.reviewed_by.format(by=review.by)
    if review.on:
        state += say.reviewed_on.format(on=say.day(date.fromisoformat(review.on)))
    return state


def _links(links: tuple[Link, ...], say: Strings) -> tuple[LinkView, ...]:
    """Return the links that lead to a web page; any other scheme could run something."""
    return tuple(
        LinkView(link.url, say.link_with_publisher.format(title=link.title, publisher=link.publisher))
        for link in links
        if link.url.startswith(("https://", "http://"))
    )


def _facts(patient: PatientReport, say: Strings) -> tuple[FactView, ...]:
    reviewed = sum(one.review.status != "draft" for one in patient.explanations)
    return (
        FactView(say.made_by, f"{say.product} {patient.provenance.plainrad}"),
        FactView(say.glossary, patient.provenance.glossary),
        FactView(say.pipeline, patient.provenance.pipeline),
        FactView(say.review_state, say.review_count.format(reviewed=reviewed, total=len(patient.explanations))),
        FactView(say.fingerprint, patient.report.sha256),
    )
