"""A real Chromium on the page of a sandbox, with a bot that answers as each test says."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    async_playwright,
    expect,
)

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from tests.browser.wire_bot import WireBot

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SLOW_MACHINE_MS = 20_000
SLOW_MACHINE_S = 180

Open = Callable[..., Awaitable[Page]]

expect.set_options(timeout=SLOW_MACHINE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They take seconds each, and need a browser."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.full)
            item.add_marker(pytest.mark.timeout(SLOW_MACHINE_S))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Skips the test where there is no Chromium; `.ci/run` installs Debian's."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("there is no Chromium here; on Debian: apt-get install chromium")
    async with async_playwright() as playwright:
        # Chromium's own sandbox cannot be had by root, nor in most containers.
        started = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        await started.close()


@pytest.fixture
async def open_page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Open]:
    """Opens an address in a window of its own, or with ``context`` in a further tab. All are
    closed before the sandbox, lest they complain of its end.

    Fails the test when a page's script raises, or the browser says that something went wrong, such
    as a breach of the policy. What is ``tolerated`` is part of an error that the test provokes.
    """
    problems: list[str] = []
    contexts: list[BrowserContext] = []

    async def opened(
        url: str,
        *,
        context: BrowserContext | None = None,
        tolerated: str | None = None,
        **options: Any,
    ) -> Page:
        if context is None:
            context = await browser.new_context(**options)
            context.set_default_timeout(SLOW_MACHINE_MS)
            contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(f"raised: {error}"))

        def heard(line: ConsoleMessage) -> None:
            if line.type == "error" and not (tolerated and tolerated in line.text):
                problems.append(line.text)

        page.on("console", heard)
        await page.goto(url)
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert problems == []


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with await Sandbox.start() as started:
        yield started
    assert started.failures == []


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox.url) as opened:
        yield opened


@pytest.fixture
async def guild(client: SandboxClient) -> Guild:
    return await client.add_guild("Ladder")


@pytest.fixture
async def account(client: SandboxClient, guild: Guild) -> Bot:
    return await client.add_bot("Robot")


@pytest.fixture
async def bot(sandbox: Sandbox, account: Bot) -> AsyncIterator[WireBot]:
    async with WireBot(sandbox, account) as logged_in:
        yield logged_in


@pytest.fixture
async def alice(client: SandboxClient, guild: Guild) -> Persona:
    return await client.persona("Alice")


@pytest.fixture
async def bob(client: SandboxClient, guild: Guild) -> Persona:
    return await client.persona("Bob")
