"""How a transaction ends, on either engine."""

# Tortoise's engines are untyped inside.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from types import TracebackType
from typing import Any

from tortoise.connection import get_connections

__all__ = ["Ending"]


class Ending:
    """The end of a transaction: commit, or roll back what raised, and give back what it held.

    Out of the context first: cancelled while it commits, the task would go on in a transaction
    that has ended.
    """

    token: Any
    """What entering the context of Tortoise's connections gave."""

    def writer(self) -> Any:
        """The connection, as it is inside the transaction."""
        raise NotImplementedError

    async def give_back(self) -> None:
        """Let the next transaction have what this one held."""
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        get_connections().reset(self.token)
        try:
            if kind is None:
                await self.writer().commit()
            else:
                await self.writer().rollback()
        finally:
            await self.give_back()
