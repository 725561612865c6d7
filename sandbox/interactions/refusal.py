"""Why a client would not let its user do something."""

__all__ = ["Refusal"]


class Refusal(Exception):
    """What a persona asked for is not possible; ``kind`` is the name of the client's exception."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def not_visible(message: str) -> Refusal:
    return Refusal("NotVisible", message)


def not_enabled(message: str) -> Refusal:
    return Refusal("NotEnabled", message)


def unknown_command(message: str) -> Refusal:
    return Refusal("UnknownCommand", message)


def ambiguous(message: str) -> Refusal:
    return Refusal("Ambiguous", message)


def invalid_input(message: str) -> Refusal:
    """An option, choice or field that a client would not send."""
    return Refusal("InvalidInput", message)


def no_modal(message: str) -> Refusal:
    return Refusal("NoModal", message)
