"""What is thrown at the three parsers, and what must hold of whatever comes out.

    python -m tests.support.fuzzing hl7|fhir|dicom --minutes 5 [--seed 1]

prints how much was tried, taken and refused, and every failure once, by its type and place. Inputs are made by chance from good ones;
the seed makes them again. A failure is written to build/fuzz/. It is one file because the three share how things are thrown and how failures are told.
"""

import argparse
import io
import json
import random
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as DicomSequence

from plainrad.errors import ReportError
from plainrad.formats.dicom.names import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from plainrad.formats.dicom.read import read_file
from plainrad.formats.dicom.write import patient_pdf, patient_text
from plainrad.formats.fhir.annotated import annotated
from plainrad.formats.fhir.entries import read_batch, read_bundle
from plainrad.formats.fhir.incoming import Received, read_resource
from plainrad.formats.fhir.source import as_sent, form_as_sent, rebuilt
from plainrad.formats.fhir.wire import dumps, parse
from plainrad.formats.hl7v2.ack import build_ack
from plainrad.formats.hl7v2.batch import batch_answer, batch_header, is_batch, split_batch
from plainrad.formats.hl7v2.message import parse_message, peek_header
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.refusals import refusal_of
from plainrad.formats.hl7v2.site import Hl7Site, Radiology
from plainrad.formats.hl7v2.write import Added, Envelope, enrich, withdraw
from plainrad.wire.dicom.inbox import file_name
from plainrad.wire.frames import Framer
from tests.support.dicom import coded, file_of, item, number, structured, text, usual
from tests.support.fhir import bundle, form, observation, patient, uk_report
from tests.support.hl7 import ROOT, message, msh, obr, obx, orc, pid
from tests.support.patient import patient_report

