"""How a report ends without a header: the words that sum it up, and the next steps behind them."""

import re
from bisect import bisect_left
from dataclasses import replace

from plainrad.domain.reading import SectionKind
from plainrad.pipeline.drafts import SectionDraft
from plainrad.pipeline.voices import Voices

_BREAK = re.compile(r"(?<=[.!?;])[^\S\n]{1,60}(?=[A-Z0-9?(])|[^\S\n]{0,20}\n\s{0,60}(?=\S)")
_STOP = re.compile(r"\.(?=\s)")
_WRAPPED = 45  # characters: a longer line that ends in no mark runs on
_MARKS = ".!?:;"
_TEST = r"(?:ct|cta|ctpa|mri|mr|mrcp|us|uss|ultrasound|pet|pet-ct|cxr|x-?ray|xr|radiographs?|dexa|scans?|films?|imaging|studies|views|mammograms?|doppler|echo\w*|hrct|colonoscopy|hysteroscopy|ogd)"
_STEP = re.compile(
    rf"(?:\d+[.)]\s*|[-*]\s*)?(?:(?:please |would )?(?:suggest|recommend|advise|consider|refer|rescan|re-scan|recall|discuss)\b|advised to\b|"
    rf"(?:urgent|early|routine|same day|outpatient|soon) (?:[a-z]+ ){{0,2}}(?:referral|review|opinion|clinic|assessment|follow[- ]?up|{_TEST})\b|"
    rf"repeat (?:[a-z]+ ){{0,3}}(?:{_TEST}\b|in\b|at\b|after\b|\d)|(?:further|interval|follow[- ]?up) (?:[a-z]+ )?{_TEST}\b|follow[- ]?up (?:in|at|with|is|as|advised|recommended|suggested)\b|"
    rf"(?:f/u|fu) (?:in|at)\b|{_TEST} (?:in |at )?\d{{1,2}}/(?:7|12|52)\b|2ww\b|(?:[a-z]+ ){{0,2}}md[tm]\b\s*(?:$|[.]|discussion|referral|review)|fna (?:of )?(?:l|r|left|right|the)\b|"
    rf"seek (?:medical )?(?:advice|help)|return (?:to [a-z&]+ )?if\b|treat[.]|"
    rf"(?:if|where|when) (?=.{{0,200}}\b(?:consider|suggest|recommend\w*|advise[ds]?|refer\w*|discuss\w*|please|then|review|nephrostomy|drainage|biopsy|aspiration|surgery|fna|{_TEST})\b))",
    re.I,
)
_STEP_WITHIN = re.compile(
    rf"\b(?:earlier|sooner)\s+if\b|(?P<passive>\b(?:is|are) (?:recommended|advised|suggested)\b)|\bwould be (?:sensible|helpful|useful|prudent|advisable|of value)\b|\b(?:{_TEST}|look|referral|review) (?:[a-z]+ ){{0,2}}if\b",
    re.I,
)
_PAST = re.compile(r"\b(?:shows?|showed|demonstrate[sd]?|revealed|was (?:done|performed)|were)\b", re.I)
_SAYS = re.compile(r"\b(?:shows?|showed|demonstrate[sd]?|was|were|there (?:is|are)|revealed|has|have)\b", re.I)
_TOLD_SOMEBODY = re.compile(
    r"\b(?:aware|informed|telephoned|phoned|verified|dictated|double read|emailed|alerted|paged|contacted)\b|^reported\b|\bdiscussed with\b",
    re.I,
)
_LABEL = re.compile(r"[*\-]|[^.:\n]{0,45}:|[A-Z][A-Za-z /]{0,30}\s-\s|incidental", re.I)
_ROW = re.compile(r"^[^\S\n]*(?:[*\-][^\S\n]*)?[A-Z][A-Za-z /]{0,30}(?::|[^\S\n]-[^\S\n])", re.M)
_FIRST_ITEM = re.compile(r"^[^\S\n]*(?=1[.)][^\S\n]*[A-Z?])", re.M)
_SECOND_ITEM = re.compile(r"(?:^|\s)2[.)][^\S\n]*[A-Z?]")
_GRADES = re.compile(r"R[1-5][ab]?\s?[,/]?\s?L[1-5][ab]?\b")
_TOLD = ("findings", "conclusion", "recommendation")
_MOST_WORDS, _MOST_SENTENCES, _LEAST_BEFORE = 45, 4, 3


