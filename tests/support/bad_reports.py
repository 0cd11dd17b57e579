"""Reports that are hard to show: too much, too little, too long, turned round, or hostile."""

from dataclasses import replace

from plainrad.domain.patient import AnatomyLabel, Lead, OwnWords, PatientReport
from plainrad.domain.reading import Extent
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.domain.term import Link
from tests.support.patient import TEXT, explanation, mention, plain_report, statement, with_mentions

LONG_WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 8
LONG_NAME = "Zzyzx-" * 60 + "TESTPATIENT"
# Right-to-left letters, an override that nobody closes, isolates, and a mark of direction.
TURNED = "No \u202efracture\u2066 of the \u05db\u05dc\u05d9\u05d4 \u0643\u0644\u064a\u0629 \u200f12 mm."
HOSTILE = (
    "\"'></script></style></title></svg><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    "<svg/onload=document.title='run'><base href=//evil.test><style>*{display:none}</style>{{ 7*7 }}{% raw %}<!-- ]]> &lt;b&gt;"
)


def many(count: int = 400) -> PatientReport:
    """Return a report with `count` findings, each with its sentence, word, part and statement."""
    lines = [f"{number}. Nodule {number} measures {number} mm in the left lung." for number in range(1, count + 1)]
    text, starts, at = "\n".join(lines), [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    mentions = tuple(
        mention(number, start, start + 2, text=text, term_id=f"nodule-{number}") for number, start in enumerate(starts)
    )
    statements = tuple(
        statement(
            number,
            source=(Extent(start, start + len(line)),),
            text=f"There is a small round area, number {number}, in the left lung.",
            quote=line,
            mentions=(f"m{number}",),
        )
        for number, (start, line) in enumerate(zip(starts, lines, strict=True))
    )
    labels = (AnatomyLabel("lung", "lung", "left", "chest", None, tuple(f"m{number}" for number in range(count))),)
    words = tuple(explanation(f"nodule-{number}", f"nodule {number}") for number in range(count))
    return with_mentions(plain_report(text, statements=statements, explanations=words, anatomy=labels), *mentions)


def everywhere(words: str) -> PatientReport:
    """Return a report with `words` in every field that a sender or an editor fills."""
    link = Link("x", f"https://example.org/{words}", words, words, "A", None)
    own = OwnWords(0, len(words), words, "findings")
    made = plain_report(
        words,
        report=Report(words, ReportStatus.FINAL, Exam(words, None, (words,)), requester=words),
        statements=(
            statement(1, source=(Extent(0, len(words)),), text=words, quote=words, conclusion=True),
            statement(2, source=(Extent(0, len(words)),), text=words, quote=words, group="normal"),
        ),
        explanations=(explanation("word", words, plain=words[1:], definition=words, links=(link,)),),
        anatomy=(AnatomyLabel("lung", words, "left", "chest", None, ("m1",)),),
        links=(link,),
        questions=(words,),
        disclaimer=words,
        disclaimer_plain=words,
        own_words=(own,),
        lead=(Lead("cancer", words),),
    )
    return with_mentions(made, mention(1, 0, len(words), text=words, term_id="word"))


def titled(title: str | None) -> PatientReport:
    """Return a report with this title of the exam and nothing explained."""
    made = plain_report(TEXT)
    return replace(made, report=replace(made.report, exam=Exam(title)))


BAD: dict[str, PatientReport] = {
    "400 findings": many(),
    "nothing explained": plain_report(TEXT),
    "one word": plain_report("Normal"),
    "one letter": plain_report("x"),
    "no exam": titled(None),
    "an exam of white space": titled(" \n\t "),
    "a name longer than the line": titled(LONG_NAME),
    "a machine that nobody knows": titled("QQ quantum scan"),
    "very long words": everywhere(LONG_WORD),
    "turned from right to left": everywhere(TURNED),
    "hostile markup": everywhere(HOSTILE),
    "marks that no page can hold": everywhere("a\x00b\ud800c\x0bd\x85e\u2028f\rg"),
}
