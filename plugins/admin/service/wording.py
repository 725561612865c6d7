"""What changed, in words: one line each, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from disnake.utils import escape_markdown, escape_mentions, format_dt

from core.plugin import PluginContext
from core.text import Markup
from plugins.admin.config import AdminConfig
from plugins.admin.domain.times import FOR_EVER
from plugins.admin.models import AuditEntry
from plugins.admin.service.deeds.deed import Facts
from plugins.queue.api import player_by_id

__all__ = ["FACTS", "LONGEST_REASON", "Wording", "whole"]

FACTS = (
    "state",
    "outcome",
    "rating",
    "ban",
    "ban_reason",
    "aborts",
    "waits_on",
    "waiting",
    "wrong",
    "admin",
)
"""What is shown of a change, in this order; the rest is for whoever undoes it."""

LONGEST_REASON = 300

SHOWN = 10
"""Of a list."""


class Wording:
    """Says what the audit has."""

    def __init__(self, context: PluginContext[AdminConfig]) -> None:
        self._context = context

    def change(
        self, before: Facts, after: Facts, locale: object, *, shown: int = SHOWN
    ) -> list[str]:
        """A line for each of the facts.

        Args:
            shown: so many of a list.
        """
        return [
            self._say(
                "change.line",
                locale,
                what=self._say(f"fact.{name}", locale),
                before=Markup(self._value(name, before.get(name), locale, shown)),
                after=Markup(self._value(name, after.get(name), locale, shown)),
            )
            for name in FACTS
            if before.get(name) != after.get(name)
        ]

    async def entry(self, entry: AuditEntry, locale: object, *, brief: bool = False) -> str:
        """An entry of the audit, in a line.

        Args:
            brief: so that a page of them fits into an embed.
        """
        before, after = dict(entry.before), dict(entry.after)
        if brief or after.get("ban_reason") == entry.reason:
            for facts in (before, after):
                facts.pop("ban_reason", None)
        about = [await self._about(entry, locale)]
        about += self.change(before, after, locale, shown=2 if brief else SHOWN)
        return self._say(
            "audit.line",
            locale,
            entry=entry.id,
            at=Markup(format_dt(entry.at, "f")),
            admin=self.admin(entry.admin_id, locale),
            action=self._say(f"action.{entry.action}", locale),
            about=Markup(" · ".join(filter(None, about))),
            reason=entry.reason if brief else whole(entry.reason),
            undone=Markup(self._say("audit.undone", locale) if entry.undone else ""),
        )

    def admin(self, discord_id: int, locale: object) -> Markup:
        """Whoever acted."""
        return Markup(f"<@{discord_id}>" if discord_id else self._say("audit.the_bot", locale))

    async def _about(self, entry: AuditEntry, locale: object) -> str:
        parts: list[str] = []
        if entry.undoes is not None:
            parts.append(self._say("audit.undoes", locale, entry=entry.undoes))
        if entry.match_id is not None:
            parts.append(self._say("audit.match", locale, match=entry.match_id))
        if entry.player_id is not None:
            player = await player_by_id(entry.player_id)
            parts.append(f"**{_escaped(player.name if player is not None else '?')}**")
        if entry.user_id is not None:
            parts.append(f"<@{entry.user_id}>")
        if entry.action in ("adjust_rating", "clear_queue") and entry.ladder is not None:
            parts.append(_escaped(entry.ladder))
        return " · ".join(parts)

    def _value(self, name: str, value: Any, locale: object, shown: int) -> str:
        if value is None or value == []:
            return self._say("change.none", locale)
        if name == "state":
            return self._say(f"state.{value}", locale)
        if name == "outcome":
            return self._say(f"outcome.{value}", locale)
        if name == "ban":
            for_ever = value == FOR_EVER
            if for_ever:
                return self._say("change.for_ever", locale)
            return format_dt(datetime.fromisoformat(value), "f")
        if name == "admin":
            return self._say("change.yes" if value else "change.no", locale)
        if name == "wrong":
            lines = (self._say(f"repair.{w['kind']}", locale, number=w["number"]) for w in value)
            return _listed(lines, len(value), shown)
        if isinstance(value, list):
            items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            return _listed((_escaped(str(item)) for item in items), len(items), shown)
        return _escaped(str(value))

    def _say(self, key: str, locale: object, /, **values: Any) -> str:
        return self._context.text(key, locale, **values)


def whole(text: str) -> Markup:
    """A reason, escaped and not cut off."""
    return Markup(_escaped(" ".join(text.split())[:LONGEST_REASON]))


def _escaped(text: str) -> str:
    return escape_mentions(escape_markdown(text))


def _listed(items: Iterable[str], total: int, shown: int) -> str:
    listed = "; ".join(islice(items, shown))
    return f"{listed}; … ({total})" if total > shown else listed
