"""Application commands. Limits are from Discord's "Application Commands"."""

import re

from sandbox.validation.form import Form, Path
from sandbox.validation.options import read_options
from sandbox.wire import JsonObject, is_array, is_integer, is_object, parse_snowflake

__all__ = ["MOST_BY_TYPE", "NAME", "check_unique", "read_command"]

MOST_BY_TYPE = {1: 100, 2: 15, 3: 15}
"""Slash, user and message commands that an application can have, globally and in each guild."""
MOST_CHARACTERS = 8_000
"""Names, descriptions and choice values of one command together."""

NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")


def read_command(form: Form, raw: JsonObject, path: Path = ()) -> JsonObject:
    """A command's body as the API shows it, but for what the server adds: ids and version."""
    kind = raw.get("type")
    kind = 1 if kind is None else kind
    if kind not in MOST_BY_TYPE:
        form.choices((*path, "type"), tuple(MOST_BY_TYPE))
        kind = 1
    name = form.text(raw, "name", path, least=1, most=32, required=True) or ""
    if kind == 1 and name and (not NAME.fullmatch(name) or name != name.lower()):
        form.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    command: JsonObject = {
        "type": kind,
        "name": name,
        "name_localizations": localizations(form, raw, "name_localizations", path, 32),
        "description": "",
        "description_localizations": localizations(
            form, raw, "description_localizations", path, 100
        ),
        "default_member_permissions": _permissions(form, raw, path),
        "dm_permission": raw.get("dm_permission") is not False,
        "nsfw": raw.get("nsfw") is True,
        "contexts": _set_of_integers(form, raw, "contexts", path),
        "integration_types": _set_of_integers(form, raw, "integration_types", path) or [0],
    }
    if kind == 1:
        command["description"] = (
            form.text(raw, "description", path, least=1, most=100, required=True) or ""
        )
        if options := read_options(form, raw, path, depth=0):
            command["options"] = options
    elif raw.get("description"):
        message = "Context menu commands cannot have description"
        form.add((*path, "description"), "APPLICATION_COMMANDS_CONTEXT_MENU_DESCRIPTION", message)
    if _size(command) > MOST_CHARACTERS:
        message = f"Command exceeds maximum size ({MOST_CHARACTERS})"
        form.add(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    return command


def check_unique(form: Form, commands: list[JsonObject]) -> None:
    """No two of a list with the same name and type."""
    seen: set[tuple[int, str]] = set()
    for index, command in enumerate(commands):
        key = (command["type"], command["name"])
        if key in seen:
            message = "Application command names must be unique"
            form.add((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)


def localizations(
    form: Form, raw: JsonObject, key: str, path: Path, most: int
) -> JsonObject | None:
    """A text for each locale; None when there are none."""
    given = raw.get(key)
    if given is None:
        return None
    found = form.mapping(given, (*path, key))
    if not found:
        return None
    return {
        locale: form.text(found, locale, (*path, key), least=1, most=most)
        for locale, text in found.items()
        if text is not None
    }


def _permissions(form: Form, raw: JsonObject, path: Path) -> str | None:
    given = raw.get("default_member_permissions")
    if given is None:
        return None
    found = str(given) if is_integer(given) else parse_snowflake(given)
    if found is None:
        there = (*path, "default_member_permissions")
        form.add(there, "NUMBER_TYPE_COERCE", f'Value "{given}" is not int.')
    return found


def _set_of_integers(form: Form, raw: JsonObject, key: str, path: Path) -> list[int] | None:
    values = form.array(raw, key, path, most=10)
    if values is None:
        return None
    return sorted({value for value in values if is_integer(value)})


def _size(node: JsonObject) -> int:
    size = len(node.get("name") or "") + len(node.get("description") or "")
    if isinstance(node.get("value"), str):
        size += len(node["value"])
    for key in ("options", "choices"):
        inner = node.get(key)
        if is_array(inner):
            size += sum(_size(part) for part in inner if is_object(part))
    return size
