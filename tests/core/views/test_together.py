"""Writes that share a transaction, and fail nobody but themselves."""

import asyncio
from functools import partial

import pytest
from tortoise.exceptions import IntegrityError

from core.db import Database, after_commit
from core.views.together import MOST, Together
from tests.core.db import rows


class Commits:
    """Counts those that have a row of :meth:`add` in them."""

    def __init__(self) -> None:
        self.seen = 0

    async def add(self, key: str) -> None:
        await rows.add(key)
        after_commit(self._one_more)  # once in each, however often it is asked for

    def _one_more(self) -> None:
        self.seen += 1


async def test_what_comes_meanwhile_shares_a_commit(database: Database) -> None:
    del database
    together, commits = Together(), Commits()

    await asyncio.gather(
        *(together.write(partial(commits.add, str(number))) for number in range(3 * MOST))
    )

    assert len(await rows.keys()) == 3 * MOST
    assert commits.seen == 3


async def test_what_fails_fails_alone(database: Database) -> None:
    del database
    together = Together()
    await rows.add("taken")

    outcomes = await asyncio.gather(
        *(together.write(partial(rows.add, key)) for key in ("a", "taken", "b")),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), IntegrityError, type(None)]
    assert await rows.keys() == {"a", "b", "taken"}


async def test_it_goes_on_without_whoever_is_cancelled(database: Database) -> None:
    del database
    together = Together()
    writes = [asyncio.create_task(together.write(partial(rows.add, key))) for key in ("a", "b")]
    await asyncio.sleep(0)

    writes[0].cancel()
    await writes[1]

    with pytest.raises(asyncio.CancelledError):
        await writes[0]
    assert await rows.keys() == {"a", "b"}
