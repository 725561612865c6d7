"""A conflict in the admins' channel: what both sides say, and a press to each outcome."""

from __future__ import annotations

from disnake import ButtonStyle

from core.errors import Refused
from core.plugin import PluginContext
from core.text import Markup
from core.views import Component, DurableView, Press, Rendering, action
from plugins.admin.config import AdminConfig
from plugins.admin.models import AuditEntry
from plugins.admin.service.deeds import OUTCOMES, Decide
from plugins.admin.service.wording import Wording
from plugins.admin.views.confirmation import Asking
from plugins.queue.api import MatchPage, MatchState, QueueApi, Seat, read_match

__all__ = ["CaseView"]

LONGEST_LABEL_NAME = 60


class CaseView(DurableView):
    """One a match whose players disagree; its key is the match's number."""

    name = "case"

    asking: Asking
    """Set once it is made: the deeds need the scope of the cases."""

    def __init__(
        self, context: PluginContext[AdminConfig], queue: QueueApi, wording: Wording
    ) -> None:
        self._context = context
        self._queue = queue
        self._wording = wording

    async def render(self, key: str, locale: str) -> Rendering | None:
        page = await read_match(int(key))
        if page is None:
            return None
        say = self._context.text
        match, (one, other) = page.match, page.seats
        lines = [
            say("case.heading", locale, match=match.id, ladder=match.ladder),
            self._side("a", one, page, locale),
            self._side("b", other, page, locale),
        ]
        if match.map:
            lines.append(say("case.map", locale, map=match.map))
        if match.room_id is not None:
            room = f"<#{match.room_id}>"
            link = f"https://discord.com/channels/{match.guild_id}/{match.room_id}"
            lines.append(say("case.room", locale, room=Markup(room), link=Markup(link)))
        lines.append(say("case.more", locale, match=match.id))
        if page.snapshot.state is not MatchState.CONFLICT:
            lines += ["", await self._decided(page, locale)]
            return Rendering("\n".join(lines))
        return Rendering("\n".join(lines), rows=[self._buttons(key, page, locale)])

    @action
    async def a(self, press: Press) -> None:
        """Player A has won."""
        await self._decide(press, "a")

    @action
    async def b(self, press: Press) -> None:
        """Player B has won."""
        await self._decide(press, "b")

    @action
    async def draw(self, press: Press) -> None:
        """Neither has."""
        await self._decide(press, "draw")

    @action
    async def void(self, press: Press) -> None:
        """It counts for nothing."""
        await self._decide(press, "void")

    async def _decide(self, press: Press, outcome: str) -> None:
        page = await read_match(int(press.key))
        if page is None:
            raise Refused(self._context.text("refused.no_match", press.locale, match=press.key))
        await self.asking.rights.require(press.interaction, page.match.guild_id)
        if page.snapshot.state is not MatchState.CONFLICT:
            await press.refresh(self)
            state = self._context.text(f"state.{page.snapshot.state}", press.locale)
            raise Refused(
                self._context.text(
                    "refused.match_changed", press.locale, match=page.match.id, state=state
                )
            )
        deed = Decide(self._context, self._queue, page, OUTCOMES[outcome])
        await self.asking.ask(press.interaction, deed)

    def _side(self, letter: str, seat: Seat, page: MatchPage, locale: str) -> str:
        report = page.snapshot.reports.get(seat.side)
        ladder = self._queue.ladder(page.match.ladder)
        faction = ladder.faction_label(seat.faction) if ladder is not None else seat.faction
        return self._context.text(
            "case.side",
            locale,
            letter=letter.upper(),
            mention=Markup(f"<@{seat.discord_id}> " if seat.discord_id is not None else ""),
            name=seat.name,
            faction=Markup(faction),
            said=self._context.text(f"case.said.{report or 'nothing'}", locale),
        )

    async def _decided(self, page: MatchPage, locale: str) -> str:
        entry = await AuditEntry.filter(match_id=page.match.id).order_by("-id").first()
        state = self._context.text(f"state.{page.snapshot.state}", locale)
        if entry is None:
            return self._context.text("case.over", locale, state=state)
        return await self._wording.entry(entry, locale)

    def _buttons(self, key: str, page: MatchPage, locale: str) -> list[Component]:
        def label(button: str, name: str = "") -> str:
            # The label of a button is no markup: nothing in it is escaped.
            shown = Markup(name[:LONGEST_LABEL_NAME])
            return self._context.text(f"case.button.{button}", locale, name=shown)

        one, other = page.seats
        return [
            self.button("a", key, label("won", one.name), ButtonStyle.primary),
            self.button("b", key, label("won", other.name), ButtonStyle.primary),
            self.button("draw", key, label("draw")),
            self.button("void", key, label("void")),
        ]
