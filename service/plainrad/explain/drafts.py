"""A statement in the making: with the finding that it is about, so that a repeat can be told together with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from plainrad.domain.patient import Statement
from plainrad.domain.reading import Mention


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement; for a finding in fixed wording also its mention, the sentence's name, and the label of its row."""

    statement: Statement
    about: Mention | None = None
    template: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
