"""What a patient reads comes from the phrase book: the code of `explain` holds no words to be told, only words to be read in reports."""

import ast
import re
from pathlib import Path

import pytest

EXPLAIN = Path(__file__).parents[3] / "service" / "plainrad" / "explain"
FILES = sorted(EXPLAIN.glob("*.py"))
# What is said to staff, and the list of everyday words that are looked up in a report.
NOT_TOLD = {("patient.py", "_refused"), ("unexplained.py", "_SMALL")}
# A word with white space beside it, a capital word, or the report's words between marks: a piece of a sentence.
TOLD = re.compile(r"[A-Za-z]\s|\s[A-Za-z]|^[A-Z][a-z]+$|[“”].*\w|\w.*[“”]")
SLOT = "{side }"  # the place of a side in the plain words of an entry
EXPRESSION = "(?:"  # a piece of an expression to search with


def names_of(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    return {one.id for one in getattr(node, "targets", []) if isinstance(one, ast.Name)}


def pieces(file: Path) -> list[str]:
    """Return the strings of a file that could be told: not its docstrings, expressions to search with, or sets of words to compare with."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr):
            skipped.add(id(node.body[0].value))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("re.", "frozenset")):
            skipped |= {id(one) for one in ast.walk(node)}
        if isinstance(node, (ast.FunctionDef, ast.Assign)) and any(
            (file.name, one) in NOT_TOLD for one in names_of(node)
        ):
            skipped |= {id(one) for one in ast.walk(node)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.name)
def test_code_holds_no_words_to_be_told(file: Path) -> None:
    assert [one for one in pieces(file) if one != SLOT and EXPRESSION not in one and TOLD.search(one)] == []


def test_a_piece_of_a_sentence_would_be_found() -> None:
    for words in (" on both sides", "the ", "The report calls {it} {own}.", "It", "“no {thing}”", " and "):
        assert TOLD.search(words), words
    assert len(FILES) > 20
