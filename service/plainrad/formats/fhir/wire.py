"""FHIR JSON <-> values. Decimals keep their digits (1.10 stays 1.10), and a bomb is refused before it is built."""

import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final

from plainrad.errors import JsonInvalidError, ReportEncodingError

MAX_DEPTH: Final = 64
MAX_NODES: Final = 100_000


def parse(data: bytes) -> Any:
    """Return the values of FHIR JSON; raises JsonInvalidError or ReportEncodingError.

    Names that stand twice, NaN, more than 64 levels or 100,000 objects and lists are refused, and half of a surrogate pair too.
    """
    if data.count(b"{") + data.count(b"[") > MAX_NODES:
        raise JsonInvalidError
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ReportEncodingError from None
    try:
        found = json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_constant=_refuse, parse_float=_decimal
        )
    except (ValueError, RecursionError):
        raise JsonInvalidError from None
    _check(found)
    return found


def dumps(value: Any) -> bytes:
    """Return FHIR JSON in UTF-8."""
    return _written(value).encode("utf-8")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _decimal(digits: str) -> Decimal:
    """Return the number with its digits. Nothing that is measured has an exponent of four figures."""
    number = Decimal(digits)
    if not -1000 < number.adjusted() < 1000:
        raise ValueError("the exponent is too large")
    return number


def _check(value: Any) -> None:
    """Refuse what is too deep, and text that UTF-8 cannot hold."""
    level = [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                for name in one:
                    _whole(name)
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
            elif isinstance(one, str):
                _whole(one)
        if not below:
            return
        level = below
    raise JsonInvalidError


def _whole(text: str) -> None:
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise ReportEncodingError from None


def _written(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode_basestring(name)}:{_written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, allow_nan=False)
