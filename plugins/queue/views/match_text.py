"""What stands in a match's room."""

from __future__ import annotations

from disnake.utils import format_dt

from core.plugin import PluginContext
from core.text import Markup
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain import countries
from plugins.queue.domain.match import MatchState
from plugins.queue.models import Match
from plugins.queue.service.aborts import aborts_left
from plugins.queue.service.notices import result_sentence
from plugins.queue.service.reading import MatchPage, Seat
from plugins.queue.service.standings import standing

__all__ = ["MatchText"]


class MatchText:
    """The text of a match's message."""

    def __init__(self, context: PluginContext[QueueConfig]) -> None:
        self._context = context

    async def full(self, page: MatchPage, locale: str) -> str:
        """All of it, as the match stands."""
        ladder = self._context.config.ladder(page.match.ladder)
        one, other = [await self._player(seat, ladder, locale) for seat in page.seats]
        heading = self._context.text(
            "match.heading",
            locale,
            number=page.match.id,
            ladder=page.match.ladder,
            one=Markup(one),
            other=Markup(other),
        )
        place = self._place(page.match, ladder, locale) if ladder is not None else []
        return "\n".join((heading, *place, *await self._state(page, ladder, locale)))

    def result(self, page: MatchPage, locale: str) -> str:
        """Who won, and what that did to the ratings."""
        ratings = (self._rating(seat, locale) for seat in page.seats)
        return "\n".join((result_sentence(self._context, page, locale), *ratings))

    async def _player(self, seat: Seat, ladder: LadderConfig | None, locale: str) -> str:
        rank = "?"
        if ladder is not None:
            rank = (await standing(ladder, seat.player_id, seat.faction)).rank
        flag = countries.flag(seat.country) if seat.country else ""
        who = f"<@{seat.discord_id}>" if seat.discord_id is not None else ""
        return self._context.text(
            "match.player",
            locale,
            flag=Markup(flag),
            mention=Markup(who),
            name=seat.name,
            faction=Markup(ladder.faction_label(seat.faction)) if ladder else seat.faction,
            rank=rank,
            rating=seat.rating_before,
            account=seat.account or "?",
        )

    def _place(self, match: Match, ladder: LadderConfig, locale: str) -> list[str]:
        """Where it is played: map, server, channel, rules."""
        say = self._context.text
        lines: list[str] = []
        server = ladder.server(match.server)
        played = ladder.map_by_name.get(match.map or "")
        if played is not None:
            author = say("match.author", locale, author=played.author) if played.author else ""
            link = played.links.get(server.game_region) if server is not None else None
            link = link or next(iter(played.links.values()), None)
            lines.append(
                say(
                    "match.map",
                    locale,
                    map=played.name,
                    author=Markup(author),
                    link=Markup(f" · {_shown(link)}" if link else ""),
                )
            )
        if server is not None:
            lines.append(say("match.server", locale, server=server.name))
        if ladder.game_channel:
            channel = ladder.game_channel.format(number=match.id)
            lines.append(say("match.channel", locale, channel=Markup(channel)))
        if ladder.rules:
            lines.append(say("match.rules", locale, rules=Markup(ladder.rules)))
        return lines

    async def _state(self, page: MatchPage, ladder: LadderConfig | None, locale: str) -> list[str]:
        """What is to be done, or what became of it."""
        state = page.snapshot.state
        if state.is_unstarted:
            return await self._to_confirm(page, ladder, locale)
        if state is MatchState.REPORTED:
            reporter = next(s for s in page.seats if s.side in page.snapshot.reports)
            said = page.snapshot.reports[reporter.side]
            key = f"match.told.{said}"
            told = self._context.text(key, locale, who=Markup(""), name=reporter.name)
            return [told.strip()]
        lines = [self._context.text(f"match.state.{state}", locale)]
        if page.match.score is not None:
            lines.append(self.result(page, locale))
        return lines

    async def _to_confirm(
        self, page: MatchPage, ladder: LadderConfig | None, locale: str
    ) -> list[str]:
        by = page.match.confirm_by
        lines = [
            self._context.text(
                "match.state.found",
                locale,
                by=Markup(format_dt(by, "R")) if by is not None else "…",
            )
        ]
        for seat in page.seats:
            if seat.confirmed:
                lines.append(self._context.text("match.confirmed_by", locale, name=seat.name))
            elif ladder is not None:
                left = await aborts_left(ladder, seat.player_id, self._context.clock.now())
                lines.append(
                    self._context.text("match.aborts_left", locale, name=seat.name, left=left)
                )
        return lines

    def _rating(self, seat: Seat, locale: str) -> str:
        after = seat.rating_after if seat.rating_after is not None else seat.rating_before
        return self._context.text(
            "match.rating",
            locale,
            name=seat.name,
            before=seat.rating_before,
            after=after,
            change=after - seat.rating_before,
        )


def _shown(link: str) -> str:
    """Discord makes a link of https alone; a game's own scheme is there to be copied."""
    return f"<{link}>" if link.startswith("https://") else f"`{link}`"
