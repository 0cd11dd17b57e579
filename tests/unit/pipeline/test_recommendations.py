"""What a next step asks for, why and when. The rows of `recommendations.toml` are their own test."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.content import content_folder
from plainrad.domain.reading import Recommendation
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.errors import RuleError
from plainrad.pipeline.recommendation_rules import compile_recommendations
from plainrad.pipeline.rules import rule_file

RULES = compile_recommendations(rule_file(content_folder("models"), "recommendations.toml"))


def steps(plainrad: Plainrad, text: str) -> tuple[Recommendation, ...]:
    return plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam("CT chest", "CT"))).recommendations


@pytest.mark.parametrize(("action", "fires", "spares"), RULES.examples)
def test_a_row_fires_in_its_sentence_and_spares_the_other(
    plainrad: Plainrad, action: str, fires: str, spares: str
) -> None:
    assert action in {name for one in steps(plainrad, fires) for name in one.actions}
    assert action not in {name for one in steps(plainrad, spares) for name in one.actions}


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("Repeat CT in 6 weeks is advised.", (6, None, "week")),
        ("Repeat CT in six to eight weeks is advised.", (6, 8, "week")),
        ("Repeat CT in 3/12 is advised.", (3, None, "month")),
        ("A 12-month follow-up CT is recommended.", (12, None, "month")),
        ("Yearly CT is recommended.", (1, None, "year")),
        ("Repeat CT is advised if the cough persists for more than 3 weeks.", None),
        ("Repeat CT in 3 months or in 12 months is advised.", None),
        ("CT is recommended.", None),
    ],
)
def test_when_it_is_to_be_done(plainrad: Plainrad, text: str, interval: tuple[int, int | None, str] | None) -> None:
    (step,) = steps(plainrad, text)
    found = step.interval
    assert (None if found is None else (found.value, found.most, found.unit)) == interval
    assert found is None or text[found.start : found.end] == found.text


def test_a_step_has_its_procedure_its_reason_and_its_words(plainrad: Plainrad) -> None:
    text = "There is a nodule. Urgent biopsy of the mass is recommended."
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL))
    (step,) = reading.recommendations
    assert [reading.by_id[one].text for one in step.procedures] == ["biopsy"]
    assert [reading.by_id[one].text for one in step.reasons] == ["mass"]
    assert (step.urgent, step.needed, text[step.start : step.end]) == (True, True, step.text)
    assert step.evidence


def test_a_step_that_is_not_needed_says_so(plainrad: Plainrad) -> None:
    (step,) = steps(plainrad, "No follow-up is required.")
    assert not step.needed


def test_a_finding_is_no_recommendation(plainrad: Plainrad) -> None:
    assert steps(plainrad, "There is a nodule. Biopsy was performed in 2019.") == ()


def test_a_row_without_its_sentences_is_refused() -> None:
    data = rule_file(content_folder("models"), "recommendations.toml")
    data["action"][0]["fires"] = ""
    with pytest.raises(RuleError, match="two sentences"):
        compile_recommendations(data)
