"""The shape of the content files, as pydantic schemas. What they cannot express is in `law`."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from plainrad.domain.term import Noun, ReviewStatus, Sensitivity, Term, TermKind

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

    status: ReviewStatus = Field(
        default="draft", description="draft until a named second person has read it; only that person moves it on."
    )
    by: str = Field(default="", description="Who read it.")
    on: Day = Field(default="", description="The day on which it was read.")
    next: Day = Field(default="", description="The day by which it has to be read again.")


class WhenSchema(Strict):
    """The places in which a sense holds."""

    region: list[Region] = Field(default_factory=list, description="The examined region; one of them is enough.")
    modality: list[Modality] = Field(default_factory=list, description="The kind of scan; one of them is enough.")
    section: list[SectionName] = Field(
        default_factory=list, description="The part of the report; one of them is enough."
    )
    near: list[Text] = Field(default_factory=list, description="Words within eight words; one of them is enough.")


class SenseSchema(Strict):
    """A form that means this entry only in some places."""

    form: Text = Field(description="A form of this entry that has other meanings too.")
    when: WhenSchema = Field(description="Where the form means this entry. All that is filled in must hold.")


class TermSchema(Strict):
    """One `[[term]]` of `terms/<region>/<topic>.toml`."""

    id: Slug = Field(description="Small letters and hyphens. Never changed, never used for anything else.")
    term: Text = Field(description="The clinical name, in British spelling.")
    kind: TermKind
    forms: list[Text] = Field(
        default_factory=list,
        description="Every other way to write exactly this. Plurals, American spelling and hyphens are added by rule.",
    )
    abbreviations: list[Text] = Field(
        default_factory=list,
        description="Short forms that have only this meaning. Others belong in abbreviations.toml.",
    )
    plain: Text = Field(
        description="At most 8 words, no article: it stands inside a sentence. {side } becomes left or right, or vanishes."
    )
    plural: str = Field(default="", description="The plural of `plain`, where the rule makes a wrong one.")
    noun: Noun = Field(description="count (a lump), mass (fluid), plural (changes), none (describing words).")
    definition: Text = Field(
        description="One or two sentences of at most 20 words that are true whether or not it was found."
    )
    anatomy: list[Slug] = Field(default_factory=list, description="Ids of anatomy.toml.")
    links: list[Slug] = Field(default_factory=list, description="Ids of links.toml; only pages about this very thing.")
    sensitivity: Sensitivity = "none"
    evidence: list[str] = Field(default_factory=list, description="What the wording was really checked against.")
    review: ReviewSchema = Field(default_factory=ReviewSchema)
    sense: list[SenseSchema] = Field(
        default_factory=list,
        description="Where a form that has several meanings has this one. Stands at the end of the entry.",
    )
    replaced_by: Slug | None = Field(default=None, description="The entry that is used in place of this retired one.")


def takes_plural(term: "TermSchema | Term") -> bool:
    """Return True for things whose clinical name has a plural, whatever the plain words are ("calcifications": calcium deposits)."""
    return term.noun == "count" or (term.kind in ("finding", "procedure", "device") and term.noun in ("mass", "plural"))


class SeriesSchema(Strict):
    """Entries that differ only in a number or name, written once: `<n>` in the pattern stands for the `n` of each row."""

    each: list[dict[str, str]] = Field(min_length=2, description="One row for each entry: its words for the slots.")
    entry: dict[str, Any] = Field(description="An entry as elsewhere in this file, with slots like <n> in its texts.")


class TermFile(Strict):
    """A file of terms. The folder it stands in is the region of its terms."""

    term: list[TermSchema] = Field(default_factory=list)
    series: list[SeriesSchema] = Field(default_factory=list)


class PartSchema(Strict):
    """One `[[part]]` of `anatomy.toml`."""

    id: Slug
    name: Text
    plain: Text = Field(description="What a patient would call it.")
    region: Region
    system: Text
    parent: Slug | None = Field(default=None, description="The bigger part that it belongs to.")
    sides: bool = Field(default=False, description="Whether there is a left and a right one.")
    uberon: Annotated[str, StringConstraints(pattern=r"^UBERON:\d{7}$")] | None = Field(
        default=None, description="Only as copied from its source."
    )


class AnatomyFile(Strict):
    """`anatomy.toml`."""

    part: list[PartSchema]
    series: list[SeriesSchema] = Field(default_factory=list)


class LinkSchema(Strict):
    """One `[[link]]` of `links.toml`."""

    id: Slug
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]
    title: Text = Field(description="Exactly as the page has it.")
    publisher: Text
    topic: str = ""
    evidence: Literal["A", "B", "C"] = Field(
        description="A: seen in a repository of NHS England. B: seen in a crawl of the site. C: seen in files of others."
    )
    checked: Day = Field(
        default="", description="The day on which `plainrad check-links --write` last found the page alive."
    )


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
