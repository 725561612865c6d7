"""Reactions given, joined and taken back on the page."""

from playwright.async_api import expect

from sandbox import Guild, Persona, SandboxClient
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf
from tests.browser.wire_bot import WireBot

WIDE = {"width": 1300, "height": 800}


async def test_each_pane_shows_what_is_its_own(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    sent = await bot.send(guild.general, {"content": "who plays?"})
    page = await open_page(client.url, viewport=WIDE)
    one, other = PaneOf(page), PaneOf(page, "Second pane")
    message = await one.sees("who plays?")
    here = message.get_by_role("group", name="Reactions").get_by_role("button")
    there = other.message("who plays?").get_by_role("group", name="Reactions").get_by_role("button")

    await message.hover()
    await message.get_by_role("button", name="Add reaction").click()
    await one.root.get_by_role("dialog").get_by_role("button", name="👍").click()
    await expect(here).to_have_attribute("aria-pressed", "true")
    await expect(there).to_have_attribute("aria-pressed", "false")
    await there.click()
    for shown in (here, there):
        await expect(shown).to_have_accessible_name("👍, 2 reactions")
        await expect(shown).to_have_attribute("aria-pressed", "true")
    await here.click()
    await expect(here).to_have_accessible_name("👍, 1 reaction")
    await expect(here).to_have_attribute("aria-pressed", "false")

    path = f"/channels/{guild.general}/messages/{sent['id']}/reactions"
    assert [user["id"] for user in await bot.rest("GET", f"{path}/👍")] == [bob.id]
    await bot.rest("PUT", f"{path}/🏆/@me")
    await expect(here).to_have_text(["👍1", "🏆1"])
    await there.first.click()
    await expect(there).to_have_text(["🏆1"])


async def test_by_keyboard(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    await alice.send(guild.general, "who plays?")
    page = await open_page(client.url)
    pane = PaneOf(page)
    press = page.keyboard.press
    message = await pane.sees("who plays?")
    more = message.get_by_role("button", name="More")
    dialog = pane.root.get_by_role("dialog", name="Add a reaction")

    await more.focus()
    await press("Enter")
    await expect(pane.root.get_by_role("menuitem", name="Add reaction…")).to_be_focused()
    await press("Enter")
    await expect(dialog.get_by_role("button").first).to_be_focused()
    await press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(more).to_be_focused()

    await press("Enter")
    await expect(pane.root.get_by_role("menuitem", name="Add reaction…")).to_be_focused()
    await press("Enter")
    await expect(dialog).to_be_visible()
    field = dialog.get_by_label("Another emoji")
    for _ in range(8):
        await press("Tab")
    await expect(field).to_be_focused()
    await page.keyboard.insert_text("🦊")
    await press("Enter")
    fox = message.get_by_role("button", name="🦊, 1 reaction")
    await expect(fox).to_have_attribute("aria-pressed", "true")
    await expect(more).to_be_focused()

    await press("Shift+Tab")
    await expect(fox).to_be_focused()
    await press("Enter")
    await expect(fox).to_have_count(0)
    await expect(more).to_be_focused()


async def test_what_is_refused_is_said_at_the_message(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona
) -> None:
    await alice.send(guild.general, "who plays?")
    # The browser itself reports what the sandbox refuses.
    pane = PaneOf(await open_page(client.url, tolerated="409"))
    message = await pane.sees("who plays?")

    await message.hover()
    await message.get_by_role("button", name="Add reaction").click()
    dialog = pane.root.get_by_role("dialog")
    await dialog.get_by_label("Another emoji").fill("smile")
    await dialog.get_by_role("button", name="React").click()
    await expect(message.get_by_role("alert")).to_have_text("'smile' is not an emoji")


async def test_where_nobody_can_react(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    body = {"name": "room", "type": 11}
    room = (await bot.rest("POST", f"/channels/{guild.general}/threads", body))["id"]
    await alice.react(await alice.send(room, "well played"), "🏆")
    pane = PaneOf(await open_page(client.url))
    await pane.open_channel("room")
    message = await pane.sees("well played")
    cup = message.get_by_role("button", name="🏆, 1 reaction")
    await expect(cup).to_be_enabled()

    await bot.rest("PATCH", f"/channels/{room}", {"archived": True})
    await expect(cup).to_be_disabled()
    await expect(message.get_by_role("button", name="Add reaction")).to_have_count(0)


async def test_a_reaction_elsewhere_is_no_unread_message(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona
) -> None:
    other = await client.add_channel(guild.id, "elsewhere")
    sent = await bob.send(other, "long ago")
    page = await open_page(client.url, viewport=WIDE)
    pane, second = PaneOf(page), PaneOf(page, "Second pane")
    await second.open_channel("elsewhere")
    unread = pane.root.get_by_role("button", name="elsewhere (unread)")

    await bob.react(sent, "👍")
    await expect(second.message("long ago")).to_contain_text("👍")
    await expect(unread).to_have_count(0)
    await bob.send(other, "just now")
    await expect(unread).to_be_visible()
