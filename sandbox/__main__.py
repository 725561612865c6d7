"""Runs a sandbox alone: ``python -m sandbox --port 8080``."""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import suppress

from sandbox.client import SandboxClient
from sandbox.gateway import intents
from sandbox.server import Sandbox
from sandbox.wire import JsonObject

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted. The exit status is 0, or 1 when the port is taken."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A Discord that runs on this machine."
    )
    parser.add_argument("--port", type=int, default=0, help="where to listen (default: any free)")
    parser.add_argument("--bots", type=int, default=1, help="how many bots to make (default: 1)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead")
    parser.add_argument(
        "--privileged-intents",
        action="store_true",
        help="let the bots ask for members, presences and message content",
    )
    asked = parser.parse_args(arguments)
    try:
        asyncio.run(_run(asked.port, asked.bots, asked.json, asked.privileged_intents))
    except OSError as error:
        sys.stderr.write(f"cannot listen on port {asked.port}: {error.strerror or error}\n")
        return 1
    return 0


async def _run(port: int, bots: int, as_json: bool, privileged: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # on Windows
            signal.signal(number, lambda _number, _frame: _stop_from_handler(loop, stop))
    async with await Sandbox.start(port=port) as sandbox:
        async with SandboxClient(sandbox.url) as client:
            described = await _prepare(client, bots, privileged)
        text = json.dumps(described) if as_json else _readable(described)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        with suppress(asyncio.CancelledError):
            await stop.wait()


def _stop_from_handler(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    loop.call_soon_threadsafe(stop.set)


async def _prepare(client: SandboxClient, bots: int, privileged: bool) -> JsonObject:
    """A guild with two channels, and the bots in it."""
    guild = await client.add_guild("Sandbox")
    ladder = await client.add_channel(guild.id, "ladder")
    wanted = tuple(intents.NAMES) if privileged else ()
    made = [
        await client.add_bot(f"bot-{number}", privileged_intents=wanted)
        for number in range(1, bots + 1)
    ]
    return {
        "url": client.url,
        "api_url": client.api_url,
        "guild_id": guild.id,
        "channels": {"general": guild.general, ladder.name: ladder.id},
        "bots": [
            {"token": bot.token, "application_id": bot.application_id, "user_id": bot.user_id}
            for bot in made
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
            f"  bot        {bot['application_id']}",
            f"    token    {bot['token']}",
        ]
    return "\n".join([*lines, "Stop it with Ctrl-C."])


if __name__ == "__main__":
    sys.exit(main())
