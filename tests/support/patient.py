"""A PatientReport made by hand: a CT of the chest with something in every group."""

import re
from dataclasses import replace
from typing import Any, cast

from plainrad.domain.patient import AnatomyLabel, Explanation, Lead, OwnWords, PatientReport, Provenance, Statement
from plainrad.domain.reading import Assertion, Extent, Flag, Mention, Reading, Sentence
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.domain.term import Link, Review, TermKind

DISCLAIMER = (
    "This report has been sent to the referring clinician (doctor or other healthcare professional) who referred you "
    "for this investigation. If you have any questions, please discuss with your referring clinician."
)
TEXT = """Clinical history: Cough for 6 weeks. Ex-smoker. ?infection

CT THORAX WITH CONTRAST

Comparison: CT chest 12/03/2026.

Findings:
Small left basal pleural effusion with adjacent atelectasis.
There is a 7 mm nodule in the right upper lobe, unchanged since the previous CT.
No pneumothorax. No enlarged mediastinal lymph nodes. The heart is normal in size.
Patchy ground glass opacity in the left lower lobe may represent infection.
Assessment of the lung bases is limited by breathing artefact.

Conclusion:
1. Small left pleural effusion.
2. Possible infection in the left lower lobe.
Follow-up chest X-ray in 6 weeks is suggested.
"""
DRAFT = Review("draft", None, None, None)
NHS_CT = Link("nhs-ct", "https://www.nhs.uk/tests-and-treatments/ct-scan/", "CT scan", "NHS", "A", None)
_ALUK = "https://www.asthmaandlung.org.uk/conditions/lung-nodules"
NODULES = Link("alu", _ALUK, "Lung nodules", "Asthma + Lung UK", "B", None)
_CRUK = "https://www.cancerresearchuk.org/about-cancer/tests-and-scans/ct-scan"
CRUK_CT = Link("cruk-ct", _CRUK, "CT scan", "Cancer Research UK", "B", None)


def mention(
    number: int,
    start: int,
    end: int,
    *,
    text: str = TEXT,
    term_id: str | None = None,
    kind: TermKind = "finding",
    assertion: Assertion = "present",
) -> Mention:
    """Return a mention of text[start:end]."""
    return Mention(
        id=f"m{number}",
        start=start,
        end=end,
        text=text[start:end],
        term_id=term_id,
        concept=text[start:end].lower(),
        kind=kind,
        assertion=assertion,
        certainty="definite",
        section="findings",
        reportable=True,
        sentence=0,
    )


def _find(words: str, after: str) -> Extent:
    start = TEXT.index(words, TEXT.index(after))
    return Extent(start, start + len(words))


# term id | words | the part of the report they stand in | kind | assertion
_MENTIONS = """
contrast | CONTRAST | CT THORAX | procedure | present
small | Small | Findings | descriptor | present
left | left | Findings | direction | present
basal | basal | Findings | direction | present
pleural-effusion | pleural effusion | Findings | finding | present
effusion | effusion | Findings | finding | present
atelectasis | atelectasis | Findings | finding | present
nodule | nodule | Findings | finding | present
right-upper-lobe | right upper lobe | Findings | anatomy | present
pneumothorax | pneumothorax | Findings | finding | absent
lymph-node | mediastinal lymph nodes | Findings | anatomy | absent
normal-size | normal in size | Findings | normal | present
ground-glass | ground glass opacity | Findings | finding | present
artefact | artefact | Findings | finding | present
pleural-effusion | pleural effusion | Conclusion | finding | present
"""

# term id | term | plain | definition
_WORDS = """
contrast | contrast | dye that shows up on the scan | A liquid that makes some parts of the body clearer on a scan.
small | small | small | Of little size.
basal | basal | at the bottom | At or near the bottom of something, such as the lung.
pleural-effusion | pleural effusion | fluid around the lung | Extra fluid between the lung and the chest wall.
atelectasis | atelectasis | part of the lung with less air in it | A part of the lung that has not filled with air.
nodule | nodule | small round area | A small round area that stands out from what is around it.
right-upper-lobe | right upper lobe | top part of the right lung | The right lung has three parts. This is the top one.
pneumothorax | pneumothorax | air around the lung | Air between the lung and the chest wall.
lymph-node | mediastinal lymph nodes | glands in the middle of the chest | Small glands that help to fight infection.
ground-glass | ground glass opacity | hazy area in the lung | An area of the lung that looks hazy on the scan.
artefact | artefact | mark caused by the scan itself | A mark on a scan that is not in the body.
"""

# group | the part of the report | mentions | the report's words, and below them the statement
_STATEMENTS = """
found | Findings | m7 | Small left basal pleural effusion with adjacent atelectasis.
There is a part of the left lung that has less air in it (atelectasis).
found | Conclusion | m15 | 1. Small left pleural effusion.
There is a small amount of fluid around the left lung (pleural effusion).
possible | Conclusion | m13 | 2. Possible infection in the left lower lobe.
There may be infection in the bottom part of the left lung.
possible | Findings | m13 | Patchy ground glass opacity in the left lower lobe may represent infection.
There is a hazy area in the bottom part of the left lung (ground glass opacity). The report says it may be infection.
unchanged_or_known | Findings | m8 m9 | There is a 7 mm nodule in the right upper lobe, unchanged since the previous CT.
There is a small round area, 7 mm across, in the top part of the right lung (nodule). It has not changed.
looked_for_not_found | Findings | m10 | No pneumothorax.
No air was seen around the lungs (pneumothorax).
looked_for_not_found | Findings | m11 | No enlarged mediastinal lymph nodes.
No enlarged glands were seen in the middle of the chest (mediastinal lymph nodes).
normal | Findings | m12 | The heart is normal in size.
The heart is the usual size.
limitation | Findings | m14 | Assessment of the lung bases is limited by breathing artefact.
The bottom of the lungs could not be seen well, because of breathing during the scan.
next_step | Conclusion | m15 | Follow-up chest X-ray in 6 weeks is suggested.
The report suggests another chest X-ray in 6 weeks.
background | Clinical | m1 | Cough for 6 weeks.
The scan was done because of a cough for 6 weeks.
"""


