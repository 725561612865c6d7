"""Tortoise's asyncpg engine, with transactions that give their connection back when cancelled."""

# Tortoise's engines are untyped inside, and made to be extended through their private parts.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false

from __future__ import annotations

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    NestedTransactionContext,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import get_connections

from core.db.ending import Ending

__all__ = ["Client", "client_class"]

POOL_SIZE = 10
"""Transactions open at once. They are short; whoever finds none free waits."""


class _Counting(AsyncpgDBClient):
    @translate_exceptions
    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, list[dict[str, Any]]]:
        """Tortoise's own counts 0 rows for every INSERT."""
        async with self.acquire_connection() as connection:
            if query.lstrip().upper().startswith(("UPDATE", "DELETE", "INSERT")):
                status: str = await connection.execute(query, *(values or ()))
                return int(status.rpartition(" ")[2]), []
            rows = await connection.fetch(query, *(values or ()))
            return len(rows), rows


class Client(_Counting):
    """A pool of connections, one of them to each open transaction.

    Args:
        url: as asyncpg reads it, so that ``sslmode`` and its like mean here what they mean there.
    """

    def __init__(self, url: str, **settings: Any) -> None:
        super().__init__(**settings)
        self._url = url

    async def create_pool(self, **settings: Any) -> Any:
        del settings  # the URL says it all
        return await asyncpg.create_pool(self._url, min_size=1, max_size=POOL_SIZE)

    def _in_transaction(self) -> TransactionContext:
        return _Transaction(_Writer(self), self._pool_init_lock)


class _Writer(_Counting, TransactionWrapper):
    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(_Writer(self))


class _Transaction(Ending, TransactionContextPooled):
    # Tortoise's own keeps the connection for ever when it is cancelled in BEGIN. The pool rolls
    # back whatever a connection comes back with.
    client: _Writer

    async def __aenter__(self) -> Any:
        await self.ensure_connection()
        self._pool: Any = self.client._parent._pool
        self.client._connection = await self._pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            await self._pool.release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    def writer(self) -> Any:
        return self.client

    async def give_back(self) -> None:
        await self._pool.release(self.client._connection)


client_class = Client
