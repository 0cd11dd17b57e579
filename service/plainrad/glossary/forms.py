"""From one listed form, the other ways in which a report may write it: plurals, US spelling, hyphens.

Only forms that an editor listed are varied, so a variant can never bring in a word that nobody chose.
"""

import re

# British -> American, as parts of words. Each pair is applied to whole forms that an editor wrote in British spelling.
_AMERICAN = (
    ("oedema", "edema"),
    ("haem", "hem"),
    ("aemi", "emi"),
    ("tumour", "tumor"),
    ("oesoph", "esoph"),
    ("caec", "cec"),
    ("fibre", "fiber"),
    ("calibre", "caliber"),
    ("centre", "center"),
    ("colour", "color"),
    ("paed", "ped"),
    ("gynae", "gyne"),
    ("diarrhoea", "diarrhea"),
    ("leucoc", "leukoc"),
    ("grey", "gray"),
    ("litre", "liter"),
    ("metre", "meter"),
    ("aetiolog", "etiolog"),
    ("anaesth", "anesth"),
    ("faec", "fec"),
    ("isation", "ization"),
    ("alised", "alized"),
    ("ilised", "ilized"),
    ("erised", "erized"),
    ("labelled", "labeled"),
    ("channelled", "channeled"),
    ("sulph", "sulf"),
    ("dilatation", "dilation"),
    ("rrhoea", "rrhea"),
    ("foetus", "fetus"),
    ("apnoea", "apnea"),
    ("dyspnoea", "dyspnea"),
    ("coeliac", "celiac"),
    ("artefact", "artifact"),
    ("defence", "defense"),
    ("plough", "plow"),
    ("mould", "mold"),
    ("goitre", "goiter"),
    ("praevia", "previa"),
    ("caesarean", "cesarean"),
    ("tachypnoe", "tachypne"),
    ("dyspnoeic", "dyspneic"),
    ("melaena", "melena"),
    ("phaeochromo", "pheochromo"),
    ("aesthesi", "esthesi"),
    ("tunnelled", "tunneled"),
    ("remodelling", "remodeling"),
    ("heparinised", "heparinized"),
    ("pneumatised", "pneumatized"),
    ("necrotising", "necrotizing"),
    ("behaviour", "behavior"),
)
_IRREGULAR = {
    "foot": "feet",
    "tooth": "teeth",
    "vertebra": "vertebrae",
    "bronchus": "bronchi",
    "thrombus": "thrombi",
    "embolus": "emboli",
    "calculus": "calculi",
    "focus": "foci",
    "locus": "loci",
    "sulcus": "sulci",
    "gyrus": "gyri",
    "meniscus": "menisci",
    "talus": "tali",
    "humerus": "humeri",
    "nucleus": "nuclei",
    "stimulus": "stimuli",
    "ramus": "rami",
    "hilum": "hila",
    "hilus": "hili",
    "bulla": "bullae",
    "bursa": "bursae",
    "fistula": "fistulae",
    "pleura": "pleurae",
    "scapula": "scapulae",
    "fibula": "fibulae",
    "tibia": "tibiae",
    "patella": "patellae",
    "ulna": "ulnae",
    "clavicula": "claviculae",
    "fossa": "fossae",
    "concha": "conchae",
    "verruca": "verrucae",
    "diverticulum": "diverticula",
    "haustrum": "haustra",
    "ostium": "ostia",
    "septum": "septa",
    "atrium": "atria",
    "ovum": "ova",
    "serum": "sera",
    "spectrum": "spectra",
    "sequestrum": "sequestra",
    "acetabulum": "acetabula",
    "phalanx": "phalanges",
    "larynx": "larynges",
    "meninx": "meninges",
    "appendix": "appendices",
    "apex": "apices",
    "cortex": "cortices",
    "index": "indices",
    "calyx": "calyces",
    "matrix": "matrices",
    "cervix": "cervices",
    "varix": "varices",
    "testis": "testes",
    "iris": "irides",
    "epididymis": "epididymides",
    "pelvis": "pelves",
    "criterion": "criteria",
    "ganglion": "ganglia",
    "phenomenon": "phenomena",
    "viscus": "viscera",
    "corpus": "corpora",
    "genus": "genera",
    "metastasis": "metastases",
    "child": "children",
    "man": "men",
    "woman": "women",
    "half": "halves",
    "calf": "calves",
    "knife": "knives",
    "life": "lives",
}


# "intra-articular" is written "intraarticular" too.
_JOINED = re.compile(
    r"\b(anti|extra|hyper|hypo|infra|inter|intra|juxta|micro|mid|multi|non|para|peri|post|pre|retro|semi|sub|supra|trans|ultra)"
    r"-(?=[a-z]{4})",
    re.IGNORECASE,
)
_BRITISH = re.compile("|".join(re.escape(british) for british, _ in _AMERICAN))


def plural(word: str) -> str:
    """Return the plural of an English or Latin medical noun, by table and then by ending."""
    lower = word.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if lower.endswith("sis"):
        return word[:-2] + "es"
    if lower.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def plural_phrase(phrase: str) -> str:
    """Return `phrase` with its head noun in the plural: "small lump in the lung" -> "small lumps in the lung"."""
    head, rest = split_head(phrase)
    words = head.split(" ")
    return " ".join([*words[:-1], plural(words[-1])]) + rest


_AFTER_HEAD = re.compile(
    r" (?:in|of|on|at|around|between|from|with|that|to|under|behind|inside|near|along|over|above|below|for|through|"
    r"across|within|next|where|which|against|beside|made|after|before|into|outside|by|during|caused|left|seen|used)\b| \("
)


def split_head(phrase: str) -> tuple[str, str]:
    """Return (words up to and with the head noun, the rest with its leading space)."""
    match = _AFTER_HEAD.search(phrase) if " " in phrase else None
    return (phrase[: match.start()], phrase[match.start() :]) if match else (phrase, "")


def american(form: str) -> str:
    """Return `form` in American spelling (the same string where there is no difference)."""
    if _BRITISH.search(form) is None:
        return form
    lower = form
    for british, us in _AMERICAN:
        if british in lower:
            lower = lower.replace(british, us)
    return lower


def variants(form: str, *, count: bool) -> tuple[str, ...]:
    """Return `form` and the ways of writing it that follow by rule, in a fixed order, each once.

    `count` says that the entry is a thing that can be counted, so that plurals are made of its head noun.
    """
    return tuple(inflections(form, count=count))


def inflections(form: str, *, count: bool) -> dict[str, bool]:
    """Return the `variants` of `form`, each with whether it is a plural and nothing else."""
    made = {form: False}
    if count and (not form.endswith("s") or form.endswith(("sis", "us", "ss"))):
        head, rest = split_head(form)
        before, space, last = head.rpartition(" ")
        made.setdefault(before + space + plural(last) + rest, True)
        lower = last.lower()
        if lower in _IRREGULAR and not lower.endswith(("is", "x")) and not rest:
            made.setdefault(before + space + lower + "s", True)
        if lower.endswith("oma"):
            made.setdefault(head + "ta" + rest, True)
    if "-" in form:
        _add(made, [(_JOINED.sub(r"\1", one), many) for one, many in made.items()])
    if _BRITISH.search(form):  # a plural brings in no British spelling that its singular has not
        _add(made, [(american(one), many) for one, many in made.items()])
    return made


def _add(made: dict[str, bool], more: list[tuple[str, bool]]) -> None:
    for one, only_plural in more:
        made[one] = made.get(one, True) and only_plural
