"""A glossary in a made-up language: ours, with each letter that a patient reads written in another script. No word of code is changed for it."""

import json
import re
import shutil
from pathlib import Path

from plainrad.content import content_folder
from plainrad.glossary.forms import plural_phrase
from plainrad.glossary.read import RawContent, read_content
from plainrad.glossary.schema import TermSchema
from plainrad.glossary.write import entry_toml

LANGUAGE = "qaa"  # BCP 47 keeps it for private use
_SCRIPT = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувшъыз")
_PLACE = re.compile(r"(\{[^{}]*\})")
# What a patient reads of each kind of file: everything else is for reading reports, which stay in English.
_TOLD = re.compile(r'^(?P<key>plain|text|one|many|amount|before|after) = "(?P<words>.*)"$', re.MULTILINE)
_STRING = re.compile(r'"([^"]*)"')
_KEPT = re.compile(r"^(?:language|second_before|when|#|\[)")


def written(words: str) -> str:
    """Return `words` in the other script; places in braces stay."""
    return "".join(part if part.startswith("{") else _lettered(part) for part in _PLACE.split(words))


def _lettered(words: str) -> str:
    upper = words.lower().translate(_SCRIPT).upper()
    lower = words.lower().translate(_SCRIPT)
    return "".join(big if letter.isupper() else small for letter, big, small in zip(words, upper, lower, strict=True))


def make_glossary(folder: Path) -> Path:
    """Write the glossary into `folder` in the made-up language, and return the folder."""
    source = Path(str(content_folder("glossary")))
    shutil.copytree(source, folder, dirs_exist_ok=True)
    raw = read_content(source)
    shutil.rmtree(folder / "terms")
    for path in dict.fromkeys(path for path, _ in raw.terms):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        entries = (entry_toml(_term(one)) for where, one in raw.terms if where == path)
        (folder / path).write_text("\n".join(entries), encoding="utf-8")
    (folder / "anatomy.toml").write_text(_anatomy(raw), encoding="utf-8")
    for file in (folder / "phrases").iterdir():
        text = file.read_text(encoding="utf-8")
        file.write_text(_wording(text) if file.name == "wording.toml" else _told(text), encoding="utf-8")
    return folder


def _term(term: TermSchema) -> TermSchema:
    """Return the entry; the plurals that the rule for English makes are given, as another language has to give each."""
    plural = term.plural or (plural_phrase(term.plain) if term.noun == "count" else "")
    told = {"plain": written(term.plain), "plural": written(plural), "definition": written(term.definition)}
    return term.model_copy(update=told)


def _anatomy(raw: RawContent) -> str:
    blocks = []
    for one in raw.parts:
        values = one.model_dump(mode="json", exclude_defaults=True) | {"plain": written(one.plain)}
        blocks.append("[[part]]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items()))
    return "\n\n".join(blocks) + "\n"


def _wording(text: str) -> str:
    text = text.replace('language = "en-GB"', f'language = "{LANGUAGE}"')
    lines = (
        one if _KEPT.match(one) else _STRING.sub(lambda two: f'"{written(two[1])}"', one) for one in text.split("\n")
    )
    return "\n".join(lines)


def _told(text: str) -> str:
    return _TOLD.sub(lambda one: f'{one["key"]} = "{written(one["words"])}"', text)
