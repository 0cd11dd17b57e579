"""The composition root: settings -> ready objects. Entry points call this and nothing below it builds anything."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from plainrad import __version__
from plainrad.cache.folder import believed
from plainrad.cache.kept import Shelf, shelf
from plainrad.cache.load import load, make
from plainrad.content import content_folder
from plainrad.domain.access import DEMO_ORGANISATION
from plainrad.domain.board import FEWEST_PATIENTS
from plainrad.domain.patient import PatientReport, Provenance
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.report import Report
from plainrad.explain.patient import explain
from plainrad.glossary.lookup import Glossary
from plainrad.glossary.overlay import Placed
from plainrad.glossary.phrases import load_phrases
from plainrad.glossary.words import EverydayWords
from plainrad.pipeline.build import Reader, make_reader, rules_version
from plainrad.release.load import load_policy
from plainrad.release.policy import ReleasePolicy
from plainrad.settings import Settings, settings, usual_cache_dir

# What keeps reports is imported by the functions that make it: to explain one report needs no database.
if TYPE_CHECKING:
    from plainrad.authoring.desk import AuthoringDesk
    from plainrad.authoring.ports import ContentStore
    from plainrad.authoring.published import Published
    from plainrad.log import Log
    from plainrad.records.records import Records
    from plainrad.records.worker import Worker
    from plainrad.store.access import DatabaseAccessStore
    from plainrad.store.content import DatabaseContent
    from plainrad.store.engine import Database
    from plainrad.store.seal import Vault


_COLLECT_AFTER = 20_000  # objects made and not freed, before the garbage collector looks


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Plainrad:
    """Everything that is needed to explain a report. Make one for each process and keep it."""

    glossary: Glossary
    book: PhraseBook
    reader: Reader
    policy: ReleasePolicy
    approved_only: bool = False
    now: Callable[[], datetime] = _now

    @property
    def provenance(self) -> Provenance:
        """Return which code and content this is."""
        return Provenance(__version__, self.glossary.version, self.reader.version)

    def annotate(self, report: Report) -> PatientReport:
        """Return the patient version of a verified report."""
        return explain(
            report,
            self.reader.read(report),
            glossary=self.glossary,
            book=self.book,
            release=self.policy.decide(report.verified_at, now=self.now()),
            provenance=self.provenance,
            approved_only=self.approved_only,
        )


def build(chosen: Settings, *, overlay: Mapping[str, Placed] | None = None, number: int = 0) -> Plainrad:
    """Return a Plainrad for these settings. Raises ContentError or RuleError when the content is wrong.

    `overlay` holds the entries that the site has published in its content version `number`.

    What is built lives as long as the process, so the garbage collector need not look at it: not while it is made (that halves the
    time), nor ever after. What a report leaves behind is mostly freed at once, so it looks less often: a tenth of the time of a report.
    """
    gc.disable()
    try:
        made = _build(chosen, overlay or {}, number)
    finally:
        gc.enable()
    gc.freeze()
    gc.set_threshold(max(_COLLECT_AFTER, gc.get_threshold()[0]), *gc.get_threshold()[1:])
    return made


def _build(chosen: Settings, overlay: Mapping[str, Placed], number: int) -> Plainrad:
    glossary_folder = chosen.glossary_dir or content_folder("glossary")
    models_folder = chosen.models_dir or content_folder("models")
    if overlay:
        resources, book = make(glossary_folder, models_folder, overlay=overlay, number=number)
    else:
        package = Path(__file__).parent
        resources, book = load(glossary_folder, models_folder, place=_shelf(chosen, package), package=package)
    steps, version = models_folder.joinpath("pipeline.cfg"), rules_version(models_folder)
    return Plainrad(
        glossary=resources.glossary,
        book=book,
        reader=make_reader(resources, steps=steps, version=version),
        policy=release_policy(chosen),
        approved_only=chosen.approved_only,
    )


def _shelf(chosen: Settings, package: Path) -> Shelf | None:
    """Return where a start keeps what it made, if it may."""
    if not chosen.cache:
        return None

    def log() -> "Log":
        from plainrad.log import make_log

        return make_log(level=chosen.log_level)

    return shelf(chosen.cache_dir, usual_cache_dir(), owners=believed(package), log=log)


def database(chosen: Settings) -> "Database":
    """Return the database of these settings, reached and with the tables of this version; raises StoreError.

    An SQLite file that holds nothing yet gets its tables at once: there is nothing to set up.
    """
    from plainrad.store import migrate

    opened = unchecked_database(chosen)
    if opened.sqlite and migrate.empty(opened):
        migrate.upgrade(opened)
    migrate.check(opened)
    return opened


def unchecked_database(chosen: Settings) -> "Database":
    """Return the database of these settings as it stands, for the commands that change its tables."""
    from plainrad.store.engine import open_database

    return open_database(chosen.database_url.get_secret_value())


def vault(chosen: Settings) -> "Vault":
    """Return the keys of these settings; raises KeysInvalidError."""
    from plainrad.store.seal import make_vault

    keys = [one for one in chosen.keys.get_secret_value().split(",") if one.strip()]
    return make_vault(keys, demo=chosen.demo)


def release_policy(chosen: Settings) -> ReleasePolicy:
    """Return the release policy of these settings; raises PolicyInvalidError.

    Without a file of its own a site has not said what it never shows, and keeps everything back; the demonstration shows all.
    """
    if chosen.release_policy is not None:
        return load_policy(chosen.release_policy)
    return ReleasePolicy(
        days=chosen.release_days,
        nation=chosen.release_nation,
        excluded_exams=frozenset() if chosen.demo else None,
    )


def records(
    chosen: Settings,
    *,
    explain: Callable[[Report], PatientReport],
    kept_in: "Database | None" = None,
    now: Callable[[], datetime] = _now,
) -> "Records":
    """Return the kept reports of these settings; raises StoreError or PolicyInvalidError. `explain` makes a patient version."""
    from plainrad.records.records import Records
    from plainrad.records.room import Room

    return Records(
        Room(
            database=kept_in or database(chosen),
            policy=release_policy(chosen),
            explain=explain,
            vault=vault(chosen),
            now=now,
            book=cache(lambda: load_phrases(chosen.glossary_dir or content_folder("glossary"))),
            everyday=cache(lambda: EverydayWords.load(chosen.glossary_dir or content_folder("glossary"))),
            fewest_patients=1 if chosen.demo else FEWEST_PATIENTS,
            editors_see_reports=chosen.editors_see_reports,
        )
    )


def authoring_desk(chosen: Settings, store: "ContentStore", *, now: Callable[[], datetime] = _now) -> "AuthoringDesk":
    """Return the desk of the editors, over the glossary of these settings. Reads all of it: a second or two."""
    from plainrad.authoring.desk import AuthoringDesk
    from plainrad.glossary.read import read_content

    folder = chosen.glossary_dir or content_folder("glossary")
    return AuthoringDesk(store, shipped=read_content(folder), everyday=EverydayWords.load(folder), now=now)


def bare_records(chosen: Settings) -> "Records":
    """Return the kept reports for a command: glossary and rules are loaded only if something has to be explained."""
    opened = database(chosen)
    return records(chosen, explain=published(chosen, opened).annotate, kept_in=opened)


def content_store(chosen: Settings, opened: "Database") -> "DatabaseContent":
    """Return where the content that this site edits is kept."""
    from plainrad.store.content import DatabaseContent

    return DatabaseContent(opened, chosen.organisation or DEMO_ORGANISATION, _now)


def published(chosen: Settings, opened: "Database") -> "Published":
    """Return what explains with the content that the site has published; loaded at the first report."""
    from plainrad.authoring.published import Published

    return Published(
        content_store(chosen, opened),
        lambda overlay, number: build(chosen, overlay=overlay, number=number) if number else plainrad(),
    )


def now() -> datetime:
    """Return the time."""
    return _now()


def access_store() -> "DatabaseAccessStore":
    """Return who is known to this site, for the commands; raises StoreError."""
    from plainrad.store.access import DatabaseAccessStore

    return DatabaseAccessStore(database(settings()))


def make_worker(chosen: Settings, *, log: "Log") -> "Worker":
    """Return a worker of its own process, which sends webhooks too."""
    from plainrad.access.build import ATTEMPT_LIFE
    from plainrad.access.sessions import IDLE
    from plainrad.records.worker import Worker
    from plainrad.store.access import DatabaseAccessStore
    from plainrad.store.webhooks import WebhookStore
    from plainrad.webhooks.dispatch import dispatch
    from plainrad.webhooks.send import make_sender

    opened = database(chosen)
    kept = records(chosen, explain=published(chosen, opened).annotate, kept_in=opened)
    addresses, sender = WebhookStore(opened, kept.room.vault), make_sender(private=chosen.webhooks_private)

    def tidy() -> None:
        moment = _now()
        DatabaseAccessStore(opened).forget_before(sessions=moment - IDLE, attempts=moment - ATTEMPT_LIFE, now=moment)

    return Worker(kept, log, dispatch=lambda: dispatch(kept, addresses, sender, now=_now), tidy=tidy)


@cache
def plainrad() -> Plainrad:
    """Return the Plainrad of this process, built at the first call."""
    return build(settings())
