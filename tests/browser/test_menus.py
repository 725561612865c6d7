"""Commands in the context menus of messages and of people."""

import re

from playwright.async_api import Page, expect

from sandbox import Guild, Persona, SandboxClient
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf
from tests.browser.wire_bot import EPHEMERAL, MESSAGE, WireBot

PHONE = {"width": 400, "height": 800}
REPORT = {"name": "Report", "type": 3}
QUOTE = {"name": "Quote", "type": 3}
PROFILE = {"name": "Show profile", "type": 2}


async def focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.firstChild.textContent"))


async def test_a_message_command(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await bot.commands(REPORT, QUOTE, PROFILE)
    bot.answers["Report"] = lambda _: {"type": MESSAGE, "data": {"content": "reported"}}
    sent = await bob.send(guild.general, "rude words")
    pane = PaneOf(await open_page(client.url))
    message = await pane.sees("rude words")

    await message.hover()
    await message.get_by_role("button", name="More").click()
    menu = pane.root.get_by_role("menu", name="Message")
    apps = menu.get_by_role("group", name="Apps").get_by_role("menuitem")
    await expect(apps).to_have_text(["QuoteRobot", "ReportRobot"])
    await menu.get_by_role("menuitem", name="Report").click()

    await pane.sees("reported")
    await expect(menu).to_have_count(0)
    (got,) = bot.got
    data = got["data"]
    assert (data["type"], data["name"], data["target_id"]) == (3, "Report", sent.id)
    assert data["resolved"]["messages"][sent.id]["content"] == "rude words"
    assert got["member"]["user"]["id"] == alice.id


async def test_a_user_command_and_a_mention(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await bot.commands(REPORT, PROFILE)
    bot.answers["Show profile"] = lambda inter: {
        "type": MESSAGE,
        "data": {"content": f"rated {inter['data']['target_id']}", "flags": EPHEMERAL},
    }
    await bob.send(guild.general, "here I am")
    pane = PaneOf(await open_page(client.url))
    message = await pane.sees("here I am")
    menu = pane.root.get_by_role("menu", name="Bob")

    await message.get_by_role("button", name="Bob").click()
    await expect(menu.get_by_role("menuitem", name="Report")).to_have_count(0)
    await menu.get_by_role("menuitem", name="Show profile").click()
    await pane.sees(f"rated {bob.id}")
    data = bot.got[0]["data"]
    assert (data["type"], data["target_id"]) == (2, bob.id)
    assert data["resolved"]["users"][bob.id]["global_name"] == "Bob"
    assert bob.id in data["resolved"]["members"]

    await message.locator(".avatar").click()
    await menu.get_by_role("menuitem", name="Mention").click()
    await expect(pane.composer).to_be_focused()
    await pane.page.keyboard.type("come")
    await pane.page.keyboard.press("Enter")
    await expect(await pane.sees("come")).to_contain_text("@Bob come")


async def test_by_keyboard(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await bot.commands(REPORT, QUOTE)
    bot.answers["Report"] = lambda _: {"type": MESSAGE, "data": {"content": "reported"}}
    await bob.send(guild.general, "rude words")
    page = await open_page(client.url)
    pane = PaneOf(page)
    press = page.keyboard.press
    message = await pane.sees("rude words")
    more = message.get_by_role("button", name="More")
    menu = pane.root.get_by_role("menu", name="Message")

    await message.get_by_role("button", name="Bob").focus()
    await press("Tab")
    await expect(more).to_be_focused()
    await expect(message.locator(".tools")).to_have_css("opacity", "1")
    await press("Enter")
    await expect(menu).to_be_visible()
    seen = [await focused(page)]
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Home", "End", "q"):
        await press(key)
        seen.append(await focused(page))
    add = "Add reaction…"
    assert seen == [add, "Quote", "Report", add, "Report", add, "Report", "Quote"]
    await press("Escape")
    await expect(menu).to_have_count(0)
    await expect(more).to_be_focused()

    # What changes meanwhile does not close it, and the focus finds its way back.
    await press("Space")
    await expect(menu).to_be_visible()
    await bob.react((await bob.sees("rude words")).id, "👍")
    await expect(message.get_by_role("button", name="👍, 1 reaction")).to_be_visible()
    await press("End")
    await press("Enter")
    await pane.sees("reported")
    await expect(more).to_be_focused()
    await press("Enter")
    await expect(menu).to_be_visible()
    await press("Tab")
    await expect(menu).to_have_count(0)
    await expect(more).not_to_be_focused()


async def test_opening_and_closing_by_mouse(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await bot.commands(REPORT, PROFILE)
    await bob.send(guild.general, "rude words")
    pane = PaneOf(await open_page(client.url))
    message = await pane.sees("rude words")

    menu = pane.root.get_by_role("menu", name="Message")
    await message.get_by_text("rude words").hover()
    await pane.page.mouse.down(button="right")
    await expect(menu).to_be_visible()
    await pane.page.mouse.up(button="right")
    await expect(menu).to_be_visible()
    await pane.page.keyboard.press("Escape")
    await message.get_by_role("button", name="Bob").click(button="right")
    await expect(pane.root.get_by_role("menuitem")).to_have_count(2)
    await pane.page.keyboard.press("Escape")

    # A second click on what opened it closes it.
    more = message.get_by_role("button", name="More")
    await message.hover()
    for shown in (1, 0, 1):
        await more.click()
        await expect(pane.root.get_by_role("menu")).to_have_count(shown)
    # A click beside it closes it, and the focus goes where the click was.
    await pane.composer.click()
    await expect(pane.root.get_by_role("menu")).to_have_count(0)
    await expect(pane.composer).to_be_focused()


async def test_without_commands_and_without_an_answer(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await bot.commands(REPORT)
    await bob.send(guild.general, "rude words")
    pane = PaneOf(await open_page(client.url))
    message = await pane.sees("rude words")

    await message.get_by_role("button", name="Bob").click()
    none = pane.root.get_by_role("menuitem", name="No bot here has a command for people")
    await expect(none).to_be_disabled()
    await pane.page.keyboard.press("Escape")
    await message.hover()
    await message.get_by_role("button", name="More").click()
    await pane.root.get_by_role("menuitem", name="Report").click()
    await expect(message.get_by_role("alert")).to_have_text("The application did not respond.")


async def test_at_the_width_of_a_phone(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await bot.commands(*({"name": f"A long name of a command, {n}", "type": 3} for n in range(5)))
    await bob.send(guild.general, "first")
    await bob.send(guild.general, "second")
    page = await open_page(client.url, viewport=PHONE, has_touch=True, is_mobile=True)
    pane = PaneOf(page)
    message = await pane.sees("second")

    # Nothing can be hovered over: it shows all the time.
    more = message.get_by_role("button", name="More")
    await expect(message.locator(".tools")).to_have_css("opacity", "1")
    await more.tap()
    menu = pane.root.get_by_role("menu", name="Message")
    await expect(menu.get_by_role("menuitem")).to_have_count(6)
    for panel in (menu, pane.root.get_by_role("dialog", name="Add a reaction")):
        box = await panel.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= PHONE["height"]
        if panel is menu:
            await menu.get_by_role("menuitem", name=re.compile("Add reaction")).tap()
