"""The message traffic of the REST service: what POST /hl7-v2 takes, worked on in a thread of that process."""

from collections.abc import Callable
from pathlib import Path

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.errors import SettingsInvalidError
from plainrad.formats.hl7v2.site import load_site
from plainrad.log import Log, make_log
from plainrad.settings import Settings
from plainrad.wire.box import make_box
from plainrad.wire.build import store_traffic
from plainrad.wire.folder import FolderSink
from plainrad.wire.intake import Intake
from plainrad.wire.spool import Spool


def hl7_into_folder(settings: Settings, *, explain: Callable[[Report], PatientReport], log: Log | None) -> Intake:
    """Return the intake, its worker started; raises SettingsInvalidError where the folders or the configuration cannot be used."""
    root, out = settings.hl7_spool or Path(), settings.hl7_out or Path()
    try:
        spool = Spool(root, box=make_box(settings.keys.get_secret_value() if settings.keys else None))
        sink = FolderSink(out, explain=explain, named=lambda number: spool.hashed("report", number))
    except OSError:
        raise SettingsInvalidError("PLAINRAD_HL7_SPOOL or PLAINRAD_HL7_OUT: the folder cannot be used.") from None
    traffic = store_traffic(
        spool,
        sink,
        site=load_site(settings.hl7_config),
        log=log or make_log(level=settings.log_level),
        limit=settings.max_body_bytes,
    )
    traffic.worker.start()
    return traffic.intake
