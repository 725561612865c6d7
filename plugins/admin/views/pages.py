"""Long lists: the audit, and how everything stands."""

from __future__ import annotations

from typing import ClassVar

from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.admin.service.audit import AuditFilters, read_audit
from plugins.admin.service.snapshot import SnapshotService
from plugins.admin.service.wording import Wording
from plugins.queue.api import LadderConfig, PageView, Part

__all__ = ["AuditPages", "SnapshotPages"]


class AuditPages(PageView):
    """The audit of a server, newest first."""

    name: ClassVar[str] = "audit"
    sentences: ClassVar[str] = "pages"

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        wording: Wording,
        guild_id: int,
        filters: AuditFilters,
        locale: object,
    ) -> None:
        super().__init__(context, context.text("audit.heading", locale), locale)
        self._wording = wording
        self._guild_id = guild_id
        self._filters = filters

    async def read(self, offset: int, limit: int) -> Part:
        entries, total = await read_audit(self._guild_id, self._filters, offset=offset, limit=limit)
        lines = [await self._wording.entry(entry, self.locale, brief=True) for entry in entries]
        return Part(lines, total)


class SnapshotPages(PageView):
    """How a ladder and the bot stand."""

    name: ClassVar[str] = "snapshot"
    sentences: ClassVar[str] = "pages"

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        snapshots: SnapshotService,
        ladder: LadderConfig,
        locale: object,
    ) -> None:
        heading = context.text("snapshot.heading", locale, ladder=ladder.name)
        super().__init__(context, heading, locale)
        self._snapshots = snapshots
        self._ladder = ladder

    async def read(self, offset: int, limit: int) -> Part:
        lines = await self._snapshots.lines(self._ladder, self.locale)
        return Part(lines[offset : offset + limit], len(lines))
