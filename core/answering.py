"""While an interaction is answered: Discord waits three seconds, and then tells the player that the
bot did not respond. What takes longer is acknowledged for it and does not notice, though Discord
takes other answers from then on: :class:`LateAnswers` makes those of what it says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from contextvars import Context
from typing import Any

import aiohttp
import disnake
from disnake import InteractionResponseType as Kind
from disnake.http import to_multipart_with_attachments
from disnake.webhook.async_ import AsyncWebhookAdapter, async_context
from loguru import logger

from core.context import acting_for, current_interaction, current_plugin
from core.errors import TooSlow
from core.tasks import spawn

__all__ = ["Answering", "LateAnswers"]

ACKNOWLEDGE_AFTER_SECONDS = 2.0
"""And up to an eighth more, since one timer looks after all: one for each would be felt."""

UNANSWERED_SECONDS = 3.0
"""For so long after the end of its block, a task of its own may still answer."""

TOKEN_SECONDS = 15 * 60.0

EPHEMERAL = 64


class Answering:
    """The block answers an interaction: ``with Answering(inter)``. Views that it shows are known as
    that one's, and when it is slow, Discord is told that the answer follows.

    A press, or a modal that a press opened, is acknowledged unseen. After anything else Discord
    shows "thinking", to its user alone: the answer may be private. A public one takes it away, and
    so does the end of a block that has not answered.

    Attributes:
        began: when it did, on the loop's clock.
        ended: when the block did; None until then.
        thinking: whether Discord shows that now.
        owed: the flags of the message that the block is to send; None when it owes none.
        original: the message that the block takes for the original response, where Discord does
            not; None where it does.
    """

    thinking = False
    owed: int | None = None
    original: int | None = None
    ended: float | None = None
    _acknowledging: asyncio.Task[bool] | None = None

    def __init__(self, inter: disnake.Interaction[Any]) -> None:
        self.inter = inter
        self._plugin = current_plugin.get()

    def __enter__(self) -> None:
        self._outer = current_interaction.set(self.inter)
        self._adapter: LateAnswers = async_context.get()  # type: ignore[assignment]
        self.began = self._adapter.expect(self)

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        current_interaction.reset(self._outer)
        self._adapter.ends(self, cut_short=error is not None)
        if self._acknowledging is not None:
            with acting_for(None):  # a plugin's tasks end with it
                self._end = spawn(self._unsay(), name="end a late answer")

    def is_late(self) -> None:
        """Have Discord told that the answer follows."""
        with acting_for(self._plugin):
            self._acknowledging = spawn(self._acknowledge(), name="acknowledge a slow answer")

    def is_acknowledging(self) -> bool:
        """Whether it is that, and no answer, what the current task sends."""
        return self._acknowledging is not None and self._acknowledging is asyncio.current_task()

    def is_unanswered(self) -> None:
        """Tell the plugin's author, to whom Discord says nothing."""
        inter: Any = self.inter
        command = isinstance(inter, disnake.ApplicationCommandInteraction)
        what = (
            f"/{inter.application_command.qualified_name}"
            if command
            else f"the handler of {inter.data.custom_id}"
        )
        logger.bind(plugin=self._plugin).warning("{} ended without answering", what)

    async def acknowledged(self) -> bool:
        """Whether Discord has been told."""
        told = self._acknowledging
        if told is None or self.is_acknowledging():
            return False
        await asyncio.wait([told])
        return not told.cancelled() and told.result()

    async def _acknowledge(self) -> bool:
        on_messages = (disnake.MessageInteraction, disnake.ModalInteraction)
        unseen = isinstance(self.inter, on_messages) and self.inter.message is not None
        try:
            # Not the interaction's own response: the block is to find that one as it was.
            response = disnake.InteractionResponse(self.inter)
            await response.defer(with_message=not unseen, ephemeral=True)
        except (disnake.HTTPException, disnake.InteractionException, OSError) as error:
            logger.warning("a slow answer could not be acknowledged: {}", error)
            return False
        self.thinking = not unseen
        return True

    async def _unsay(self) -> None:
        if await self.acknowledged() and self.thinking and self.owed is None:
            with suppress(disnake.HTTPException, disnake.InteractionException, OSError):
                await self.inter.delete_original_response()


