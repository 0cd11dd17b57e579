"""`plainrad content`: the versions of the content that a site has published, and the way back without a screen."""

from pathlib import Path
from typing import Annotated

import typer

from plainrad.terminal import show

commands = typer.Typer(name="content", help="The content that this site has published.", no_args_is_help=True)
WHO = "command line"


@commands.command()
def versions() -> None:
    """List the versions, newest first."""
    from plainrad.bootstrap import content_store, database
    from plainrad.settings import settings

    with content_store(settings(), database(settings())).reading() as unit:
        found = unit.versions(limit=1_000)
    for one in found:
        back = f", as version {one.restored} was" if one.restored is not None else ""
        show(f"{one.number}  {one.at:%Y-%m-%d %H:%M}  {one.by}  {len(one.overlay)} entries{back}  {one.note}\n")
    if not found:
        show("Nothing has been published: patients see the glossary as it was shipped.\n")


@commands.command(name="roll-back")
def roll_back(
    number: Annotated[int, typer.Argument(help="The version to bring back; 0 is the shipped glossary.", min=0)],
    note: Annotated[str, typer.Option(help="Why.")] = "Brought back from the command line",
) -> None:
    """Make a new version that holds what an earlier one held. Running services take it up within seconds."""
    from plainrad.bootstrap import authoring_desk, content_store, database
    from plainrad.settings import settings

    made = authoring_desk(settings(), content_store(settings(), database(settings()))).roll_back(
        number, actor=WHO, note=note
    )
    show(f"Version {made.number} holds what version {number} held.\n")


@commands.command()
def export(
    folder: Annotated[
        Path, typer.Argument(help="A glossary folder; files in it are changed.", exists=True, file_okay=False)
    ],
) -> None:
    """Write what is published into the files of a glossary folder, so that repository and screen agree."""
    from plainrad.authoring.transfer import export_to
    from plainrad.bootstrap import authoring_desk, content_store, database
    from plainrad.settings import settings

    desk = authoring_desk(settings(), content_store(settings(), database(settings())))
    for file in export_to(desk.current().overlay, folder):
        show(f"{file}\n")
