"""Players: who they are, what they still have to do before they play, and their data."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import disnake
from tortoise.exceptions import IntegrityError

from core.db import execute, fetch, transaction
from core.errors import Refused
from core.plugin import PluginContext
from core.text import Markup
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.profile import Mistake, Typed, checked, clean_name, numbered
from plugins.queue.models import (
    Acknowledgement,
    LastChoice,
    MatchParticipant,
    Player,
    RoomChoice,
)
from plugins.queue.service.bans import keep_bans
from plugins.queue.service.export import export_player

__all__ = ["PlayerService", "Requirement", "is_set_up", "region_names"]

SEEN_EVERY = timedelta(seconds=60)

_MEET = (
    "UPDATE queue_player SET discord_name = $2, locale = $3, seen_at = $4"
    " WHERE discord_id = $1 RETURNING id"
)
_WELCOME = (
    "INSERT INTO queue_player (discord_id, discord_name, locale, seen_at, name, room, listed)"
    " VALUES ($1, $2, $3, $4, $5, 'thread', TRUE) ON CONFLICT DO NOTHING RETURNING id"
)


class Requirement(StrEnum):
    """What a ladder wants of whoever joins, in this order."""

    SETUP = "setup"
    TERMS = "terms"
    GUIDE = "guide"


class PlayerService:
    """Players and what is kept of them."""

    def __init__(self, context: PluginContext[QueueConfig]) -> None:
        self._context = context

    async def know(self, user: disnake.User | disnake.Member, locale: object) -> int:
        """The player's id; whoever is new becomes one. Usable inside a transaction.

        What Discord knows of them is brought up to date. Their ladder name is theirs to change: a
        newcomer gets their Discord name, with a number when somebody has it already.
        """
        known = (user.id, user.name[:64], str(locale)[:16], self._context.clock.now())
        for name in _free_names(user):
            # Nothing here raises where it loses to another: that would spoil the transaction.
            rows = await fetch(_MEET, *known) or await fetch(_WELCOME, *known, name)
            if rows:
                return rows[0]["id"]
        raise RuntimeError(f"no free ladder name was found for the Discord user {user.id}")

    async def find(self, discord_id: int) -> Player | None:
        """The player who is that Discord user, if they are one."""
        return await Player.get_or_none(discord_id=discord_id)

    async def saw(self, discord_id: int) -> None:
        """Note that a player is there; written once a minute at most."""
        now = self._context.clock.now()
        await execute(
            "UPDATE queue_player SET seen_at = $1"
            " WHERE discord_id = $2 AND (seen_at IS NULL OR seen_at < $3)",
            now,
            discord_id,
            now - SEEN_EVERY,
        )

    async def present(self, player_id: int) -> bool:
        """Note that a player is there, as the first write of a transaction that counts on it: until
        it ends nobody deletes them. False when they were deleted."""
        return bool(
            await Player.filter(id=player_id, discord_id__isnull=False).update(
                seen_at=self._context.clock.now()
            )
        )

    async def missing(self, player_id: int, ladder: LadderConfig) -> list[Requirement]:
        """What the player still has to do before they can join that ladder."""
        player = await Player.get(id=player_id)
        links = {link for link in (ladder.terms_url, ladder.guide_url) if link is not None}
        if links:
            acknowledged = Acknowledgement.filter(player_id=player_id, link__in=list(links))
            links -= {row.link for row in await acknowledged}
        done = {
            Requirement.SETUP: is_set_up(player, [ladder]),
            Requirement.TERMS: ladder.terms_url not in links,
            Requirement.GUIDE: ladder.guide_url not in links,
        }
        return [requirement for requirement in Requirement if not done[requirement]]

    async def set_up(
        self, player_id: int, typed: Typed, ladders: Iterable[LadderConfig], locale: object
    ) -> Player:
        """Keep what was typed; what was left out stays as it is.

        Args:
            ladders: whose regions there are to choose from.

        Raises:
            Refused: when something that was typed cannot be kept; then nothing is.
        """
        changes = self._checked(typed, ladders, locale)
        try:
            if changes:
                await Player.filter(id=player_id, discord_id__isnull=False).update(**changes)
        except IntegrityError:
            values = {"name": str(changes["name"])}
            raise self._refused("setup.mistake.name_taken", locale, values) from None
        return await Player.get(id=player_id)

    async def acknowledge(self, player_id: int, link: str) -> None:
        """Note that the player agreed to the terms, or read the guide, behind that link."""
        await execute(
            "INSERT INTO queue_acknowledgement (player_id, link, at) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING",
            player_id,
            link,
            self._context.clock.now(),
        )

    async def set_listed(self, player_id: int, listed: bool) -> None:
        """Show the player on the leaderboard, or not."""
        await Player.filter(id=player_id).update(listed=listed)

    async def export(self, player_id: int) -> dict[str, Any]:
        """All that is kept of the player, as JSON has it. Others appear by ladder name alone."""
        return await export_player(player_id, self._context.clock.now())

    async def delete(
        self, player_id: int, locale: object, leave: Callable[[int], Awaitable[object]]
    ) -> None:
        """Forget who the player is. Their matches stay, as those of somebody without a name.

        Args:
            leave: takes a player out of every queue; joins the open transaction.

        Raises:
            Refused: while they are in a match; then nothing has changed.
        """
        async with transaction():
            await keep_bans(player_id)
            forgotten = await Player.filter(id=player_id, discord_id__isnull=False).update(
                discord_id=None,
                name=f"Deleted player {player_id}",
                discord_name="",
                dm_id=None,
                locale="en-US",
                account=None,
                country=None,
                region=None,
                room=RoomChoice.THREAD,
                listed=False,
                seen_at=None,
            )
            if not forgotten:
                return
            await leave(player_id)
            # Only now: a wave that was faster has paired them, and none can any more.
            running = await MatchParticipant.get_or_none(player_id=player_id, active=True)
            if running is not None:
                values = {"match": running.match_id}
                raise self._refused("privacy.in_match", locale, values)
            # And once more: the match they were in may have ended in between, through no fault of
            # theirs, and have sent them back.
            await leave(player_id)
            await Acknowledgement.filter(player_id=player_id).delete()
            await LastChoice.filter(player_id=player_id).delete()

    def _checked(
        self, typed: Typed, ladders: Iterable[LadderConfig], locale: object
    ) -> dict[str, Any]:
        try:
            changes: dict[str, Any] = {**checked(typed, region_names(ladders))}
        except Mistake as mistake:
            # A list is ours or the owner's, and longer than what a player may put into a sentence.
            values = {
                name: Markup(_listed(value)) if isinstance(value, tuple) else value
                for name, value in mistake.values.items()
            }
            raise self._refused(f"setup.mistake.{mistake.kind}", locale, values) from None
        if "room" in changes:
            changes["room"] = RoomChoice(changes["room"])
        return changes

    def _refused(self, key: str, locale: object, values: Mapping[str, object]) -> Refused:
        return Refused(self._context.text(key, locale, **values))


def is_set_up(player: Player, ladders: Iterable[LadderConfig]) -> bool:
    """Whether an opponent on one of `ladders` could find the player."""
    regions = region_names(ladders)
    return bool(player.account and player.country and (not regions or player.region in regions))


def region_names(ladders: Iterable[LadderConfig]) -> dict[str, str]:
    """The regions of some ladders: their names by their codes."""
    return {region.code: region.name for ladder in ladders for region in ladder.regions}


def _listed(names: tuple[str, ...]) -> str:
    """Set apart by semicolons where there are commas in the names themselves."""
    return ("; " if any("," in name for name in names) else ", ").join(names)


def _free_names(user: disnake.User | disnake.Member) -> Iterator[str]:
    """Names for a newcomer, until one of them is free."""
    name = "Player"
    for discords in (user.display_name, user.name):
        try:
            name = clean_name(discords[:32])
            break
        except Mistake:
            continue
    yield name
    for digits in (2, 3, 4, 6, 8, 9):
        yield numbered(name, secrets.randbelow(10**digits))
