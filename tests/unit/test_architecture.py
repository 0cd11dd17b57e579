"""The house keeps its shape: what `design` and CONTRIBUTING promise about the code itself, read from the code itself.

The borders between the packages are held by import-linter (`make check`); what it cannot see is here.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainrad import errors
from plainrad.bootstrap import plainrad
from plainrad.domain.report import Report, ReportStatus
from plainrad.pipeline.drafts import ATTRIBUTES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "service" / "plainrad"
MODULES = sorted(PACKAGE.rglob("*.py"))
OUR_CODE = sorted(
    path
    for folder in ("service", "tests", "benchmarks", "docs", ".ci")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
MOST_LINES = 300


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=named(path))


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported anywhere in the file, functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


# ---- the pipeline ---------------------------------------------------------------------------------------------------


def test_every_component_gets_what_it_requires() -> None:
    """spaCy sees only components; what the tokenizer puts on the Doc is there before the first of them."""
    from_the_tokenizer = {f"doc._.{name}" for name, source in ATTRIBUTES.items() if source == "tokenizer"}
    analysis = plainrad().reader.nlp.analyze_pipes()
    assert analysis is not None
    problems = analysis["problems"]
    missing = {name: sorted(set(found) - from_the_tokenizer) for name, found in problems.items()}
    assert {name: found for name, found in missing.items() if found} == {}


def test_every_attribute_is_assigned_by_the_component_that_drafts_names() -> None:
    nlp = plainrad().reader.nlp
    for attribute, component in ATTRIBUTES.items():
        if component != "tokenizer":
            assert f"doc._.{attribute}" in nlp.get_pipe_meta(component).assigns, f"{component} must declare {attribute}"


def test_the_tokenizer_assigns_what_is_its_own() -> None:
    doc = plainrad().reader.nlp.make_doc("No pneumothorax.")
    for attribute, component in ATTRIBUTES.items():
        assert (getattr(doc._, attribute) is not None) == (component == "tokenizer")


# ---- where things may stand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["glossary", "models", "templates"])
def test_content_folders_hold_no_python(folder: str) -> None:
    found = [named(path) for path in (ROOT / folder).rglob("*.py*") if path.suffix in {".py", ".pyi", ".pyc"}]
    assert found == [], "content is data; code belongs in service/plainrad"


def test_service_holds_one_package() -> None:
    assert [
        path.name for path in (ROOT / "service").iterdir() if path.name != "__pycache__" and path.name[0] != "."
    ] == ["plainrad"]


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=named)
def test_domain_needs_only_the_standard_library(path: Path) -> None:
    for name in imported(tree_of(path)):
        top = name.partition(".")[0]
        ours = name == "plainrad.errors" or name.startswith("plainrad.domain")
        assert ours or top in sys.stdlib_module_names, f"{named(path)} imports {name}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "settings.py"], ids=named)
def test_the_environment_is_read_only_in_settings(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        attribute = isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "putenv"}
        name = (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {a.name for a in node.names} & {"environ", "getenv"}
        )
        found = attribute or name
        assert not found, f"{named(path)}:{getattr(node, 'lineno', 0)} reads the environment; add a setting"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_heavy_models_are_imported_where_they_are_used(path: Path) -> None:
    """A start of the program must not wait for a part that most sites do not install."""
    for node in tree_of(path).body:
        for name in imported(node) if isinstance(node, ast.Import | ast.ImportFrom) else ():
            assert name.partition(".")[0] not in {"transformers", "torch", "onnxruntime", "pyspark"}, named(path)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_is_read_back_that_could_be_run(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found = {name.partition(".")[0] for name in imported(node)}
            assert not found & {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "srsly"}, named(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec", "compile"}, f"{named(path)}:{node.lineno}"


# ---- how it is written ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for path in MODULES if path.stat().st_size], ids=named)
def test_modules_and_public_names_say_what_they_are(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree), f"{named(path)} needs a docstring at its top"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{named(path)}:{node.lineno} {node.name} needs a docstring"


@pytest.mark.parametrize("path", OUR_CODE, ids=named)
def test_a_long_file_says_why_it_is_one(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    if lines > MOST_LINES:
        said = ast.get_docstring(tree_of(path)) or ""
        assert re.search(r"\bone file\b", said), f"{named(path)} has {lines} lines: split it, or say 'one file because'"


def test_most_files_are_short() -> None:
    sizes = sorted(path.read_text(encoding="utf-8").count("\n") for path in MODULES)
    assert sizes[len(sizes) // 2] < 120


def test_no_module_hides_behind_an_empty_name() -> None:
    """A name says what is inside; `models` means three things in this field."""
    assert [
        named(path) for path in MODULES if path.stem in {"utils", "util", "helpers", "common", "misc", "models"}
    ] == []


# ---- errors ---------------------------------------------------------------------------------------------------------

ERRORS: list[type[errors.PlainradError]] = [
    one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.PlainradError)
]
# The two classes that a concrete error of the same code refines: the family and its general case.
SHARED_CODES = {"report_invalid": {"ReportError", "ReportInvalidError"}}


def test_error_codes_are_unique_and_stable_in_form() -> None:
    by_code: dict[str, set[str]] = {}
    for one in ERRORS:
        assert re.fullmatch(r"[a-z]+(?:_[a-z]+)*", one.code)
        assert "code" in vars(one) or one.__base__ is not errors.PlainradError, (
            f"{one.__name__} needs a code of its own"
        )
        by_code.setdefault(one.code, set()).add(one.__name__)
    shared = {code: names for code, names in by_code.items() if len(names) > 1}
    assert shared == SHARED_CODES


def test_the_drawing_of_the_errors_is_the_tree_of_the_classes() -> None:
    drawn: dict[str, str] = {}
    above: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^(?P<indent>[\s│├└─]*)(?P<name>[A-Z]\w+Error)\b", line)
        if match:
            depth = len(match["indent"]) // 4
            above[depth] = match["name"]
            parents = [above[level] for level in sorted(above) if level < depth]
            drawn[match["name"]] = parents[-1] if parents else "Exception"
            above = {level: name for level, name in above.items() if level <= depth}
    assert drawn == {one.__name__: one.__mro__[1].__name__ for one in ERRORS}


def test_the_drawing_shows_the_codes_that_callers_branch_on() -> None:
    for one in ERRORS:
        if issubclass(one, errors.ReportError) and one is not errors.ReportError:
            assert re.search(rf"{one.__name__}\s+{one.code}\b", errors.__doc__ or "")


# ---- promises about the words of a report -------------------------------------------------------------------------------


def test_the_vocabulary_forgets_the_words_of_a_report() -> None:
    reader = plainrad().reader
    reader.read(Report("No pneumothorax. Seen with Zyxqwvia Brontlebury in room Q9Z7731.", ReportStatus.FINAL))
    for word in ("Zyxqwvia", "zyxqwvia", "Brontlebury", "Q9Z7731"):
        assert word not in reader.nlp.vocab.strings
