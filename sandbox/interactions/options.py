"""The arguments of a slash command, checked as a client checks them before it sends anything."""

from sandbox.interactions.refusal import Refusal, invalid_input
from sandbox.interactions.resolving import Resolver
from sandbox.validation.options import OptionType
from sandbox.wire import JsonObject, is_flag, is_integer

__all__ = ["read_arguments"]

LARGEST = 1 << 53


def read_arguments(
    body: JsonObject, values: JsonObject, resolver: Resolver, *, complete: bool = True
) -> list[JsonObject]:
    """Values by option name, as the payload carries them; in the order the bot declared.

    Raises Refusal for an unknown option, a wrong value, or, when ``complete``, a missing one.
    """
    declared = {option["name"]: option for option in body.get("options", [])}
    for name in values:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise invalid_input(f"there is no option {name}; there are: {known}")
    options: list[JsonObject] = []
    for name, option in declared.items():
        if values.get(name) is None:
            if complete and option.get("required"):
                raise invalid_input(f"the option {name} is required")
            continue
        try:
            value = _read(option, values[name], resolver)
        except Refusal as refusal:
            raise Refusal(refusal.kind, f"option {name}: {refusal.message}") from None
        options.append({"name": name, "type": option["type"], "value": value})
    return options


def _read(option: JsonObject, value: object, resolver: Resolver) -> object:
    kind = option["type"]
    if choices := option.get("choices"):
        return _choose(choices, value)
    if kind == OptionType.STRING:
        return _read_text(option, value)
    if kind in (OptionType.INTEGER, OptionType.NUMBER):
        return _read_number(option, value)
    if kind == OptionType.BOOLEAN:
        if not is_flag(value):
            raise invalid_input(f"{value!r} is neither true nor false")
        return value
    if kind == OptionType.USER:
        return resolver.user(value)
    if kind == OptionType.CHANNEL:
        return resolver.channel(value, option.get("channel_types"))
    if kind == OptionType.ROLE:
        return resolver.role(value)
    if kind == OptionType.MENTIONABLE:
        return resolver.mentionable(value)
    return resolver.attachment(value)


def _choose(choices: list[JsonObject], value: object) -> object:
    for choice in choices:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    offered = ", ".join(choice["name"] for choice in choices)
    raise invalid_input(f"{value!r} is not offered; there are: {offered}")


def _read_text(option: JsonObject, value: object) -> str:
    if not isinstance(value, str):
        raise invalid_input(f"{value!r} is not text")
    least, most = option.get("min_length", 0), option.get("max_length", 6_000)
    if not least <= len(value) <= most:
        raise invalid_input(f"must have {least} to {most} characters")
    return value


def _read_number(option: JsonObject, value: object) -> int | float:
    whole = option["type"] == OptionType.INTEGER
    if not is_integer(value) and (whole or not isinstance(value, float)):
        raise invalid_input(f"{value!r} is not {'a whole' if whole else 'a'} number")
    least, most = option.get("min_value", -LARGEST), option.get("max_value", LARGEST)
    if not least <= value <= most:
        raise invalid_input(f"must be from {least} to {most}")
    return value