NOW = datetime(2026, 7, 1, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
SITE = Hl7Site(radiology=Radiology(everything=True), several_reports="split")
Outcome = str  # "taken", or the code of the refusal
ODD = [b"", b"\0", b"\r", b"\n", b"\x0b", b"\x1c", b"|", b"^", b"~", b"\\", b"&", b'"', b"{", b"}", b"[", b"]", b"\xff", b"\xff\xff\xff\xff", b"\xfe\xff\xdd\xe0", b"\xfe\xff\x00\xe0",
       b"\xed\xa0\x80", b"\xc3\xa9", b"\xef\xbb\xbf", b"9" * 30, b"-1", b"0", b"null", b"true", b"1e999", b"A" * 70, b"\\X", b"\\.br\\", b"MSH|", b"OBX|1|TX|a||no|", b"BHS|", b"BTS|1\r",
       b"UNICODE UTF-16", b"ISO_IR 192", b"ISO 2022 IR 87", b"20261025013000", b"00010101", b"99991231235959", b"\\u0000", b"\\ud800"]  # fmt: skip


def accidents(chance: random.Random, data: bytes) -> bytes:
    """Return bytes after some accidents: put in, cut out, doubled, turned, cut off."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + chance.choice((1, 2, 4, 8, 40, 400)))
        match chance.randrange(6):
            case 0:
                made[at:at] = chance.choice(ODD)
            case 1:
                del made[at:end]
            case 2:
                made[at:at] = made[at:end]
            case 3:
                new = chance.choice(ODD)
                made[at : at + len(new)] = new  # of the same length: what says how long it is stays right
            case 4 if made:
                made[at % len(made)] ^= 1 << chance.randrange(8)
            case _ if chance.random() < 0.2:
                del made[at:]
    return bytes(made)


# ---- HL7 v2 ---------------------------------------------------------------------------------------------------------

_GOOD_HL7 = message(msh(f18="UNICODE UTF-8"), pid(), orc(f3="A1"), obr(), obx(), "NTE|1||note~more", obx("^image^jpeg^Base64^/9j/4AAQ", f1="2", f2="ED"), "ZZZ|1|x")  # fmt: skip
_DOCUMENT = message(msh(), pid(), obr(), obx("^application^pdf^Base64^JVBERi0x", f2="ED"))  # each PDF costs a process
_BATCH = b"FHS|^~\\&|A\rBHS|^~\\&|A|B|C|D|||||B1\r" + message() + message() + b"BTS|2\rFTS|1\r"


def hl7_input(chance: random.Random) -> bytes:
    """Return a message or a batch that something happened to."""
    if chance.random() < 0.3:
        lines = (_BATCH if chance.random() < 0.3 else _GOOD_HL7).split(b"\r")
        for _ in range(chance.randint(1, 3)):  # segments change places, come twice, go
            at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[at], lines[to] = lines[to], lines[at]
            if chance.random() < 0.5:
                lines.insert(to, lines[at])
        fields = lines[at].split(b"|")
        fields[chance.randrange(len(fields))] = chance.choice(ODD)
        lines[at] = b"|".join(fields)
        return b"\r".join(lines)
    return accidents(chance, _DOCUMENT if chance.random() < 0.005 else chance.choice((_GOOD_HL7, _GOOD_HL7, _BATCH)))


def judge_hl7(data: bytes) -> Outcome:
    """Read it, answer it, and send on what was taken."""
    framed = Framer(limit=100_000).feed(b"\x0b" + data + b"\x1c\r")
    assert framed, "a whole frame is always something"
    if is_batch(data):
        try:
            messages = split_batch(data)
        except ReportError as error:
            build_ack(batch_header(data), "AR", now=NOW, zone=LONDON, code=refusal_of(error)[0]).decode("ascii")
            return refusal_of(error)[0]
        answers = [judge_hl7(one) for one in messages if not is_batch(one)]
        batch_answer(data, [b"MSH|\r"] * len(answers), now=NOW, zone=LONDON).decode("ascii")
        return "taken" if "taken" in answers else answers[0]
    header = peek_header(data)
    try:
        oru = read_oru(data, SITE)
    except ReportError as error:
        code, refusal, place = refusal_of(error)
        if code == "internal_error":
            raise AssertionError(f"a refusal without a code: {type(error).__name__}") from None
        build_ack(header, refusal.answer, now=NOW, zone=LONDON, code=code, place=place).decode("ascii")
        return code
    build_ack(header, "AA", now=NOW, zone=LONDON).decode("ascii")
    for one in oru.items:
        assert one.report_id
        assert not isinstance(one, ReportReceived) or any(letter.isalnum() for letter in one.report.text)
    envelope = Envelope("ID", NOW, LONDON, 3)
    again = parse_message(enrich(oru.message, [Added("text", text="plain")], out=SITE.out, envelope=envelope))
    before = sum(one.name == "OBX" for one in oru.message.segments)
    assert sum(one.name == "OBX" for one in again.segments) == before + 1
    parse_message(withdraw(oru.message, out=SITE.out, envelope=envelope))
    return "taken"


# ---- FHIR -----------------------------------------------------------------------------------------------------------

_RESULTS = uk_report(
    presentedForm=None, conclusion="No pneumothorax.", result=[{"reference": "#o1"}, {"reference": "#o2"}],
    contained=[patient(), observation(1, "Effusion", valueBoolean=True), observation(2, "Size", valueQuantity={"value": 4, "unit": "mm"},
               component=[{"code": {"text": "Side"}, "valueString": "left"}])],
    basedOn=None, resultsInterpreter=None,
)  # fmt: skip
_SPLIT = bundle(patient(), uk_report(subject={"reference": "urn:uuid:00000000-0000-4000-8000-000000000000"}), uk_report(), kind="transaction")  # fmt: skip
_PAGE = uk_report(presentedForm=[form("<p>No <b>fracture</b>.</p>", "text/html")])
_GOOD_FHIR = [uk_report(), _RESULTS, _SPLIT, {**_SPLIT, "type": "batch"}, {**_SPLIT, "type": "collection"}, _PAGE]
_VALUES: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, "", " ", "x", "#p", "#order", "final", "2026-01-01", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "0001-01-01", [], {}, [[]], [{}], [None],
    ["x"], {"reference": "#p"}, {"reference": 5}, {"reference": "urn:uuid:00000000-0000-4000-8000-000000000000"}, {"value": "1"}, {"coding": "x"}, {"coding": [{"code": 1}]},
    {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}}, "\ud800", "text/html; charset=utf-16", "application/pdf", "QQ==", "%%", "A" * 400,
]  # fmt: skip


def fhir_input(chance: random.Random) -> bytes:
    """Return JSON of a good resource in which values were changed, or bytes of one that something happened to."""
    made = deepcopy(chance.choice(_GOOD_FHIR))
    if chance.random() < 0.15:
        return accidents(chance, json.dumps(made).encode())
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        holder, name = chance.choice(list(_places(made)))
        match chance.randrange(5):
            case 0:
                del holder[name]
            case 1:
                holder[name] = [holder[name], deepcopy(holder[name])]
            case 2 if isinstance(holder, dict):
                other, there = chance.choice(list(_places(made)))
                holder[str(chance.choice((name, "contained", "result", "hasMember", "subject", "status", "extension")))] = deepcopy(other[there])  # fmt: skip
            case _:
                holder[name] = deepcopy(chance.choice(_VALUES))
        if not list(_places(made)):
            break
    return json.dumps(made).encode("utf-8", "surrogatepass")


def _places(value: Any) -> Any:
    names = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for name in list(names):
        yield value, name
        yield from _places(value[name])


def judge_fhir(data: bytes) -> Outcome:
    """Read it, and of what was taken make the answer, keep it and read it again."""
    try:
        sent = parse(data)
        kind = sent.get("resourceType") if isinstance(sent, dict) else None
        found: list[Received] = []
        if kind == "Bundle" and sent.get("type") == "batch":
            entries = read_batch(sent)
            assert len(entries) == len(sent["entry"])
            found = [one.received for one in entries if one.received is not None]
            if not found:
                return "batch_of_errors"
        elif kind == "Bundle":
            found = list(read_bundle(sent))
        else:
            found = [read_resource(sent)]
    except ReportError as error:
        return error.code
    for one in found:
        assert one.report.text.strip()
        assert one.report.status.value in ("final", "amended", "corrected", "appended")
        made = annotated(one, patient_report(report=one.report), html="<p>x</p>", text="x", recorded=NOW)
        if one.form is not None:
            forms = [each for each in one.resource["presentedForm"] if isinstance(each, dict)]
            assert made["presentedForm"][0] == forms[one.form.index]
        dumps(made)
        again = form_as_sent(as_sent(one), one.report)
        assert again is not None, "what was kept is read as the same words"
        shown = rebuilt(one.report, again)
        dumps(annotated(shown, patient_report(report=one.report), html="<p>x</p>", text="x", recorded=NOW))
    return "taken"


# ---- DICOM ----------------------------------------------------------------------------------------------------------


def _tree() -> Dataset:
    modified = text("Mass.", ("121071", "DCM", "Finding"), coded("Laterality", "Left", relationship="HAS CONCEPT MOD"))
    return structured([*usual(), item("CONTAINER", ("121070", "DCM", "Findings"), modified, number("Size", "12")), coded("Effusion", "present")])  # fmt: skip


_GOOD_DICOM = [_tree(), structured()]
_GOOD_FILES = [file_of(one, syntax=syntax) for one in _GOOD_DICOM for syntax in (EXPLICIT_LITTLE, IMPLICIT_LITTLE)]
_WORDS = ["", " ", "x", "FINAL", "VERIFIED", "COMPLETE", "CONTAINER", "TEXT", "NUM", "CODE", "20260101", "20260101120000+9999", "1.2.3", "A^B^C=D", "A\\B", "9990000018", "NHS", "é",
          "ISO_IR 100", "ISO 2022 IR 87", "CONTAINS", "A" * 1000, "\\", "+0100", "-9999", "\x1b$B"]  # fmt: skip


def dicom_input(chance: random.Random) -> bytes:
    """Return a file of a good report whose elements were changed, or bytes of one that something happened to."""
    if chance.random() < 0.5:
        return accidents(chance, chance.choice(_GOOD_FILES))
    made = deepcopy(chance.choice(_GOOD_DICOM))
    for _ in range(chance.randint(1, 4)):
        elements = [(holder, one) for holder in _datasets(made) for one in holder]
        holder, one = chance.choice(elements)
        match chance.randrange(4):
            case 0 if one.keyword not in ("SOPClassUID", "SOPInstanceUID"):
                del holder[one.tag]
            case 1 if one.VR == "SQ" and one.value:
                one.value = DicomSequence([*one.value, deepcopy(one.value[0])])
            case 2:
                other = chance.choice(elements)[1]
                holder[other.tag] = deepcopy(other)
            case _ if one.VR != "SQ" and one.keyword not in ("SOPClassUID", "SOPInstanceUID"):
                with suppress(Exception):  # pydicom may not hold this value in this element
                    one.value = chance.choice(_WORDS)
    try:
        return file_of(made, syntax=chance.choice((EXPLICIT_LITTLE, IMPLICIT_LITTLE)))
    except Exception:  # nor write it
        return accidents(chance, chance.choice(_GOOD_FILES))


def _datasets(dataset: Dataset) -> Any:
    yield dataset
    for one in dataset:
        if one.VR == "SQ":
            for below in one.value:
                yield from _datasets(below)


def judge_dicom(data: bytes) -> Outcome:
    """Read it, and write the two files of what was taken."""
    try:
        document = read_file(data)
        file_name(document.uid)
    except ReportError as error:
        return error.code
    assert document.report.text.strip()
    made = patient_report(report=document.report)
    for written in (patient_pdf(document, made, b"%PDF-1.7", now=NOW), patient_text(document, made, "No fracture.\n", now=NOW)):  # fmt: skip
        dcmread(io.BytesIO(written))
        try:
            read_file(written)
        except ReportError:
            continue
        raise AssertionError("a patient version was read as a report")
    return "taken"


PARSERS: dict[str, tuple[Callable[[random.Random], bytes], Callable[[bytes], Outcome]]] = {
    "hl7": (hl7_input, judge_hl7), "fhir": (fhir_input, judge_fhir), "dicom": (dicom_input, judge_dicom),
}  # fmt: skip


def place_of(error: BaseException) -> str:
    """Return the type of an error and the innermost place in our own code."""
    ours = [one for one in traceback.extract_tb(error.__traceback__) if "plainrad" in one.filename]
    where = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {Path(where.filename).name}:{where.lineno}"


def main() -> None:
    """Throw things at one parser for some minutes."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("parser", choices=sorted(PARSERS))
    arguments.add_argument("--minutes", type=float, default=5.0)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    make, judge = PARSERS[chosen.parser]
    outcomes: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    slowest = 0.0
    ends = time.monotonic() + 60 * chosen.minutes
    seed = chosen.seed * 1_000_000_000
    warnings.simplefilter("ignore")
    while time.monotonic() < ends:
        seed += 1
        data = make(random.Random(seed))
        began = time.monotonic()
        try:
            outcomes[judge(data)] += 1
        except Exception as error:
            where = place_of(error)
            if not failures[where]:
                folder = ROOT / "build" / "fuzz"
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{chosen.parser}-{seed}").write_bytes(data)
                sys.stderr.write(f"seed {seed}: {where}\n{traceback.format_exc()}\n")
            failures[where] += 1
        slowest = max(slowest, time.monotonic() - began)
    tried = seed - chosen.seed * 1_000_000_000
    print(f"{chosen.parser}: {tried:,} inputs in {chosen.minutes:g} minutes, {outcomes['taken']:,} taken; slowest {slowest:.2f} s")  # fmt: skip
    print(", ".join(f"{name} {count:,}" for name, count in outcomes.most_common()))
    print("failures:", dict(failures) or "none")
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
