"""``python -m sandbox``, as somebody with a bot in any language would use it."""

import asyncio
import json
import signal
import socket
import sys
from pathlib import Path

import pytest

from sandbox import SandboxClient
from tests.sandbox.conftest import Rest

REPOSITORY = Path(__file__).parents[2]


async def start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *arguments,
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_what_a_bot_needs_and_ends_cleanly(number: signal.Signals) -> None:
    process = await start("--json", "--bot", "Ann", "--bot", "Ben")
    assert process.stdout
    described = json.loads(await process.stdout.readline())
    assert [bot["name"] for bot in described["bots"]] == ["Ann", "Ben"]
    async with SandboxClient(described["url"]) as client:
        rest = Rest(described["api_url"], described["bots"][0]["token"])
        channel = described["channels"]["ladder"]
        answer = await rest("POST", f"/channels/{channel}/messages", {"content": "hello"})
        assert answer.status == 200
        ann = await client.persona("Ann")
        assert (await ann.sees("hello")).channel_id == channel
        await rest.close()
    process.send_signal(number)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


async def test_it_can_be_read_by_people() -> None:
    process = await start()
    assert process.stdout
    lines = [await process.stdout.readline() for _ in range(8)]
    text = b"".join(lines).decode()
    assert "/api/v10" in text
    assert "token" in text
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


async def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await start("--port", str(taken.getsockname()[1]))
        _, errors = await process.communicate()
    assert process.returncode == 1
    assert b"cannot listen on port" in errors
