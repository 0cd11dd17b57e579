"""U+0000 and half surrogate pairs: a text comes back exactly, a name that must be found again is refused. The same on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from plainrad.domain.records import Original, Visible
from plainrad.domain.report import Code, Exam
from plainrad.errors import CharactersError
from tests.support.keeping import PORTAL, RADIOLOGIST, Kept, report

NUL, HALF, ESCAPE = "\x00", "\ud83d", "\x1a"


@pytest.mark.parametrize(
    "text",
    [
        f"No{NUL} pneumothorax.", f"{NUL}{NUL}x", f"{HALF}No effusion.", f"{ESCAPE}0000 and {ESCAPE}", f"{ESCAPE}{NUL}0000",
        "\U0001f642 and \ufffe", f"{ESCAPE}001a",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_text_comes_back_character_for_character(kept: Kept, text: str) -> None:
    receipt = kept.submit(report(text))
    found = kept.records.original(receipt.id, actor=RADIOLOGIST, audience="professional")
    assert isinstance(found, Original)
    assert found.report.text == text
    assert found.sha256 == found.report.sha256 == report(text).sha256
    kept.clock.on(days=40)
    shown = kept.patient(receipt.id)
    if HALF in text:  # no JSON can say it, so it could not be explained: kept and held
        assert kept.records.get(receipt.id, actor=RADIOLOGIST).decision.code == "not_explained"
    else:
        assert isinstance(shown, Visible)
        assert shown.patient_report.report.text == text
    assert kept.submit(report(text)).outcome == "unchanged"


@pytest.mark.parametrize("character", [NUL, HALF], ids=ascii)
@pytest.mark.parametrize("field", ["report_id", "accession", "requester", "title", "code", "system", "region"])
def test_a_name_with_one_is_refused_by_its_field_and_nothing_is_kept(kept: Kept, field: str, character: str) -> None:
    bad = f"Zyxqwvia{character}"
    exam = {
        "title": Exam(bad), "code": Exam(code=Code(bad)), "system": Exam(code=Code("X", bad)), "region": Exam(body_regions=(bad,)),
    }  # fmt: skip
    changes: dict[str, Any] = {"exam": exam[field]} if field in exam else {field: bad}
    with pytest.raises(CharactersError) as caught:
        kept.submit(report(**changes))
    assert "Zyxqwvia" not in str(caught.value)
    assert kept.records.list(actor=PORTAL).reports == ()


@pytest.mark.parametrize("character", [NUL, HALF], ids=ascii)
def test_what_people_write_and_look_for_with_one_is_refused(kept: Kept, character: str) -> None:
    name, records, bad = kept.submit().id, kept.records, f"why{character}"
    tried: list[Callable[[], object]] = [
        lambda: records.hold(name, actor=RADIOLOGIST, kind="clinical", reason=bad),
        lambda: records.approve(name, actor=RADIOLOGIST, reason=bad),
        lambda: records.withdraw(name, actor=PORTAL, reason=bad),
        lambda: records.question(name, actor=PORTAL, text=bad),
        lambda: records.feedback(name, actor=PORTAL, kind="worried", text=bad),
        lambda: records.list(actor=PORTAL, accession=bad),
    ]
    for one in tried:
        with pytest.raises(CharactersError):
            one()
    assert kept.records.notes(name, actor=RADIOLOGIST) == ()
    assert not kept.records.get(name, actor=RADIOLOGIST).holds
    kept.records.verify_audit()


@pytest.mark.parametrize("character", [NUL, HALF], ids=ascii)
def test_what_nobody_looks_for_is_kept_as_it_is(kept: Kept, character: str) -> None:
    sent = report(reported_by=(f"Dr{character}",), organisation=f"R{character}X", patient=None)
    found = kept.records.original(kept.submit(sent).id, actor=RADIOLOGIST, audience="professional")
    assert isinstance(found, Original)
    assert found.report == sent
