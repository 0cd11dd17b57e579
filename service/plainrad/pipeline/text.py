"""Length-preserving normalisation and the tokens of radiology text.

Every character of the normalised text stands where it stood in the original, so offsets need no mapping.
"""

import re
import unicodedata
from dataclasses import dataclass, field

_SPACES = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff\u200b\t",
    " ",
)
_BREAKS = dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n")
_CONTROLS = {
    chr(code): " " for code in (*range(0x09), *range(0x0E, 0x20), 0x7F, *range(0x80, 0x85), *range(0x86, 0xA0))
}
_MARKS = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u2032": "'", "\u02bc": "'", "`": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00ad": "-",
    "\u00d7": "x", "\u2715": "x", "\u2022": "*", "\u25cf": "*", "\u25aa": "*", "\u2023": "*", "\u00b7": "*", "\u2043": "*",
    "\u2264": "<", "\u2265": ">", "\u00bf": "?", "\ufffd": "?", "\u00b5": "u", "\u03bc": "u", "\u2215": "/", "\u2044": "/",
}  # fmt: skip
# What a dictation left as words: "effusion full stop". Not "a comma sign", nor a duct that "comes to a full stop".
_SPOKEN = re.compile(
    r"(?<!\ba )\b(?:(?P<stop>full stop)|(?P<comma>comma)(?![ -](?:sign|shaped|shape)))(?=[\s.,]|$)", re.I
)
# What other systems left of line ends and signs: "\\.br\\" of HL7 v2, "&amp;" of HTML.
_LEFT = re.compile(
    r"\\\.(?:br|sp|ce|fi|nf)[+-]?\d{0,3}\\|\\[HNTFSRE]\\|<br ?/?>|&(?:lt;br ?/?&gt|amp|nbsp|quot|apos|lt|gt|#39);", re.I
)
_LEFT_AS = {"\\t\\": "&", "&amp;": "&", "&quot;": '"', "&apos;": "'", "&#39;": "'", "&lt;": "<", "&gt;": ">"}
# What a form offers and nobody chose: "Varices: [ none / oesophageal / gastric ] oesophageal".
_MENU = re.compile(r"\[[^\[\]/\n]{1,40}(?:/[^\[\]/\n]{1,40}){1,12}\]")
_TABLE = str.maketrans(_SPACES | _BREAKS | _CONTROLS | _MARKS)


def normalise(text: str) -> str:
    """Return `text` with one plain character for each of its typographic ones; the length never changes.

    What a form offers and nobody chose is blank, and so is what HTML or HL7 left of a line end.
    """
    if "[" in text:
        text = _MENU.sub(lambda found: " " * len(found[0]), text)
    plain = _SPOKEN.sub(lambda said: ("." if said["stop"] else ",").ljust(len(said[0])), text.translate(_TABLE))
    if "\\" in plain or "&" in plain or "<" in plain:
        plain = _LEFT.sub(_left, plain)
    if plain.isascii():
        return plain
    return "".join(char if ord(char) < 128 else _base(char) for char in plain)


def _left(found: re.Match[str]) -> str:
    """Return what stood there once, as long as what is left of it."""
    rest = found[0].lower()
    ends_line = "br" in rest or rest.startswith("\\.")
    return ("\n" if ends_line else _LEFT_AS.get(rest, " ")).ljust(len(rest))


def _base(char: str) -> str:
    """Return the letter under an accent ("é" -> "e"), or the character itself when it is no accented letter."""
    first = unicodedata.normalize("NFKD", char)[:1]
    return first if first.isascii() and first.isalnum() else char


UNITS = r"(?:mm|cm|m|ml|mls|cc|l|mg|g|kg|mcg|ug|hu|mmhg|cm3|mm3|cm2|mm2|mgy|msv|mbq|kbq|gy|mci|bpm|kv|kvp|mas|t|tesla|g/cm2|hz|mhz|ms|msec|cms|mms)"
_TOKEN = re.compile(
    rf"""
      [A-Za-z]&[A-Za-z]\b                                   # A&E, M&M
    | \b(?:e\.g|i\.e)\b\.?                                  # no full stop ends a sentence here
    | [CTLSctls]\d{{1,2}}[/\-][CTLSctls]?\d{{1,2}}(?![\d\w])   # L4/5, C6/C7, L5-S1
    | \d{{1,4}}[/.]\d{{1,2}}[/.]\d{{2,4}}(?!\d)              # 12/5/24, 12.3.24
    | \d{{1,3}}/\d{{1,3}}(?![\d/])                          # 2/52, 3/12, 120/80
    | \d+(?:[.,]\d+)*(?={UNITS}\b)                         # 12 of 12mm
    | \d+(?:st|nd|rd|th)\b                                # 2nd
    | \d[A-Za-z]{{2,5}}\b                                   # 2WW
    | \d+(?:[.,]\d+)*(?=x\s?\d)                            # 12 of 12x9
    | \d+(?:[.,]\d+)*
    | x(?=\s?\d)                                          # x of x9
    | [^\W\d_]+\d+[^\W\d_]?(?![^\W_])                        # T2, T3b, CA125, N1
    | [^\W\d_]+(?:'[^\W\d_]+)?                             # words, Murphy's
    | \r?\n
    | \S
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


MAY = "maymonth"  # the word under which the month stands in `Tokens.words`, so that no rule takes it for "may"
_BEFORE_MONTH = frozenset({"in", "of", "since", "from", "until", "on", "last", "by", "to", "early", "late", "mid"})


@dataclass(slots=True)
class Tokens:
    r"""The tokens of one text as plain lists, all of one length. Spaces are not tokens; line ends are ("\\n")."""

    text: str
    raw: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.raw)

    def at(self, position: int) -> int:
        """Return the index of the first token that ends after character `position`."""
        low, high = 0, len(self.ends)
        while low < high:
            middle = (low + high) // 2
            if self.ends[middle] <= position:
                low = middle + 1
            else:
                high = middle
        return low


def tokenise(text: str) -> Tokens:
    """Return the tokens of normalised text."""
    found = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    raw = ["\n" if piece == "\r\n" else piece for piece, _, _ in found]
    words = [piece.lower() for piece in raw]
    if "May" in raw:
        for index, piece in enumerate(raw):
            if piece == "May" and index and (words[index - 1] in _BEFORE_MONTH or words[index - 1][0].isdigit()):
                words[index] = MAY
    return Tokens(text, raw, words, [start for _, start, _ in found], [end for _, _, end in found])


def match_words(form: str) -> tuple[str, ...]:
    """Return the words under which a form is matched: lower case, hyphens left out."""
    bare = form.replace("-", " ")
    if bare.isascii() and bare.replace(" ", "").isalpha():  # nearly all forms: the tokens are the words
        return tuple(bare.lower().split())
    return tuple(word for word in tokenise(normalise(form)).words if word not in ("-", "\n"))
