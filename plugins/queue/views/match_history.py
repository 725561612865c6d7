"""`/match`: everything that is known of one match."""

from __future__ import annotations

import disnake
from disnake.utils import format_dt

from core.plugin import PluginContext
from core.text import Markup
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain import countries
from plugins.queue.models import MatchEvent
from plugins.queue.service.notices import result_sentence
from plugins.queue.service.reading import MatchPage, Seat
from plugins.queue.views.paging import embed_of

__all__ = ["match_history"]

EVENTS = 25
"""Shown at most, the last. An admin may decide a match any number of times."""

SAID_ELSEWHERE = frozenset({"completed", "resolved"})
"""Kinds of events of which the score is shown."""


async def match_history(
    context: PluginContext[QueueConfig], page: MatchPage, locale: str
) -> disnake.Embed:
    """A match: players, place, result, and what happened when."""
    match, ladder = page.match, context.config.ladder(page.match.ladder)
    heading = context.text("history.match.heading", locale, number=match.id, ladder=match.ladder)
    state = context.text(f"history.match.state.{page.snapshot.state}", locale)
    lines = [f"{heading} · {state}"]
    lines += [_seat(context, ladder, seat, page, locale) for seat in page.seats]
    game_map = ladder.map_by_name.get(match.map or "") if ladder is not None else None
    server = ladder.server(match.server) if ladder is not None else None
    if match.map:
        name = game_map.name if game_map is not None else match.map
        lines.append(context.text("history.match.map", locale, map=name))
    if match.server:
        name = server.name if server is not None else match.server
        lines.append(context.text("history.match.server", locale, server=name))
    if match.score is not None:
        lines += ["", result_sentence(context, page, locale)]
    events = await MatchEvent.filter(match_id=match.id).order_by("-number").limit(EVENTS)
    lines += ["", *(_event(context, event, page, locale) for event in reversed(events))]
    return embed_of(lines[0], lines[1:])


def _seat(
    context: PluginContext[QueueConfig],
    ladder: LadderConfig | None,
    seat: Seat,
    page: MatchPage,
    locale: object,
) -> str:
    rating = context.text("history.match.rating", locale, before=seat.rating_before)
    if seat.rating_after is not None:
        rating = context.text(
            "history.match.ratings",
            locale,
            before=seat.rating_before,
            after=seat.rating_after,
            change=seat.rating_after - seat.rating_before,
        )
    report = page.snapshot.reports.get(seat.side)
    said = context.text(f"history.match.said.{report}", locale) if report is not None else ""
    return context.text(
        "history.match.player",
        locale,
        flag=Markup(f"{countries.flag(seat.country)} " if seat.country else ""),
        name=seat.name,
        faction=Markup(ladder.faction_label(seat.faction)) if ladder else seat.faction,
        rating=Markup(rating),
        said=Markup(f" · {said}" if said else ""),
    )


def _event(
    context: PluginContext[QueueConfig], event: MatchEvent, page: MatchPage, locale: object
) -> str:
    by = next((s for s in page.seats if s.player_id == event.payload.get("player")), None)
    what = context.text(f"history.event.{event.kind}", locale)
    score = event.payload.get("score")
    if event.kind in SAID_ELSEWHERE and score is not None:
        key = {1.0: "one", 0.5: "draw", 0.0: "other"}[float(score)]
        one, other = page.seats
        said = context.text(f"match.score.{key}", locale, one=one.name, other=other.name)
        what = f"{what}: {said}"
    if by is not None and event.kind not in SAID_ELSEWHERE:
        what = context.text("history.match.by", locale, what=Markup(what), name=by.name)
    return f"{format_dt(event.at, 'f')} {what}"
