"""`plainrad hl7 ...` and `plainrad watch`: each command puts parts together and starts them."""

import asyncio
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainrad.terminal import fail, read_input, show, why
from plainrad.wire.stateless_commands import ConfigOption, DaysOption, annotate_messages, make_one

if TYPE_CHECKING:
    from plainrad.log import Log
    from plainrad.settings import Settings
    from plainrad.wire.box import Box
    from plainrad.wire.records import RecordsSink
    from plainrad.wire.sender import Destination
    from plainrad.wire.spool import Spool

hl7_commands = typer.Typer(help="HL7 v2: take messages, send them, put them in order again.", no_args_is_help=True)
hl7_commands.command("annotate")(annotate_messages)
hl7_commands.command("make")(make_one)

SpoolOption = Annotated[Path, typer.Option("--spool", help="Folder for messages on disk; one for each process.")]
HostOption = Annotated[str, typer.Option(help="The address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")]
CertificateOption = Annotated[Path | None, typer.Option("--tls-certificate", help="PEM; turns on TLS.")]
KeyOption = Annotated[Path | None, typer.Option("--tls-key", help="PEM of its private key.")]
ClientsOption = Annotated[
    Path | None, typer.Option("--tls-clients", help="Authority that senders must show a certificate of.")
]
MetricsOption = Annotated[
    int | None, typer.Option(min=1, max=65535, help="Serve figures for Prometheus here, to this machine only.")
]
LimitOption = Annotated[int, typer.Option("--max-bytes", min=1_000, help="Larger messages are refused (AR).")]
TargetOption = Annotated[str, typer.Option("--to", metavar="HOST:PORT", help="Where messages go.")]
AuthorityOption = Annotated[
    Path | None, typer.Option("--to-tls", help="Authority of the destination (PEM); turns on TLS to it.")
]
DEFAULT_PORT = 2575  # IANA: HL7


@hl7_commands.command()
def listen(
    spool: SpoolOption,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for patient versions (JSON and page).")] = None,
    store: Annotated[bool, typer.Option("--store", help="Keep the reports in the database instead.")] = False,
    organisation: Annotated[
        str | None, typer.Option(help="With --store: the ODS code of the organisation whose reports these are.")
    ] = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = DEFAULT_PORT,
    config: ConfigOption = None,
    tls_certificate: CertificateOption = None,
    tls_key: KeyOption = None,
    tls_clients: ClientsOption = None,
    max_bytes: LimitOption = 50_000_000,
    metrics_port: MetricsOption = None,
) -> None:
    """Take ORU^R01 over MLLP; each verified report becomes a patient version, in a folder or in the store."""
    from plainrad.bootstrap import plainrad
    from plainrad.formats.hl7v2.site import load_site
    from plainrad.wire.build import folder_sink, store_traffic
    from plainrad.wire.run import run

    if store == (out is not None):
        fail("usage", "Say where reports go: --out FOLDER, or --store.")
    log = _log()
    site = load_site(config or _settings().hl7_config)
    tls = _tls(tls_certificate, tls_key, tls_clients)
    taken = _spool(spool)
    sink = folder_sink(out, taken, plainrad()) if out is not None else _records_sink(organisation)
    traffic = store_traffic(taken, sink, site=site, log=log, limit=max_bytes)
    run(traffic, host=host, port=port, log=log, tls=tls, metrics_port=metrics_port)


@hl7_commands.command()
def inline(
    spool: SpoolOption,
    to: TargetOption,
    host: HostOption = "127.0.0.1",
    port: PortOption = DEFAULT_PORT,
    config: ConfigOption = None,
    tls_certificate: CertificateOption = None,
    tls_key: KeyOption = None,
    tls_clients: ClientsOption = None,
    to_tls: AuthorityOption = None,
    days_only: DaysOption = False,
    max_bytes: LimitOption = 50_000_000,
    metrics_port: MetricsOption = None,
) -> None:
    """Stand in the stream: take messages, add the patient version, send them on."""
    from plainrad.bootstrap import plainrad
    from plainrad.formats.hl7v2.site import load_site
    from plainrad.wire.build import inline_traffic
    from plainrad.wire.outbox import Outbox
    from plainrad.wire.run import run

    log, site = _log(), load_site(config or _settings().hl7_config)
    destination, made = _destination(to, to_tls), plainrad()
    if not days_only and made.policy.excluded_exams is None:
        fail(
            "policy_missing",
            "PLAINRAD_RELEASE_POLICY must state excluded_exams, or nothing could ever leave.",
            status=1,
        )
    tls = _tls(tls_certificate, tls_key, tls_clients)
    outbox = Outbox(_spool(spool / "outbox"))
    traffic = inline_traffic(_spool(spool), outbox, made, site=site, log=log, limit=max_bytes, days_only=days_only)
    run(traffic, host=host, port=port, log=log, destination=destination, tls=tls, metrics_port=metrics_port)


@hl7_commands.command()
def send(
    files: Annotated[list[Path], typer.Argument(help="Files with one or many messages.")],
    to: TargetOption,
    to_tls: AuthorityOption = None,
) -> None:
    """Send messages from files, one after the other, and print the code of each answer."""
    from plainrad.formats.hl7v2.files import split_messages
    from plainrad.wire.client import send_all

    messages = [one for file in files for one in split_messages(read_input(str(file)))]
    if not messages:
        fail("message_empty", "There is no message in these files.")
    try:
        answers = asyncio.run(send_all(messages, _destination(to, to_tls)))
    except (OSError, EOFError, ValueError) as error:
        fail(
            "destination_unreachable",
            f"The destination did not answer: {why(error) if isinstance(error, OSError) else 'no answer'}.",
            status=1,
        )
    for number, answer in enumerate(answers, start=1):
        show(f"{number}\t{answer}\n")
    raise typer.Exit(0 if all(one == "AA" for one in answers) else 1)


