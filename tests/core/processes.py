"""Python functions run in a process of their own, to be killed or waited for."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[2]


@asynccontextmanager
async def child(script: str, *arguments: str) -> AsyncGenerator[Process]:
    """Run `script`, the body of a Python file, with the project importable; kill it at the end.

    It finds `arguments` in ``sys.argv[1:]``.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *arguments, stdin=PIPE, stdout=PIPE, cwd=PROJECT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: Process) -> str:
    """The next line the child prints; empty when it has ended."""
    assert process.stdout is not None
    async with asyncio.timeout(30):
        return (await process.stdout.readline()).decode().strip()


async def tell(process: Process, word: str = "go") -> None:
    """Write a line to the child."""
    assert process.stdin is not None
    process.stdin.write(f"{word}\n".encode())
    await process.stdin.drain()
