"""The commands for editors. Each imports what it needs, so that help is shown at once."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainrad.terminal import fail, show, why

if TYPE_CHECKING:
    from plainrad.editorial.links import Seen


def check_links(
    timeout: Annotated[float, typer.Option(min=0.1, max=120, help="Seconds to wait for an answer.")] = 10.0,
    concurrency: Annotated[int, typer.Option(min=1, max=32, help="Requests at one time; each host gets one.")] = 8,
    only: Annotated[list[str] | None, typer.Option(help="Check the link with this id; may be given often.")] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put today's date into links.toml for the pages that are alive.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep what was seen in the database, for the queue of the editors.")
    ] = False,
) -> None:
    """Ask whether the pages of links.toml are still there. Needs a network. Exit code 1 when a page is gone."""
    from plainrad.content import content_folder
    from plainrad.editorial.checked import remember
    from plainrad.editorial.links import Manners, exit_code
    from plainrad.editorial.links import check_links as ask
    from plainrad.errors import ContentInvalidError
    from plainrad.glossary.read import read_content
    from plainrad.settings import settings
    from plainrad.table import print_links

    folder = settings().glossary_dir or content_folder("glossary")
    raw = read_content(folder)
    if wrong := [str(one) for one in raw.problems if one.file == "links.toml"]:
        raise ContentInvalidError("\n".join(wrong))
    wanted = set(only or ())
    links = [link for link in raw.links if link.id in wanted or not wanted]
    if wanted - {link.id for link in links}:
        fail("link_unknown", "--only names an id that links.toml does not have.")
    file = folder.joinpath("links.toml")
    if write and not isinstance(file, Path):
        fail(
            "file_unwritable",
            "--write needs a glossary folder; this one is inside an archive. Set PLAINRAD_GLOSSARY_DIR.",
        )
    sys.stderr.write(f"Asking for {len(links):,} pages ...\n")
    seen = ask(links, Manners(timeout=timeout, concurrency=concurrency))
    print_links(seen)
    if keep:
        _keep(seen)
    if write and isinstance(file, Path):
        alive = {one.id: one.url for one in seen if one.state == "alive"}
        try:
            count = remember(file, alive, datetime.now(UTC).date())
        except OSError as error:
            fail("file_unwritable", f"links.toml cannot be written: {why(error)}.")
        show(f"{count:,} links have today's date now.\n")
    raise typer.Exit(exit_code(seen))


def _keep(seen: "Iterable[Seen]") -> None:
    """Keep what was seen in the database of the service, for the queue of its editors."""
    from plainrad.bootstrap import database
    from plainrad.domain.board import LinkSeen
    from plainrad.settings import settings
    from plainrad.store.links_seen import keep

    now = datetime.now(UTC)
    opened = database(settings())
    with opened.unit() as session:
        count = keep(session, (LinkSeen(one.id, one.url, one.state, one.note, now) for one in seen))
    opened.close()
    sys.stderr.write(f"{count:,} links are kept for the queue of the editors.\n")


def missing_terms(files: list[str], *, top: int, context: bool) -> None:
    """Rank the hard words of the reports in `files` that no explanation covers."""
    from plainrad.bootstrap import plainrad
    from plainrad.content import content_folder
    from plainrad.editorial.missing import ordinary_words, rank_missing, read_texts
    from plainrad.glossary.words import EverydayWords
    from plainrad.settings import settings
    from plainrad.table import print_missing

    everyday = EverydayWords.load(settings().glossary_dir or content_folder("glossary"))
    try:
        found = rank_missing(
            plainrad().annotate, read_texts(map(Path, files)), everyday, context=context, ordinary=ordinary_words()
        )
    except OSError as error:
        fail("file_unreadable", f"A file of reports cannot be read: {why(error)}.")
    print_missing(found, top=top)


def content_report(
    output: Annotated[Path, typer.Argument(metavar="OUT.html", help="Where the page is written.")],
) -> None:
    """Make a page on how the glossary stands: counts, reading grades, review states, links, what to look at next."""
    from plainrad.content import content_folder
    from plainrad.editorial.report import content_report as look
    from plainrad.render.content_report import render_content_report
    from plainrad.settings import settings

    folder = settings().glossary_dir or content_folder("glossary")
    page = render_content_report(look(folder, datetime.now(UTC).date()))
    try:
        output.write_bytes(page.encode("utf-8"))
    except (OSError, ValueError) as error:
        fail("file_unwritable", f"The page cannot be written: {why(error)}.")


def write_content_schemas(folder: Path) -> None:
    """Write the JSON Schemas of the content files into `folder`."""
    from plainrad.editorial.schemas import write_schemas

    try:
        names = write_schemas(folder)
    except (OSError, ValueError) as error:
        fail("file_unwritable", f"The schemas cannot be written: {why(error)}.")
    show("".join(f"{name}\n" for name in names))
