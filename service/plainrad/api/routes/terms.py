"""The glossary, to be searched and read."""

import base64
import binascii
import re
from typing import Annotated

from fastapi import APIRouter, Query

from plainrad.api.dependencies import EngineOf
from plainrad.api.documentation import problems
from plainrad.api.schemas import TermEntry, TermPage
from plainrad.domain.term import Term, TermKind
from plainrad.errors import RequestError
from plainrad.formats.schemas import LinkSchema, ReviewSchema
from plainrad.glossary.lookup import Glossary
from plainrad.glossary.schema import Region

router = APIRouter(tags=["glossary"])
_SLUG = re.compile(r"[a-z0-9-]{1,80}", re.ASCII)


@router.get("/v1/terms", summary="Search the glossary", responses=problems("request_invalid", "not_ready"))
def terms(
    engine: EngineOf,
    q: Annotated[
        str | None,
        Query(max_length=100, description="Letters that stand in the term, a form of it or its plain words."),
    ] = None,
    region: Annotated[Region | None, Query(description="A part of the glossary.")] = None,
    kind: Annotated[TermKind | None, Query(description="What kind of word it is.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many entries at most.")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the answer before.")] = None,
) -> TermPage:
    """Return the entries that fit, in the order of their ids. Entries that were replaced are left out."""
    glossary = engine.plainrad.glossary
    after = _read_cursor(cursor) if cursor is not None else ""
    wanted = " ".join(q.casefold().split()) if q else ""
    found = sorted(
        (
            term
            for term in glossary.terms.values()
            if term.replaced_by is None
            and region in (None, term.region)
            and kind in (None, term.kind)
            and _has(term, wanted)
        ),
        key=lambda term: term.id,
    )
    rest = [term for term in found if term.id > after]
    more = len(rest) > limit
    return TermPage(
        terms=[_entry(term, glossary) for term in rest[:limit]],
        total=len(found),
        next_cursor=_cursor(rest[limit - 1].id) if more else None,
        glossary=glossary.version,
    )


@router.get("/v1/terms/{term_id}", summary="Read an entry", responses=problems("term_not_found", "not_ready"))
def term(engine: EngineOf, term_id: str) -> TermEntry:
    """Return the entry with this id, a replaced one too: `replaced_by` then names its successor."""
    glossary = engine.plainrad.glossary
    return _entry(glossary.term(term_id), glossary)


def _has(term: Term, wanted: str) -> bool:
    return not wanted or any(
        wanted in text.casefold() for text in (term.id, term.term, term.plain, *term.forms, *term.abbreviations)
    )


def _cursor(term_id: str) -> str:
    return base64.urlsafe_b64encode(term_id.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> str:
    try:
        after = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        after = ""
    if not _SLUG.fullmatch(after):
        raise RequestError(
            "request_invalid", "Cannot be used: cursor. Send next_cursor of the answer before, as it was."
        )
    return after


def _entry(term: Term, glossary: Glossary) -> TermEntry:
    links = (glossary.links[link] for link in term.links if link in glossary.links)
    return TermEntry(
        id=term.id,
        term=term.term,
        kind=term.kind,
        region=term.region,
        forms=list(term.forms),
        abbreviations=list(term.abbreviations),
        plain=term.plain,
        definition=term.definition,
        anatomy=list(term.anatomy),
        links=[LinkSchema(url=one.url, title=one.title, publisher=one.publisher) for one in links],
        sensitivity=term.sensitivity,
        review=ReviewSchema(status=term.review.status, by=term.review.by, on=term.review.on),
        replaced_by=term.replaced_by,
    )
