"""What the routes answer with, beside the patient report itself (`formats.schemas`)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from plainrad.domain.term import Sensitivity, TermKind
from plainrad.formats.schemas import LinkSchema, ReviewSchema


class Answer(BaseModel):
    """Base of the answers."""

    model_config = ConfigDict(frozen=True)


class ProblemSchema(Answer):
    """An error (RFC 9457). Branch on `code`: it is stable. Nothing of what was sent stands in it."""

    type: str = Field(examples=["urn:plainrad:problem:report_not_verified"])
    title: str = Field(examples=["The report is not verified"])
    status: int = Field(examples=[422])
    detail: str = Field(
        examples=["Only a verified report can be explained: its status must be final, amended, corrected or appended."]
    )
    code: str = Field(examples=["report_not_verified"])
    request_id: str = Field(examples=["6c9d1e52-0d3c-4a55-9f0a-9b9a2f9b1c11"])
    state: str | None = Field(default=None, description="With `not_released`: where the report stands.")
    available_from: str | None = Field(
        default=None, description="With `not_released`: from when it can be read, where the policy lets it be said."
    )


class TermEntry(Answer):
    """A glossary entry: one sense, in reviewed words."""

    id: str
    term: str
    kind: TermKind
    region: str
    forms: list[str]
    abbreviations: list[str]
    plain: str
    definition: str
    anatomy: list[str]
    links: list[LinkSchema]
    sensitivity: Sensitivity
    review: ReviewSchema
    replaced_by: str | None


class TermPage(Answer):
    """Some entries in the order of their ids, how many there are in all, and where to go on."""

    terms: list[TermEntry]
    total: int
    next_cursor: str | None = Field(description="Send it as `cursor` for the next entries; null at the end.")
    glossary: str = Field(description="The version of the content.")


class Health(Answer):
    """The service runs."""

    status: Literal["ok"] = "ok"


class Ready(Answer):
    """The service can explain reports, with this code and content."""

    status: Literal["ready"] = "ready"
    plainrad: str
    glossary: str
    pipeline: str
    database: Literal["ready", "none"] = Field(description="none: this service keeps nothing.")


class TokenAnswer(Answer):
    """An access token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  (the kind of the token, RFC 6749)
    expires_in: int = Field(description="Seconds.")
    scope: str


class TokenRefusal(Answer):
    """Why there is none (RFC 6749, section 5.2)."""

    error: str = Field(examples=["invalid_client"])
    error_description: str
    request_id: str


class SignedIn(Answer):
    """Who is signed in."""

    id: str
    organisation: str
    roles: list[str]
    csrf: str
    demo: bool


class Pointer(Answer):
    """Where to go from the front door."""

    name: Literal["Plainrad"] = "Plainrad"
    version: str
    openapi: str = "/openapi.json"
    annotate: str = "POST /v1/annotate"
    terms: str = "/v1/terms"
