"""`python -m tests.support.learn_everyday_words [--check]`: writes `glossary/everyday-words.txt` from the words that entries use.

A word of a plain phrase or a definition is everyday when English as a whole has it often enough (the Zipf scale of wordfreq) and it is
not a medical word in `_NEVER`. wordfreq is needed only here; the service and the tests read the file that this writes.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from plainrad.glossary.read import read_content
from plainrad.glossary.words import EverydayWords, _base_forms, words

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "glossary"
HEADER = (
    "# Everyday words: a plain phrase or a definition may use them without explaining them. Made by tests/support/learn_everyday_words.py.\n"
    "# Add a word by hand only if any adult knows it; a rarer word that is needed goes to allowed-words.toml, with its reason.\n"
)
OFTEN, OFTEN_AS_BASE = (
    3.9,
    4.1,
)  # occurrences per thousand million words, as powers of ten; the base of an inflected word must be commoner
# Common in news or novels, yet not plain in a report: they need a plainer word before them.
_NEVER = frozenset({"abdomen", "abdominal", "acute", "aneurysm", "benign", "biopsy", "carcinoma", "cardiac", "cerebral", "chronic", "clinical", "colon", "cortex", "diagnosis", "embolism", "fracture", "haemorrhage", "hepatic", "lesion", "malignant", "neural", "nucleus", "oral", "pulmonary", "rectal", "renal", "spinal", "syndrome", "trauma", "uterus", "vascular"})  # fmt: skip


def everyday(used: Iterable[str]) -> list[str]:
    """Return those of `used` that are everyday words, sorted."""
    try:
        from wordfreq import zipf_frequency
    except ImportError:
        sys.exit("learn_everyday_words needs wordfreq, a development-only dependency: pip install wordfreq")
    found = set()
    for word in used:
        base = (one for one in _base_forms(word) if len(one) > 3)
        if zipf_frequency(word, "en") >= OFTEN or any(zipf_frequency(one, "en") >= OFTEN_AS_BASE for one in base):
            found.add(word)
    return sorted(found - _NEVER)


def used_words(folder: Path) -> set[str]:
    """Return every word of the plain phrases and definitions, in lower case, without what stands in brackets."""
    from plainrad.glossary.law import _BRACKETS

    raw = read_content(folder)
    if raw.problems:
        sys.exit("\n".join(str(problem) for problem in raw.problems))
    texts = [text for _, term in raw.terms for text in (term.plain.replace("{side }", ""), term.definition)]
    return {word.lower().replace("’", "'") for text in texts for word in words(_BRACKETS.sub(" ", text))}


def main() -> None:
    """Write the file, or with --check say what it would change."""
    allowed = EverydayWords.load(FOLDER).allowed
    found = [word for word in everyday(used_words(FOLDER)) if word not in allowed]
    file = FOLDER / "everyday-words.txt"
    if "--check" in sys.argv[1:]:
        have = set(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else set()
        sys.exit("\n".join(["new words:", *new]) if (new := sorted(set(found) - have)) else 0)
    file.write_text(HEADER + "\n".join(found) + "\n", encoding="utf-8")
    print(f"{len(found)} everyday words written to {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