class Closing:
    """Finds both by their place, their length, and by what was named before."""

    def __init__(self, voices: Voices) -> None:
        self._voices = voices

    def __call__(self, text: str, sections: list[SectionDraft]) -> list[SectionDraft]:
        """Return the sections with what closes the last one of findings or conclusion set apart."""
        last = next((n for n in reversed(range(len(sections))) if sections[n].kind in _TOLD), None)
        if last is None or sections[last].kind == "recommendation" or sections[last].older:
            return sections
        section = sections[last]
        starts = _sentences(text, section.body, section.end)
        first, after = self._steps(text, starts, section.end)
        ends = [*starts, section.end]
        cuts: list[tuple[int, SectionKind]] = []
        if section.kind == "findings" and not any(one.kind == "conclusion" for one in sections):
            begin = self._conclusion(text, section.body, starts[:first], ends[first], followed=first < len(starts))
            if begin is not None:
                cuts.append((begin, "conclusion"))
        if 0 < first < after:
            rest: SectionKind = cuts[-1][1] if cuts else section.kind
            cuts.append((starts[first], "recommendation"))
            if after < len(starts):
                cuts.append((starts[after], rest))
        parts = [section]
        for start, kind in cuts:
            parts[-1] = replace(parts[-1], end=start, block=(section.body, section.end))
            parts.append(SectionDraft(kind, None, start, start, section.end, block=(section.body, section.end)))
        return [*sections[:last], *parts, *sections[last + 1 :]]

    def _conclusion(self, text: str, body: int, starts: list[int], end: int, *, followed: bool) -> int | None:
        """Return where the words begin that sum up the sentences `starts`, or None."""
        second = max((one.start() for one in _SECOND_ITEM.finditer(text, body, end)), default=body)
        for match in _FIRST_ITEM.finditer(text, body, second):
            if bisect_left(starts, match.start()) >= _LEAST_BEFORE:
                return match.end()
        lines = [n for n in range(1, len(starts)) if "\n" in _space_before(text[starts[n - 1] : starts[n]])]
        first = lines[-1] if lines else 0
        if first < _LEAST_BEFORE or len(starts) - first > _MOST_SENTENCES:
            return None
        block, before = text[starts[first] : end], text[body : starts[first]]
        if _GRADES.match(block):
            return starts[first]
        if _LABEL.match(block) or len(block.split()) > _MOST_WORDS:
            return None
        above = before.rstrip()
        gap = _space_before(before).count("\n") > 1
        line = body + above.rfind("\n") + 1
        paragraph = sum(line <= one < starts[first] for one in starts) > 1
        rows = len(_ROW.findall(before)) > 1
        heads = self._voices.heads(block)
        summed = bool(heads) and (followed or not heads.isdisjoint(self._voices.heads(before)))
        return starts[first] if summed and (gap or paragraph or rows) else None

    def _steps(self, text: str, starts: list[int], end: int) -> tuple[int, int]:
        """Return which sentences at the end suggest next steps: the first and the one behind; who was told may follow."""
        ends = [*starts[1:], end]
        after = len(starts)
        while after and _TOLD_SOMEBODY.search(text, starts[after - 1], ends[after - 1]):
            after -= 1
        first = after
        while first and self._is_step(text[starts[first - 1] : ends[first - 1]]):
            first -= 1
        return (first, after) if first < after else (len(starts), len(starts))

    def _is_step(self, sentence: str) -> bool:
        plain = " ".join(sentence.split())
        if _STEP.match(plain):
            return not _PAST.search(plain)
        within = _STEP_WITHIN.search(plain)
        if within is None or _SAYS.search(plain.partition(" if ")[0]):
            return False
        return within["passive"] is None or not self._voices.heads(plain[: within.start()])


def _space_before(stretch: str) -> str:
    return stretch[len(stretch.rstrip()) :]


def _sentences(text: str, start: int, end: int) -> list[int]:
    """Return where the sentences of `text[start:end]` begin; a wrapped line runs on, but not in notes without a full stop."""
    stops = _STOP.search(text, start, end) is not None
    found = []
    opened = re.compile(r"\S").search(text, start, end)
    if opened is None:
        return []
    found.append(opened.start())
    for match in _BREAK.finditer(text, opened.start(), end):
        if stops and match.group().count("\n") == 1:
            line = match.start() - (text.rfind("\n", 0, match.start()) + 1)
            opens = text[match.end()].isdigit() or _STEP.match(text, match.end(), match.end() + 300)
            if line >= _WRAPPED and text[match.start() - 1] not in _MARKS and not opens:
                continue
            if text[match.end()].islower() and line >= _WRAPPED:
                continue
        found.append(match.end())
    return found
