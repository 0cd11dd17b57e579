"""release.toml: what a site may say, and what it is told when it says something else."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from plainrad.domain.release import ReleaseFacts
from plainrad.errors import PolicyInvalidError
from plainrad.release.dry_run import dry_run
from plainrad.release.load import load_policy, parse_policy
from plainrad.release.policy import ReleasePolicy

WHOLE = """
excluded_exams = ["XFETAL", "NICIP|XSKEL", "Skeletal survey"]
days = 21
nation = "SCT"
exam_not_stated = "release"
sensitive = ["cancer", "pregnancy"]
corrections = "first"

[hours]
opens = "08:30"
closes = "18:00"

[tell]
embargoed = "exists"
held = "exists"

[keep]
reports_days = 3000
keys_days = 30

[[rule]]
name = "plain films"
modalities = ["XR"]
days = 14

[[rule]]
name = "research"
requesters = ["Trial  unit"]
exclude = true
"""


def test_a_whole_policy_says_what_it_says() -> None:
    policy = parse_policy(WHOLE)
    assert policy.excluded_exams == frozenset({"xfetal", "nicip|xskel", "skeletal survey"})
    assert (policy.days, policy.nation, policy.opens, policy.closes) == (21, "SCT", time(8, 30), time(18))
    assert (policy.tell_embargoed, policy.tell_held, policy.keep_reports_days) == ("exists", "exists", 3000)
    assert [(rule.name, rule.days, rule.exclude) for rule in policy.rules] == [
        ("plain films", 14, False),
        ("research", None, True),
    ]
    assert policy.rules[1].requesters == {"trial unit"}


def test_the_defaults_are_those_of_today() -> None:
    assert parse_policy("excluded_exams = []") == ReleasePolicy(excluded_exams=frozenset())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "excluded_exams is required. Write excluded_exams = [] if this site shows every examination."),
        ('excluded_exams = "XTEST"', 'excluded_exams must be a list, such as ["XABCD"].'),
        ("excluded_exams = []\ndays = -1", "days cannot be used (input should be greater than or equal to 0)."),
        ('excluded_exams = []\ndays = "14"', "days must be a whole number, without quotes."),
        ('excluded_exams = []\nnation = "UK"', "nation must be one of 'ENG', 'WLS', 'SCT' or 'NIR'."),
        ("excluded_exams = []\ndayz = 14", "dayz is not a field of the policy"),
        ('excluded_exams = []\n[hours]\nopens = "9 am"', "hours.opens write a clock time"),
        ('excluded_exams = []\n[hours]\nopens = "18:00"', "hours opens must be before closes."),
        ('excluded_exams = []\n[[rule]]\nname = "x"\ndays = 3', "rule[0] say for which"),
        ('excluded_exams = []\n[[rule]]\nname = "x"\nmodalities = ["CT"]', "rule[0] say what holds"),
        (
            'excluded_exams = []\n[[rule]]\nname = "x"\nmodalities = ["DX"]\ndays = 1',
            "rule[0].modalities[0] must be one of",
        ),
        ("excluded_exams = []\n[keep]\nreports_days = 35", "keep.reports_days must be longer than the longest wait"),
        ("excluded_exams = [", "release.toml is not TOML"),
    ],
)
def test_an_error_names_the_field_and_the_remedy(text: str, said: str) -> None:
    with pytest.raises(PolicyInvalidError) as caught:
        parse_policy(text)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_said_by_the_name_of_its_setting(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalidError, match="PLAINRAD_RELEASE_POLICY"):
        load_policy(tmp_path / "none.toml")


def test_a_dry_run_counts_what_would_happen_and_what_would_change() -> None:
    moment = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    fact = ReleaseFacts(moment, moment, moment, moment, frozenset(), modality="XR", exam_code="X")
    unverified = ReleaseFacts(moment, explained_at=moment, sensitive=frozenset(), exam_code="X")
    today, tried = parse_policy("excluded_exams = []"), parse_policy("excluded_exams = []\ndays = 14")
    found = dry_run([fact, fact, unverified], tried, now=datetime(2026, 9, 20, tzinfo=UTC), today=today)
    assert found.reports == 3
    assert found.states == {"released": 2, "held": 1}
    assert found.codes == {"released": 2, "verification_missing": 1}
    assert found.days == [14.0, 14.0]
    assert found.changed == {"embargoed -> released": 2}
