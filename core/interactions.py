"""Answer an interaction once, whatever happens: the one boundary for errors."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

import disnake
from loguru import logger

from core.context import acting_for
from core.errors import Refused, TooSlow
from core.tasks import contained
from core.text import Catalogue

__all__ = ["AnyInteraction", "ErrorDesk", "reply"]

AnyInteraction = disnake.Interaction[Any]

UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060


async def reply(inter: AnyInteraction, text: str) -> None:
    """Say `text` to the presser alone, as the response or, when there was one, as a follow-up."""
    if inter.response.is_done():
        await inter.followup.send(text, ephemeral=True)
    else:
        await inter.response.send_message(text, ephemeral=True)


class ErrorDesk:
    """Turns what went wrong into one plain sentence for the player and the rest for the log.

    Args:
        on_failure: told of each error that is nobody's refusal, with the plugin and where.
    """

    def __init__(
        self, catalogue: Catalogue, on_failure: Callable[[str, str, Exception], None]
    ) -> None:
        self._catalogue = catalogue
        self._on_failure = on_failure

    def failed(self, plugin: str, where: str, error: Exception) -> None:
        """Count a failure of a plugin's that nobody waits for, and that is logged."""
        self._on_failure(plugin, where, error)

    async def guard(
        self,
        inter: AnyInteraction,
        work: Coroutine[Any, Any, None],
        *,
        plugin: str | None,
        where: str,
    ) -> None:
        """Await `work` on behalf of `plugin`; what it raises reaches the player as a sentence."""
        with acting_for(plugin):
            try:
                await contained(work, where)
            except (Exception, BaseExceptionGroup) as error:
                await self.report(inter, error, plugin=plugin, where=where)

    async def answer_for(
        self,
        inter: AnyInteraction,
        error: Exception,
        own: Coroutine[Any, Any, None] | None,
        *,
        plugin: str | None,
        where: str,
    ) -> None:
        """Answer for `error` with `own`, what the author of a stock view or modal made for that:
        they know better what to say. When there is none, or it raises as well, as usual."""
        if own is None:
            await self.report(inter, error, plugin=plugin, where=where)
        else:
            await self.guard(inter, own, plugin=plugin, where=where)

    async def report(
        self, inter: AnyInteraction, error: BaseException, *, plugin: str | None, where: str
    ) -> None:
        """Answer for `error`. Never raises: there is nobody left to tell."""
        if isinstance(error, Refused):
            text = str(error)
        elif isinstance(error, TooSlow):
            logger.bind(plugin=plugin).warning("{} was too slow: {}", where, error)
            text = self._catalogue.say("core.press.too_slow", inter.locale)
        elif _nobody_waits(error):
            logger.warning("{} answered too late: {}", where, error)
            return
        else:
            reference = secrets.token_hex(3).upper()
            text = self._catalogue.say("core.press.failed", inter.locale, reference=reference)
            logger.bind(plugin=plugin, reference=reference).opt(exception=error).error(
                "{} failed, the player was given the code {}", where, reference
            )
            if plugin is not None and isinstance(error, Exception):
                self._on_failure(plugin, where, error)
        try:
            await reply(inter, text)
        except (disnake.HTTPException, disnake.InteractionException, OSError) as lost:
            logger.warning("the answer of {} did not arrive: {}", where, lost)
        except asyncio.CancelledError:
            raise
        except Exception as lost:
            logger.opt(exception=lost).error("the answer of {} could not be made", where)


def _nobody_waits(error: BaseException) -> bool:
    """Whether the interaction is over, so that nothing can be said in it any more."""
    return isinstance(error, disnake.InteractionTimedOut) or (
        isinstance(error, disnake.HTTPException)
        and error.code in (UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED)
    )
