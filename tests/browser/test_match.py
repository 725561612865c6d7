"""A match played by hand, both sides in two panes of one page, from `/setup` to the new rating."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from ladderkeeper.testing import Stage
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf

SLOW_WAVES = {"wave_seconds": 60, "room_close_seconds": 0}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with Stage.set_up(tmp_path, url, sections={"queue": SLOW_WAVES}) as stage:
        yield stage


async def set_up_by_modal(pane: PaneOf) -> None:
    await pane.command("setup")
    await pane.modal.get_by_label("Name in the game").fill("Alice#1")
    await pane.modal.get_by_label("Country").fill("Germany")
    await pane.choose("Choose the nearest", "Europe, west", within=pane.modal)
    await pane.modal.get_by_role("button", name="Submit").click()
    await pane.sees("In the game: Alice#1")


async def set_up_by_options(pane: PaneOf) -> None:
    options = await pane.begin("setup")
    await options.get_by_role("button", name="+ account").click()
    await options.get_by_label("account", exact=True).fill("Bob#1")
    for name, typed, chosen in (("country", "Fra", "France"), ("region", "", "Europe, west")):
        await options.get_by_role("button", name=f"+ {name}").click()
        await options.get_by_label(name, exact=True).press_sequentially(typed)
        await options.get_by_role("option", name=chosen).click()
    await pane.root.get_by_role("button", name="Send").click()
    await pane.sees("In the game: Bob#1")


async def join(pane: PaneOf, faction: str) -> None:
    await pane.command("queue join")
    await pane.choose("Factions", faction)
    await pane.press("Join")
    await pane.sees("Searching for an opponent")


async def report(pane: PaneOf, result: str) -> None:
    await pane.choose("How did it end?", result)
    asked = await pane.sees("Is that right?")
    await expect(asked).to_contain_text("Only you can see this")
    await asked.get_by_role("button", name="Confirm").click()


async def test_a_match_in_two_panes(stage: Stage, open_page: Open) -> None:
    for name in ("Alice", "Bob"):
        await stage.persona(name)
    page = await open_page(stage.sandbox.url, viewport={"width": 1500, "height": 900})
    alice, bob = PaneOf(page, "First pane"), PaneOf(page, "Second pane")

    await set_up_by_modal(alice)
    await set_up_by_options(bob)
    await join(alice, "BW Terran")
    await join(bob, "SC2 Zerg")
    await stage.advance(60)
    for pane in (alice, bob):
        await pane.open_channel("Match 1")
        await pane.sees("Both of you: confirm")
        await pane.press("Confirm")
    for pane in (alice, bob):
        await pane.sees("The match is on")
    await report(alice, "I won")
    await bob.sees("Alice reports to have won")
    await report(bob, "I lost")

    for pane in (alice, bob):
        await pane.sees("1500 → 1520")
        await expect(pane.bodies.get_by_role("button", disabled=False)).to_have_count(0)
    log = page.get_by_role("complementary", name="Log")
    await log.get_by_label("Filter the log").fill("callback")
    await log.locator("summary", has_text="/callback").last.click()
    await expect(log.get_by_role("heading", name="Response")).to_be_visible()
