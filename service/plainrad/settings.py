"""The environment, read once, typed. Every name begins with PLAINRAD_."""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from plainrad.errors import SettingsInvalidError

_PREFIX = "PLAINRAD_"


class Settings(BaseSettings):
    """What a site may choose. A wrong value is refused at start, with its name."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="ignore")

    glossary_dir: Path | None = Field(
        default=None, description="A glossary folder to use instead of the one that is shipped."
    )
    models_dir: Path | None = Field(
        default=None, description="A models folder to use instead of the one that is shipped."
    )
    cache: bool = Field(
        default=True, description="Keep what was made of glossary and rules in a file, so that the next start is quick."
    )
    cache_dir: Path | None = Field(
        default=None, description="The folder of that file; the user's cache folder where it is not given."
    )
    approved_only: bool = Field(
        default=False, description="Show patients only explanations that a named reviewer has approved."
    )
    release_days: int = Field(default=28, ge=0, le=365, description="Days from verification to release.")
    release_nation: Literal["ENG", "WLS", "SCT", "NIR"] = Field(default="ENG", description="Whose bank holidays count.")
    host: str = Field(default="127.0.0.1", description="The address that the service listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port that the service listens on.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")
    max_body_bytes: int = Field(default=2_000_000, ge=1_000, description="Larger requests are refused (413).")
    max_document_bytes: int = Field(
        default=20_000_000, ge=1_000, description="Larger FHIR and DICOM bodies are refused: they may hold PDF."
    )
    dicom_dir: Path | None = Field(
        default=None, description="The folder of the DICOM listener; turns on STOW-RS (POST /dicom-web/studies)."
    )
    threads: int = Field(
        default=4, ge=1, le=64, description="How many requests are worked on at one time; others wait."
    )
    busy_seconds: float = Field(
        default=30.0, gt=0, description="A request that has waited longer is told to come again (503)."
    )
    theme: Literal["neutral", "nhs"] = Field(
        default="neutral", description="Colours of pages and fragments; nhs only where an NHS body is the publisher."
    )
    demo: bool = Field(default=False, description="Offer the demonstration page with example reports.")
    hl7_config: Path | None = Field(default=None, description="What the site says about its HL7 v2 feeds (TOML).")
    hl7_spool: Path | None = Field(
        default=None, description="Where messages that were taken are kept; turns on POST /hl7-v2."
    )
    hl7_out: Path | None = Field(default=None, description="Where the patient versions of these messages are written.")
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///plainrad.db"),
        description="Where reports are kept: sqlite:////folder/plainrad.db, or postgresql://user:password@host/database.",
    )
    keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys that seal identifiers of patients, newest first, with commas between (plainrad db new-key makes one).",
    )
    release_policy: Path | None = Field(
        default=None, description="The release policy of the site (release.toml); without it nothing kept is released."
    )
    examples_dir: Path | None = Field(default=None, description="Where the example reports of the demonstration are.")
    # access and webhooks
    public_url: str | None = Field(
        default=None,
        description="The address by which callers know this service; access tokens are asked for and made for it.",
    )
    trust_loopback: bool = Field(
        default=True, description="Serve this machine without credentials where the table of access says so."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed, with commas.",
    )
    requests_per_minute: int = Field(default=600, ge=1, description="How many requests a client may send a minute.")
    requests_burst: int = Field(default=100, ge=1, description="How many of them at once.")
    organisation: str | None = Field(default=None, description="ODS code of the organisation that staff belong to.")
    local_accounts: bool = Field(default=False, description="Let staff sign in with a name and password kept here.")
    oidc_issuer: str | None = Field(default=None, description="The OpenID Connect provider of the staff.")
    oidc_client_id: str | None = Field(default=None, description="How this service is known there.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="And how it proves that.")
    oidc_roles_claim: str = Field(default="roles", description="The claim that holds somebody's groups.")
    oidc_organisation_claim: str | None = Field(
        default=None, description="The claim that holds their ODS code, if one does."
    )
    oidc_role_map: dict[str, Literal["radiologist", "editor", "approver", "auditor", "administrator"]] = Field(
        default_factory=dict, description='Which group has which role here, as JSON: {"Group": "radiologist"}.'
    )
    webhooks_private: bool = Field(
        default=False, description="Let webhooks call private addresses, and without TLS. For closed networks only."
    )
    editors_see_reports: bool = Field(
        default=False,
        description="Let editors read what recent reports would say with a change, without names; else they are told how many.",
    )
    workers: int = Field(default=1, ge=1, le=64, description="How many processes serve requests.")
    process_secret: SecretStr = Field(default=SecretStr(""), description="Given by serve to its own workers.")
    figures_dir: Path | None = Field(default=None, description="Given by serve to its own workers.")
    limits_dir: Path | None = Field(default=None, description="Given by serve to its own workers.")
    grace_seconds: int = Field(default=30, ge=0, le=600, description="How long a stop waits for requests under way.")


@cache
def settings() -> Settings:
    """Return the settings of this process; raises SettingsInvalidError, which names each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = dict.fromkeys(f"{_PREFIX}{str(item['loc'][0]).upper()}" for item in error.errors(include_input=False))
        raise SettingsInvalidError(
            f"{', '.join(wrong)}: the value cannot be used. See docs/api.md for what it may be."
        ) from None


def usual_cache_dir() -> Path | None:
    """Return where this user's programs keep what they can make again, or None for a user without a home."""
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if chosen.is_absolute():  # anything else is to be passed over (XDG Base Directory Specification)
        return chosen / "plainrad"
    try:
        return Path.home() / ".cache" / "plainrad"
    except RuntimeError:
        return None


def pass_on(chosen: Settings, names: Sequence[str]) -> None:
    """Put these settings where processes that are started from here will read them."""
    for name in names:
        value = getattr(chosen, name)
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if text is not None:
            os.environ[f"{_PREFIX}{name.upper()}"] = str(text)
    if chosen.figures_dir is not None:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(
            chosen.figures_dir
        )  # read by prometheus_client when it is imported
