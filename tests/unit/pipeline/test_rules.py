"""The rule file is its own test."""

from pathlib import Path

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.content import content_folder
from plainrad.errors import RuleError
from plainrad.pipeline.patterns import PatternMatcher, Trie, compile_pattern
from plainrad.pipeline.rulecheck import rule_problems
from plainrad.pipeline.rules import load_rules


def test_every_rule_fires_and_spares_as_it_says_and_no_two_claim_the_same_words(plainrad: Plainrad) -> None:
    assert list(rule_problems(load_rules(content_folder("models")), plainrad.reader)) == []


def copy_with(tmp_path: Path, change: tuple[str, str]) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name in ("cues", "grammar", "sections", "sentences", "exams", "typos"):
        text = content_folder("models").joinpath("rules", f"{name}.toml").read_text(encoding="utf-8")
        folder.joinpath(f"{name}.toml").write_text(
            text.replace(*change, 1) if name == "cues" else text, encoding="utf-8"
        )
    return tmp_path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('id = "neg.without"', 'id = "neg.no"'), "used twice"),
        (('class = "negated"', 'class = "negatet"'), "`class` is 'negatet'"),
        (('direction = "forward"', 'direction = "backwards"'), "`direction` is 'backwards'"),
        (('"no",', '"no {nothing}",'), "does not define"),
        (('"no",', '"no?",'), "may be empty"),
        (('fires = "No pleural effusion or [pneumothorax]."', 'fires = ""'), "needs a sentence"),
    ],
)
def test_a_wrong_row_is_refused_with_its_name(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        load_rules(copy_with(tmp_path, change))


def test_patterns_choose_leave_out_and_repeat() -> None:
    matcher: PatternMatcher[str] = PatternMatcher()
    matcher.add(compile_pattern("no {adj}* evidence [of|for a]?", {"adj": ["clear", "hard and fast"]}), "evidence")
    matcher.add(compile_pattern("no", {}), "no")
    assert matcher.longest(["no", "clear", "hard", "and", "fast", "evidence", "for", "a", "break"], 0) == (
        8,
        "evidence",
    )
    assert matcher.longest(["no", "clear", "break"], 0) == (1, "no")
    assert matcher.longest(["clear"], 0) is None


def test_the_first_added_wins_where_two_match_alike() -> None:
    matcher: PatternMatcher[str] = PatternMatcher()
    for name in ("one", "two"):
        matcher.add(compile_pattern("is seen", {}), name)
    assert matcher.longest(["is", "seen"], 0) == (2, "one")
    assert matcher.every(["is", "seen"], 0) == [(2, "one"), (2, "two")]


def test_the_matcher_keeps_no_word_that_no_pattern_has() -> None:
    matcher: PatternMatcher[str] = PatternMatcher()
    matcher.add(compile_pattern("no fracture", {}), "x")
    matcher.longest(["no", "Zyxwvutania"], 0)
    assert all("Zyxwvutania" not in state.next for state in matcher._states.values())


def test_a_trie_finds_every_form_that_begins_at_a_place() -> None:
    trie: Trie[int] = Trie()
    trie.add(("pleural",), 1)
    trie.add(("pleural", "effusion"), 2)
    assert trie.every(["pleural", "effusion", "seen"], 0) == [(1, 1), (2, 2)]
    assert trie.longest(["pleural", "plaque"], 0) == (1, 1)
    assert trie.add(("pleural",), 3) == 1
