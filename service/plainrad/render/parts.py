"""The list of the parts of the body, by what the report says of them: it says all that the picture shows."""

from collections.abc import Mapping, Sequence

from plainrad.explain.bodymap import STATES, BodyPart
from plainrad.render.picture import Drawing
from plainrad.render.strings import Strings
from plainrad.render.view import PartGroupView, PartView

# What the body is made of all over: told where the report speaks of nothing else, but no place that could be shown or looked for.
_TISSUES = frozenset(
    {"body", "bone", "joint", "cartilage", "ligament", "tendon", "muscle", "soft-tissue", "fat", "nerve", "skin"}
    | {"blood-vessel", "artery", "vein"}
)


def part_groups(parts: Sequence[BodyPart], numbers: Mapping[BodyPart, int], say: Strings) -> tuple[PartGroupView, ...]:
    """Return the parts by state, those with a number first, each name once; tissues only where there is no part of the body."""
    groups = []
    placed = [one for one in parts if one.part not in _TISSUES or one in numbers]
    parts = placed or parts
    for state in STATES:
        members = {part_name(one, say): numbers.get(one) for one in reversed(parts) if one.state == state}
        views = [PartView(name, number) for name, number in reversed(members.items())]
        if views:
            views.sort(key=lambda one: one.number or 1000)
            groups.append(PartGroupView(state, say.states[state], tuple(views)))
    return tuple(groups)


def part_name(part: BodyPart, say: Strings) -> str:
    """Return the name of the part, with its side unless the name says it ("top part of the right lung")."""
    name = part.label[:1].upper() + part.label[1:]
    if part.side is None or part.side in name.lower().split():
        return name
    return say.part_with_side.format(part=name, side=say.sides[part.side])


def picture_text(groups: Sequence[PartGroupView], drawing: Drawing, say: Strings) -> str:
    """Return what the drawing shows, in words, for those who do not see it."""
    shown = {area.number for area in drawing.areas}
    told = []
    for group in groups:
        parts = [one for one in group.parts if one.number in shown]
        if parts:
            names = (say.picture_number.format(part=one.name, number=one.number) for one in parts)
            told.append(say.picture_tells.format(state=group.heading, parts=say.picture_joins.join(names)))
    if drawing.middle is None:
        return " ".join([f"{say.picture_brain}.", *told])
    return " ".join([f"{say.picture}.", say.picture_sides, *told])
