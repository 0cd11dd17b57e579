"""A store of reports in memory, for the FHIR routes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from plainrad.bootstrap import Plainrad
from plainrad.domain.release import ReleaseDecision, ReleaseState
from plainrad.formats.fhir.incoming import Received
from plainrad.wire.fhir.kept import Acknowledged, Found, Held, Query
from tests.support.fhir import NOW


@dataclass
class Memory:
    """A store of reports in memory, whose release a test sets."""

    plainrad: Plainrad
    held: dict[str, Held] = field(default_factory=dict)

    def keep(self, received: Sequence[Received]) -> list[Acknowledged]:
        found = []
        for one in received:
            name = one.report.report_id or str(len(self.held))
            before = self.held.get(name)
            made = Held(name, before.version + 1 if before else 1, NOW, one, self.plainrad.annotate(one.report))
            self.held[name] = made
            found.append(Acknowledged(name, made.version, made.patient.release, new=before is None))
        return found

    def read(self, report_id: str) -> Held | None:
        return self.held.get(report_id)

    def search(self, query: Query) -> Found:
        fits = sorted(
            name
            for name, one in self.held.items()
            if (query.identifier is None or query.identifier.value == name) and one.patient.release.state == "released"
        )
        rest = [name for name in fits if query.after is None or name > query.after]
        page = rest[: query.count]
        return Found(
            tuple(self.held[name] for name in page), len(fits), page[-1] if page and len(rest) > len(page) else None
        )

    def release(self, name: str, state: ReleaseState) -> None:
        one = self.held[name]
        self.held[name] = replace(one, patient=replace(one.patient, release=ReleaseDecision(state, NOW, "x")))
