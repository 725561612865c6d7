"""Plain messages still owed: written with what causes them, sent after the commit."""

from __future__ import annotations

import hashlib

from disnake import HTTPException

from core.context import current_plugin
from core.discord_api import DiscordApi, Gone
from core.jobs import GiveUp, JobHandler, JobQueue, JobRunner, OwedJob, Priority
from core.limits import request_priority
from core.views import Rendering

__all__ = ["Outbox"]

SEND = "send"
ATTEMPTS = 10


class Outbox:
    """Sends messages that need no view: announcements, alerts, notices."""

    def __init__(self, api: DiscordApi, jobs: JobQueue, runner: JobRunner) -> None:
        self._api = api
        self._jobs = jobs
        runner.register("core", SEND, JobHandler(self._send, max_attempts=ATTEMPTS))

    async def send(
        self,
        channel_id: int,
        message: str | Rendering,
        *,
        priority: Priority = Priority.PANEL,
        key: str | None = None,
    ) -> None:
        """Owe a message to a channel. SQL only; call it in the transaction that causes it.

        Args:
            key: names the message, at most 60 characters: owed again before it is sent, it is
                sent once, as it was owed last.
        """
        rendering = Rendering(message) if isinstance(message, str) else message
        owner = current_plugin.get() or "core"
        await self._jobs.put(
            "core",
            SEND,
            f"{owner}:{key}" if key is not None else None,
            payload={
                "channel_id": channel_id,
                "message": rendering.as_payload(),
                "priority": priority,
            },
            priority=priority,
        )

    async def _send(self, job: OwedJob) -> None:
        with request_priority(Priority(job.payload["priority"])):
            try:
                # The same nonce on every attempt: Discord returns the first message.
                await self._api.send_message(
                    job.payload["channel_id"], job.payload["message"], nonce=_nonce(job.key)
                )
            except Gone as error:
                raise GiveUp(str(error)) from None
            except HTTPException as error:
                if error.status in (400, 403, 404):
                    raise GiveUp(str(error)) from None
                raise


def _nonce(key: str) -> str:
    """The key within the 25 characters that Discord allows a nonce."""
    return hashlib.blake2s(key.encode(), digest_size=12).hexdigest()
