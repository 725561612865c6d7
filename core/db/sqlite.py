"""Tortoise's SQLite engine, with transactions that begin as writers and survive cancellation."""

# Tortoise's engines are untyped inside.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from core.db.ending import Ending

__all__ = ["Client", "client_class"]


class Client(SqliteClient):
    """One connection a process; its transactions are serialised by a lock."""

    async def create_connection(self, with_db: bool) -> None:
        # The driver starts a thread, and leaves it to itself when opening fails or is cancelled: it
        # would then find the loop closed. So it must neither fail nor be cancelled.
        sqlite3.connect(self.filename).close()
        opening = asyncio.ensure_future(super().create_connection(with_db))
        try:
            await asyncio.shield(opening)
        except asyncio.CancelledError:
            await asyncio.gather(opening, return_exceptions=True)
            raise

    def _in_transaction(self) -> TransactionContext:
        return _Transaction(_Writer(self), self._lock)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        # Tortoise's own leaves its transaction open when it is cancelled.
        async with self._in_transaction() as writer:
            await writer.execute_many(query, values)


class _Writer(SqliteTransactionWrapper):
    async def begin(self) -> None:
        # A deferred BEGIN fails at once, busy timeout or not, when another process wrote between
        # our read and our write. BEGIN IMMEDIATE waits for it instead.
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    async def commit(self) -> None:
        try:
            await super().commit()
        except BaseException:  # a COMMIT that fails leaves the transaction open
            await self.rollback()
            raise

    async def execute_script(self, query: str) -> None:
        # The driver's executescript() would commit what is open.
        statement = ""
        for part in query.split(";"):
            statement += part
            if statement.strip() and sqlite3.complete_statement(statement + ";"):
                await self.execute_query(statement)
                statement = ""
            else:  # inside a string or a trigger
                statement += ";"

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(_Writer(self))


class _Transaction(Ending, SqliteTransactionContext):
    # Tortoise's own keeps the lock for ever when it is cancelled in BEGIN. The driver's thread
    # works through a queue, so a rollback comes after whatever was cancelled, though nobody may
    # wait for it.

    async def __aenter__(self) -> Any:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            try:
                await self.connection.begin()
            except BaseException:
                await self.connection.rollback()
                raise
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    def writer(self) -> Any:
        return self.connection

    async def give_back(self) -> None:
        self._trxlock.release()


client_class = Client
