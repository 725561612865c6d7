"""Check a table of settings against its model, and say everything that is wrong with it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.config.wording import Place, find, found, is_quoted, keys_of, wanted
from core.log.redaction import MARK, redact

__all__ = ["Source", "checked", "problems_found"]

Model = TypeVar("Model", bound=BaseModel)

HIDDEN_KEYS = {("discord", "token"), ("plugins", "sections")}
SWITCH_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Source:
    """Where a table of settings comes from: `file`, save for the keys that variables set."""

    file: str
    variables: Mapping[tuple[str, ...], str]
    prefix: tuple[str, ...] = ()

    def variable(self, key: Sequence[int | str]) -> str | None:
        """The variable that set `key` or what it is part of, in words; None for the file."""
        whole = (*self.prefix, *key)
        for length in range(len(whole), 0, -1):
            if origin := self.variables.get(cast("tuple[str, ...]", whole[:length])):
                return origin
        return None


def checked(
    model: type[Model],
    raw: Mapping[str, object],
    source: Source,
    *,
    context: Mapping[str, Path] | None = None,
) -> Model | list[str]:
    """`raw` as a `model`, or one sentence for each problem in it.

    Types are strict: a number in quotes is text. Text from the environment is read as the key
    needs it: as it stands, else as JSON.
    """
    result = _validated(model, raw, context)
    if isinstance(result, ValidationError):
        if reread := _read_variables(raw, result, source):
            result = _validated(model, reread, context)
        if isinstance(result, ValidationError):
            return _problems(result, model, source)
    return result


def problems_found(result: BaseModel | list[str]) -> list[str]:
    """The problems in what ``checked`` returned."""
    return result if isinstance(result, list) else []


def _validated(
    model: type[Model], raw: Mapping[str, object], context: Mapping[str, Path] | None
) -> Model | ValidationError:
    # By way of JSON, which like TOML has no type for paths, tuples or secrets: so pydantic makes
    # them from text and lists although it is strict.
    document = json.dumps(raw, default=_as_text)
    try:
        return model.model_validate_json(document, strict=True, context=context)
    except ValidationError as error:
        return error


def _as_text(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"TOML has no {type(value).__name__}")


def _read_variables(
    raw: Mapping[str, object], error: ValidationError, source: Source
) -> dict[str, object]:
    """A copy of `raw` in which the variables that did not fit as text are read as JSON."""
    changed: dict[str, object] = {}
    for detail in error.errors(include_url=False):
        key = detail["loc"]
        for length in range(1, len(key) + 1):
            if (*source.prefix, *key[:length]) in source.variables:
                changed = changed or cast(
                    "dict[str, object]", json.loads(json.dumps(raw, default=_as_text))
                )
                _reread(changed, key[:length])
    return changed


def _reread(raw: dict[str, object], key: Sequence[int | str]) -> None:
    table = raw
    for part in key[:-1]:
        table = cast("dict[str, object]", table[str(part)])
    text = table[str(key[-1])]
    if isinstance(text, str):
        try:
            table[str(key[-1])] = SWITCH_WORDS.get(text.strip().lower(), text)
            table[str(key[-1])] = json.loads(text)
        except ValueError:
            pass


def _problems(error: ValidationError, model: type[BaseModel], source: Source) -> list[str]:
    problems: dict[tuple[int | str, ...], str] = {}
    details = error.errors(include_url=False)
    for detail in details:
        if detail["type"] == "too_short" and _is_of_an_item(detail["loc"], details):
            continue  # of a list whose items pydantic dropped, because they are wrong themselves
        place = find(model, detail["loc"])
        # A union complains once for each of its members; the first will do.
        problems.setdefault(place.key, _sentence(detail, place, source))
    return list(problems.values())


def _is_of_an_item(container: tuple[int | str, ...], details: list[ErrorDetails]) -> bool:
    return any(
        len(other["loc"]) > len(container) and other["loc"][: len(container)] == container
        for other in details
    )


def _sentence(detail: ErrorDetails, place: Place, source: Source) -> str:
    name = _dotted((*source.prefix, *place.key))
    variable = source.variable(place.key)
    where = f"{variable} ({name})" if variable else f"{source.file}: {name or 'the whole file'}"
    if detail["type"] == "extra_forbidden":
        return f"{where}: {_unknown(place, source)}"
    if detail["type"] == "missing":
        return f"{where}: is missing; {_demand(detail, place)}"
    if place.is_secret:
        return f"{where}: {_demand(detail, place)} (what was found is not shown: it is secret)"
    if place.is_table and isinstance(detail["input"], dict):
        return f"{where}: {_demand(detail, place)}"
    # Text in place of a whole table may be meant for any key of it, a secret one too.
    shown = "text" if place.is_table and isinstance(detail["input"], str) else None
    found_there = shown or redact(found(detail["input"]))
    sentence = f"{where}: found {found_there}; {_demand(detail, place)}"
    if place.is_list_of_tables and isinstance(detail["input"], dict) and not variable:
        header = _dotted([part for part in (*source.prefix, *place.key) if isinstance(part, str)])
        sentence += f": write [[{header}]] with double brackets"
    return sentence


def _demand(detail: ErrorDetails, place: Place) -> str:
    if detail["type"] in ("value_error", "assertion_error"):
        # Written by the model's author, who may have quoted what was found.
        message = str(detail.get("ctx", {}).get("error", detail["msg"]))
        given = detail["input"]
        # A bare scheme, as in sqlite://, is no secret, and stands in what is demanded.
        if place.is_secret and isinstance(given, str) and given and not given.endswith("://"):
            message = message.replace(given, MARK)
        return redact(message)
    if demand := wanted(place.annotation, place.limits):
        aside = ", without quotes" if is_quoted(detail["input"], place.annotation) else ""
        return f"must be {demand}{aside}"
    message = detail["msg"]
    return "does not fit" if place.is_secret else redact(message[:1].lower() + message[1:])


def _unknown(place: Place, source: Source) -> str:
    known = [
        key
        for key in keys_of(place.parent)
        if (*source.prefix, *place.key[:-1], key) not in HIDDEN_KEYS
    ]
    close = difflib.get_close_matches(str(place.key[-1]).lower(), known, n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    if not source.prefix and len(place.key) == 1:
        sections = ", ".join(f"[{name}]" for name in known)
        return (
            f"there is no such section.{guess} There are {sections}; a plugin's settings are in "
            "[plugins.NAME]"
        )
    return f"there is no such key.{guess} Known here: {', '.join(known) or 'none'}"


def _dotted(key: Sequence[int | str]) -> str:
    name = ""
    for part in key:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            name += f".{part}" if name else part
    return redact(name)
