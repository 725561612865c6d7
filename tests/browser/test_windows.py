"""A narrow window, several tabs, a reload, and a sandbox that goes away."""

from playwright.async_api import expect

from sandbox import Guild, Persona, Sandbox, SandboxClient
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf
from tests.browser.wire_bot import WireBot

PHONE = {"width": 400, "height": 800}


async def test_at_the_width_of_a_phone(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await client.add_channel(guild.id, "elsewhere")
    long = "x" * 300
    buttons = [
        {"type": 2, "style": 1, "label": f"A longer label {n}", "custom_id": str(n)}
        for n in range(5)
    ]
    fields = [{"name": "Field", "value": "value", "inline": True}] * 3
    await bot.send(
        guild.general,
        {
            "content": f"{long}\n```\n{long}\n```",
            "embeds": [{"title": long[:250], "fields": fields}],
            "components": [{"type": 1, "components": buttons}],
        },
    )
    page = await open_page(client.url, viewport=PHONE)
    await page.get_by_role("button", name="Two panes").click()
    await page.get_by_role("button", name="Log").click()
    one, other = PaneOf(page), PaneOf(page, "Second pane")
    await expect(one.messages.last).to_be_visible()

    wide = await page.evaluate(
        "[...document.querySelectorAll('html, .pane, .messages, .log')]"
        ".filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className)"
    )
    assert wide == []
    first, second = await one.root.bounding_box(), await other.root.bounding_box()
    assert first is not None
    assert second is not None
    assert second["y"] >= first["y"] + first["height"]

    await expect(one.root.get_by_role("navigation")).to_be_hidden()
    await one.root.get_by_role("button", name="Channels").click()
    await one.open_channel("elsewhere")
    await expect(one.root.get_by_role("navigation")).to_be_hidden()
    await expect(one.root.get_by_role("heading", name="# elsewhere")).to_be_visible()
    await one.write("short")
    await one.sees("short")


async def test_two_tabs_and_a_reload(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await bot.commands({"name": "ask", "description": "Asks"})
    field = {"type": 4, "custom_id": "why", "style": 1, "label": "Why?"}
    bot.answers["ask"] = lambda _: {
        "type": 9,
        "data": {
            "custom_id": "form",
            "title": "Reasons",
            "components": [{"type": 1, "components": [field]}],
        },
    }
    bot.answers["form"] = lambda _: {"type": 4, "data": {"content": "thanks", "flags": 64}}
    await client.add_channel(guild.id, "elsewhere")
    first = await open_page(client.url)
    second = await open_page(client.url, context=first.context)
    here, there = PaneOf(first), PaneOf(second)

    await here.write("hello")
    await there.sees("hello")
    await there.open_channel("elsewhere")
    await here.write("again")
    unread = there.root.get_by_role("button", name="general (unread)")
    await expect(unread).to_have_count(0)  # their own words are not news to anybody
    await bot.send(guild.general, {"content": "news"})
    await expect(unread).to_be_visible()
    await second.reload()
    await expect(there.root.get_by_role("heading", name="# elsewhere")).to_be_visible()
    await there.open_channel("general")
    await there.sees("news")

    await here.command("ask")
    await expect(there.modal).to_be_visible()
    await first.reload()
    await here.modal.get_by_label("Why?").fill("because")
    await here.modal.get_by_role("button", name="Submit").click()
    await there.sees("thanks")
    await expect(there.modal).to_have_count(0)
    await there.message("thanks").get_by_role("button", name="Dismiss message").click()
    await expect(here.message("thanks")).to_have_count(0)


async def test_another_persona_and_a_new_one(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona
) -> None:
    page = await open_page(client.url)
    pane = PaneOf(page)
    switcher = pane.root.get_by_role("combobox", name="Persona")

    await switcher.select_option("Bob")
    await pane.write("from Bob")
    await expect(await pane.sees("from Bob")).to_contain_text("Bob")
    await switcher.select_option("New person…")
    dialog = page.get_by_role("dialog", name="New person")
    await dialog.get_by_label("Name").fill("Carol")
    await dialog.get_by_role("button", name="Join").click()
    await expect(dialog).to_have_count(0)
    await expect(switcher.locator("option:checked")).to_have_text("Carol")
    await pane.write("from Carol")
    await pane.sees("from Carol")


async def test_direct_messages_are_opened_from_the_page(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    page = await open_page(client.url)
    pane = PaneOf(page)

    await pane.open_channel("Robot")
    await expect(pane.root.get_by_role("heading", name="@ Robot")).to_be_visible()
    await pane.write("psst")

    assert (await alice.sees("psst")).guild_id is None


async def test_the_page_waits_for_a_sandbox_that_has_gone(open_page: Open) -> None:
    sandbox = await Sandbox.start()
    async with SandboxClient(sandbox.url) as client:
        await client.add_guild("Ladder")
        await client.persona("Alice")
    # What the browser says of a connection refused is no fault of the page.
    page = await open_page(sandbox.url, tolerated="ERR_CONNECTION_REFUSED")
    await expect(PaneOf(page).composer).to_be_visible()
    port = int(sandbox.url.rpartition(":")[2])
    await sandbox.close()
    await expect(page.get_by_text("The sandbox has gone")).to_be_visible()

    async with await Sandbox.start(port=port) as again, SandboxClient(again.url) as client:
        await client.add_guild("Another")
        await client.persona("Dora")
        switcher = PaneOf(page).root.get_by_role("combobox", name="Persona")
        await expect(switcher.locator("option:checked")).to_have_text("Dora")
