"""The command line, in one file because it is the list of all commands. Each imports what it needs, so that help is shown at once."""

import os
import sys
import warnings
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from plainrad import __version__
from plainrad.editorial.commands import check_links, content_report, missing_terms, write_content_schemas
from plainrad.errors import ContentInvalidError, PlainradError, ReportInvalidError, RuleError
from plainrad.keeping import accounts, audit, clients, content, database, release
from plainrad.keeping.worker import worker
from plainrad.terminal import BAD_INPUT, fail, harmless, read_input, show, show_bytes, why, write_output
from plainrad.wire.commands import hl7_commands, watch
from plainrad.wire.dicom.commands import dicom_commands
from plainrad.wire.fhir.commands import fhir_commands

if TYPE_CHECKING:
    from plainrad.domain.patient import PatientReport

commands = typer.Typer(
    name="plainrad", help="Explains finalised radiology reports in plain words, beside the untouched original.",
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip


class Format(StrEnum):
    """What `annotate` writes."""

    HTML = "html"
    JSON = "json"
    TEXT = "text"
    FRAGMENT = "fragment"
    PDF = "pdf"


class Look(StrEnum):
    """How the page, the fragment and the PDF look."""

    STANDARD = "standard"
    LARGE = "large"
    EASY = "easy"


@commands.command()
def annotate(
    file: Annotated[
        str,
        typer.Argument(
            help="A report as text, a .json file with the fields of the API, or - for text on standard input."
        ),
    ],
    format: Annotated[Format, typer.Option(help="What is written.")] = Format.TEXT,
    exam: Annotated[str | None, typer.Option(help="What was done, for example 'CT head'.")] = None,
    modality: Annotated[
        str | None, typer.Option(help="XR, CT, MR, US, MG, NM, PT, BMD, RF, IR or another name of one.")
    ] = None,
    status: Annotated[
        str | None, typer.Option(help="final, amended, corrected or appended. Any other is refused.")
    ] = None,
    verified_at: Annotated[
        str | None, typer.Option(help="When it was verified, such as 2026-10-05T14:20:00+01:00.")
    ] = None,
    region: Annotated[list[str] | None, typer.Option(help="A region of the body; may be given more than once.")] = None,
    look: Annotated[
        Look, typer.Option(help="For html, fragment and pdf: large print, or easy to read.")
    ] = Look.STANDARD,
    output: Annotated[Path | None, typer.Option(help="Write to this file, not to standard output.")] = None,
) -> None:
    """Explain one verified report."""
    from plainrad.formats.incoming import decode, parse_json, parse_report

    data = read_input(file)
    sent = parse_json(data) if file.lower().endswith(".json") else {"text": decode(data)}
    stated = {"title": exam, "modality": modality, "body_regions": region or None}
    report = parse_report(_with_options(sent, stated, status=status, verified_at=verified_at))

    from plainrad.bootstrap import plainrad

    written = _written(plainrad().annotate(report), format, look)
    if output is not None:
        write_output(output, written, source=file)
    elif isinstance(written, bytes):
        show_bytes(written)
    else:
        show(written)


def _written(patient: "PatientReport", format: Format, look: Look) -> str | bytes:
    if format is Format.JSON:
        from plainrad.formats.contract import to_schema

        return to_schema(patient).model_dump_json(indent=2) + "\n"
    from plainrad.render import render_fragment, render_html, render_pdf, render_text

    if format is Format.TEXT:
        return render_text(patient)
    if format is Format.PDF:
        return render_pdf(patient, look=look.value)
    from plainrad.settings import settings

    render = render_html if format is Format.HTML else render_fragment
    return render(patient, look=look.value, theme=settings().theme)


def _with_options(sent: Any, exam: dict[str, Any], *, status: str | None, verified_at: str | None) -> Any:
    """Return the fields with what the options say. A status that the file states is not overruled."""
    if not isinstance(sent, dict):
        return sent
    fields = dict(sent)
    own = fields.get("status")
    if status is not None and own is not None and own != status:
        raise ReportInvalidError(
            "status: the file states another than --status. Only the file of the sender can change it."
        )
    given = {name: value for name, value in exam.items() if value is not None}
    if given:
        own_exam = fields.get("exam")
        known = {"title": own_exam} if isinstance(own_exam, str) else own_exam if isinstance(own_exam, dict) else {}
        fields["exam"] = known | given
    fields |= {} if status is None else {"status": status}
    fields |= {} if verified_at is None else {"verified_at": verified_at}
    return fields


@commands.command()
def batch(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help='Lines of {"id", "text", "status", ...}.')],
    target: Annotated[
        Path,
        typer.Argument(metavar="OUT.jsonl", help='Lines of {"id", "report"} or {"id", "error"}, in the same order.'),
    ],
    workers: Annotated[int | None, typer.Option(min=1, max=512, help="Processes; all cores if not given.")] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin again, and not where an earlier run stopped.")
    ] = False,
) -> None:
    """Explain many verified reports. A run that was interrupted goes on where it stopped."""
    from plainrad.batch.progress import bar, summary
    from plainrad.batch.run import all_cores, run_batch
    from plainrad.bootstrap import plainrad

    try:
        with bar() as progress:
            counts = run_batch(
                source, target, explainer=plainrad, workers=workers or all_cores(), restart=restart, progress=progress
            )
    except OSError as error:
        fail("file_unusable", f"IN cannot be read or OUT cannot be written: {why(error)}.")
    sys.stderr.write(summary(counts))


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Offer the demonstration page with invented reports.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="How many processes serve.")] = None,
) -> None:
    """Start the REST service."""
    from plainrad.api.serve import serve as run
    from plainrad.settings import settings

    chosen = {"host": host, "port": port, "demo": demo or None, "workers": workers}
    error = run(settings().model_copy(update={name: value for name, value in chosen.items() if value is not None}))
    if error is not None:
        fail(error.code, str(error))


