"""Runs a sandbox alone: ``python -m sandbox --port 8080``."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from sandbox.client import SandboxClient
from sandbox.gateway import intents
from sandbox.limits import PROFILES
from sandbox.server import Sandbox
from sandbox.wire import JsonObject

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted. The exit status is 0, or 1 when the port is taken."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A Discord that runs on this machine."
    )
    parser.add_argument("--port", type=int, default=0, help="where to listen (default: any free)")
    parser.add_argument(
        "--bot",
        action="append",
        metavar="NAME",
        help='a bot to make; may be given several times (default: one called "Bot")',
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead")
    parser.add_argument(
        "--privileged-intents",
        action="store_true",
        help="let the bots ask for members, presences and message content",
    )
    parser.add_argument(
        "--limits",
        choices=PROFILES,
        default="generous",
        help='"discord": rate limits as strict as there (default: generous)',
    )
    asked = parser.parse_args(arguments)
    try:
        asyncio.run(_run(asked))
    except OSError as error:
        sys.stderr.write(f"cannot listen on port {asked.port}: {error.strerror or error}\n")
        return 1
    return 0


async def _run(asked: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # on Windows
            signal.signal(number, lambda _number, _frame: _stop_from_handler(loop, stop))
    async with await Sandbox.start(port=asked.port) as sandbox:
        sandbox.set_limits(profile=asked.limits)
        async with SandboxClient(sandbox.url) as client:
            described = await _prepare(client, asked.bot or ["Bot"], asked.privileged_intents)
        text = json.dumps(described) if asked.json else _readable(described)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        with suppress(asyncio.CancelledError):
            await stop.wait()


def _stop_from_handler(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    loop.call_soon_threadsafe(stop.set)


async def _prepare(client: SandboxClient, bots: Sequence[str], privileged: bool) -> JsonObject:
    """A guild with two channels, and the bots in it."""
    guild = await client.add_guild("Sandbox")
    ladder = await client.add_channel(guild.id, "ladder")
    wanted = tuple(intents.NAMES) if privileged else ()
    made = [await client.add_bot(name, privileged_intents=wanted) for name in bots]
    return {
        "url": client.url,
        "api_url": client.api_url,
        "guild_id": guild.id,
        "channels": {"general": guild.general, ladder.name: ladder.id},
        "bots": [
            {
                "name": name,
                "token": bot.token,
                "application_id": bot.application_id,
                "user_id": bot.user_id,
            }
            for name, bot in zip(bots, made, strict=True)
        ],
    }


def _readable(described: JsonObject) -> str:
    lines = [
        "A Discord is running on this machine.",
        f"  API        {described['api_url']}",
        f"  control    {described['url']}/sandbox",
        f"  guild      {described['guild_id']}",
        *(f"  channel    {channel}  #{name}" for name, channel in described["channels"].items()),
    ]
    for bot in described["bots"]:
        lines += [
            f"  bot        {bot['application_id']}  {bot['name']}",
            f"    token    {bot['token']}",
        ]
    return "\n".join([*lines, "Stop it with Ctrl-C."])


if __name__ == "__main__":
    sys.exit(main())
