"""Tortoise's SQLite engine, with transactions that begin as writers and survive cancellation."""

from __future__ import annotations

from typing import Any

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections

__all__ = ["Client", "client_class"]


class Client(SqliteClient):
    """One connection a process; its transactions are serialised by a lock."""

    def _in_transaction(self) -> TransactionContext:
        return _Transaction(_Writer(self), self._lock)


class _Writer(SqliteTransactionWrapper):
    async def begin(self) -> None:
        # A deferred BEGIN fails at once, busy timeout or not, when another process wrote between
        # our read and our write. BEGIN IMMEDIATE waits for it instead.
        await self._connection.execute("BEGIN IMMEDIATE")


class _Transaction(SqliteTransactionContext):
    async def __aenter__(self) -> Any:
        # Tortoise's own would keep the lock for ever when it is cancelled inside BEGIN.
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            self.token = get_connections().set(self.connection_name, self.connection)
            try:
                await self.connection.begin()
            except BaseException:
                get_connections().reset(self.token)
                # The driver's thread may still run BEGIN; this queues behind it.
                await self.connection.rollback()
                raise
        except BaseException:
            self._trxlock.release()
            raise
        return self.connection


client_class = Client
