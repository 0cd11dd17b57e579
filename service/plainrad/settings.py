"""The environment, read once, typed. Every name begins with PLAINRAD_."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
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
    approved_only: bool = Field(
        default=False, description="Show patients only explanations that a named reviewer has approved."
    )
    release_days: int = Field(default=28, ge=0, le=365, description="Days from verification to release.")
    release_nation: Literal["ENG", "WLS", "SCT", "NIR"] = Field(default="ENG", description="Whose bank holidays count.")
    host: str = Field(default="127.0.0.1", description="The address that the service listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port that the service listens on.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")
    max_body_bytes: int = Field(default=2_000_000, ge=1_000, description="Larger requests are refused (413).")
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
    examples_dir: Path | None = Field(default=None, description="Where the example reports of the demonstration are.")


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
