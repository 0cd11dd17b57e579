"""`plainrad fhir ...`: explain a FHIR resource in a file, and write what this server says of itself."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from plainrad.terminal import fail, read_input, show, why, write_output

fhir_commands = typer.Typer(help="FHIR R4 DiagnosticReports and Bundles.", no_args_is_help=True)


@fhir_commands.command()
def annotate(
    file: Annotated[str, typer.Argument(help="A DiagnosticReport or Bundle as JSON, or - for standard input.")],
    output: Annotated[Path | None, typer.Option(help="Write to this file, not to standard output.")] = None,
) -> None:
    """Write the resource with its patient version beside the untouched original."""
    from plainrad.formats.fhir.wire import dumps, parse

    sent = parse(read_input(file))

    from plainrad.bootstrap import plainrad
    from plainrad.wire.fhir.annotate import annotate as explain

    text = dumps(explain(sent, plainrad().annotate, now=datetime.now(UTC))).decode("utf-8") + "\n"
    if output is None:
        show(text)
    else:
        write_output(output, text, source=file)


@fhir_commands.command()
def conformance(folder: Annotated[Path, typer.Argument(help="The folder that the files are written into.")]) -> None:
    """Write the CapabilityStatements, the StructureDefinitions of our extensions and the definition of $annotate."""
    from plainrad.wire.fhir.conformance import published

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, resource in published().items():
            (folder / f"{name}.json").write_text(json.dumps(resource, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        fail("file_unwritable", f"The output cannot be written: {why(error)}.")
