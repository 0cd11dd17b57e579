"""Each kind of unfaithful statement is refused, and a faithful one is not."""

import pytest

from plainrad.content import content_folder
from plainrad.domain.patient import Statement, StatementGroup
from plainrad.domain.reading import Extent
from plainrad.explain.faithfulness import check, refusal
from plainrad.glossary.phrases import load_phrases

CLAIMS = load_phrases(content_folder("glossary")).claims


def statement(text: str, source: str, group: StatementGroup = "found") -> Statement:
    return Statement("s1", group, text, "definite", (Extent(0, len(source)),), source, ("m1",), conclusion=False)


@pytest.mark.parametrize(
    ("text", "source", "group", "reason"),
    [
        ("There is a stone. It measures 5 mm.", "A 4 mm stone.", "found", "number"),
        ("There is a stone on the left.", "Right renal stone.", "found", "side"),
        ("There is fluid on both sides.", "Left effusion.", "found", "side"),
        ("No stone was found.", "A stone is seen.", "looked_for_not_found", "negation"),
        ("The report mentions a stone as a possibility (not certain).", "A stone is seen.", "possible", "certainty"),
        ("The report says this fits with a stone.", "A stone is seen.", "found", "certainty"),
        ("There is a broken bone (fracture).", "No fracture.", "found", "negation"),
        ("There is a broken bone (fracture).", "There is no convincing evidence of a fracture.", "found", "negation"),
        ("The broken bone (fracture) has not changed.", "Without any fracture.", "unchanged_or_known", "negation"),
        ("There is a broken bone (fracture).", "?fracture of the wrist", "found", "certainty"),
        ("There is a broken bone (fracture).", "This may represent a fracture.", "found", "certainty"),
        ("There is cancer (malignancy).", "Suspicious of malignancy.", "found", "certainty"),
        ("There is an infection (pneumonia).", "Correlate for pneumonia.", "found", "certainty"),
        ("There is a growth (adenoma).", "Primary consideration is of an adenoma.", "found", "certainty"),
        ("There is an infection (cystitis).", "Assess for signs and symptoms of cystitis.", "found", "certainty"),
        ("There is fluid around the lung (effusion).", "No pneumothorax, effusion or mass.", "found", "negation"),
        ("There is a solid area (consolidation).", "The lungs are clear of focal consolidation.", "found", "negation"),
        ("The report says a lump (mass) is possible.", "No cyst, calculus or mass.", "possible", "negation"),
        (
            "No bulging disc (disc bulge) was found.",
            "Disc bulge, but no cord compression.",
            "looked_for_not_found",
            "negation",
        ),
        (
            "No lung damage (emphysema) was found.",
            "Emphysema without acute disease.",
            "looked_for_not_found",
            "negation",
        ),
        ("There is a solid area (consolidation).", "Consolidation or effusion.", "found", "certainty"),
        ("There is a blood clot (embolus).", "An embolus cannot be excluded.", "found", "certainty"),
        ("There is an enlarged heart (cardiomegaly).", "Borderline cardiomegaly", "found", "certainty"),
        (
            "The report says: “significant stenosis”",
            "Patent without significant stenosis.",
            "looked_for_not_found",
            "quote",
        ),
        ("The report says: “fracture identified”", "No fracture identified.", "normal", "quote"),
        ("The stone has not changed.", "A stone is seen.", "unchanged_or_known", "change"),
        ("There is a stone. The report calls this new.", "A stone is seen.", "found", "change"),
        ("The stone is bigger or more marked than before.", "A stone is seen.", "unchanged_or_known", "change"),
        ("The stone is smaller or less marked than before.", "A stone is seen.", "unchanged_or_known", "change"),
        ("The break is healing.", "A fracture is seen.", "unchanged_or_known", "change"),
        ("About the next step, the report says: “Remove it.”", "Repeat it.", "next_step", "quote"),
        (
            "The report says there is no stone that it calls “large”.",
            "No small stone.",
            "looked_for_not_found",
            "quote",
        ),
    ],
)
def test_what_the_source_does_not_bear_out_is_refused(
    text: str, source: str, group: StatementGroup, reason: str
) -> None:
    assert refusal(statement(text, source, group), source, claims=CLAIMS) == reason


