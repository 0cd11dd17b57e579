"""Frozen values as plain JSON values and back, by their type hints: how a patient version is kept without losing anything.

A field that a later release adds is read from older values by its default; one that it removes is passed over.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def to_values(value: Any) -> Any:
    """Return `value` as JSON values; raises TypeError for what is not made of frozen values."""
    return _written(value)


def from_values(kind: type[Value], values: Any) -> Value:
    """Return the value of type `kind` that `to_values` wrote; raises TypeError, ValueError or KeyError for other values."""
    wanted: Any = kind
    return cast(Value, _reader(wanted)(values))


# How a type is written and read is worked out once: a report holds thousands of values of a few dozen types.


def _as_it_is(value: Any) -> Any:
    return value


def _written(value: Any) -> Any:
    kind: Any = type(value)
    return _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    if issubclass(kind, types.NoneType | bool | int | float):
        return _as_it_is
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, str):
        return _as_it_is
    if issubclass(kind, datetime | date | time):
        return kind.isoformat  # type: ignore[no-any-return]
    if issubclass(kind, tuple | list):
        return lambda value: [_written(one) for one in value]
    if issubclass(kind, frozenset | set):
        return lambda value: sorted(map(_written, value))
    if issubclass(kind, Mapping):
        return lambda value: {str(name): _written(one) for name, one in value.items()}
    if is_dataclass(kind):
        names = tuple(one.name for one in fields(kind))
        return lambda value: {name: _written(getattr(value, name)) for name in names}
    raise TypeError(f"{kind.__name__} cannot be kept")


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Any or kind is object or origin is Literal:
        return _as_it_is
    if origin in (Union, types.UnionType):
        (only,) = (one for one in parts if one is not types.NoneType)
        inner = _reader(only)
        return inner if inner is _as_it_is else lambda value: None if value is None else inner(value)
    if origin is tuple:
        return _tuple_reader(parts)
    if origin is frozenset:
        return lambda value: frozenset(map(_reader(parts[0]), value))
    if origin is not None and issubclass(origin, Mapping):
        return lambda value: {name: _reader(parts[1])(one) for name, one in value.items()}
    if is_dataclass(kind):
        return _dataclass_reader(cast(type, kind))
    if kind in (datetime, date, time):
        return cast(Callable[[Any], Any], kind.fromisoformat)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is float:
        return lambda value: float(value) if isinstance(value, int) else value
    return _as_it_is


def _tuple_reader(parts: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(parts) == 2 and parts[1] is Ellipsis:
        inner = _reader(parts[0])
        return tuple if inner is _as_it_is else lambda value: tuple(map(inner, value))
    readers = tuple(map(_reader, parts))
    return lambda value: tuple(read(one) for read, one in zip(readers, value, strict=True))


def _dataclass_reader(kind: type) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    known = tuple(one for one in fields(kind) if one.init)
    readers = tuple((one.name, _reader(hints[one.name])) for one in known)
    needed = frozenset(one.name for one in known if one.default is MISSING and one.default_factory is MISSING)

    def read(value: Any) -> Any:
        given = {name: reader(value[name]) for name, reader in readers if name in value}
        if len(given) < len(readers) and (missing := sorted(needed - given.keys())):
            raise KeyError(missing[0])
        return kind(**given)

    return read
