"""What faults do to one request."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

from sandbox.clock import Clock
from sandbox.errors import DiscordError
from sandbox.faults import Fault, Outcome

__all__ = ["Unanswered", "carry_out_with_faults", "hold", "reset"]

LOOK_S = 0.5
"""How often a request that is never answered looks whether its client is still there."""
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Unanswered(Exception):
    """The client gets no answer."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.do)
        self.fault = fault


async def carry_out_with_faults(
    outcome: Outcome, clock: Clock, carry_out: Callable[[], tuple[int, object]]
) -> tuple[int, object]:
    """Status and body. Raises Unanswered when there are none."""
    decided = outcome.answer is not None or outcome.fault is not None
    if outcome.delay and not outcome.effect:
        await clock.sleep(outcome.delay)
    result: tuple[int, object] = (204, None)
    if outcome.effect or not decided:
        try:
            result = carry_out()
        except DiscordError as refusal:  # which the fault replaces too, or lets wait
            result = (refusal.status, refusal.json())
    if outcome.delay and outcome.effect:
        await clock.sleep(outcome.delay)
    if outcome.answer is not None:
        return outcome.answer
    if outcome.fault is not None:
        raise Unanswered(outcome.fault)
    return result


async def hold(request: web.BaseRequest, fault: Fault) -> None:
    """Until the client has given up or the fault is removed."""
    while request.transport is not None and not request.transport.is_closing():
        with suppress(TimeoutError):
            await asyncio.wait_for(fault.removed.wait(), LOOK_S)
            return


def reset(request: web.BaseRequest) -> None:
    """Break the connection as if the machine had gone: the client reads a reset, not an end."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    transport.abort()