def _rows(table: str) -> list[list[str]]:
    return [line.split(" | ") for line in table.strip().splitlines()]


def explanation(term_id: str = "small", term: str = "small", **changes: Any) -> Explanation:
    """Return a draft explanation."""
    made = Explanation(term_id, term, "finding", "of little size", "Something that is not big.", (), DRAFT, ())
    return replace(made, **changes)


def statement(number: int = 1, *, source: tuple[Extent, ...] = (Extent(0, 5),), **changes: Any) -> Statement:
    """Return a statement that rests on `source`."""
    made = Statement(f"s{number}", "found", f"Statement {number}.", "definite", source, "quote", ("m1",), False)
    return replace(made, **changes)


def plain_report(text: str, **changes: Any) -> PatientReport:
    """Return a patient report of `text` with nothing explained."""
    reading = Reading(exam=Exam(), sections=(), sentences=(), mentions=(), flags=(), pipeline="en_plainrad 0.1.0")
    made = PatientReport(
        report=Report(text, ReportStatus.FINAL),
        reading=reading,
        statements=(),
        explanations=(),
        anatomy=(),
        links=(),
        questions=(),
        disclaimer=DISCLAIMER,
        disclaimer_plain="Ask the person who sent you for the scan.",
        flags=(),
        release=ReleaseDecision("not_applicable", None, "No verification time."),
        provenance=Provenance("0.1.0", "2026.11.0+sha256:0123456789abcdef", "en_plainrad 0.1.0"),
    )
    return replace(made, **changes)


def with_mentions(patient: PatientReport, *mentions: Mention) -> PatientReport:
    """Return `patient` whose reading has `mentions`."""
    return replace(patient, reading=replace(patient.reading, mentions=mentions))


def _mentions() -> tuple[Mention, ...]:
    made = []
    for number, (term_id, words, after, kind, assertion) in enumerate(_rows(_MENTIONS), start=1):
        place = _find(words, after)
        made.append(
            mention(
                number,
                place.start,
                place.end,
                term_id=term_id,
                kind=cast(TermKind, kind),
                assertion=cast(Assertion, assertion),
            )
        )
    return tuple(made)


def _statements() -> tuple[Statement, ...]:
    rows = _rows(_STATEMENTS)
    return tuple(
        statement(
            number,
            group=group,
            text=text,
            certainty="possible" if group == "possible" else "definite",
            source=(_find(quote, after),),
            quote=quote,
            mentions=tuple(about.split()),
            conclusion=after == "Conclusion",
        )
        for number, ((group, after, about, quote), (text,)) in enumerate(
            zip(rows[::2], rows[1::2], strict=True), start=1
        )
    )


def _own_words() -> tuple[OwnWords, ...]:
    place = _find("adjacent atelectasis", "Findings")
    return (OwnWords(place.start, place.end, TEXT[place.start : place.end], "findings"),)


def patient_report(**changes: Any) -> PatientReport:
    """Return the patient report of the CT of the chest."""
    exam = Exam("CT chest with contrast", "CT", ("chest",))
    made = plain_report(
        TEXT,
        report=Report(TEXT, ReportStatus.FINAL, exam),
        reading=Reading(exam, (), (Sentence(0, len(TEXT), "findings"),), _mentions(), (), "en_plainrad 0.1.0"),
        statements=_statements(),
        explanations=tuple(
            explanation(term_id, term, plain=plain, definition=text, links=(NODULES,) if term_id == "nodule" else ())
            for term_id, term, plain, text in _rows(_WORDS)
        ),
        anatomy=(
            AnatomyLabel("lung", "lung", "left", "chest", "UBERON:0002048", ("m7",)),
            AnatomyLabel("pleura", "lining around the lung (pleura)", "left", "chest", None, ("m5", "m15")),
            AnatomyLabel("right-upper-lobe", "top part of the right lung", "right", "chest", None, ("m9",)),
            AnatomyLabel("heart", "heart", None, "heart", "UBERON:0000948", ("m12",)),
        ),
        links=(NHS_CT, NODULES, CRUK_CT),
        questions=("Who will tell me about the next scan?", "What does this mean for my cough?"),
        own_words=_own_words(),
        lead=(Lead("urgent", "You can talk to the person or team who sent you for the scan."),),
        flags=(Flag("laterality_discrepancy", "Findings and conclusion name different sides.", (Extent(0, 5),)),),
    )
    return replace(made, **changes)


def long_sentences(patient: PatientReport) -> list[str]:
    """Return our own sentences for patients that have more than twenty words; the report's own words are as long as they are."""
    said = (one.text for one in patient.statements if "“" not in one.text)
    return [part for text in said for part in re.split(r"(?<=[.?])\s", text) if len(part.split()) > 20]
