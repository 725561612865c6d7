"""How everything stands, line by line."""

from __future__ import annotations

import math
import time
from typing import Any

from disnake.utils import format_dt

from core.db import fetch
from core.plugin import PluginContext
from core.text import Markup
from plugins.admin.config import AdminConfig
from plugins.queue.api import LadderConfig, QueueApi, Running

__all__ = ["SnapshotService"]


class SnapshotService:
    """Reads it, anew each time."""

    def __init__(self, context: PluginContext[AdminConfig], queue: QueueApi) -> None:
        self._context = context
        self._queue = queue

    async def lines(self, ladder: LadderConfig, locale: object) -> list[str]:
        """The figures first, then conflicts, running matches and those who wait."""
        board = await self._queue.board(ladder)
        waiting = await self._queue.waiting(ladder=ladder)
        running = await self._queue.running(ladder)
        conflicts = await self._queue.conflicts(ladder)

        def say(key: str, /, **values: Any) -> str:
            return self._context.text(f"snapshot.{key}", locale, **values)

        groups = [f"{group.upper()} {count}" for group, count in board.by_group.items() if group]
        of_groups = Markup(f" ({' · '.join(groups)})" if len(groups) > 1 else "")
        lines = [
            say("queue", waiting=len(waiting), groups=of_groups),
            say("matches", running=len(running), conflicts=len(conflicts)),
            *self._views(say),
            await self._database(say),
            self._gateway(say),
        ]
        lines += [self._match("conflict", match, locale) for match in conflicts]
        lines += [self._match("running", match, locale) for match in running]
        lines += [
            say(
                "waiting",
                name=wait.name,
                since=Markup(format_dt(wait.joined_at, "R")),
                waves=wait.waves,
            )
            for wait in waiting
        ]
        return lines

    def _views(self, say: Any) -> list[str]:
        stats = self._context.views.stats()
        closed = " · ".join(f"{reason} {n}" for reason, n in sorted(stats.closed.items()) if n)
        kinds = sorted(stats.open.items(), key=lambda item: -item[1])
        shown = " · ".join(f"{plugin}.{view} {n}" for (plugin, view, _), n in kinds[:8] if n)
        return [
            say(
                "views",
                open=stats.open_total,
                opened=stats.opened,
                closed=stats.closed_total,
                leaked=stats.leaked,
                failures=stats.hook_failures + stats.last_edit_failures,
            ),
            say("views_open", shown=Markup(shown.replace("_", "\\_") or "…")),
            say("views_closed", shown=Markup(closed.replace("_", "\\_") or "…")),
        ]

    async def _database(self, say: Any) -> str:
        start = time.perf_counter()
        rows = await fetch("SELECT COUNT(*) AS owed FROM core_job")
        milliseconds = (time.perf_counter() - start) * 1000
        return say("database", owed=rows[0]["owed"], milliseconds=round(milliseconds, 1))

    def _gateway(self, say: Any) -> str:
        latency = self._context.bot.latency
        if not math.isfinite(latency):
            return say("gateway_unknown")
        return say("gateway", milliseconds=round(latency * 1000))

    def _match(self, kind: str, match: Running, locale: object) -> str:
        one, other = match.names
        return self._context.text(
            f"snapshot.match.{kind}",
            locale,
            match=match.number,
            one=one,
            other=other,
            state=self._context.text(f"state.{match.state}", locale),
            since=Markup(format_dt(match.found_at, "R")),
            room=Markup(f"<#{match.room_id}>" if match.room_id is not None else "…"),
        )
