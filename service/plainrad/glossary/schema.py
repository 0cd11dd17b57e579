"""The shape of the content files, as pydantic schemas. What they cannot express is in `law`."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from plainrad.domain.term import Noun, ReviewStatus, Sensitivity, TermKind

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Day = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]

Region = Literal[
    "chest", "heart", "vascular", "abdomen", "liver", "pancreas", "bowel", "urinary", "pelvis", "pregnancy", "breast",
    "brain", "head", "neck", "ent", "eye", "dental", "spine", "shoulder", "elbow", "wrist", "hip", "knee", "ankle",
    "bone", "soft-tissue", "blood", "general",
]  # fmt: skip
REGIONS: tuple[str, ...] = get_args(Region)
Modality = Literal["XR", "CT", "MR", "US", "MG", "NM", "PT", "BMD", "RF", "IR"]
SectionName = Literal[
    "history", "technique", "comparison", "findings", "conclusion", "recommendation", "addendum", "other"
]


class Strict(BaseModel):
    """A file may hold no key that the schema does not know: a typing error must not be silent."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReviewSchema(Strict):
    """Who has looked at the entry."""

    status: ReviewStatus = "draft"
    by: str = ""
    on: Day = ""
    next: Day = ""


class WhenSchema(Strict):
    """The places in which a sense holds."""

    region: list[Region] = Field(default_factory=list)
    modality: list[Modality] = Field(default_factory=list)
    section: list[SectionName] = Field(default_factory=list)
    near: list[Text] = Field(default_factory=list)


class SenseSchema(Strict):
    """A form that means this entry only in some places."""

    form: Text
    when: WhenSchema


class TermSchema(Strict):
    """One `[[term]]` of `terms/<region>/<topic>.toml`."""

    id: Slug
    term: Text
    kind: TermKind
    forms: list[Text] = Field(default_factory=list)
    abbreviations: list[Text] = Field(default_factory=list)
    plain: Text
    plural: str = ""
    noun: Noun
    definition: Text
    anatomy: list[Slug] = Field(default_factory=list)
    links: list[Slug] = Field(default_factory=list)
    sensitivity: Sensitivity = "none"
    evidence: list[str] = Field(default_factory=list)
    review: ReviewSchema = Field(default_factory=ReviewSchema)
    sense: list[SenseSchema] = Field(default_factory=list)
    replaced_by: Slug | None = None


class TermFile(Strict):
    """A file of terms. The folder it stands in is the region of its terms."""

    term: list[TermSchema]


class PartSchema(Strict):
    """One `[[part]]` of `anatomy.toml`."""

    id: Slug
    name: Text
    plain: Text
    region: Region
    system: Text
    parent: Slug | None = None
    sides: bool = False
    uberon: Annotated[str, StringConstraints(pattern=r"^UBERON:\d{7}$")] | None = None


class AnatomyFile(Strict):
    """`anatomy.toml`."""

    part: list[PartSchema]


class LinkSchema(Strict):
    """One `[[link]]` of `links.toml`."""

    id: Slug
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]
    title: Text
    publisher: Text
    topic: str = ""
    evidence: Literal["A", "B", "C"]
    checked: Day = ""


class LinkFile(Strict):
    """`links.toml`."""

    link: list[LinkSchema]


class AbbreviationSenseSchema(Strict):
    """One meaning of an ambiguous abbreviation, with what speaks for it."""

    term: Slug | None = None
    means: Text
    when: WhenSchema = Field(default_factory=WhenSchema)
    pattern: str = ""


class AbbreviationSchema(Strict):
    """One `[[abbreviation]]` of `abbreviations.toml`: a short form with more than one meaning."""

    form: Text
    sense: list[AbbreviationSenseSchema]


class AbbreviationFile(Strict):
    """`abbreviations.toml`."""

    abbreviation: list[AbbreviationSchema]
