"""What a site says about its HL7 v2 feeds: who is radiology, which statuses count, which fields hold what. Read from one TOML file."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from plainrad.errors import SettingsInvalidError

FieldPath = Annotated[str, StringConstraints(pattern=r"^(MSH|PID|PV1|ORC|OBR|OBX)-\d{1,2}(\.\d{1,2})?$")]
Word = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=60)]
Verified = Literal["final", "amended", "corrected", "appended"]

# HL7 table 0074, DICOM modalities, and NICIP's names of them: those that mean imaging and nothing else.
_DEPARTMENTS = (
    "RAD", "RX", "RUS", "OUS", "VUS", "CUS", "NMS", "NMR", "XRC", "CT", "MR", "MRI", "CR", "DX", "XR", "US", "MG", "NM", "XA",
    "RF", "PET", "BMD", "IMG", "DXA", "DEXA",
)  # fmt: skip


class Part(BaseModel):
    """A table of the file. Names that are not known are refused: a misspelt rule would never fire."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Radiology(Part):
    """A message is radiology where one of these holds. `everything` is for a feed that carries nothing else."""

    everything: bool = False
    applications: tuple[Word, ...] = Field(default=("RADIOLOGY", "RIS"), description="MSH-3.1")
    departments: tuple[Word, ...] = Field(default=_DEPARTMENTS, description="OBR-24")
    code_systems: tuple[Word, ...] = Field(default=("NICIP",), description="OBR-4.3 or OBR-4.6")
    codes: tuple[Word, ...] = Field(default=(), description="OBR-4.1; a star at the end takes what begins so")


class Status(Part):
    """What OBR-25 and OBX-11 mean. A value that stands in no list is not verified: nothing passes as final by default."""

    report: dict[Word, Verified] = Field(
        default={"F": "final", "FINAL": "final", "C": "corrected", "CORRECTED": "corrected", "AMENDED": "amended",
                 "ADDENDUM": "appended", "ADDENDED": "appended"}, description="OBR-25")  # fmt: skip
    part: dict[Word, Verified] = Field(
        default={"F": "final", "FINAL": "final", "C": "corrected", "CORRECTED": "corrected", "A": "amended",
                 "AMENDED": "amended", "ADDENDUM": "appended", "ADDENDED": "appended"}, description="OBX-11")  # fmt: skip
    withdraw_report: tuple[Word, ...] = Field(default=("R", "X"), description="OBR-25 that withdraws a known report")
    withdraw_part: tuple[Word, ...] = Field(default=("D", "W", "X"), description="OBX-11 that withdraws a known report")


class Fields(Part):
    """Where things stand; of several fields the first that holds something."""

    verified_at: tuple[FieldPath, ...] = ("OBR-22",)
    performed_at: tuple[FieldPath, ...] = ("OBR-7",)
    report_id: tuple[FieldPath, ...] = ("OBR-3", "ORC-3")
    accession: tuple[FieldPath, ...] = ("ORC-3", "OBR-3")
    modality: tuple[FieldPath, ...] = ("OBR-24",)
    organisation: tuple[FieldPath, ...] = ("OBX-23.10", "MSH-4")


class Out(Part):
    """How the message to the portal is written; the defaults are those of Patients Know Best."""

    application: str = "RADIOLOGY"
    facility: str | None = Field(default=None, description="MSH-4; the sender's own without it")
    receiving_application: str = "HL7API"
    receiving_facility: str = "PKB"
    version: Literal["2.3", "2.3.1", "2.4", "2.5", "2.5.1"] = "2.4"
    patient_version: tuple[Literal["text", "html", "pdf"], ...] = ("text",)
    embargo: Literal["delay", "hold"] = Field(
        default="delay",
        description="delay: send at once with OBX-13.1 in days; hold: keep here, send at release with 0",
    )
    same_order_number: bool = Field(default=True, description="Write OBR-3 into ORC-3, as PKB asks")
    on_held: Literal["keep", "original"] = Field(
        default="keep",
        description="What the release policy holds: keep it here, or send the original alone after the days of the policy",
    )
    on_failure: Literal["original", "refuse"] = Field(
        default="original", description="If explaining fails: send the original with the disclaimer, or keep it here"
    )


class Hl7Site(Part):
    """Everything about HL7 v2 that a site may choose."""

    zone: str = "Europe/London"
    default_encoding: Literal["utf-8", "cp1252", "iso8859-1", "iso8859-15"] | None = Field(
        default=None, description="Where MSH-18 is empty; UTF-8 without it"
    )
    versions: tuple[str, ...] = ("2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8")
    processing_ids: tuple[Word, ...] = ("P",)
    several_reports: Literal["refuse", "split"] = "refuse"
    headings: bool = Field(default=True, description="A heading where the sender's sub-id begins a part without one")
    comments: Literal["keep", "leave_out"] = Field(default="keep", description="NTE below OBR and OBX")
    traced: tuple[Word, ...] = Field(default=("01",), description="PID-32 of a traced NHS number")
    not_about_identity: tuple[Word, ...] = Field(
        default=("UD", "UA", "AL", "US"), description="PID-32 that says nothing"
    )
    nhs_authorities: tuple[Word, ...] = ("NHS", "2.16.840.1.113883.2.1.4.1", "NHSNUMBER", "NHSNBR", "NHSNMBR")
    most_attachment_bytes: int = Field(default=20_000_000, ge=0)
    radiology: Radiology = Radiology()
    status: Status = Status()
    fields: Fields = Fields()
    out: Out = Out()

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no such zone")
        return value

    @property
    def local(self) -> ZoneInfo:
        """Return the time zone of times without an offset."""
        return ZoneInfo(self.zone)


def load_site(path: Path | None) -> Hl7Site:
    """Return the site's choices, the defaults without a file; raises SettingsInvalidError, which names what is wrong."""
    if path is None:
        return Hl7Site()
    try:
        return Hl7Site.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        wrong = dict.fromkeys(".".join(str(part) for part in item["loc"]) for item in error.errors(include_input=False))
        raise SettingsInvalidError(f"The HL7 configuration is wrong at: {', '.join(wrong)}. See docs/hl7.md.") from None
    except (OSError, ValueError, KeyError):
        raise SettingsInvalidError("The HL7 configuration cannot be read as TOML. See docs/hl7.md.") from None
