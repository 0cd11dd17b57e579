"""The content obeys its law, and each line of the law is really held."""

from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.content import content_folder
from plainrad.domain.report import Exam, Modality, Report, ReportStatus
from plainrad.domain.term import Term, When
from plainrad.explain.phrase import Thing
from plainrad.glossary.law import check_law
from plainrad.glossary.read import RawContent, read_content
from plainrad.glossary.words import EverydayWords

GOOD = """[[term]]
id = "pleural-effusion"
term = "pleural effusion"
kind = "finding"
forms = ["pleural fluid"]
plain = "fluid around the {side }lung"
noun = "mass"
definition = "Extra fluid that has collected between the lung and the chest wall."
"""


def law_on(tmp_path: Path, *terms: str) -> list[str]:
    folder = tmp_path / "terms" / "chest"
    folder.mkdir(parents=True)
    folder.joinpath("x.toml").write_text("\n".join(terms), encoding="utf-8")
    everyday = EverydayWords.load(content_folder("glossary"))
    return [str(one) for one in check_law(read_content(tmp_path), everyday)]


@pytest.fixture(scope="module")
def raw() -> RawContent:
    return read_content(content_folder("glossary"))


def test_the_content_obeys_the_law(raw: RawContent) -> None:
    assert [str(one) for one in check_law(raw, EverydayWords.load(content_folder("glossary")))] == []


def test_a_good_entry_passes(tmp_path: Path) -> None:
    assert law_on(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('plain = "fluid around the {side }lung"', 'plain = "the fluid around the lung"'), "starts with an article"),
        (('plain = "fluid around the {side }lung"', 'plain = "a lot of extra fluid that is around the outside of it"'), "Use at most 8"),
        (('plain = "fluid around the {side }lung"', 'plain = "Fluid around the lung"'), "starts with a capital"),
        (('plain = "fluid around the {side }lung"', 'plain = "parenchymal fluid"'), "hard words: parenchymal"),
        (("Extra fluid that has collected", "You should ask your doctor about extra fluid that has collected"), "gives advice"),
        (("Extra fluid", "Harmless extra fluid"), "comforts"),
        (("Extra fluid", "Dangerous extra fluid"), "alarms"),
        (("Extra fluid", "In 5% of people extra fluid"), "gives a statistic"),
        (("Extra fluid", "Extra edema fluid"), "American spelling"),
        (("chest wall.", "chest wall"), "does not end in a full stop"),
        (("chest wall.", "chest wall. It is there. It is fluid."), "more than two sentences"),
        (("chest wall.", "chest wall and all of the other parts of the body that are near to it on the one side and on the other side."), "A sentence of"),
        (('noun = "mass"', 'noun = "none"'), "`noun` is 'none'"),
        (('noun = "mass"', 'noun = "mess"'), "`noun`"),
        (('forms = ["pleural fluid"]', 'forms = ["pleural fluid", "Pleural-fluid"]'), "listed twice"),
        (('noun = "mass"', 'noun = "mass"\nanatomy = ["nowhere"]'), "Add it to anatomy.toml"),
        (('noun = "mass"', 'noun = "mass"\nlinks = ["https://example.org"]'), "`links"),
        (('noun = "mass"', 'noun = "mass"\nlinks = ["no-such-link"]'), "Use an id of links.toml"),
        (('noun = "mass"', 'noun = "mass"\nreview = { status = "approved" }'), "without a name and a day"),
        (('noun = "mass"', 'noun = "mass"\nreplaced_by = "nothing"'), "Name an entry that exists"),
        (('noun = "mass"', 'noun = "mass"\nsame_as = "nothing"'), "`same_as` names 'nothing'"),
        (('noun = "mass"', 'noun = "mass"\nsame_as = "pleural-effusion"'), "`same_as` names 'pleural-effusion'"),
        (('noun = "mass"', 'noun = "mass"\ncolour = "red"'), "`colour`"),
        (('kind = "finding"', 'kind = "finding'), "not valid TOML"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_file_entry_and_remedy(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in GOOD
    problems = law_on(tmp_path, GOOD.replace(*change))
    assert any(message in one for one in problems), problems
    assert all(one.startswith("terms/chest/x.toml") for one in problems)


def test_two_entries_may_share_a_form_only_where_senses_tell_them_apart(tmp_path: Path) -> None:
    other = GOOD.replace('id = "pleural-effusion"', 'id = "other"').replace(
        'term = "pleural effusion"', 'term = "other fluid"'
    )
    assert any("belongs to" in one for one in law_on(tmp_path, GOOD, other))


def test_links_are_only_addresses_with_evidence(raw: RawContent) -> None:
    assert raw.links
    assert {link.evidence for link in raw.links} <= {"A", "B", "C"}
    trusted = Path(__file__).parents[3] / "shared" / "links" / "trusted_links.tsv"
    if not trusted.is_file():
        pytest.skip("shared/links/trusted_links.tsv is not here, so the evidence cannot be compared")
    known = {line.split("\t")[0] for line in trusted.read_text(encoding="utf-8").splitlines()[1:]}
    assert {link.url for link in raw.links} <= known


def test_nothing_is_called_reviewed_that_nobody_has_reviewed(raw: RawContent) -> None:
    for _, term in raw.terms:
        assert term.review.status == "draft" or (term.review.by and term.review.on)


def exam_for(when: When) -> Exam:
    modality: Modality | None = when.modality[0] if when.modality else None  # type: ignore[assignment]
    return Exam("Test", modality, when.region[:1])


def reaches(plainrad: Plainrad, term: Term) -> bool:
    """Return True when some form of the entry, in its own context, is read as this entry."""
    senses = {sense.form.lower(): sense.when for sense in term.senses}
    for form in (term.term, *term.forms, *term.abbreviations):
        when = senses.get(form.lower(), When())
        header = {
            "history": "Clinical details",
            "technique": "Technique",
            "comparison": "Comparison",
            "conclusion": "Conclusion",
        }
        section = header.get(when.section[0], "Findings") if when.section else "Findings"
        near = f"{when.near[0]} " if when.near else ""
        text = f"{section}: There is {near}{form} here."
        regions = (*when.region[:1], term.region)
        for exam in (
            exam_for(when),
            Exam("Test", exam_for(when).modality, regions[:1]),
            Exam("Test", None, (term.region,)),
        ):
            reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=exam))
            if any(one.term_id == term.id for one in reading.mentions):
                return True
    return False