@pytest.mark.parametrize(
    ("text", "source", "group"),
    [
        ("There is a stone on the left. It measures 4 mm.", "4 mm stone in the Lt kidney.", "found"),
        ("There is fluid on both sides.", "Effusions, L>R.", "found"),
        ("No stone was found.", "Nil calculus.", "looked_for_not_found"),
        ("The report mentions a stone as a possibility (not certain).", "?stone", "possible"),
        ("The stone has not changed.", "Stable stone.", "unchanged_or_known"),
        ("About the next step, the report says: “Repeat it.”", "Repeat   it.", "next_step"),
        ("There is a broken bone (fracture).", "No dislocation. There is a fracture.", "found"),
        ("There are stones in the gallbladder (gallstones).", "No dilatation despite gallstones.", "found"),
        ("There is a hole (perforation).", "This is without doubt a perforation.", "found"),
        ("There is a pocket of fluid (simple cyst).", "No hydronephrosis, 22 mm simple cyst.", "found"),
        ("There is a lump (mass).", "No change in the mass.", "found"),
        ("No air around the lung (pneumothorax) was found.", "Pneumothorax: 0. Effusion: 1.", "looked_for_not_found"),
        ("No air around the lung (pneumothorax) was found.", "Pneumothorax: No, effusion: Yes", "looked_for_not_found"),
        (
            "No air around the lung (pneumothorax) was found.",
            "The pneumothorax which was there is not seen.",
            "looked_for_not_found",
        ),
        ("No tear (tear) was found.", "Wear rather than a tear.", "looked_for_not_found"),
        ("The heart is not bigger than normal (not enlarged).", "The heart is not enlarged.", "looked_for_not_found"),
        ("There is a change in part 6 of the liver (segment VI).", "A lesion in segment VI.", "found"),
        ("The tube seen before is no longer there.", "Interval removal of the tube.", "unchanged_or_known"),
        ("The report says a break (fracture) is possible.", "I wonder about a fracture.", "possible"),
        ("There is a broken bone (fracture).", "No fracture of the tibia, but a fracture of the fibula.", "found"),
        ("The report says there is no important (significant) change.", "No significant change.", "unchanged_or_known"),
    ],
)
def test_what_the_source_bears_out_is_kept(text: str, source: str, group: StatementGroup) -> None:
    assert refusal(statement(text, source, group), source, claims=CLAIMS) is None


def test_a_side_that_is_part_of_a_fixed_name_needs_no_source() -> None:
    one = statement("There is a leaking valve on the heart's left (mitral regurgitation).", "Mitral regurgitation.")
    assert refusal(one, "Mitral regurgitation.", claims=CLAIMS) == "side"
    reviewed = ["leaking valve on the heart's left"]
    assert refusal(one, "Mitral regurgitation.", claims=CLAIMS, reviewed=reviewed) is None


def test_refused_statements_come_back_with_their_reason() -> None:
    source = "A stone."
    good, bad = statement("There is a stone.", source), statement("There is a stone on the left.", source)
    assert check([good, bad], source, {}, claims=CLAIMS) == ([good], [(bad, "side")])


def test_the_number_of_a_reviewed_name_needs_no_source() -> None:
    told = statement("There is illness from COVID-19.", "COVID last month.")
    assert refusal(told, told.quote, claims=CLAIMS) == "number"
    assert refusal(told, told.quote, claims=CLAIMS, reviewed=["illness from COVID-19"]) is None
    more = statement("There is illness from COVID-19. It measures 5 mm.", "COVID last month.")
    assert refusal(more, more.quote, claims=CLAIMS, reviewed=["illness from COVID-19"]) == "number"
