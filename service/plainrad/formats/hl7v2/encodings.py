"""Bytes of a message -> its characters, by what MSH-18 says. Nothing is guessed and nothing is replaced."""

import codecs

from plainrad.formats.hl7v2.refusals import refused

# HL7 table 0211, and the ways in which senders write the same.
_NAMES = {
    "ASCII": "ascii", "US-ASCII": "ascii", "ISO IR6": "ascii", "ISO-IR-6": "ascii",
    "UNICODE": "utf-8", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8",
    "UNICODE UTF-16": "utf-16", "UTF-16": "utf-16",
    "WINDOWS-1252": "cp1252", "CP1252": "cp1252", "1252": "cp1252", "ANSI": "cp1252",
} | {f"{style}{part}": f"iso8859-{part}" for part in (*range(1, 12), *range(13, 17)) for style in ("8859/", "ISO-8859-", "ISO8859-", "ISO8859/")}  # fmt: skip
# Windows senders write their own characters and call them Latin-1, whose place for them holds none that is ever written: read as
# browsers do (WHATWG Encoding). Without this a quotation mark becomes a control character.
_NAMES |= {name: "cp1252" for name, codec in list(_NAMES.items()) if codec == "iso8859-1"}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(declared: str, default: str | None) -> str:
    """Return the codec for the first repetition of MSH-18; without one the site's default, and UTF-8 (with ASCII in it) without that.

    Raises MessageError `encoding_unknown`.
    """
    if not declared.strip():
        return default or "utf-8"
    try:
        return _NAMES[" ".join(declared.split()).upper()]
    except KeyError:
        raise refused("encoding_unknown") from None


def plain(data: bytes) -> tuple[bytes, str | None]:
    """Return the bytes without a byte order mark, as one byte a character where they were UTF-16, and the encoding that the mark names."""
    if data.startswith(codecs.BOM_UTF8):
        return data[len(codecs.BOM_UTF8) :], "utf-8"
    name = "utf-16" if data.startswith(_MARKS[1:]) else None
    name = name or {b"M\0S\0": "utf-16-le", b"\0M\0S": "utf-16-be"}.get(data[:4])
    if name is None:
        return data, None
    try:
        return data.decode(name).encode("utf-8"), "utf-8"
    except (UnicodeDecodeError, UnicodeEncodeError):
        raise refused("encoding_invalid") from None


def decode(data: bytes, encoding: str) -> str:
    """Return the text; raises MessageError `encoding_invalid` where a byte is none of this encoding, or a character is NUL."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise refused("encoding_invalid") from None
    if "\0" in text:
        raise refused("encoding_invalid")
    return text
