"""The way to Discord: address, token, clock, intents, sessions, and the core's own channels."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from disnake import Intents

from core.bot import intents
from core.clock import Clock
from core.config import Config
from core.examination import DiscordReader, Examination, Findings, Refusal

__all__ = ["connect", "missing_intents"]

SKEW_SECONDS = 5
"""Discord's header is exact to a second. Deadlines that players see are off by the rest."""

PRIVILEGED = {
    "members": ((1 << 14, 1 << 15), "Server Members Intent"),
    "presences": ((1 << 12, 1 << 13), "Presence Intent"),
    "message_content": ((1 << 18, 1 << 19), "Message Content Intent"),
}
"""Flags of an application that say that an intent is granted; few servers or many."""


@asynccontextmanager
async def connect(
    config: Config, clock: Clock, findings: Findings
) -> AsyncGenerator[DiscordReader | None]:
    """A reader that is logged in, or None when there can be none; why is among `findings`."""
    token = config.discord.token
    if token is None:
        findings.problem(
            "token",
            "there is none",
            "Put it into the environment variable DISCORD_TOKEN, or into a file .env beside"
            f" {config.path.name} as DISCORD_TOKEN=...",
        )
        yield None
        return
    async with DiscordReader(config.discord.api_url, token.get_secret_value()) as reader:
        logged_in = await _log_in(reader, config, findings)
        if logged_in:
            _examine_clock(reader, clock, findings)
            await _examine_application(reader, findings)
            await _examine_alerts(reader, config, findings)
        yield reader if logged_in else None


async def _log_in(reader: DiscordReader, config: Config, findings: Findings) -> bool:
    try:
        me = await reader.log_in()
    except Refusal as refusal:
        if refusal.status == 401:
            findings.problem(
                "token",
                "Discord does not accept it",
                "In the developer portal (Bot, Reset Token) get a new one, and set DISCORD_TOKEN.",
            )
        else:
            findings.problem(
                "discord", f"it answers {refusal}", "Is [discord] api_url right? Else try later."
            )
        return False
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        findings.problem(
            "discord",
            f"{config.discord.api_url} cannot be reached ({type(error).__name__})",
            "See to the network of this machine, and to [discord] api_url.",
        )
        return False
    findings.ok("token", f"it is {me['username']}'s")
    return True


def _examine_clock(reader: DiscordReader, clock: Clock, findings: Findings) -> None:
    if reader.told_time is None:
        return
    skew = (clock.now() - reader.told_time).total_seconds()
    if abs(skew) > SKEW_SECONDS:
        findings.problem(
            "clock",
            f"this machine's is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} Discord's",
            "Have it set from the network (on Linux: `timedatectl set-ntp true`).",
        )
    else:
        findings.ok("clock", "it agrees with Discord's")


async def _examine_application(reader: DiscordReader, findings: Findings) -> None:
    try:
        application: dict[str, Any] = await reader.get("/applications/@me")
        gateway: dict[str, Any] = await reader.get("/gateway/bot")
    except Refusal as refusal:
        findings.warning("discord", f"it does not describe the bot ({refusal})", "Try again later.")
        return
    missing = missing_intents(intents(), int(application.get("flags", 0)))
    if missing:
        findings.problem(
            "intents",
            f"the bot needs {', '.join(missing)}",
            "In the developer portal, under Bot, turn on what is named.",
        )
    else:
        findings.ok("intents", "all that the bot needs are granted")
    limit = gateway.get("session_start_limit", {})
    if limit.get("remaining", 1) == 0:
        hours = limit.get("reset_after", 0) / 3_600_000
        findings.problem(
            "sessions",
            f"Discord lets the bot connect no more for {hours:.1f} h: it was started too often",
            "Wait, and look in the log for what makes it start again and again.",
        )


def missing_intents(needed: Intents, flags: int) -> list[str]:
    """The privileged intents that are needed and not granted, as the developer portal calls
    them."""
    return [
        title
        for name, (granted, title) in PRIVILEGED.items()
        if getattr(needed, name) and not any(flags & bit for bit in granted)
    ]


async def _examine_alerts(reader: DiscordReader, config: Config, findings: Findings) -> None:
    channel_id = config.discord.alerts_channel_id
    if channel_id is None:
        findings.warning(
            "alerts",
            "there is no channel in which you are told of plugins that fail",
            "Set [discord] alerts_channel_id.",
        )
        return
    core = Examination("alerts", None, findings, reader)
    await core.channel("[discord] alerts_channel_id", channel_id, "send_messages")
