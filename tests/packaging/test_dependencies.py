"""What the package imports is what it declares, and what it declares is pinned."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=!~;\[ ]", one, maxsplit=1)[0]) for one in requirements}


def imports() -> set[str]:
    """The top names of what is imported, and of packages of which only a data file is read."""
    found: set[str] = set()
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "resources.files":
                found |= {str(one.value).partition(".")[0] for one in node.args if isinstance(one, ast.Constant)}
    return found - set(sys.stdlib_module_names) - {"plainrad"}


def distributions() -> set[str]:
    known = packages_distributions()
    return {normal(known[name][0]) for name in imports()}


def test_everything_imported_is_declared() -> None:
    extras = {name for many in PROJECT["optional-dependencies"].values() for name in declared(many)}
    dev_only = declared(PROJECT["optional-dependencies"]["dev"])
    runtime = declared(PROJECT["dependencies"])
    missing = distributions() - runtime - (extras - dev_only)
    assert missing == set(), f"add to dependencies in pyproject.toml: {sorted(missing)}"


def test_everything_declared_is_imported() -> None:
    unused = declared(PROJECT["dependencies"]) - distributions()
    assert unused == set(), f"nothing in service/plainrad imports {sorted(unused)}: take it out of pyproject.toml"


def test_everything_declared_is_pinned() -> None:
    wanted = declared(PROJECT["dependencies"])
    for many in PROJECT["optional-dependencies"].values():
        wanted |= declared(many)
    pinned = {normal(line.partition("==")[0]) for line in CONSTRAINTS} | {"plainrad"}  # extras that name our own
    assert wanted - pinned == set(), "make constraints.txt again (CONTRIBUTING.md says how)"


def test_pins_are_exact_and_hold_no_addresses() -> None:
    for line in CONSTRAINTS:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9A-Za-z.+]+( ; [^@]*)?", line), line


def test_large_parts_stay_out_of_the_default_install() -> None:
    assert not declared(PROJECT["dependencies"]) & {"torch", "transformers", "pyspark", "weasyprint", "wordfreq"}
    assert "torch" not in {line.partition("==")[0] for line in CONSTRAINTS}
