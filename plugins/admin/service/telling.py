"""Tell players what an admin changed for them, by direct message."""

from __future__ import annotations

import disnake

from core.discord_api import Gone
from core.jobs import OwedJob
from core.plugin import PluginContext
from core.views import Rendering
from plugins.admin.config import AdminConfig
from plugins.queue.api import PlayerFacts, QueueApi, player_by_id

__all__ = ["TELL", "TELL_ATTEMPTS", "Telling"]

TELL = "tell_player"

TELL_ATTEMPTS = 10


class Telling:
    """Direct messages to players, owed in the transaction that causes them."""

    def __init__(self, context: PluginContext[AdminConfig], queue: QueueApi) -> None:
        self._context = context
        self._queue = queue

    async def owe(self, player: PlayerFacts, text: str, *, key: str) -> None:
        """Owe a message. Who cannot be written to is reported in the admins' channel."""
        await self._context.jobs.put(
            TELL, f"{player.id}:{key}", payload={"player": player.id, "text": text}
        )

    async def tell(self, job: OwedJob) -> None:
        """Job: send one."""
        player = await player_by_id(int(job.payload["player"]))
        if player is None or player.discord_id is None:
            return  # their data was deleted meanwhile
        api = self._context.api
        try:
            channel = await self._queue.dm_of(player.id) or await api.open_dm(player.discord_id)
            message = Rendering(str(job.payload["text"])).as_payload()
            await api.send_message(channel, message, nonce=f"t{job.key}"[:25])
        except Gone as error:
            await self._not_told(player, error)
        except disnake.HTTPException as error:
            if error.status >= 500 or error.status == 429:
                raise
            await self._not_told(player, error)

    async def report(self, text: str, *, key: str) -> None:
        """Owe a message to the admins' channel, where there is one."""
        if self._context.config.channel_id is not None:
            await self._context.outbox.send(self._context.config.channel_id, text, key=key)

    async def _not_told(self, player: PlayerFacts, error: Exception) -> None:
        self._context.log.info("player {} cannot be told by direct message: {}", player.id, error)
        text = self._context.text("told.not", self._locale(), name=player.name)
        await self.report(text, key=f"not-told-{player.id}")

    def _locale(self) -> str:
        return self._context.guild_locale(self._queue.ladders[0].guild_id)
