"""The sentences in which no finding was told: what they are about (a frame), a part called normal, or a part described.

They are read after everything else, from what is left, so they never take the place of a finding.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from plainrad.domain.patient import Statement
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Mention, Reading
from plainrad.explain.background import LONGEST_QUOTE, BackgroundWriter, aside, inside, joined
from plainrad.explain.further import fits, further, meet
from plainrad.explain.normals import in_sentences
from plainrad.explain.phrase import MAX_WORDS, described, part_name
from plainrad.explain.quotes import quoted
from plainrad.explain.rest import own_words
from plainrad.explain.sources import heading_of, headings, row_label, with_sentence_before
from plainrad.glossary.lookup import Glossary

_LETTERS = re.compile(r"[^a-z]+")
_CORRECTED = re.compile(r"\baddend|\bamend|\bcorrect|\bshould (?:be|read)\b|\bon review\b", re.IGNORECASE)
_OF_A_PART = frozenset({"found", "normal", "looked_for_not_found"})
_LONG_NAME = 6  # letters
_THERE = ("present", "possible")
_LONGEST_NORMAL = 22
_ITEM = re.compile(r",|\band\b|\bwith\b", re.IGNORECASE)
_SMALL_OR_FIGURE = re.compile(r"\b(?:the|of|both|left|right|or|is|are|a|an|at|in|on|to|all|also|its|lies|lie|measures?|measuring|measured|max|maximum|ap|mm|cm|ml|x|by|imaged|visuali[sz]ed|seen|where|wall|diameter|length|size|thickness|approx|approximately|upper|lower|mid|middle|distal|proximal|medial|lateral|anterior|posterior|superior|inferior|superficial|deep|common|main|major|\d+)\b|[^\w]+", re.IGNORECASE)  # fmt: skip
_STATE = re.compile(r"(?:ed|ic|tic)$", re.I)  # "SMA patent, IMA occluded"
_NON = re.compile(r"\bnon[\s-]?$", re.IGNORECASE)
_FEW = 2  # words: too few to be understood without the sentence before
_WATCH = re.compile(r"\?|\b(?:no|not|nor|non|without|except\w*|apart|other than|aside|but|however|although|though|while|whereas|possibl\w*|may|might|could|probab\w*|likely|suspect\w*|suspicio\w*|suggest\w*|query|cannot|abnormal\w*|borderline|if|when|unless|near|nearly|almost|not|mild\w*|slight\w*|minimal\w*|moderate\w*|severe\w*|previous\w*|prior|history|upper limits?|lower limits?|improved|low|high|reduced|increased|decreased|absent|loss|lack\w*|less|than|was|were|until|before|after|concern\w*|question\w*|otherwise|consider\w*|appears? to|rather|relatively|partly|partially|fairly|somewhat|saline|variant|pmh|fhx|shx|ros|psh)\b", re.I)  # fmt: skip
_CALLED_NORMAL = re.compile(r"\b(?:normal\w*|unremarkable|within normal limits)\b", re.I)
_IN_ORDER = re.compile(r"\b(?:normal\w*|unremarkable|intact|preserved|maintained|patent|compressible|satisfactory|physiological|(?:is|are|remains?|appears?|looks?)(?: \w+)? clear)\b|^clear\b", re.I)  # fmt: skip
_IS_NORMAL = re.compile(
    r"^(?:the |both |all |imaged |visuali[sz]ed |remaining |other |bilateral )*(?P<what>.+?) (?:is|are|appears?|looks?|remains?|shows?|returns?|demonstrates?|have|has)"
    r"(?: also| both| all| a| an| of| within| grossly| essentially| entirely| otherwise)*"
    r" (?:normal|unremarkable|within normal limits)(?: (?:in )?(?:appearances?|size|signal|calibre|caliber|contour|position|morphology|echotexture|echogenicity|outline|attenuation|configuration|enhancement|flow|alignment|intensity|density|limits|and|,))*[.;]?$",
    re.IGNORECASE,
)
_NORMAL_FIRST = re.compile(r"^normal (?:appearances? of )?(?:the )?(?P<what>.+?)[.;]?$", re.IGNORECASE)
_SMALL = re.compile(r"\b(?:and|the|of|both|left|right|or|is|are|a|an)\b|[^\w]+", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"^(?:the |both |there (?:is|are) )?(?P<what>.+?) (?P<is>is|are|was|were|appears?|looks?|remains?)(?P<said>(?: [a-z]+ly| again| also| both| now| quite| slightly| to)* [a-z\-]+(?:(?:,| and) [a-z\-]+)*)(?: bilaterally)?[.;]?$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:this|it)\b(?! (?:study|scan|examination|report|patient|age|size|stage|level)\b)(?! (?:is|was|may be|would be|could be) (?:suggested|recommended|advised))",
    re.IGNORECASE,
)
_SINGULAR = re.compile(r"^(?:this|it)\b", re.IGNORECASE)
_FOLLOWS_ON = re.compile(r"^(?:this|these|it|they|both|all|findings?|appearances?)\b", re.IGNORECASE)


class AsideWriter:
    """Tells what is left of one report when its findings have been told."""

    def __init__(self, *, reading: Reading, text: str, glossary: Glossary, book: PhraseBook) -> None:
        self._reading = reading
        self._text = text
        self._glossary = glossary
        self._book = book
        places = ((one, reading.by_id.get(one.location or "")) for one in reading.mentions)
        named = [
            (one.start, _LETTERS.sub("", where.text.lower()))
            for one, where in places
            if where is not None and one.kind == "finding" and one.assertion in _THERE
        ]
        self._placed = [(start, name) for start, name in named if len(name) >= _LONG_NAME]

    def write(self, told: Sequence[Statement]) -> list[Statement]:
        """Return the further statements, numbered on from `told`."""
        background = BackgroundWriter(reading=self._reading, text=self._text, glossary=self._glossary, book=self._book)
        known = {(one.group, one.text) for one in told}
        found: list[Statement] = []
        exam = [*background.exam(), *joined(list(background.procedure()), self._book)]
        told = [*told, *exam]
        for one in (
            *exam,
            *joined(list(background.request(told)), self._book),
            *further(told, self._reading, self._text, self._book),
            *joined(list(self._left(told)), self._book),
        ):
            same = next(
                (place for place, other in enumerate(found) if (one.group, one.text) == (other.group, other.text)), None
            )
            if same is not None:
                found[same] = replace(
                    found[same], source=found[same].source + one.source, mentions=found[same].mentions + one.mentions
                )
            elif (one.group, one.text) not in known:
                found.append(one)
        start = len(told) + 1
        return [replace(one, id=f"s{number}") for number, one in enumerate(found, start=start)]

    def _left(self, told: Sequence[Statement]) -> Iterator[Statement]:
        for words in own_words(self._reading, told, self._text, whole=False, sides=self._book.grammar.sides):
            extent = Extent(words.start, words.end)
            mentions = inside(self._reading, extent) or self._before(extent, told) or self._of_addendum(extent)
            if not mentions:
                continue
            statement = (
                (self._normal(extent, mentions) if not self._found_later(extent) else None)
                or self._described(extent, mentions)
                or self._framed(extent, mentions)
            )
            if statement is not None:
                yield statement

    def _found_later(self, extent: Extent) -> bool:
        """Return True for "sub scapularis intact" where a later sentence finds something in that part, however it is written there."""
        said = _LETTERS.sub("", self._text[extent.start : extent.end].lower())
        return any(
            start >= extent.end and name in said and _CORRECTED.search(self._text, extent.end, start)
            for start, name in self._placed
        )

    def _framed(self, extent: Extent, mentions: Sequence[Mention]) -> Statement | None:
        words = quoted(self._text, extent)
        if len(words.split()) > LONGEST_QUOTE:
            return None
        section = mentions[0].section
        findings = any(one.kind in ("finding", "device") and one.reportable for one in inside(self._reading, extent))
        frame = next(
            (one for one in self._book.frames if fits(one, words, section) and (one.findings or not findings)), None
        )
        if frame is None or (len(words.split()) <= _FEW and frame.group in ("possible", "unchanged_or_known")):
            return None
        text = frame.text.format(quote=words)
        parts = [one for one in mentions if one.kind == "anatomy" and one.term_id]
        parts = [
            one for one in parts if not (one.term_id or "").startswith("numbered-")
        ] or parts  # "lumbar spine L1-L4"
        if frame.id == "measurement" and len(parts) == 1:
            text = self._book.wording["measured"].format(
                part=part_name(parts[0], self._glossary, self._book, self._text)[0], quote=words
            )
        nameless = not parts and not any(
            one.term_id and one.kind != "descriptor" for one in inside(self._reading, extent)
        )
        if frame.group in _OF_A_PART and (len(words.split()) <= _FEW or (nameless and ":" not in words)):
            return self._with_row_label(frame.group, text, extent, mentions)
        alone = _SINGULAR.match(words) is not None and frame.group in (
            "found",
            "possible",
            "unchanged_or_known",
            "next_step",
        )
        if alone or (frame.group == "next_step" and _POINTS_BACK.search(words)):
            wider = with_sentence_before(extent, self._reading, self._text)
            text = frame.text.format(quote=quoted(self._text, wider))
            return aside(self._reading, self._text, frame.group, text, wider, mentions)
        return aside(self._reading, self._text, frame.group, text, extent, mentions)

    def _with_row_label(self, group: str, text: str, extent: Extent, mentions: Sequence[Mention]) -> Statement:
        """Return the statement behind the label of its row, where it has one ("Left lobe: ... U3.")."""
        label, place = row_label(extent.start, self._reading, self._text)
        if place is None:
            label, place = heading_of(extent.start, headings(self._reading, self._text), self._reading, self._text)
        if place is None:
            return aside(self._reading, self._text, group, text, extent, mentions)
        one = aside(
            self._reading,
            self._text,
            group,
            self._book.wording["labelled"].format(label=label, text=text),
            extent,
            mentions,
        )
        return replace(one, source=(*one.source, place))

    def _normal(self, extent: Extent, mentions: Sequence[Mention]) -> Statement | None:
        """As in "Normal medial compartment cartilage": a clause that calls something normal and says nothing else."""
        words = quoted(self._text, extent)
        bare = re.sub(r"^otherwise,? ", "", _without_label(words), flags=re.IGNORECASE)
        if (
            _WATCH.search(re.sub(r"^otherwise\b", "", words, flags=re.IGNORECASE))
            or not _IN_ORDER.search(bare)
            or any(one.kind in ("finding", "device") for one in mentions)
        ):
            return None
        parts = [one for one in mentions if one.kind == "anatomy" and one.term_id]
        match = _IS_NORMAL.match(bare) or _NORMAL_FIRST.match(bare)
        if match and parts and _covers(match["what"], parts) and words == bare:
            names = [part_name(one, self._glossary, self._book, self._text) for one in parts]
            text = in_sentences(names, self._book.normals["normal"], self._book.grammar)
            if len(text.split()) <= 2 * MAX_WORDS:
                return aside(self._reading, self._text, "normal", text, extent, mentions)
        if len(words.split()) > LONGEST_QUOTE or not _each_in_order(bare, mentions):
            return None
        name = "normal_quoted" if _CALLED_NORMAL.search(bare) else "own_words"
        return aside(
            self._reading, self._text, "normal", self._book.wording[name].format(quote=words), extent, mentions
        )

    def _described(self, extent: Extent, mentions: Sequence[Mention]) -> Statement | None:
        """As in "The aorta is mildly tortuous": a part, and a word for it that the glossary explains."""
        words = quoted(self._text, extent)
        match = _DESCRIBED.match(words)
        if match is None or re.search(r"\?|\b(?:no|not|may|might|could|possibl\w*|probabl\w*|likely|cannot|apart|except\w*|previous\w*|seen|noted|visuali[sz]ed|identified|present|prepped|draped|cleansed|steril\w*|punctured|accessed|advanced|inserted|injected|obtained|performed|infiltrated|anesthetized|normal\w*|unremarkable|clear|stable|unchanged|intact)\b", words, re.IGNORECASE):  # fmt: skip
            return None
        parts = [one for one in mentions if one.kind == "anatomy" and one.term_id]
        tokens = [
            one
            for one in mentions
            if one.kind == "descriptor" and one.term_id and one.text.lower() in match["said"].lower()
        ]
        if any(_NON.search(self._text, max(0, one.start - 5), one.start) for one in tokens):
            return None  # "non-echogenic" is the opposite of what the word means
        if not parts or len(tokens) != 1 or not _covers(match["what"], parts):
            return None
        names = [part_name(one, self._glossary, self._book, self._text) for one in parts]
        gloss = self._glossary.term(tokens[0].term_id or "").plain
        said = match["said"].strip()
        part = self._book.grammar.listed([name for name, _ in names])
        text = described(part, gloss=gloss, said=said, book=self._book)
        return (
            aside(self._reading, self._text, "found", text, extent, [*parts, *tokens])
            if len(text.split()) <= MAX_WORDS + 2
            else None
        )

    def _of_addendum(self, extent: Extent) -> list[Mention]:
        """Return what an addendum speaks of, for the sentence that says that the report was changed."""
        section = next((one for one in self._reading.sections if one.start <= extent.start < one.end), None)
        if section is None or section.kind != "addendum":
            return []
        return [one for one in self._reading.mentions if section.body <= one.start < section.end]

    def _before(self, extent: Extent, told: Sequence[Statement]) -> list[Mention]:
        """Return what the sentence before speaks of, where this one only goes on about it ("These changes are new.")."""
        if not _FOLLOWS_ON.match(self._text[extent.start : extent.end]):
            return []
        sentences = self._reading.sentences
        number = next((place for place, one in enumerate(sentences) if one.start <= extent.start < one.end), 0)
        if number == 0 or sentences[number - 1].section != sentences[number].section:
            return []
        before = Extent(sentences[number - 1].start, sentences[number - 1].end)
        ids = {
            one
            for statement in told
            if any(meet(before, item) for item in statement.source)
            for one in statement.mentions
        }
        return [one for one in self._reading.mentions if one.id in ids and one.sentence == number - 1]


def _covers(words: str, parts: Sequence[Mention]) -> bool:
    """Return True when the names of `parts` are all that `words` say."""
    left = words
    for one in sorted(parts, key=lambda item: -len(item.text)):
        left = left.replace(" ".join(one.text.split()), " ")
    return not _SMALL.sub("", left)


def _without_label(words: str) -> str:
    return re.sub(r"^[A-Za-z /]{2,30}: ", "", words)


def _each_in_order(words: str, mentions: Sequence[Mention]) -> bool:
    """Return True when each item of a short sentence either says that it is in order, or only names parts and figures."""
    if len(words.split()) > _LONGEST_NORMAL or re.search(r"[;:]|\b(?:which|that|showing|causing|due)\b", words, re.I):
        return False
    return all(_IN_ORDER.search(item) or _only_names(item, mentions) for item in _ITEM.split(words))


def _only_names(words: str, mentions: Sequence[Mention]) -> bool:
    left = words
    for one in sorted(mentions, key=lambda item: -len(item.text)):
        if one.kind not in ("finding", "device") and not (one.kind == "descriptor" and _STATE.search(one.text)):
            left = left.replace(" ".join(one.text.split()), " ")
    return not _SMALL_OR_FIGURE.sub("", left)
