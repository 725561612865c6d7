"""What every deed of an admin has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.errors import Refused
from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.queue.api import PlayerFacts, QueueApi

__all__ = ["By", "Change", "Deed", "Facts", "OfPlayer", "Told"]

Facts = dict[str, Any]
"""What can be written as JSON, by the names of ``Wording``."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was, and what is then."""

    before: Facts
    after: Facts


@dataclass(frozen=True, slots=True)
class By:
    """Whoever acts, and why.

    Attributes:
        locale: in which they are answered.
    """

    admin_id: int
    reason: str
    locale: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a player is to be told.

    Attributes:
        key: of the sentence, without its ``told.``
    """

    player: PlayerFacts
    key: str
    values: dict[str, Any] = field(default_factory=dict[str, Any])


class Deed:
    """Something that an admin wants to change.

    Class attributes:
        action: its name in the audit.
        owners_only: whether it takes an owner.
    """

    action: ClassVar[str]
    owners_only: bool = False

    def __init__(self, context: PluginContext[AdminConfig], queue: QueueApi, guild_id: int) -> None:
        self.context = context
        self.queue = queue
        self.guild_id = guild_id
        self.player: PlayerFacts | None = None
        self.match_id: int | None = None
        self.user_id: int | None = None
        self.ladder: str | None = None
        self.undoes: int | None = None

    @property
    def scope(self) -> str | None:
        """Of the view that asks: it ends with what makes the question moot."""
        return None

    async def foresee(self, locale: object) -> Change:
        """What would change.

        Raises:
            Refused: when nothing would, or may.
        """
        raise NotImplementedError

    async def carry_out(self, by: By) -> Change:
        """Change it, in the open transaction, by compare-and-set with what was foreseen.

        Raises:
            Refused: when it is not as it was.
        """
        raise NotImplementedError

    def question(self, locale: object) -> str:
        """What will happen, in a sentence."""
        raise NotImplementedError

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        """Who is told what of it."""
        return ()

    def say(self, key: str, locale: object, /, **values: Any) -> str:
        """A sentence of the plugin's."""
        return self.context.text(key, locale, **values)

    def refused(self, key: str, locale: object, /, **values: Any) -> Refused:
        """A refusal, with the sentence of that key."""
        return Refused(self.context.text(f"refused.{key}", locale, **values))


class OfPlayer(Deed):
    """One that concerns a single player."""

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        guild_id: int,
        player: PlayerFacts,
    ) -> None:
        super().__init__(context, queue, guild_id)
        self.player = self.whom = player
