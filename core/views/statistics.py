"""What the supervisor counts. Counters only: nothing here walks the heap or the database."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from core.models import ViewRecord
from core.views.reasons import CloseReason

__all__ = ["Counters", "ViewEvent", "ViewFeed", "ViewStatistics"]

MOST_UNREAD = 1_000


@dataclass(frozen=True, slots=True)
class ViewStatistics:
    """How the views of this bot stand, as telemetry reads it.

    Attributes:
        open: open views by (plugin, view, kind of scope).
        opened: views opened since the process started.
        closed: views closed since then, by reason.
        scopes: scopes with an open view, by kind ("match": matches with open views).
        channels: channels with an open view.
        hook_failures: `on_close` hooks that raised or took too long.
        last_edit_failures: views whose last edit never arrived though it should have.
        leaked: closed views that are still reachable after the grace period.
    """

    open: Mapping[tuple[str, str, str], int]
    opened: int
    closed: Mapping[CloseReason, int]
    scopes: Mapping[str, int]
    channels: int
    hook_failures: int
    last_edit_failures: int
    leaked: int

    @property
    def open_total(self) -> int:
        """All open views."""
        return sum(self.open.values())

    @property
    def closed_total(self) -> int:
        """All views closed since the process started."""
        return sum(self.closed.values())


@dataclass(frozen=True, slots=True)
class ViewEvent:
    """A view that has just opened or closed.

    Attributes:
        reason: why it closed; None when it opened.
    """

    plugin: str
    view: str
    key: str
    scope: str | None
    reason: CloseReason | None = None


class ViewFeed:
    """Views as they open and close, for tests and telemetry. Used as a context manager.

    Bounded: whoever does not read loses the oldest events, not the bot its memory.
    """

    def __init__(self, feeds: set[ViewFeed]) -> None:
        self._feeds = feeds
        self._events: asyncio.Queue[ViewEvent] = asyncio.Queue(MOST_UNREAD)

    def __enter__(self) -> Self:
        self._feeds.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._feeds.discard(self)

    async def next(self) -> ViewEvent:
        """The next event, in the order in which they happened."""
        return await self._events.get()

    def put(self, event: ViewEvent) -> None:
        """Tell of an event (the supervisor's own)."""
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(event)


class Counters:
    """Kept by the supervisor as views come and go."""

    def __init__(self) -> None:
        self.feeds: set[ViewFeed] = set()
        self.open: Counter[tuple[str, str, str]] = Counter()
        self.opened = 0
        self.closed: Counter[CloseReason] = Counter()
        self.hook_failures = 0
        self.last_edit_failures = 0
        self.leaked = 0
        # By hash: at a hundred thousand views the strings would be most of what is kept.
        self._scopes: Counter[int] = Counter()
        self._scope_kinds: Counter[str] = Counter()
        self._channels: Counter[int] = Counter()

    def restored(self, record: ViewRecord) -> None:
        """Count a view that was open before this process started, or opened again."""
        self.open[_kind(record)] += 1
        if record.scope is not None:
            self._scopes[hash(record.scope)] += 1
            if self._scopes[hash(record.scope)] == 1:
                self._scope_kinds[record.scope.partition(":")[0]] += 1
        self.located(record.channel_id)

    def opens(self, record: ViewRecord) -> None:
        """Count a view that opens now."""
        self.opened += 1
        self.restored(record)
        self._tell(record, None)

    def located(self, channel_id: int | None) -> None:
        """Count the channel of an open view, once it is known."""
        if channel_id is not None:
            self._channels[channel_id] += 1

    def closes(self, record: ViewRecord, reason: CloseReason) -> None:
        """Count a view that ends now."""
        self.closed[reason] += 1
        self._tell(record, reason)
        _take(self.open, _kind(record))
        if record.scope is not None and _take(self._scopes, hash(record.scope)):
            _take(self._scope_kinds, record.scope.partition(":")[0])
        if record.channel_id is not None:
            _take(self._channels, record.channel_id)

    def _tell(self, record: ViewRecord, reason: CloseReason | None) -> None:
        for feed in self.feeds:
            feed.put(ViewEvent(record.plugin, record.view, record.key, record.scope, reason))

    def snapshot(self) -> ViewStatistics:
        """The figures now."""
        return ViewStatistics(
            open=dict(self.open),
            opened=self.opened,
            closed=dict(self.closed),
            scopes=dict(self._scope_kinds),
            channels=len(self._channels),
            hook_failures=self.hook_failures,
            last_edit_failures=self.last_edit_failures,
            leaked=self.leaked,
        )


def _kind(record: ViewRecord) -> tuple[str, str, str]:
    scope_kind = record.scope.partition(":")[0] if record.scope else "none"
    return record.plugin, record.view, scope_kind


def _take(counter: Counter, key: object) -> bool:  # type: ignore[type-arg]
    """Count one down, forget what reached zero, and say whether it did."""
    if key not in counter:
        return False  # it became known after the view was counted
    counter[key] -= 1
    if counter[key] > 0:
        return False
    del counter[key]
    return True