def test_every_entry_is_reached_by_one_of_its_own_forms(plainrad: Plainrad) -> None:
    ambiguous = {sense.term_id for senses in plainrad.glossary.ambiguous.values() for sense in senses}
    unreached = [
        term.id for term in plainrad.glossary.terms.values() if not term.replaced_by and not reaches(plainrad, term)
    ]
    assert [one for one in unreached if one not in ambiguous] == []


def test_every_plain_phrase_stands_in_the_carrier_sentences(plainrad: Plainrad) -> None:
    for term in plainrad.glossary.terms.values():
        if term.noun == "none":
            continue
        words = term.plain.replace("{side }", "")
        slots = Thing(words, term.noun == "plural", term.noun == "count", amount=False).slots(plainrad.book.grammar)
        for template in ("present", "absent", "possible_possible", "unchanged"):
            text = plainrad.book.wording[template].format(**slots, said="")
            assert "  " not in text, (term.id, text)
            assert text.endswith("."), (term.id, text)
        if term.noun == "count":
            assert slots["a"] == (
                "an " if words[0] in "aeio" and not words.startswith(("uni", "use", "one", "eu")) else slots["a"]
            ), term.id


def test_entries_that_are_one_thing_to_a_patient_share_a_concept(plainrad: Plainrad) -> None:
    concept = plainrad.glossary.concept
    assert concept("enlarged-lymph-node") == concept("lymphadenopathy")
    assert concept("carcinoma") == concept("malignancy") == concept("cancer")
    assert len({concept(one) for one in ("mass", "lesion", "nodule", "tumour", "cyst")}) == 5


def test_content_folders_hold_no_python() -> None:
    def names(folder: Traversable) -> list[str]:
        return [name for entry in folder.iterdir() for name in ([entry.name] if entry.is_file() else names(entry))]

    for folder in ("glossary", "models", "templates"):
        assert not [name for name in names(content_folder(folder)) if name.endswith(".py")]
