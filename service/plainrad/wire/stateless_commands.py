"""`plainrad hl7 annotate` and `plainrad hl7 make`: reports in, explained; nothing is kept and nothing is sent."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from plainrad.errors import MessageError, PlainradError
from plainrad.terminal import read_input, show

ConfigOption = Annotated[Path | None, typer.Option("--config", help="What the site says about its feeds (TOML).")]
DaysOption = Annotated[bool, typer.Option("--days-only", help="The destination holds reports back, not we.")]


class Form(StrEnum):
    """What `hl7 annotate` writes."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    HL7 = "hl7"


def annotate_messages(
    file: Annotated[str, typer.Argument(help="A file with one or many messages, or - for standard input.")],
    form: Annotated[Form, typer.Option("--format", help="What is written for each report.")] = Form.TEXT,
    config: ConfigOption = None,
    days_only: DaysOption = False,
) -> None:
    """Explain the reports of a file; nothing is kept and nothing is sent."""
    from plainrad.bootstrap import plainrad
    from plainrad.formats.hl7v2.files import split_messages
    from plainrad.formats.hl7v2.site import load_site
    from plainrad.settings import settings
    from plainrad.wire.stateless import explain_message

    site = load_site(config or settings().hl7_config)
    messages = split_messages(read_input(file)) or [b""]
    failed = False
    for number, message in enumerate(messages, start=1):
        try:
            show(explain_message(message, plainrad(), site=site, form=form.value, days_only=days_only))
        except PlainradError as error:
            failed = True
            place = f" at {error.place}" if isinstance(error, MessageError) and error.place else ""
            typer.echo(f"plainrad: message {number}: {error.code}{place}: {error}", err=True)
    raise typer.Exit(2 if failed else 0)


def make_one(
    file: Annotated[
        str,
        typer.Argument(help="A report as FHIR, as DICOM or as the JSON of POST /v1/annotate; - for standard input."),
    ],
    config: ConfigOption = None,
    days_only: DaysOption = False,
) -> None:
    """Write the ORU^R01 that a portal would be sent about a report that came another way; nothing is kept and nothing is sent."""
    from plainrad.formats.hl7v2.site import load_site
    from plainrad.settings import settings
    from plainrad.wire.anyway import read_report

    site, report = load_site(config or settings().hl7_config), read_report(read_input(file))

    from plainrad.bootstrap import plainrad
    from plainrad.wire.stateless import make_message

    show(make_message(report, plainrad(), site=site, days_only=days_only).decode("utf-8"))
