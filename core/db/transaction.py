"""Transactions: what may happen inside one, and what happens after it.

Inside a transaction nothing but SQL is awaited: a request or a hook would hold the database for as
long as Discord or a plugin likes, and would not be undone by a rollback. Tasks and hook calls start
in a context in which no transaction is open, because a task that inherited one would write into
it after it ended.
"""

from __future__ import annotations

import contextvars
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar

from loguru import logger
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection, get_connections
from tortoise.transactions import in_transaction

from core.db.sql import ALIAS

__all__ = [
    "Transaction",
    "after_commit",
    "forbid_in_transaction",
    "outside_transaction",
    "savepoint",
    "transaction",
]


class Transaction:
    """An open transaction. What it causes outside the database waits for its commit."""

    def __init__(self, base: BaseDBAsyncClient) -> None:
        self.base = base
        self._after_commit: dict[Callable[[], object], None] = {}

    def after_commit(self, callback: Callable[[], object]) -> None:
        """Call `callback` once when the transaction has committed; not at all if it rolls back.

        It must be quick and must not raise. It may be lost when the process dies: what must
        happen is a row (see ``core.jobs``), this only wakes whoever reads the row.
        """
        self._after_commit[callback] = None

    @asynccontextmanager
    async def savepoint(self) -> AsyncGenerator[None, None]:
        """Forget the callbacks of a block that raises."""
        before = dict(self._after_commit)
        try:
            yield
        except BaseException:
            self._after_commit = before
            raise

    def committed(self) -> None:
        """Run the callbacks, each isolated from the others."""
        for callback in self._after_commit:
            try:
                callback()
            except Exception as error:
                logger.opt(exception=error).error("a callback after a commit failed")


_open: ContextVar[Transaction | None] = ContextVar("open_transaction", default=None)


@asynccontextmanager
async def transaction() -> AsyncGenerator[Transaction, None]:
    """Run the block in one transaction: committed at its end, rolled back when it raises.

    Inside another transaction it joins that one. Let the first statement be the compare-and-set
    write that decides whether the rest happens. An expected unique violation is caught outside,
    or inside a :func:`savepoint`.
    """
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    current = Transaction(get_connection(ALIAS))
    async with in_transaction(ALIAS):
        token = _open.set(current)
        try:
            yield current
        finally:
            _open.reset(token)
    current.committed()


@asynccontextmanager
async def savepoint() -> AsyncGenerator[None, None]:
    """Run the block so that what it raises undoes the block alone, not the open transaction.

    Where none is open, the block is a transaction of its own.
    """
    current = _open.get()
    if current is None:
        async with transaction():
            yield
        return
    async with current.savepoint(), in_transaction(ALIAS):
        yield


def after_commit(callback: Callable[[], object]) -> None:
    """Call `callback` after the commit of the open transaction, or now when none is open."""
    current = _open.get()
    if current is None:
        callback()
    else:
        current.after_commit(callback)


def outside_transaction() -> Context:
    """A copy of the current context in which no transaction is open: start tasks with it."""
    context = contextvars.copy_context()
    current = _open.get()
    if current is not None:
        context.run(_forget, current)
    return context


def forbid_in_transaction(what: str) -> None:
    """Refuse to go on when a transaction is open.

    Raises:
        RuntimeError: naming `what` was attempted inside a transaction. That is a programming
            error; the transaction rolls back.
    """
    if _open.get() is not None:
        raise RuntimeError(f"{what} inside a transaction: commit first, or leave it to a job")


def _forget(current: Transaction) -> None:
    get_connections().set(ALIAS, current.base)
    _open.set(None)
