"""What the report says of each part of the body, read from the statements that are shown."""

from dataclasses import replace

import pytest

from plainrad.domain.patient import AnatomyLabel, PatientReport, StatementGroup
from plainrad.domain.reading import Assertion, Change, Mention, Side
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.domain.term import TermKind
from plainrad.explain.bodymap import BodyPart, State, body_parts, exam_side
from tests.support.patient import mention, plain_report, statement, with_mentions

TEXT = "A report of one sentence."
LIVER = AnatomyLabel("liver", "liver", None, "liver", None, ("m1",))


def one(assertion: Assertion = "present", kind: TermKind = "finding", change: Change | None = None) -> Mention:
    return replace(mention(1, 0, 1, text=TEXT, assertion=assertion, kind=kind), change=change)


def report(*groups: StatementGroup, about: Mention, labels: tuple[AnatomyLabel, ...] = (LIVER,)) -> PatientReport:
    statements = tuple(statement(number, group=group) for number, group in enumerate(groups))
    return with_mentions(plain_report(TEXT, statements=statements, anatomy=labels), about)


@pytest.mark.parametrize(
    ("group", "about", "state"),
    [
        ("found", one(), "found"),
        ("unchanged_or_known", one(), "found"),
        ("unchanged_or_known", one("historical"), "named"),
        ("found", one(change="resolved"), "named"),
        ("possible", one("possible"), "possible"),
        ("looked_for_not_found", one("absent"), "not_found"),
        ("looked_for_not_found", one("present"), "named"),
        ("normal", one(kind="anatomy"), "normal"),
        ("normal", one("present"), "named"),
        ("limitation", one(kind="anatomy"), "unseen"),
        ("next_step", one("hypothetical"), "named"),
        ("background", one("historical"), "named"),
        ("found", one(kind="anatomy"), "found"),
        ("unchanged_or_known", one(kind="anatomy"), "named"),
    ],
)
def test_the_state_of_a_part_is_what_its_statement_says(group: StatementGroup, about: Mention, state: State) -> None:
    assert [part.state for part in body_parts(report(group, about=about))] == [state]


@pytest.mark.parametrize("assertion", ["absent", "possible", "historical", "hypothetical", "other_person", "neutral"])
@pytest.mark.parametrize("group", ["found", "unchanged_or_known", "looked_for_not_found", "normal", "background"])
def test_nothing_but_what_is_present_is_ever_shown_as_found(group: StatementGroup, assertion: Assertion) -> None:
    assert [part.state for part in body_parts(report(group, about=one(assertion)))] != ["found"]


def test_a_part_of_which_no_statement_speaks_is_only_named() -> None:
    assert [part.state for part in body_parts(report(about=one()))] == ["named"]


def test_what_was_found_is_not_outweighed_by_what_was_not() -> None:
    pair = (one(), replace(one("absent"), id="m2"))
    patient = with_mentions(
        plain_report(
            TEXT,
            statements=(
                statement(1, group="looked_for_not_found", mentions=("m2",)),
                statement(2, group="found", mentions=("m1",)),
            ),
            anatomy=(replace(LIVER, mentions=("m2", "m1")),),
        ),
        *pair,
    )
    assert [part.state for part in body_parts(patient)] == ["found"]


@pytest.mark.parametrize(
    ("title", "side"),
    [
        ("XR right knee", "right"),
        ("US Doppler Lt leg veins", "left"),
        ("X-ray knee (R)", "right"),
        ("XR both knees", None),
        ("XR left and right knee", None),
        ("XR bilateral knees, left worse", None),
        ("CT chest", None),
        ("XR Lower leg", None),
        (None, None),
    ],
)
def test_the_side_of_a_limb_is_that_of_the_exam(title: str | None, side: Side | None) -> None:
    assert exam_side(title) == side


def test_a_scan_of_one_limb_gives_its_side_to_parts_of_limbs_and_to_nothing_else() -> None:
    knee = AnatomyLabel("knee-joint", "knee joint", None, "knee", None, ("m1",))
    kidney = AnatomyLabel("kidney", "kidney", None, "urinary", None, ("m1",))
    other = replace(knee, id="patella", label="kneecap", laterality="left")
    patient = replace(
        report("found", about=one(), labels=(knee, kidney, other)),
        report=Report(TEXT, ReportStatus.FINAL, Exam("XR right knee", "XR", ("knee",))),
    )
    assert body_parts(patient) == (
        BodyPart("knee-joint", "knee joint", "right", "found"),
        BodyPart("kidney", "kidney", None, "found"),
        BodyPart("patella", "kneecap", "left", "found"),
    )
