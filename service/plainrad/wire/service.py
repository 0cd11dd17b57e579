"""The message traffic of the REST service: what POST /hl7-v2 takes, worked on in a thread of that process."""

from collections.abc import Callable
from pathlib import Path

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.errors import SettingsInvalidError
from plainrad.formats.hl7v2.site import load_site
from plainrad.log import Log, make_log
from plainrad.records.records import Records
from plainrad.settings import Settings
from plainrad.wire.box import make_box
from plainrad.wire.build import store_traffic
from plainrad.wire.folder import FolderSink
from plainrad.wire.intake import Intake
from plainrad.wire.records import RecordsSink, feed_actor
from plainrad.wire.sinks import Sink
from plainrad.wire.spool import Spool


def hl7_into_folder(settings: Settings, *, explain: Callable[[Report], PatientReport], log: Log | None) -> Intake:
    """Return the intake of a service without a store; raises SettingsInvalidError where folders or configuration cannot be used."""
    spool = _spool(settings)
    try:
        sink = FolderSink(
            settings.hl7_out or Path(), explain=explain, named=lambda number: spool.hashed("report", number)
        )
    except OSError:
        raise SettingsInvalidError("PLAINRAD_HL7_OUT: the folder cannot be used.") from None
    return _started(settings, spool, sink, log)


def hl7_into_records(settings: Settings, records: Records, *, log: Log | None) -> Intake:
    """Return the intake of stored mode; raises SettingsInvalidError, also where nobody said whose feed it is."""
    if not settings.organisation:
        raise SettingsInvalidError(
            "PLAINRAD_ORGANISATION: say which organisation the reports of the HL7 feed belong to."
        )
    sink = RecordsSink(records, actor=feed_actor(settings.organisation))
    return _started(settings, _spool(settings), sink, log)


def _spool(settings: Settings) -> Spool:
    try:
        return Spool(settings.hl7_spool or Path(), box=make_box(settings.keys.get_secret_value()))
    except OSError:
        raise SettingsInvalidError("PLAINRAD_HL7_SPOOL: the folder cannot be used.") from None


def _started(settings: Settings, spool: Spool, sink: Sink, log: Log | None) -> Intake:
    traffic = store_traffic(
        spool,
        sink,
        site=load_site(settings.hl7_config),
        log=log or make_log(level=settings.log_level),
        limit=settings.max_body_bytes,
    )
    traffic.worker.start()
    return traffic.intake
