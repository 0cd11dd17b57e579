"""Frozen values as plain JSON values and back, by their type hints: how a patient version is kept without losing anything.

A field that a later release adds is read from older values by its default; one that it removes is passed over.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
_AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})


def to_values(value: Any) -> Any:
    """Return `value` as JSON values; raises TypeError for what is not made of frozen values."""
    kind: Any = type(value)
    if kind in _AS_THEY_ARE:  # a report has some thousands of these: they are asked for first
        return value
    if kind is tuple:
        return [to_values(one) for one in value]
    names = _names(kind)
    if names is not None:
        return {name: to_values(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_values(one) for one in value]
    if isinstance(value, frozenset | set):
        return sorted(to_values(one) for one in value)
    if isinstance(value, Mapping):
        return {str(name): to_values(one) for name, one in value.items()}
    raise TypeError(f"{kind.__name__} cannot be kept")


@cache
def _names(kind: type) -> tuple[str, ...] | None:
    """Return the fields of a dataclass, or None for another type."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else None


def from_values(kind: type[Value], values: Any) -> Value:
    """Return the value of type `kind` that `to_values` wrote; raises TypeError, ValueError or KeyError for other values."""
    return cast(Value, _read(kind, values))


@cache
def _hints(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    hints = get_type_hints(kind)
    return tuple(
        (one.name, hints[one.name], one.default is not MISSING or one.default_factory is not MISSING)
        for one in fields(kind)
        if one.init
    )


def _read(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if kind is Any or kind is object or origin is Literal:
        return value
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        (only,) = (one for one in get_args(kind) if one is not type(None))
        return _read(only, value)
    if origin is tuple:
        parts = get_args(kind)
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_read(parts[0], one) for one in value)
        return tuple(_read(part, one) for part, one in zip(parts, value, strict=True))
    if origin is frozenset:
        return frozenset(_read(get_args(kind)[0], one) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return {name: _read(get_args(kind)[1], one) for name, one in value.items()}
    if is_dataclass(kind):
        known = {}
        for name, hint, optional in _hints(cast(type, kind)):
            if name in value:
                known[name] = _read(hint, value[name])
            elif not optional:
                raise KeyError(name)
        return cast(Any, kind)(**known)
    if kind in (datetime, date, time):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is float and isinstance(value, int):
        return float(value)
    return value
