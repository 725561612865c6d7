"""Collects what is wrong with a request body, and raises it as one 50035."""

import re
from collections.abc import Collection

from sandbox.errors import invalid_form
from sandbox.wire import JsonObject, is_array, is_flag, is_integer, is_object, parse_snowflake

__all__ = ["Form", "Path"]

Path = tuple[str | int, ...]

_URL = re.compile(r"(https?|attachment)://\S+")


class Form:
    """Reads fields of a body; each reader notes an error and returns a harmless value instead.

    Texts and codes of errors are Discord's.
    """

    def __init__(self) -> None:
        self.errors: JsonObject = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Note an error; one about a whole stands in place of those about its parts."""
        node = self.errors
        for part in path:
            if "_errors" in node:
                return
            node = node.setdefault(str(part), {})
        for part in node.keys() - {"_errors"}:
            del node[part]
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def check(self) -> None:
        """Raise DiscordError 50035 when anything was noted."""
        if self.errors:
            raise invalid_form(self.errors)

    def required(self, path: Path) -> None:
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def choices(self, path: Path, allowed: Collection[object]) -> None:
        shown = ", ".join(str(choice) for choice in allowed)
        self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.")

    def text(
        self,
        body: JsonObject,
        key: str,
        path: Path,
        *,
        least: int = 0,
        most: int,
        required: bool = False,
    ) -> str | None:
        """A string within bounds (in characters); None when absent or null."""
        value = body.get(key)
        path = (*path, key)
        if value is None:
            if required:
                self.required(path)
            return None
        if isinstance(value, (int, float)) and not is_flag(value):
            value = str(value)  # Discord takes numbers for text
        if not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return None
        self.length(path, len(value), least, most, required=required)
        return value

    def length(
        self, path: Path, size: int, least: int, most: int, *, required: bool = False
    ) -> None:
        if required and size == 0 and least > 0:
            self.required(path)
        elif least and not least <= size <= most:
            message = f"Must be between {least} and {most} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)
        elif size > most:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def integer(
        self, body: JsonObject, key: str, path: Path, *, least: int, most: int
    ) -> int | None:
        value = body.get(key)
        path = (*path, key)
        if value is None:
            return None
        if isinstance(value, str) and value.lstrip("-").isdigit():
            value = int(value)
        if not is_integer(value):
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if value < least:
            message = f"int value should be greater than or equal to {least}."
            self.add(path, "NUMBER_TYPE_MIN", message)
        elif value > most:
            self.add(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        return value

    def flag(self, body: JsonObject, key: str, path: Path) -> bool | None:
        value = body.get(key)
        if value is None or is_flag(value):
            return value
        self.add((*path, key), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
        return None

    def snowflake(self, body: JsonObject, key: str, path: Path) -> str | None:
        value = body.get(key)
        if value is None:
            return None
        found = parse_snowflake(value)
        if found is None:
            self.add((*path, key), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return found

    def array(
        self, body: JsonObject, key: str, path: Path, *, least: int = 0, most: int
    ) -> list[object] | None:
        value = body.get(key)
        path = (*path, key)
        if value is None:
            if least:
                self.required(path)
            return None
        if not is_array(value):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return None
        self.length(path, len(value), least, most)
        return value

    def mapping(self, value: object, path: Path) -> JsonObject | None:
        if is_object(value):
            return value
        self.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return None

    def url(self, body: JsonObject, key: str, path: Path, *, most: int = 2048) -> str | None:
        value = self.text(body, key, path, most=most)
        if value and not _URL.fullmatch(value):
            self.add((*path, key), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
            return None
        return value or None
