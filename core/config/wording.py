"""Types and values in plain words, for those who write config.toml and not Python."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal, TypeVar, Union, cast, get_args, get_origin

import annotated_types
from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from core.config.discord_ids import DiscordId

__all__ = ["Place", "find", "found", "is_quoted", "keys_of", "wanted"]

LONGEST_SHOWN = 60
"""Characters of a wrong value that an error shows."""

PLAIN: dict[object, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    Path: "a path, as text",
    SecretStr: "text",
    SecretBytes: "text",
}
A_TABLE = "a table"
SEVERAL = (list, tuple, set, frozenset, Sequence, AbstractSet)


@dataclass(frozen=True)
class Place:
    """One key in a model.

    Attributes:
        key: its path, as far as the model knows it.
        parent: the model that it is, or would be, a key of.
        annotation: the type it must have, None if unknown.
        limits: bounds and the like that go with the type.
        is_secret: whether its value must not be shown.
    """

    key: tuple[int | str, ...]
    parent: type[BaseModel]
    annotation: object
    limits: tuple[object, ...]
    is_secret: bool

    @property
    def is_table(self) -> bool:
        """Whether it holds further keys."""
        return _model_in(self.annotation) is not None or _plain(self.annotation)[0] is dict

    @property
    def is_list_of_tables(self) -> bool:
        """Whether it is written as ``[[...]]``."""
        plain, _ = _plain(self.annotation)
        return (get_origin(plain) or plain) in SEVERAL and wanted(_element(plain)) == A_TABLE


def find(model: type[BaseModel], location: Sequence[int | str]) -> Place:
    """Follow the location in a pydantic error through the fields of `model`."""
    parent, annotation, limits, secret = model, cast("object", model), (), False
    key: list[int | str] = []
    for part in location:
        if inner := _model_in(annotation):
            parent = inner
            field = _field(inner, part)
            annotation, limits = (field.annotation, tuple(field.metadata)) if field else (None, ())
        elif isinstance(part, int) or _plain(annotation)[0] is dict:
            annotation, limits = _element(annotation), ()
        else:
            break  # the name of a union's member
        key.append(part)
        secret = secret or _holds_secret(annotation)
    return Place(tuple(key), parent, annotation, limits, secret)


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that may stand in a table of `model`."""
    return [field.alias or name for name, field in model.model_fields.items()]


def found(value: object) -> str:
    """A value from a TOML file, for an error: what it is, and at most 60 characters of it."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return f"a list of {len(cast('list[object]', value))}"
    shown = json.dumps(value, ensure_ascii=False, default=str)
    if len(shown) > LONGEST_SHOWN:
        shown = shown[:LONGEST_SHOWN] + "..."
    return shown if not isinstance(value, str) else f"the text {shown}"


def is_quoted(value: object, annotation: object) -> bool:
    """Whether `value` is text, and would be of that type without its quotes."""
    plain, _ = _plain(annotation)
    if not isinstance(value, str):
        return False
    if plain is bool:
        return value in ("true", "false")
    if plain is not int and plain is not float:
        return False
    try:
        int(value) if plain is int else float(value)
    except ValueError:
        return False
    return True


def wanted(annotation: object, limits: Sequence[object] = ()) -> str | None:
    """What a type allows, such as ``a whole number from 1 to 10``; None when it has no name."""
    plain, extra = _plain(annotation)
    limits = (*limits, *extra)
    if _model_in(plain) or plain is dict:
        return A_TABLE
    if (get_origin(plain) or plain) in SEVERAL:
        element = wanted(_element(plain))
        return "a list" + _size(limits, "entries") + (f", each {element}" if element else "")
    if get_origin(plain) is Literal:
        return _one_of(get_args(plain))
    if isinstance(plain, type) and issubclass(plain, Enum):
        return _one_of([member.value for member in plain])
    if identifier := _last(limits, DiscordId):
        return (
            f"the id of a {identifier.of}, as Discord copies it (Developer Mode, right-click, Copy "
            f"{identifier.of.title()} ID)"
        )
    name = PLAIN.get(cast("object", plain))
    if name is None:
        return None
    if plain in (int, float):
        return name + _range(limits)
    return name + _size(limits, "characters")


def _plain(annotation: object) -> tuple[object, tuple[object, ...]]:
    """`annotation` without ``None`` and ``Annotated``, and the limits that stood in the latter."""
    limits: tuple[object, ...] = ()
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *notes = get_args(annotation)
            for note in notes:
                limits += tuple(note.metadata) if isinstance(note, FieldInfo) else (note,)
        elif origin in (Union, types.UnionType):
            members = [member for member in get_args(annotation) if member is not type(None)]
            if len(members) != 1:
                return annotation, limits
            annotation = members[0]
        else:
            return (dict if origin is dict else annotation), limits


def _model_in(annotation: object) -> type[BaseModel] | None:
    plain, _ = _plain(annotation)
    return plain if isinstance(plain, type) and issubclass(plain, BaseModel) else None


def _field(model: type[BaseModel], key: int | str) -> FieldInfo | None:
    for name, field in model.model_fields.items():
        if key in (name, field.alias, field.validation_alias):
            return field
    return None


def _element(annotation: object) -> object:
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        annotation = members[0]
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _holds_secret(annotation: object) -> bool:
    if annotation is SecretStr or annotation is SecretBytes:
        return True
    return any(_holds_secret(argument) for argument in get_args(annotation))


def _one_of(choices: Sequence[object]) -> str:
    listed = [json.dumps(choice, default=str) for choice in choices]
    if len(listed) < 2:
        return "".join(listed)
    return ", ".join(listed[:-1]) + f" or {listed[-1]}"


Limit = TypeVar("Limit")


def _last(limits: Sequence[object], kind: type[Limit]) -> Limit | None:
    return next((limit for limit in reversed(limits) if isinstance(limit, kind)), None)


def _range(limits: Sequence[object]) -> str:
    least, above = _last(limits, annotated_types.Ge), _last(limits, annotated_types.Gt)
    most, below = _last(limits, annotated_types.Le), _last(limits, annotated_types.Lt)
    if least and most:
        return f" from {least.ge} to {most.le}"
    words = [
        f"at least {least.ge}" if least else f"above {above.gt}" if above else "",
        f"at most {most.le}" if most else f"below {below.lt}" if below else "",
    ]
    return "".join(
        f" {word}" if place == 0 else f" and {word}"
        for place, word in enumerate(word for word in words if word)
    )


def _size(limits: Sequence[object], unit: str) -> str:
    least, most = _last(limits, annotated_types.MinLen), _last(limits, annotated_types.MaxLen)
    if least and most:
        return f" of {least.min_length} to {most.max_length} {unit}"
    if least:
        return f" of at least {least.min_length} {unit}"
    return f" of at most {most.max_length} {unit}" if most else ""
