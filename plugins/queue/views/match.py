"""The view in a match's room: confirm, abort, report; one message from found to result."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from disnake import ButtonStyle, SelectOption
from disnake.utils import format_dt

from core.plugin import PluginContext
from core.text import Markup
from core.views import CloseReason, Closing, Component, DurableView, Press, Rendering, action
from plugins.queue.config import QueueConfig
from plugins.queue.domain.match import (
    Abort,
    Confirm,
    Illegal,
    MatchState,
    Report,
    Result,
    RoomLost,
)
from plugins.queue.service import MatchPage, MatchService, Seat, read_match

__all__ = ["MatchView"]

ROOM_LOST = frozenset({CloseReason.MESSAGE_DELETED, CloseReason.UNREACHABLE, CloseReason.ERROR})


class MatchView(DurableView):
    """One a match; its key is the match's number. Both players share it."""

    name = "match"

    def __init__(self, context: PluginContext[QueueConfig], matches: MatchService) -> None:
        self._context = context
        self._matches = matches

    async def render(self, key: str, locale: str) -> Rendering | None:
        page = await read_match(int(key))
        if page is None:
            return None
        state = page.snapshot.state
        return Rendering(
            "\n".join((self._heading(page, locale), *self._lines(page, locale))),
            rows=self._rows(page, key, locale),
            # Being mentioned is what brings both players into the room.
            mentions=[seat.discord_id for seat in page.seats] if state is MatchState.FOUND else [],
        )

    async def on_close(self, closing: Closing) -> Rendering | None:
        """A match whose room is gone cannot go on: it is void, and its players are free."""
        if closing.reason in ROOM_LOST:
            with suppress(Illegal):  # it may have been over already
                await self._matches.apply(int(closing.key), RoomLost())
        return await super().on_close(closing)

    @action
    async def confirm(self, press: Press) -> None:
        """Ready to play."""
        await self._matches.act(int(press.key), press.user_id, press.locale, Confirm)
        await press.refresh(self)

    @action
    async def abort(self, press: Press) -> None:
        """No match, please."""
        await self._matches.act(int(press.key), press.user_id, press.locale, Abort)
        await press.refresh(self)

    @action
    async def report(self, press: Press) -> None:
        """How it ended, as the presser says."""
        result = Result(press.values[0])
        await self._matches.act(
            int(press.key), press.user_id, press.locale, partial(Report, result=result)
        )
        await press.refresh(self)

    def _heading(self, page: MatchPage, locale: str) -> str:
        one, other = (self._player(seat, locale) for seat in page.seats)
        return self._context.text(
            "match.heading",
            locale,
            number=page.match.id,
            ladder=page.match.ladder,
            one=Markup(one),
            other=Markup(other),
        )

    def _player(self, seat: Seat, locale: str) -> str:
        return self._context.text(
            "match.player",
            locale,
            mention=Markup(f"<@{seat.discord_id}>"),
            name=seat.name,
            faction=seat.faction,
            rating=seat.rating_before,
        )

    def _lines(self, page: MatchPage, locale: str) -> list[str]:
        """What stands below the heading, by the state of the match."""
        state = page.snapshot.state
        say = partial(self._context.text, f"match.state.{state}", locale)
        match state:
            case MatchState.FOUND:
                by = page.match.confirm_by
                lines = [say(by=Markup(format_dt(by, "R")) if by is not None else "…")]
                return lines + [
                    self._context.text("match.confirmed_by", locale, name=seat.name)
                    for seat in page.seats
                    if seat.confirmed
                ]
            case MatchState.REPORTED:
                reporter = next(s for s in page.seats if s.side in page.snapshot.reports)
                return [say(name=reporter.name)]
            case MatchState.COMPLETED:
                return [self._result(page, locale), *map(partial(self._rating, locale), page.seats)]
            case _:
                return [say()]

    def _result(self, page: MatchPage, locale: str) -> str:
        one, other = page.seats
        key = {1.0: "one", 0.5: "draw", 0.0: "other"}[page.snapshot.score or 0.0]
        return self._context.text(f"match.score.{key}", locale, one=one.name, other=other.name)

    def _rating(self, locale: str, seat: Seat) -> str:
        after = seat.rating_after if seat.rating_after is not None else seat.rating_before
        return self._context.text(
            "match.rating",
            locale,
            name=seat.name,
            before=seat.rating_before,
            after=after,
            change=after - seat.rating_before,
        )

    def _rows(self, page: MatchPage, key: str, locale: str) -> list[list[Component]]:
        match page.snapshot.state:
            case MatchState.FOUND:
                confirm = self._context.text("match.button.confirm", locale)
                abort = self._context.text("match.button.abort", locale)
                return [
                    [
                        self.button("confirm", key, confirm, ButtonStyle.success),
                        self.button("abort", key, abort, ButtonStyle.danger),
                    ]
                ]
            case MatchState.RUNNING | MatchState.REPORTED:
                options = [
                    SelectOption(
                        label=self._context.text(f"match.result.{result}", locale), value=result
                    )
                    for result in Result
                ]
                placeholder = self._context.text("match.select", locale)
                return [[self.select("report", key, placeholder, options)]]
            case _:
                return []
