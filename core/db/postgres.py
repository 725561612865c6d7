"""Tortoise's asyncpg engine, with transactions that give their connection back when cancelled."""

from __future__ import annotations

from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections

__all__ = ["Client", "client_class"]


class Client(AsyncpgDBClient):
    """A pool of connections, one of them to each open transaction."""

    def _in_transaction(self) -> TransactionContext:
        return _Transaction(TransactionWrapper(self), self._pool_init_lock)


class _Transaction(TransactionContextPooled):
    async def __aenter__(self) -> Any:
        # Tortoise's own would never return the connection to the pool when cancelled in BEGIN.
        await self.ensure_connection()
        pool = self.client._parent._pool  # type: ignore[attr-defined]
        self.client._connection = await pool.acquire()  # type: ignore[attr-defined]
        self.token = get_connections().set(self.connection_name, self.client)
        try:
            await self.client.begin()
        except BaseException:
            get_connections().reset(self.token)
            await pool.release(self.client._connection)  # type: ignore[attr-defined]
            raise
        return self.client


client_class = Client
