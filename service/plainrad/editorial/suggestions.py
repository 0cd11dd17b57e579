"""Pages of `links.toml` that carry the name of an entry which has no link yet. Whether they are about it, a person decides."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from plainrad.glossary.forms import variants
from plainrad.glossary.lookup import form_key
from plainrad.glossary.schema import LinkSchema, TermSchema

_BRACKETS = re.compile(r"\s*\(([^)]*)\)")
_LAST_BRACKETS = re.compile(r"\(([^)]*)\)$")
_PUBLISHER = re.compile(r"\s+(?:[|–—-])\s.*$")
_MARKS = re.compile(r"[?!:.,]+$")


def same_name(
    terms: Iterable[tuple[str, TermSchema]], links: Iterable[LinkSchema]
) -> Iterator[tuple[str, TermSchema, str]]:
    """Yield (file, entry, the ids of the pages) for each entry without links whose term or form is the name of a page."""
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for link in links:
        for name in _names(link):
            if link.id not in pages[name]:
                pages[name].append(link.id)
    for path, term in terms:
        if term.links:
            continue
        keys = dict.fromkeys(
            form_key(one) for form in (term.term, *term.forms) for one in variants(form, count=term.noun == "count")
        )
        found = dict.fromkeys(page for key in keys for page in pages.get(key, ()))
        if found:
            yield path, term, ", ".join(found)


def _names(link: LinkSchema) -> set[str]:
    """Return what a page may be called: its title, without publisher and brackets, and the last part of its address."""
    title = _MARKS.sub("", _PUBLISHER.sub("", link.title))
    last = link.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    names = {title, _BRACKETS.sub("", title), *_LAST_BRACKETS.findall(title), last.removesuffix(".html")}
    return {form_key(name) for name in names if len(name) > 2}
