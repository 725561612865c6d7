"""Everything can be done without a mouse."""

from playwright.async_api import Page, expect

from sandbox import Guild, Persona, SandboxClient
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf
from tests.browser.wire_bot import WireBot

MENU = {
    "type": 3,
    "custom_id": "maps",
    "placeholder": "Maps",
    "min_values": 1,
    "max_values": 2,
    "options": [{"label": name, "value": name} for name in ("Ash", "Bay", "Cove")],
}


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called that."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        called = await page.evaluate(
            "(document.activeElement.ariaLabel || document.activeElement.textContent || '').trim()"
        )
        if called == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}")


async def test_a_command_its_options_and_a_modal(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    choices = [{"name": name, "value": name.lower()} for name in ("Left", "Right")]
    side = {"type": 3, "name": "side", "description": "Which", "required": True, "choices": choices}
    note = {"type": 3, "name": "note", "description": "More"}
    await bot.commands(
        {"name": "other", "description": "Not this"},
        {"name": "turn", "description": "Turn", "options": [side, note]},
    )
    field = {"type": 4, "custom_id": "why", "style": 1}
    label = {"type": 18, "label": "Why?", "component": field}
    modal = {"custom_id": "form", "title": "Reasons", "components": [label]}
    bot.answers["turn"] = lambda _: {"type": 9, "data": modal}
    bot.answers["form"] = lambda _: {"type": 4, "data": {"content": "understood"}}
    page = await open_page(client.url)
    pane = PaneOf(page)
    press = page.keyboard.press
    await expect(pane.composer).to_be_visible()

    await tab_to(page, "Message, or / for a command")
    await page.keyboard.type("/")
    await expect(pane.root.get_by_role("listbox").get_by_role("option")).to_have_count(2)
    await press("ArrowDown")
    await press("Enter")
    await expect(pane.root.get_by_label("side", exact=True)).to_be_focused()
    await expect(pane.root.get_by_role("listbox").get_by_role("option")).to_have_count(2)
    await press("ArrowDown")
    await press("Enter")
    await expect(pane.root.get_by_label("side", exact=True)).to_have_value("Right")
    await tab_to(page, "+ note")
    await press("Enter")
    await page.keyboard.type("please")
    await press("Enter")

    await expect(pane.modal.get_by_label("Why?")).to_be_focused()
    await page.keyboard.type("because")
    await press("Enter")
    await pane.sees("understood")
    await expect(pane.composer).to_be_focused()
    given = {one["name"]: one["value"] for one in bot.got[0]["data"]["options"]}
    assert given == {"side": "right", "note": "please"}
    assert bot.got[1]["data"]["components"][0]["component"]["value"] == "because"


async def test_escape_leaves_a_modal_and_a_command(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    await bot.commands({"name": "ask", "description": "Asks"})
    field = {"type": 4, "custom_id": "why", "style": 1, "label": "Why?"}
    row = {"type": 1, "components": [field]}
    bot.answers["ask"] = lambda _: {
        "type": 9,
        "data": {"custom_id": "form", "title": "Reasons", "components": [row]},
    }
    page = await open_page(client.url)
    pane = PaneOf(page)

    await expect(pane.composer).to_be_visible()
    await pane.composer.focus()
    await page.keyboard.type("/ask")
    await page.keyboard.press("Enter")
    await expect(pane.root.get_by_role("group", name="/ask")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(pane.composer).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("/ask")
    await page.keyboard.press("Enter")
    await expect(pane.root.get_by_role("group", name="/ask")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(pane.modal).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(pane.modal).to_have_count(0)
    await expect(pane.composer).to_be_focused()


async def test_buttons_and_menus(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    go = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
    stop = {"type": 2, "style": 4, "label": "Stop", "custom_id": "stop"}
    rows = [{"type": 1, "components": parts} for parts in ([go, stop], [MENU])]
    await bot.send(guild.general, {"content": "here", "components": rows})
    bot.answers["go"] = lambda _: {"type": 7, "data": {"content": "gone", "components": rows}}
    bot.answers["maps"] = lambda _: {"type": 6}
    page = await open_page(client.url)
    pane = PaneOf(page)
    await pane.sees("here")
    press = page.keyboard.press

    await tab_to(page, "Go")
    await press("Enter")
    await pane.sees("gone")
    await expect(pane.button("Go")).to_be_focused()

    await tab_to(page, "Maps")
    await press("Enter")
    await press("Space")
    await press("End")
    await press("Space")
    await tab_to(page, "Done")
    await press("Enter")
    menu = pane.messages.get_by_role("button", name="Maps: Ash, Cove")
    await expect(menu).to_be_focused()

    await press("Enter")
    await press("Space")
    await press("Escape")
    await expect(menu).to_be_focused()
    assert [inter["data"].get("values") for inter in bot.got] == [None, ["Ash", "Cove"]]
