"""Join the queue, wait in it, leave it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from disnake.utils import escape_markdown, escape_mentions, format_dt
from tortoise.exceptions import IntegrityError

from core.db import execute, fetch, transaction
from core.errors import Refused
from core.models import ViewRecord
from core.plugin import PluginContext
from core.text import Markup
from core.views import DurableView
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.models import (
    LastChoice,
    MatchParticipant,
    MemberFaction,
    QueueEntry,
    QueueMember,
)
from plugins.queue.service.bans import ban_of
from plugins.queue.service.board import Boards
from plugins.queue.service.players import PlayerService

__all__ = ["Choices", "Joiner", "QueueService", "entry_scope"]


@dataclass(frozen=True, slots=True)
class Joiner:
    """Whoever wants to play, and where they are.

    Attributes:
        sees_rooms: whether a mention in a room is sure to bring them in.
    """

    player_id: int
    discord_id: int
    locale: str
    channel_id: int
    sees_rooms: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody would play, by the codes of factions, and not, by the short names of maps."""

    factions: Sequence[str]
    vetoes: Sequence[str] = ()


def entry_scope(entry_id: int) -> str:
    """The scope of the views of one wait in the queue."""
    return f"queue:entry:{entry_id}"


class QueueService:
    """Queue entries and their states.

    Args:
        boards: told of each ladder whose queue has changed.
    """

    def __init__(
        self, context: PluginContext[QueueConfig], players: PlayerService, boards: Boards
    ) -> None:
        self._context = context
        self._players = players
        self._boards = boards

    async def join(
        self, joiner: Joiner, ladder: LadderConfig, choices: Choices, searching: DurableView
    ) -> ViewRecord:
        """Enter the queue, and open the view that shows it.

        Raises:
            Refused: when the player waits already, is in a match, or chose what the ladder has not.
        """
        self._check(joiner, ladder, choices)
        try:
            async with transaction():
                if not await self._players.present(joiner.player_id):
                    raise self._refused("unknown", joiner)
                entry = await QueueEntry.create(
                    ladder=ladder.name,
                    guild_id=ladder.guild_id,
                    joined_at=self._context.clock.now(),
                )
                # The index over active members decides when two of these run at once.
                member = await QueueMember.create(
                    entry_id=entry.id,
                    ladder=ladder.name,
                    player_id=joiner.player_id,
                    vetoes=list(choices.vetoes),
                    sees_rooms=joiner.sees_rooms,
                )
                await MemberFaction.bulk_create(
                    MemberFaction(member_id=member.id, faction=code) for code in choices.factions
                )
                await self._remember(joiner.player_id, ladder, choices)
                await self.require_free(joiner, ladder)
                record = await self._open(entry.id, ladder, joiner, searching)
                await self._boards.note_change(ladder.name)
                return record
        except IntegrityError:
            raise self._refused("already_waiting", joiner) from None

    async def require_free(self, joiner: Joiner, ladder: LadderConfig) -> None:
        """Raises Refused while the player is banned, or in a match."""
        ban = await ban_of(
            joiner.player_id,
            ladder.guild_id,
            self._context.clock.now(),
            discord_id=joiner.discord_id,
        )
        if ban is not None:
            for_ever = ban.until is None
            until = Markup(format_dt(ban.until, "f")) if ban.until is not None else ""
            why = "banned_for_ever" if for_ever else "banned"
            # All of it: whoever is banned is owed the whole reason.
            reason = Markup(escape_mentions(escape_markdown(ban.reason)))
            raise self._refused(why, joiner, until=until, reason=reason)
        seat = await MatchParticipant.get_or_none(player_id=joiner.player_id, active=True)
        if seat is not None:
            raise self._refused("in_match", joiner, match=seat.match_id)

    async def show_again(
        self, joiner: Joiner, ladder: LadderConfig, searching: DurableView
    ) -> ViewRecord | None:
        """Open the view of a wait anew, in place of the one before; None when they do not wait."""
        member = await QueueMember.get_or_none(
            ladder=ladder.name, player_id=joiner.player_id, active=True
        )
        if member is None:
            return None
        return await self._open(member.entry_id, ladder, joiner, searching)

    async def last_choices(self, player_id: int, ladder: LadderConfig) -> Choices:
        """What the player chose the last time, as far as the ladder still has it."""
        last = await LastChoice.get_or_none(player_id=player_id, ladder=ladder.name)
        if last is None:
            return Choices(())
        vetoes = [name for name in last.vetoes if name in ladder.map_by_name]
        return Choices(
            [code for code in last.factions if code in ladder.faction_by_code],
            vetoes[: ladder.vetoes],
        )

    async def leave(self, discord_id: int, locale: str) -> None:
        """Leave every queue the player waits in.

        Raises:
            Refused: when they wait in none.
        """
        player = await self._players.find(discord_id)
        if player is None or not await self.leave_all(player.id):
            raise Refused(self._context.text("queue.not_waiting", locale))

    async def leave_all(self, player_id: int) -> int:
        """Leave every queue the player waits in. Returns how many those were."""
        members = await QueueMember.filter(player_id=player_id, active=True)
        return sum([await self.end_wait(member.entry_id) for member in members])

    async def end_wait(self, entry_id: int) -> bool:
        """Take an entry out of the queue. False when it waits no more: it was paired, or left."""
        async with transaction():
            return bool(await self.withdraw("id = $1", entry_id))

    async def may_be_paired(self, entry_id: int, ladder: LadderConfig) -> bool:
        """Whether everybody in the entry has chosen a faction that is still played."""
        chosen: dict[int, bool] = {}
        for row in await fetch(
            "SELECT m.id, f.faction FROM queue_member m"
            " LEFT JOIN queue_member_faction f ON f.member_id = m.id WHERE m.entry_id = $1",
            entry_id,
        ):
            played = row["faction"] in ladder.faction_by_code
            chosen[row["id"]] = chosen.get(row["id"], False) or played
        return all(chosen.values())

    async def withdraw(self, where: str, *values: object, also: Iterable[str] = ()) -> int:
        """End the waiting entries that the condition selects, in the open transaction. Returns how
        many those were.

        Args:
            where: SQL over `queue_entry`, its values as ``$1``, ``$2``, ...; never from outside.
            also: further ladders that the transaction changes.
        """
        rows = await fetch(
            "UPDATE queue_entry SET state = 'ended'"  # noqa: S608  the condition is ours
            f" WHERE state = 'waiting' AND ({where}) RETURNING id, ladder",
            *values,
        )
        for row in rows:
            await QueueMember.filter(entry_id=row["id"]).update(active=False)
            await self._context.views.owe_scope_end(entry_scope(row["id"]))
        # In one order everywhere, so that no two transactions wait for one another.
        for ladder in sorted({*also, *(str(row["ladder"]) for row in rows)}):
            await self._boards.note_change(ladder)
        return len(rows)

    async def _open(
        self, entry_id: int, ladder: LadderConfig, joiner: Joiner, searching: DurableView
    ) -> ViewRecord:
        return await self._context.views.open(
            searching,
            str(entry_id),
            scope=entry_scope(entry_id),
            user_id=joiner.discord_id,
            guild_id=ladder.guild_id,
            channel_id=joiner.channel_id,
            ephemeral=True,
            locale=joiner.locale,
        )

    async def _remember(self, player_id: int, ladder: LadderConfig, choices: Choices) -> None:
        await execute(
            "DELETE FROM queue_last_choice WHERE ladder = $1 AND player_id = $2",
            ladder.name,
            player_id,
        )
        await LastChoice.create(
            ladder=ladder.name,
            player_id=player_id,
            factions=list(choices.factions),
            vetoes=list(choices.vetoes),
        )

    def _check(self, joiner: Joiner, ladder: LadderConfig, choices: Choices) -> None:
        """What a menu offered may have left config.toml meanwhile."""
        if not choices.factions:
            raise self._refused("no_faction_chosen", joiner)
        if not ladder.faction_by_code.keys() >= set(choices.factions):
            raise self._refused("factions_changed", joiner)
        if not ladder.map_by_name.keys() >= set(choices.vetoes):
            raise self._refused("maps_changed", joiner)
        if len(choices.vetoes) > ladder.vetoes:
            raise self._refused("too_many_vetoes", joiner, most=ladder.vetoes)

    def _refused(self, why: str, joiner: Joiner, **values: object) -> Refused:
        return Refused(self._context.text(f"queue.{why}", joiner.locale, **values))
