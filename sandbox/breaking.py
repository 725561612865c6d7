"""What a client of the sandbox can break: requests, events, the gateway; and its limits."""

from typing import Unpack

from sandbox.connection import Connection
from sandbox.faults import FaultOptions
from sandbox.limits import LimitOptions
from sandbox.results import Bot
from sandbox.wire import JsonObject

__all__ = ["Breaking"]


class Breaking:
    """A part of ``SandboxClient``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def disconnect(
        self,
        bot: Bot,
        *,
        code: int = 4000,
        resumable: bool = True,
        reconnect: bool = False,
        shard: int | None = None,
    ) -> None:
        """Cut a bot's gateway connections; with ``reconnect`` it is asked to come back first.

        When not ``resumable`` its sessions are forgotten, those too that wait for a resume.
        """
        body: JsonObject = {"code": code, "resumable": resumable, "reconnect": reconnect}
        await self._connection.call(
            "POST", f"/bots/{bot.application_id}/disconnect", body | _shard(shard)
        )

    async def invalidate(
        self, bot: Bot, *, resumable: bool = False, shard: int | None = None
    ) -> None:
        """Tell a bot that its sessions are invalid (op 9)."""
        body: JsonObject = {"resumable": resumable}
        await self._connection.call(
            "POST", f"/bots/{bot.application_id}/invalidate", body | _shard(shard)
        )

    async def ask_to_reconnect(self, bot: Bot, *, shard: int | None = None) -> None:
        """Ask a bot to reconnect (op 7), and leave it at that."""
        await self._connection.call("POST", f"/bots/{bot.application_id}/reconnect", _shard(shard))

    async def fault(self, do: str, **options: Unpack[FaultOptions]) -> JsonObject:
        """Let requests fail or be late, or with ``event`` gateway events.

        ``fault("error", method="PATCH", path="/channels/*/messages/*", status=502, count=3)``; see
        ``sandbox.Fault`` for all of it. Returns it as ``faults`` does; its ``id`` removes it.
        """
        return await self._connection.call("POST", "/faults", {"do": do, **options})

    async def faults(self) -> list[JsonObject]:
        """Those there are, with ``hits``, and ``over`` once they have struck often enough."""
        return await self._connection.call("GET", "/faults")

    async def remove_fault(self, fault_id: str) -> None:
        """Raises Unknown when there is none of this id."""
        await self._connection.call("DELETE", f"/faults/{fault_id}")

    async def clear_faults(self) -> None:
        await self._connection.call("DELETE", "/faults")

    async def slow_down(self, seconds: float) -> None:
        """Every answer and every gateway event comes so much later, until ``clear_faults``."""
        await self.fault("delay", seconds=seconds)
        await self.fault("delay", event="*", seconds=seconds)

    async def set_limits(self, **limits: Unpack[LimitOptions]) -> JsonObject:
        """Change rate limits and those of the gateway; returns all that are in force."""
        return await self._connection.call("PUT", "/limits", dict(limits))


def _shard(shard: int | None) -> JsonObject:
    return {} if shard is None else {"shard": shard}
