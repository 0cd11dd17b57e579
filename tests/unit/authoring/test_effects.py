"""Before anything is published one sees which patients would read something else."""

from dataclasses import replace

from plainrad.authoring.effects import Line, differences, effects
from plainrad.bootstrap import Plainrad
from tests.support.golden_cases import example

NAMES = ("xr-chest-normal", "us-leg-dvt-amended")


def test_only_reports_that_would_differ_are_shown_with_both_wordings(plainrad: Plainrad) -> None:
    term = plainrad.glossary.terms["deep-vein-thrombosis"]
    terms = plainrad.glossary.terms | {term.id: replace(term, plain="clot in a vein deep inside")}
    other = replace(plainrad, glossary=replace(plainrad.glossary, terms=terms))
    reports = [(name, example(name)) for name in NAMES]
    assert effects(reports, now=plainrad.annotate, then=plainrad.annotate) == ()
    (found,) = effects(reports, now=plainrad.annotate, then=other.annotate)
    assert found.name == "us-leg-dvt-amended"
    kinds = {line.kind for line in found.statements}
    assert kinds == {"same", "before", "after"}
    assert any("clot in a vein deep inside" in line.text for line in found.statements if line.kind == "after")
    assert all(line.kind != "same" for line in found.words)


def test_the_order_of_both_versions_is_kept() -> None:
    made = differences(["a", "b", "c"], ["a", "x", "c", "d"])
    assert made == [Line("same", "a"), Line("before", "b"), Line("after", "x"), Line("same", "c"), Line("after", "d")]
