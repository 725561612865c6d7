"""The options of slash commands: subcommands, groups and arguments."""

import re

from sandbox.validation.form import Form, Path
from sandbox.wire import JsonObject, is_array, is_integer

__all__ = ["OptionType", "read_options"]

MOST_OPTIONS = 25
MOST_CHOICES = 25
_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")


class OptionType:
    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


WITH_CHOICES = (OptionType.STRING, OptionType.INTEGER, OptionType.NUMBER)


def read_options(form: Form, raw: JsonObject, path: Path, *, depth: int) -> list[JsonObject]:
    """Checked and in the API's shape; ``depth`` 0 is the command, 2 a subcommand in a group."""
    values = form.array(raw, "options", path, most=MOST_OPTIONS) or []
    options: list[JsonObject] = []
    names: set[str] = set()
    optional_before = False
    kinds: set[bool] = set()
    for index, value in enumerate(values):
        there = (*path, "options", index)
        given = form.mapping(value, there) or {}
        option = _read_option(form, given, there, depth)
        if option["name"] in names:
            message = "Option name already exists"
            form.add((*there, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
        names.add(option["name"])
        nested = option["type"] in (OptionType.SUBCOMMAND, OptionType.GROUP)
        kinds.add(nested)
        if option.get("required") and optional_before:
            message = "Required options must be placed before non-required options"
            form.add(there, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_before |= not nested and not option.get("required")
        options.append(option)
    if len(kinds) == 2:
        message = "Sub-command and sub-command group option types are mutually exclusive to all"
        form.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    return options


def _read_option(form: Form, raw: JsonObject, path: Path, depth: int) -> JsonObject:
    kind = raw.get("type")
    allowed = tuple(range(1, 12)) if depth == 0 else tuple(range(3, 12))
    if depth == 1 and raw.get("type") == OptionType.SUBCOMMAND:
        allowed = (1,)
    if not is_integer(kind) or kind not in allowed:
        form.choices((*path, "type"), allowed)
        kind = OptionType.STRING
    name = form.text(raw, "name", path, least=1, most=32, required=True) or ""
    if name and (not _NAME.fullmatch(name) or name != name.lower()):
        form.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    option: JsonObject = {
        "type": kind,
        "name": name,
        "description": form.text(raw, "description", path, least=1, most=100, required=True) or "",
    }
    for key in ("name_localizations", "description_localizations"):
        if raw.get(key):
            option[key] = form.mapping(raw[key], (*path, key))
    if kind == OptionType.GROUP:
        option["options"] = read_options(form, raw, path, depth=1)
    elif kind == OptionType.SUBCOMMAND:
        option["options"] = read_options(form, raw, path, depth=2)
    else:
        _read_argument(form, raw, path, kind, option)
    return option


def _read_argument(form: Form, raw: JsonObject, path: Path, kind: int, option: JsonObject) -> None:
    if form.flag(raw, "required", path):
        option["required"] = True
    if form.flag(raw, "autocomplete", path):
        option["autocomplete"] = True
    for key in ("min_value", "max_value"):
        if raw.get(key) is not None and kind in (OptionType.INTEGER, OptionType.NUMBER):
            option[key] = raw[key]
    if kind == OptionType.STRING:
        for key, least in (("min_length", 0), ("max_length", 1)):
            if (length := form.integer(raw, key, path, least=least, most=6000)) is not None:
                option[key] = length
    if kind == OptionType.CHANNEL and is_array(raw.get("channel_types")):
        option["channel_types"] = raw["channel_types"]
    choices = form.array(raw, "choices", path, most=MOST_CHOICES)
    if choices and kind in WITH_CHOICES:
        option["choices"] = [
            read_choice(form, value, (*path, "choices", index), kind)
            for index, value in enumerate(choices)
        ]
        if option.get("autocomplete"):
            message = "Choices and autocomplete are mutually exclusive"
            form.add((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", message)


def read_choice(form: Form, value: object, path: Path, kind: int) -> JsonObject:
    """A choice of a command's option, or one offered by autocomplete."""
    raw = form.mapping(value, path) or {}
    choice: JsonObject = {
        "name": form.text(raw, "name", path, least=1, most=100, required=True) or ""
    }
    given = raw.get("value")
    if given is None:
        form.required((*path, "value"))
    elif kind == OptionType.STRING:
        given = form.text(raw, "value", path, most=100)
    elif not isinstance(given, (int, float)):
        form.add((*path, "value"), "NUMBER_TYPE_COERCE", f'Value "{given}" is not int.')
    choice["value"] = given
    if raw.get("name_localizations"):
        choice["name_localizations"] = raw["name_localizations"]
    return choice
