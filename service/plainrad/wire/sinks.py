"""Where reports go in stored mode: a small protocol, and what puts a message through it."""

from dataclasses import replace
from typing import Protocol

from plainrad.formats.hl7v2.read import ReportReceived, WithdrawalReceived, read_oru
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.wire.latest import Latest
from plainrad.wire.spool import Entry, Spool, message_key


class Sink(Protocol):
    """Takes reports. The same key again is the same report again and changes nothing.

    Both raise ServiceError or OSError where it is worth trying again, and another PlainradError where it is not.
    """

    def submit(self, received: ReportReceived, *, key: str) -> None:
        """Keep a report, or a new version of one that is known by its report_id."""

    def retract(self, report_id: str, *, reason: str, key: str) -> bool:
        """Take a report back from patients; returns False where it is not known."""


class IntoSink:
    """Puts a message of the spool into a sink. What an older message says of a report never overtakes a newer one."""

    def __init__(self, sink: Sink, *, site: Hl7Site, spool: Spool) -> None:
        self._sink = sink
        self._site = site
        self._spool = spool
        self._latest = Latest(spool)

    def __call__(self, data: bytes, *, entry: Entry) -> None:
        """Submit or retract each report of the message; raises `superseded` or `report_unknown`."""
        oru = read_oru(data, self._site)
        for place, item in enumerate(oru.items):
            key = f"hl7-{message_key(oru.message, self._spool)}-{place}"
            self._latest.check(item.report_id, entry)
            if isinstance(item, WithdrawalReceived):
                if not self._sink.retract(item.report_id, reason=item.reason, key=key):
                    raise refused("report_unknown")
            else:
                self._sink.submit(replace(item, message=data), key=key)
            self._latest.note(item.report_id, entry)
