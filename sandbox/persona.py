"""A simulated person: does what a client lets its user do, and sees what that user sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sandbox.connection import Connection
from sandbox.results import Bot, Channel, Message, Modal
from sandbox.wire import JsonObject

__all__ = ["Exchange", "Persona", "Place"]

Place = str | Channel | Bot
"""A channel or thread, by id or as returned; a bot stands for the direct messages with it."""
PATIENCE_S = 10.0
"""How long an action waits for the bot in real time, unless told otherwise."""


@dataclass(slots=True)
class Exchange:
    """An interaction, and what the bot made of it."""

    id: str
    acknowledged: bool
    kind: int | None
    """The type of the bot's first answer: 4 message, 5 "thinking", 6 deferred update, 7 update,
    8 choices, 9 modal; None when there was none."""
    message: Message | None
    """The answer the persona sees, or the message that was updated."""
    modal: Modal | None
    choices: list[JsonObject] | None
    """Of an autocomplete: ``{"name", "value"}`` each."""
    failed: str | None
    """What the client shows when it went wrong: "The application did not respond"."""
    seconds: float | None
    """What the bot took to acknowledge it, as Discord sees that; None when it did not."""
    _connection: Connection = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: JsonObject, connection: Connection) -> "Exchange":
        return cls(
            id=raw["id"],
            acknowledged=raw["acknowledged"],
            kind=raw["kind"],
            message=Message.of(raw["message"]) if raw["message"] else None,
            modal=Modal.of(raw["modal"]) if raw["modal"] else None,
            choices=raw["choices"],
            failed=raw["failed"],
            seconds=raw["seconds"],
            _connection=connection,
        )

    @property
    def text(self) -> str:
        """All that can be read in the answer; empty when there was none."""
        return self.message.text if self.message is not None else ""

    async def settled(self, timeout: float = PATIENCE_S) -> "Exchange":
        """Once a deferred answer or update has become something, or what it would have become was
        deleted, or the time (s) is over."""
        raw = await self._connection.call(
            "GET",
            f"/interactions/{self.id}",
            query={"settled": "true", "timeout": str(timeout)},
            timeout=timeout,
        )
        return Exchange.of(raw, self._connection)


class Persona:
    """Acts over HTTP, as any program could.

    Actions return when the bot has acknowledged, and after "thinking" when that has become a
    message; a deferred update (6) returns at once, see ``Exchange.settled``. They wait up to
    ``timeout`` seconds of real time, or not at all with ``wait=False``. What a client would not
    allow raises: ``NotVisible``, ``NotEnabled``, ``UnknownCommand``, ``Ambiguous``,
    ``InvalidInput``, ``NoModal``, all of them ``SandboxError``.
    """

    def __init__(
        self, connection: Connection, user_id: str, name: str, channel: str | None
    ) -> None:
        self.id = user_id
        self.name = name
        self.channel: Place | None = channel
        """Where the persona acts unless told otherwise, and looks first for what to press."""
        self._connection = connection

    def __repr__(self) -> str:
        return f"<Persona {self.name} {self.id}>"

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    async def slash(
        self,
        command: str,
        values: Mapping[str, object] | None = None,
        *,
        channel: Place | None = None,
        timeout: float = PATIENCE_S,
        wait: bool = True,
        **options: object,
    ) -> Exchange:
        """Invoke a slash command: ``slash("queue join", faction="US")``.

        Options are given by name: text, numbers, choices by name or value; for users, channels and
        roles an id, or anything with an ``id``; a file as ``{"filename", "content"}`` in base64.
        ``values`` takes those whose names are parameters here, like ``channel``.
        """
        body = {"command": command, "options": _plain({**(values or {}), **options})}
        return await self._act("slash", body | self._at(channel), timeout, wait)

    async def autocomplete(
        self,
        command: str,
        option: str,
        text: str,
        *,
        channel: Place | None = None,
        timeout: float = PATIENCE_S,
        **options: object,
    ) -> list[JsonObject]:
        """The choices offered once ``text`` has been typed: ``{"name", "value"}`` each."""
        body = {"command": command, "option": option, "text": text, "options": _plain(options)}
        exchange = await self._act("autocomplete", body | self._at(channel), timeout, wait=True)
        return exchange.choices or []

    async def press(
        self,
        button: str | None = None,
        *,
        custom_id: str | None = None,
        message: str | Message | None = None,
        timeout: float = PATIENCE_S,
        wait: bool = True,
    ) -> Exchange:
        """Press a button by its label (or emoji) or custom id.

        Without a message: on the newest one that has it enabled, in the current channel first,
        then anywhere.
        """
        body: JsonObject = {"button": button, "custom_id": custom_id} | _on(message)
        return await self._act("press", body | self._at(None), timeout, wait)

    async def select(
        self,
        select: str | None,
        values: object,
        *,
        custom_id: str | None = None,
        message: str | Message | None = None,
        timeout: float = PATIENCE_S,
        wait: bool = True,
    ) -> Exchange:
        """Choose in a select, named by its placeholder or custom id (None: whichever there is).

        ``values``: one or a list; by value or label, or ids of users, roles, channels.
        """
        body: JsonObject = {
            "select": select,
            "custom_id": custom_id,
            "values": [_plain_value(value) for value in _sequence(values)],
        }
        body |= _on(message)
        return await self._act("select", body | self._at(None), timeout, wait)

    async def submit(
        self,
        fields: Mapping[str, object] | None = None,
        *,
        timeout: float = PATIENCE_S,
        wait: bool = True,
        **more: object,
    ) -> Exchange:
        """Send the modal that was opened last; fields by label or custom id.

        Fields not given keep the value that the bot put into them.
        """
        values = _plain({**(fields or {}), **more})
        return await self._act("submit", {"fields": values}, timeout, wait)

    async def press_stale(
        self,
        message: str | Message,
        custom_id: str,
        *,
        values: Sequence[str] = (),
        timeout: float = PATIENCE_S,
        wait: bool = True,
    ) -> Exchange:
        """Press what the message showed lately: a client that has not seen the edit yet."""
        body: JsonObject = {
            "message": _id(message),
            "custom_id": custom_id,
            "values": list(values),
        }
        return await self._act("press-stale", body, timeout, wait)

    async def user_command(
        self,
        command: str,
        user: object,
        *,
        channel: Place | None = None,
        timeout: float = PATIENCE_S,
        wait: bool = True,
    ) -> Exchange:
        """A command in a user's context menu."""
        body: JsonObject = {"command": command, "user": _plain_value(user)}
        return await self._act("user-command", body | self._at(channel), timeout, wait)

    async def message_command(
        self,
        command: str,
        message: str | Message,
        *,
        timeout: float = PATIENCE_S,
        wait: bool = True,
    ) -> Exchange:
        """A command in a message's context menu."""
        body = {"command": command} | _on(message)
        return await self._act("message-command", body, timeout, wait)

    async def send(self, channel: Place, text: str) -> Message:
        """Write a message."""
        body: JsonObject = {"text": text} | self._at(channel)
        sent = await self._connection.call("POST", f"/personas/{self.id}/send", body)
        return Message.of(sent["message"])

    async def react(self, message: str | Message, emoji: str) -> Message:
        """Add a reaction with a plain emoji; the message as it then is."""
        return await self._reaction("react", message, emoji)

    async def unreact(self, message: str | Message, emoji: str) -> Message:
        """Take the persona's own reaction back; the message as it then is."""
        return await self._reaction("unreact", message, emoji)

    async def messages(self, channel: str | Channel | None = None) -> list[Message]:
        """Everything visible, newest last: own private answers, direct messages and threads too.

        An archived thread is seen only when it is named.
        """
        query = {"persona": self.id}
        if channel is not None:
            query["channel"] = channel if isinstance(channel, str) else channel.id
        found = await self._connection.call("GET", "/messages", query=query)
        return [Message.of(raw) for raw in found]

    async def sees(
        self,
        text: str,
        *,
        channel: str | Channel | None = None,
        after: str | Message | None = None,
        timeout: float = 5.0,
    ) -> Message:
        """The newest visible message with this text in it; waits for one if need be.

        ``after``: only messages newer than this one. Raises NotSeen when the time (s) is over.
        """
        query = {"text": text, "timeout": str(timeout)}
        if channel is not None:
            query["channel"] = channel if isinstance(channel, str) else channel.id
        if after is not None:
            query["after"] = str(_id(after))
        path = f"/personas/{self.id}/sees"
        found = await self._connection.call("GET", path, query=query, timeout=timeout)
        return Message.of(found)

    async def channels(self) -> list[JsonObject]:
        """The channels, active threads and direct messages this persona sees, as the API shows."""
        found: list[JsonObject] = await self._connection.call(
            "GET", f"/personas/{self.id}/channels"
        )
        return found

    async def dismiss(self, message: str | Message) -> None:
        """Dismiss a private answer; the bot is not told."""
        body = {"message": _id(message)}
        await self._connection.call("POST", f"/personas/{self.id}/dismiss", body)

    async def refuse_dms(self, refuses: bool = True, *, refusal: int = 50007) -> None:
        """Close direct messages to bots, or open them again."""
        body = {"refuses_dms": refuses, "refusal": refusal}
        await self._connection.call("PATCH", f"/personas/{self.id}", body)

    async def set_locale(self, locale: str) -> None:
        await self._connection.call("PATCH", f"/personas/{self.id}", {"locale": locale})

    async def _reaction(self, action: str, message: str | Message, emoji: str) -> Message:
        body = _on(message) | {"emoji": emoji}
        changed = await self._connection.call("POST", f"/personas/{self.id}/{action}", body)
        return Message.of(changed["message"])

    def _at(self, place: Place | None) -> JsonObject:
        place = self.channel if place is None else place
        if isinstance(place, Bot):
            return {"dm": place.user_id}
        if isinstance(place, Channel):
            return {"channel": place.id}
        return {} if place is None else {"channel": place}

    async def _act(self, action: str, body: JsonObject, timeout: float, wait: bool) -> Exchange:
        __tracebackhide__ = True
        path = f"/personas/{self.id}/{action}"
        body = body | {"timeout": timeout, "wait": wait}
        # Acknowledgement and what follows "thinking" are waited for one after the other.
        raw = await self._connection.call("POST", path, body, timeout=2 * timeout)
        return Exchange.of(raw, self._connection)


def _id(message: str | Message | None) -> str | None:
    return message.id if isinstance(message, Message) else message


def _on(message: str | Message | None) -> JsonObject:
    """Names a message, with its channel when that is known: finding it is quicker then."""
    if isinstance(message, Message):
        return {"message": message.id, "message_channel": message.channel_id}
    return {"message": message}


def _sequence(values: object) -> list[object]:
    if isinstance(values, (list, tuple)):
        return list(cast("Sequence[object]", values))
    return [values]


def _plain(options: dict[str, object]) -> dict[str, object]:
    return {name: _plain_value(value) for name, value in options.items()}


def _plain_value(value: Any) -> object:
    if isinstance(value, Bot):
        return value.user_id
    if isinstance(value, (str, int, float, dict, list)) or value is None:
        return value  # pyright: ignore[reportUnknownVariableType]
    return value.id if hasattr(value, "id") else value
