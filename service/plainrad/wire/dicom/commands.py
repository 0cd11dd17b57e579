"""`plainrad dicom ...`: explain a structured report, listen for them, and talk to an archive."""

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from plainrad.terminal import fail, read_input, show, why

dicom_commands = typer.Typer(
    help="DICOM structured reports in, patient versions as PDF and text report out.", no_args_is_help=True
)
_PeerOption = Annotated[str | None, typer.Option(help="Send patient versions to this system: TITLE@host:port.")]
_Own = Annotated[str, typer.Option(help="Our own AE title.")]


@dicom_commands.command()
def annotate(
    file: Annotated[str, typer.Argument(help="A verified structured report (Part 10 file), or - for standard input.")],
    out: Annotated[Path, typer.Option(help="The folder that the two files are written into.")],
) -> None:
    """Write the patient version of a structured report as Encapsulated PDF and as Basic Text SR, in the same study."""
    from plainrad.formats.dicom.read import read_file

    document = read_file(read_input(file))

    from plainrad.bootstrap import plainrad
    from plainrad.render import render_pdf
    from plainrad.wire.dicom.annotate import patient_files

    patient = plainrad().annotate(document.report)
    made = patient_files(document, patient, now=datetime.now(UTC), to_pdf=render_pdf)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in made.items():
            (out / name).write_bytes(data)
            show(f"{out / name}\n")
    except OSError as error:
        fail("file_unwritable", f"The output cannot be written: {why(error)}.")


@dicom_commands.command()
def listen(
    folder: Annotated[Path, typer.Option(help="Where reports and patient versions are kept.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 11112,
    title: _Own = "PLAINRAD",
    caller: Annotated[
        list[str] | None, typer.Option(help="Let in only this AE title; may be given more than once.")
    ] = None,
    send_to: _PeerOption = None,
    at_once: Annotated[
        bool,
        typer.Option("--at-once", help="Do not wait for the release time: whoever gets the patient version holds it."),
    ] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="How often what waits is looked at.")] = 30.0,
) -> None:
    """Take structured reports by C-STORE, and write or send their patient versions once they may be seen. Ctrl-C stops it."""
    from plainrad.bootstrap import plainrad
    from plainrad.log import make_log, take_over_logging
    from plainrad.render import render_pdf
    from plainrad.settings import settings
    from plainrad.wire.box import make_box
    from plainrad.wire.dicom.client import Peer, send
    from plainrad.wire.dicom.inbox import Inbox
    from plainrad.wire.dicom.server import listen as start
    from plainrad.wire.dicom.worker import Worker
    from plainrad.wire.release import decide_for

    peer = Peer.parse(send_to) if send_to else None
    log = make_log(level=settings().log_level)
    take_over_logging(log)
    arrived = threading.Event()
    made = plainrad()
    if not at_once and made.policy.excluded_exams is None:
        fail(
            "policy_missing",
            "Nothing could ever leave: PLAINRAD_RELEASE_POLICY must state excluded_exams. With --at-once the receiver holds patient versions.",
            status=1,
        )
    try:
        inbox = Inbox(folder, box=make_box(settings().keys.get_secret_value()))
        server = start(
            inbox, host=host, port=port, title=title, log=log, arrived=arrived.set, callers=frozenset(caller or ())
        )
    except OSError as error:
        fail("address_unusable", f"Cannot listen here or write there: {why(error)}.", status=1)
    worker = Worker(
        inbox, made.annotate, to_pdf=render_pdf, log=log, release=None if at_once else decide_for(made.policy),
        send=(lambda files: send(peer, files, own_title=title)) if peer else None,
    )  # fmt: skip
    sys.stderr.write(f"Plainrad takes DICOM as {title} on {host}:{server.server_address[1]}\n")
    sys.stderr.flush()
    try:
        while True:
            worker.run_once()
            arrived.wait(seconds)
            arrived.clear()
    finally:
        server.shutdown()


@dicom_commands.command()
def echo(
    peer: Annotated[str, typer.Argument(metavar="TITLE@HOST:PORT", help="The other system.")], title: _Own = "PLAINRAD"
) -> None:
    """Ask another system whether it answers (C-ECHO). Exit code 1 when it does not."""
    from plainrad.wire.dicom.client import Peer
    from plainrad.wire.dicom.client import echo as ask

    answers = ask(Peer.parse(peer), own_title=title)
    show("It answers.\n" if answers else "It does not answer.\n")
    raise typer.Exit(0 if answers else 1)


@dicom_commands.command()
def send(
    peer: Annotated[str, typer.Argument(metavar="TITLE@HOST:PORT", help="The archive.")],
    files: Annotated[list[str], typer.Argument(help="Patient versions, as `annotate` writes them.")],
    title: _Own = "PLAINRAD",
) -> None:
    """Send patient versions to an archive (C-STORE). Exit code 1 when one was not kept."""
    from plainrad.wire.dicom.client import Peer, kept
    from plainrad.wire.dicom.client import send as store

    statuses = store(Peer.parse(peer), [read_input(one) for one in files], own_title=title)
    for name, status in zip(files, statuses, strict=True):
        show(f"{name}: {'no answer' if status is None else f'{status:04X}'}{' kept' if kept(status) else ''}\n")
    raise typer.Exit(0 if all(map(kept, statuses)) else 1)