@commands.command("check-content")
def check_content() -> None:
    """Check the glossary against the editorial law, and the rules of the pipeline. Exit code 1 when something is wrong."""
    from plainrad.check import check

    result = check()
    for path, lines in result.problems.items():
        show(harmless(f"{path}\n" + "".join(f"  {line}\n" for line in lines) + "\n"))
    show(result.closing + "\n")
    raise typer.Exit(1 if result.problems else 0)


@commands.command()
def terms(
    text: Annotated[list[str], typer.Argument(help="Words of a report, or - for standard input; files for --missing.")],
    missing: Annotated[
        bool,
        typer.Option(
            "--missing", help="Read reports (.jsonl with `text`, or text files); rank words that nothing explains."
        ),
    ] = False,
    top: Annotated[int, typer.Option(min=0, help="With --missing: how many words are shown; 0 for all.")] = 50,
    context: Annotated[
        bool,
        typer.Option("--context", help="With --missing: an example of each word. It shows words of patients' reports."),
    ] = False,
) -> None:
    """Show which words of a text are known, and what is said about them. With --missing: which are not known."""
    if missing:
        missing_terms(text, top=top, context=context)
        return
    from plainrad.domain.report import Report, ReportStatus
    from plainrad.formats.incoming import decode

    report = Report(decode(read_input("-")) if text == ["-"] else " ".join(text), ReportStatus.FINAL)

    from plainrad.bootstrap import plainrad
    from plainrad.table import print_terms

    patient = plainrad().annotate(report)
    print_terms(patient)


@commands.command()
def schema(
    content: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the schemas of the content files into this folder instead."),
    ] = None,
) -> None:
    """Print the JSON Schema of an annotated report."""
    if content is not None:
        write_content_schemas(content)
        return
    from plainrad.formats.contract import json_schema

    show(json_schema())


commands.add_typer(database.commands)
commands.add_typer(audit.commands)
commands.add_typer(content.commands)
commands.add_typer(release.commands)
commands.add_typer(clients.commands)
commands.add_typer(clients.key_commands)
commands.add_typer(accounts.commands)
commands.command()(worker)
commands.add_typer(fhir_commands, name="fhir")
commands.add_typer(dicom_commands, name="dicom")
commands.command("check-links")(check_links)
commands.command("content-report")(content_report)
commands.add_typer(hl7_commands, name="hl7")
commands.command()(watch)


@commands.command()
def version() -> None:
    """Print the version of the code and of the glossary."""
    from plainrad.content import content_folder
    from plainrad.glossary.read import content_digest
    from plainrad.settings import settings

    folder = settings().glossary_dir or content_folder("glossary")
    name = folder.joinpath("VERSION").read_text(encoding="utf-8").strip()
    show(f"plainrad {__version__}\nglossary {name}+sha256:{content_digest(folder)[:16]}\n")


def app(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end the process: 0 done, 1 something is wrong here, 2 bad input. Never a traceback, never a word of a report."""
    warnings.simplefilter("ignore")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.exit(commands(given or ["--help"], prog_name="plainrad", standalone_mode=False) or 0)
    except (KeyboardInterrupt, typer.Abort):
        _end("interrupted", "Stopped. A batch goes on where it stopped when it is run again.", status=130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads: no second complaint at exit
        sys.exit(1)
    except (ContentInvalidError, RuleError) as error:
        _end(error.code, f"{str(error).splitlines()[0]} (plainrad check-content lists everything)", status=1)
    except PlainradError as error:
        _end(error.code, str(error))
    except Exception as error:
        _end(*_reading(error))


def _reading(error: Exception) -> tuple[str, str, int]:
    """Return what to say of an error of the command line itself, or of one that nobody foresaw: never what was typed."""
    if not hasattr(error, "format_message"):
        from plainrad.log import where

        found = where(error)
        return (
            "internal_error",
            f"Something went wrong here ({found['exception']} at {found['place']}). Nothing was changed.",
            1,
        )
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    see = f"See {context.command_path if context else 'plainrad'} --help."
    if parameter is None:
        return "usage", f"The command line cannot be read. {see}", BAD_INPUT
    name = parameter.opts[0] if parameter.param_type_name == "option" else (parameter.metavar or parameter.name.upper())
    what = "is missing" if type(error).__name__ == "MissingParameter" else "has a value that cannot be used"
    return "usage", f"{name} {what}. {see}", BAD_INPUT


def _end(code: str, message: str, status: int = BAD_INPUT) -> NoReturn:
    try:
        fail(code, message, status=status)
    except typer.Exit:
        sys.exit(status)


if __name__ == "__main__":
    app()