class LateAnswers(AsyncWebhookAdapter):
    """Disnake's own, for those who do not know that they were acknowledged."""

    def __init__(self) -> None:
        super().__init__()
        self._unanswered: dict[str, Answering] = {}
        """By token, those that have sent no answer yet, the late and the ended too."""
        self._late: dict[str, Answering] = {}
        """Those that were late, for as long as their tokens live."""
        self._watch: asyncio.TimerHandle | None = None

    def expect(self, answering: Answering) -> float:
        """Have it acknowledged when no answer comes. Returns the time."""
        self._unanswered[answering.inter.token] = answering
        if self._watch is None:
            self._look_later()
        return asyncio.get_running_loop().time()

    def ends(self, answering: Answering, *, cut_short: bool) -> None:
        """Acknowledge it no more: its block has ended. Whoever cut that short knows."""
        token = answering.inter.token
        if cut_short:
            self._unanswered.pop(token, None)
        elif token in self._unanswered:
            answering.ended = asyncio.get_running_loop().time()

    def _look_later(self) -> None:
        # In a context of its own, lest it hold on to the interaction that happened to come first.
        self._watch = asyncio.get_running_loop().call_later(
            ACKNOWLEDGE_AFTER_SECONDS / 8, self._look, context=Context()
        )

    def _look(self) -> None:
        self._watch = None
        now = asyncio.get_running_loop().time()
        for token, answering in list(self._unanswered.items()):
            if answering.ended is None:
                if token not in self._late and answering.began <= now - ACKNOWLEDGE_AFTER_SECONDS:
                    self._late[token] = answering
                    answering.is_late()
            elif answering.inter.client.is_closed():
                del self._unanswered[token]
            elif answering.ended < now - UNANSWERED_SECONDS:
                del self._unanswered[token]
                answering.is_unanswered()
        if self._unanswered:
            self._look_later()
        while self._late and (old := next(iter(self._late.values()))).began < now - TOKEN_SECONDS:
            del self._late[old.inter.token]

    def create_interaction_response(
        self, interaction_id: int, token: str, **answer: Any
    ) -> Coroutine[Any, Any, None]:
        late = self._late.get(token)
        if late is None or not late.is_acknowledging():
            self._unanswered.pop(token, None)
        if late is None:
            return super().create_interaction_response(interaction_id, token, **answer)
        return self._answer_late(late, interaction_id, token, **answer)

    async def _answer_late(
        self,
        late: Answering,
        interaction_id: int,
        token: str,
        *,
        session: aiohttp.ClientSession,
        type: int,  # noqa: A002 - disnake's name
        data: dict[str, Any] | None = None,
        files: list[disnake.File] | None = None,
    ) -> None:
        if not await late.acknowledged():
            await super().create_interaction_response(
                interaction_id, token, session=session, type=type, data=data, files=files
            )
            return
        if type == Kind.modal.value:
            raise TooSlow("Discord opens no modal after an acknowledgement")
        body = _body(data or {}, files)
        if type == Kind.message_update.value:
            await self.edit_original_interaction_response(
                late.inter.application_id, token, session=session, **body
            )
        elif type != Kind.deferred_message_update.value:
            late.owed = (data or {}).get("flags", 0) & EPHEMERAL
            if type == Kind.channel_message.value:
                await self.execute_webhook(
                    late.inter.application_id, token, session=session, **body
                )

    async def execute_webhook(
        self,
        webhook_id: int,
        token: str,
        *,
        payload: dict[str, Any] | None = None,
        multipart: list[dict[str, Any]] | None = None,
        **options: Any,
    ) -> Any:
        late = self._late.get(token)
        if late is None or late.owed is None:
            return await super().execute_webhook(
                webhook_id, token, payload=payload, multipart=multipart, **options
            )
        if late.thinking and not late.owed:  # else the message takes its place, private as it is
            late.thinking = False
            with suppress(disnake.NotFound):  # its user has dismissed it
                await super().delete_original_interaction_response(
                    webhook_id, token, session=options["session"]
                )
        options["wait"] = True
        message: Any = await super().execute_webhook(
            webhook_id,
            token,
            payload=_flagged(payload, late.owed) if payload is not None else None,
            multipart=[_flagged_part(part, late.owed) for part in multipart] if multipart else None,
            **options,
        )
        late.thinking, late.owed, late.original = False, None, int(message["id"])
        return message

    async def get_original_interaction_response(
        self, application_id: int, token: str, *, session: aiohttp.ClientSession
    ) -> Any:
        late = self._late.get(token)
        if late is not None and late.original is not None:
            return await self.get_webhook_message(
                application_id, token, late.original, session=session
            )
        return await super().get_original_interaction_response(
            application_id, token, session=session
        )

    async def edit_original_interaction_response(
        self, application_id: int, token: str, **options: Any
    ) -> Any:
        late = self._late.get(token)
        if late is not None and late.owed is not None:
            return await self.execute_webhook(application_id, token, **options)
        if late is not None and late.original is not None:
            return await self.edit_webhook_message(application_id, token, late.original, **options)
        return await super().edit_original_interaction_response(application_id, token, **options)

    async def delete_original_interaction_response(
        self, application_id: int, token: str, *, session: aiohttp.ClientSession
    ) -> None:
        late = self._late.get(token)
        if late is not None and late.original is not None:
            await self.delete_webhook_message(application_id, token, late.original, session=session)
        elif late is None or late.owed is None or late.thinking:
            await super().delete_original_interaction_response(
                application_id, token, session=session
            )


def _body(data: dict[str, Any], files: list[disnake.File] | None) -> dict[str, Any]:
    if not files:
        return {"payload": data}
    return {"multipart": to_multipart_with_attachments(data, files), "files": files}


def _flagged(payload: dict[str, Any], private: int) -> dict[str, Any]:
    """What a deferred answer is, private or not, it was deferred as."""
    return payload | {"flags": payload.get("flags", 0) & ~EPHEMERAL | private}


def _flagged_part(part: dict[str, Any], private: int) -> dict[str, Any]:
    if part["name"] != "payload_json":
        return part
    return part | {"value": json.dumps(_flagged(json.loads(part["value"]), private))}
