"""Settings -> the whole service: database, keys, kept reports, access, webhooks. What is wrong is said at once, by name."""

from datetime import UTC, datetime

from fastapi import FastAPI

from plainrad import bootstrap
from plainrad.access.build import Access, make_access
from plainrad.api.app import create_app
from plainrad.log import Log
from plainrad.settings import Settings
from plainrad.store import migrate
from plainrad.store.access import DatabaseAccessStore
from plainrad.store.engine import Database
from plainrad.store.seal import Vault
from plainrad.store.webhooks import WebhookStore
from plainrad.wire.service import hl7_into_records


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def access_of(settings: Settings, database: Database, vault: Vault) -> Access:
    """Return who may do what, kept in `database`; raises SettingsInvalidError or AccessInvalidError."""
    own = settings.process_secret.get_secret_value()
    secrets = [key.sign for key in vault.keys] or ([own.encode()] if own else [])
    return make_access(settings, DatabaseAccessStore(database, now), secrets_of_site=secrets, now=now)


def compose(settings: Settings, *, log: Log | None = None) -> FastAPI:
    """Return the service with everything but its Plainrad, which `app.state.engine.install(...)` gives it later.

    Raises StoreError, KeysInvalidError, PolicyInvalidError, SettingsInvalidError or AccessInvalidError.
    """
    database = bootstrap.database(settings)
    vault = bootstrap.vault(settings)
    access = access_of(settings, database, vault)
    webhooks = WebhookStore(database, vault)
    content = bootstrap.content_store(settings, database)
    app = create_app(None, settings, log=log, access=access, webhooks=webhooks, content=content)
    app.state.records = bootstrap.records(settings, explain=app.state.engine.annotate, kept_in=database)
    if settings.hl7_spool is not None and settings.hl7_out is None:
        app.state.hl7 = hl7_into_records(settings, app.state.records, log=log)
    app.state.reach = lambda: migrate.check(database)
    return app