@hl7_commands.command()
def replay(
    spool: SpoolOption,
    code: Annotated[str | None, typer.Option(help="Only those that failed for this reason.")] = None,
    dry_run: Annotated[bool, typer.Option("--list", help="Show what has failed and change nothing.")] = False,
    outbox: Annotated[bool, typer.Option("--outbox", help="Messages that could not be sent, of inline mode.")] = False,
) -> None:
    """Put failed messages back in their place; a listener that runs takes them up at once, another at its start."""
    opened = _known_spool(spool / "outbox" if outbox else spool)
    found = [(entry, opened.reason(entry)) for entry in opened.entries("failed")]
    chosen = [(entry, reason) for entry, reason in found if code in (None, reason["code"])]
    for entry, reason in chosen:
        if not dry_run:
            opened.replay(entry)
        show(f"{entry.key[:12]}\t{reason['code']}\t{reason['place'] or '-'}\t{reason['at'] or '-'}\n")
    show(f"{len(chosen)} {'failed' if dry_run else 'put back'}\n")


@hl7_commands.command()
def purge(
    spool: SpoolOption,
    days: Annotated[int, typer.Option(min=0, help="Messages that came more than so many days ago are removed.")],
    failed: Annotated[bool, typer.Option("--failed", help="Those that failed, too.")] = False,
    outbox: Annotated[bool, typer.Option("--outbox", help="Of the outbox of inline mode.")] = False,
) -> None:
    """Remove old messages that are done. A repetition of one of them would be taken as new."""
    from datetime import UTC, datetime, timedelta

    opened = _known_spool(spool / "outbox" if outbox else spool)
    before = datetime.now(UTC) - timedelta(days=days)
    count = opened.purge(before=before) + (opened.purge(before=before, state="failed") if failed else 0)
    show(f"{count} removed\n")


def watch(
    folder: Annotated[Path, typer.Argument(help="Where NAME.txt or NAME.pdf and NAME.toml or NAME.json are dropped.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for patient versions (JSON and page).")],
    once: Annotated[bool, typer.Option("--once", help="Take what is there now, and end.")] = False,
) -> None:
    """Explain reports that are dropped into a folder."""
    from plainrad.bootstrap import plainrad
    from plainrad.wire.build import folder_sink
    from plainrad.wire.watch import Watch

    try:
        spool = _spool(folder / ".plainrad")
        watching = Watch(folder, folder_sink(out, spool, plainrad()), log=_log(), settle=0.0 if once else 2.0)
    except OSError as error:
        fail("file_unusable", f"The folder cannot be used: {why(error)}.")
    if not once:
        watching.run()
    taken, failed = watching.look()
    show(f"{taken} taken, {failed} failed\n")
    raise typer.Exit(1 if failed else 0)


def _settings() -> "Settings":
    from plainrad.settings import settings

    return settings()


def _log() -> "Log":
    from plainrad.log import make_log, take_over_logging

    log = make_log(level=_settings().log_level)
    take_over_logging(log)
    return log


def _box() -> "Box":
    from plainrad.wire.box import make_box

    return make_box(_settings().keys.get_secret_value())


def _spool(root: Path) -> "Spool":
    from plainrad.wire.spool import Spool

    try:
        return Spool(root, box=_box())
    except OSError as error:
        fail("file_unusable", f"The folder of the spool cannot be used: {why(error)}.")


def _records_sink(organisation: str | None) -> "RecordsSink":
    from plainrad.bootstrap import bare_records
    from plainrad.domain.access import organisation_code
    from plainrad.wire.records import RecordsSink, feed_actor

    whose = organisation or _settings().organisation
    if not whose:
        fail("usage", "--organisation: say whose reports these are (ODS code), or set PLAINRAD_ORGANISATION.")
    return RecordsSink(bare_records(_settings()), actor=feed_actor(organisation_code(whose)))


def _known_spool(root: Path) -> "Spool":
    from plainrad.wire.spool import Spool

    if not (root / "failed").is_dir():
        fail("file_unreadable", "This folder is no spool.")
    return Spool(root, box=_box(), own=False)


def _tls(certificate: Path | None, key: Path | None, clients: Path | None) -> ssl.SSLContext | None:
    from plainrad.wire.listener import tls_context

    if certificate is None and key is None and clients is None:
        return None
    if certificate is None or key is None:
        fail("usage", "TLS needs both --tls-certificate and --tls-key.")
    return tls_context(certificate, key, clients=clients)


def _destination(to: str, authority: Path | None) -> "Destination":
    from plainrad.wire.sender import Destination

    host, _, port = to.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        fail("usage", "--to: write HOST:PORT, for example 127.0.0.1:2575.")
    try:
        tls = ssl.create_default_context(cafile=authority) if authority is not None else None
    except (OSError, ssl.SSLError):
        fail("usage", "--to-tls: the authority cannot be read.")
    return Destination(host.strip("[]"), int(port), tls=tls)
