"""Everything that an editor or a rule writer can get wrong, found before a report does."""

from dataclasses import dataclass
from importlib.resources.abc import Traversable

from plainrad.bootstrap import Plainrad, build
from plainrad.content import content_folder
from plainrad.errors import ContentError, PlainradError, RuleError
from plainrad.glossary.law import check_law
from plainrad.glossary.read import read_content
from plainrad.glossary.words import EverydayWords
from plainrad.pipeline.rulecheck import rule_problems
from plainrad.pipeline.rules import load_rules
from plainrad.render.strings import load_strings
from plainrad.settings import Settings, settings


@dataclass(frozen=True, slots=True)
class Result:
    """The problems by file, and a closing line."""

    problems: dict[str, list[str]]
    closing: str


def check(chosen: Settings | None = None) -> Result:
    """Return what is wrong in the glossary, the phrases, the rules and the fixed sentences of the pages."""
    site = chosen or settings()
    folder: Traversable = site.glossary_dir or content_folder("glossary")
    raw = read_content(folder)
    found = check_law(raw, EverydayWords.load(folder))
    problems: dict[str, list[str]] = {}
    for one in found:
        problems.setdefault(one.file, []).append(
            f"{one.entry}: {one.message} {one.remedy}" if one.entry else f"{one.message} {one.remedy}"
        )
    told = {str(one) for one in found}
    rules: Traversable = site.models_dir or content_folder("models")
    made: list[Plainrad] = []
    for where, work in (
        ("models/rules", lambda: load_rules(rules)),
        ("templates", load_strings),
        ("glossary, phrases and rules together", lambda: made.append(build(site.model_copy(update={"cache": False})))),
    ):
        try:
            work()
        except (OSError, ValueError, KeyError) as error:
            problems.setdefault(where, []).append(f"A file is missing or cannot be read ({type(error).__name__}).")
        except (ContentError, RuleError) as error:
            lines = [line for line in str(error).splitlines() if line not in told]
            told.update(lines)
            if lines:
                problems.setdefault(where, []).extend(lines)
    if made and (lines := _against_their_sentences(rules, made[0])):
        problems.setdefault("models/rules", []).extend(lines)
    count = sum(len(lines) for lines in problems.values())
    entries = f"{len(raw.terms):,} entries"
    return Result(
        problems, f"{count:,} problems in {len(problems):,} files; {entries}." if count else f"No problems; {entries}."
    )


def _against_their_sentences(rules: Traversable, made: Plainrad) -> list[str]:
    """Return the rules that do not fire in the sentence in which they say they do, or fire in the one that they say they spare."""
    try:
        return list(rule_problems(load_rules(rules), made.reader))
    except (PlainradError, ValueError, RuntimeError) as error:  # a sentence without the words that its row marks
        return [f"A sentence of a rule cannot be read ({type(error).__name__})."]
