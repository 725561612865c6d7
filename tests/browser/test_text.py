"""No text from anywhere is ever interpreted as HTML, and no address runs a script."""

import re
from typing import Any
from urllib.parse import quote

import aiohttp
from playwright.async_api import Page, expect

from sandbox import Guild, Persona, Sandbox, SandboxClient
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf
from tests.browser.wire_bot import COMPONENTS_V2, WireBot

EVIL = '<img src=x onerror="window.struck=1"><script>window.struck=2</script>'
SHORT = "<b onclick=struck=1>x</b>"
"""For places with room for little."""
LINKS = "[run](javascript:window.struck=3) <javascript:alert(1)> [data](data:text/html,x)"


async def nothing_struck(page: Page) -> None:
    assert await page.evaluate("window.struck") is None
    made = await page.locator("main img, main script, main b, main iframe, aside b").count()
    assert made == 0
    schemes = await page.evaluate("[...document.links].map((link) => new URL(link.href).protocol)")
    assert set(schemes) <= {"https:", "http:"}, schemes


async def test_the_browser_itself_refuses_html(open_page: Open, client: SandboxClient) -> None:
    page = await open_page(client.url, tolerated="Trusted")
    for attempt in (
        "document.body.innerHTML = '<b>x</b>'",
        "document.write('<b>x</b>')",
        "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
    ):
        assert await page.evaluate(f"try {{ {attempt}; 'done' }} catch (e) {{ e.name }}") == (
            "TypeError"
        )


async def test_names_and_messages(open_page: Open, sandbox: Sandbox, client: SandboxClient) -> None:
    guild = await client.add_guild(EVIL)
    await client.add_channel(guild.id, EVIL)
    await client.add_role(guild.id, EVIL)
    account = await client.add_bot(EVIL)
    person = await client.persona(EVIL)
    async with WireBot(sandbox, account) as bot:
        for body in messages(person.id):
            await bot.send(guild.general, body)
        thread = await bot.rest(
            "POST", f"/channels/{guild.general}/threads", {"name": SHORT, "type": 11}
        )
        await bot.send(thread["id"], {"content": EVIL})
        page = await open_page(client.url)
        pane = PaneOf(page)

        await expect(pane.messages.last).to_be_visible()
        await expect(pane.root.get_by_role("heading", name=EVIL, level=2)).to_be_visible()
        await expect(pane.messages.first).to_contain_text(EVIL)
        await expect(pane.root.get_by_role("combobox", name="Persona")).to_contain_text(EVIL)
        for spoiler in await pane.root.get_by_role("button", name="Spoiler").all():
            await spoiler.click()
        await pane.messages.get_by_role("button", name="<img").last.click()
        await expect(pane.root.get_by_role("option").first).to_contain_text(EVIL[:40])
        await page.keyboard.press("Escape")
        for row in await page.locator(".log-row").all():
            await row.locator("summary").click()
        await expect(page.locator(".log-row pre").last).to_be_visible()
        await pane.open_channel(SHORT)
        await pane.sees(EVIL)
        await nothing_struck(page)


async def test_menus_and_reactions(
    open_page: Open, sandbox: Sandbox, client: SandboxClient, guild: Guild
) -> None:
    person = await client.persona(EVIL)
    async with WireBot(sandbox, await client.add_bot(EVIL)) as bot:
        await bot.commands(*({"name": SHORT, "type": type_} for type_ in (2, 3)))
        sent = await person.send(guild.general, "hello")
        path = f"/channels/{guild.general}/messages/{sent.id}/reactions"
        await bot.rest("PUT", f"{path}/{quote(SHORT, safe='')}/@me")
        page = await open_page(client.url)
        message = await PaneOf(page).sees("hello")
        menu = page.get_by_role("menu")

        await expect(message.get_by_role("group", name="Reactions")).to_contain_text(SHORT)
        await message.get_by_role("button", name="<img").click()
        await expect(menu).to_contain_text(EVIL)
        await expect(menu.get_by_role("menuitem", name=SHORT)).to_be_visible()
        await nothing_struck(page)
        await page.keyboard.press("Escape")
        await message.get_by_role("button", name="More").press("Enter")
        await expect(menu.get_by_role("menuitem", name=SHORT)).to_be_visible()
        await nothing_struck(page)


def messages(person: str) -> list[dict[str, Any]]:
    """The text everywhere a bot can put one."""
    embed = {
        "title": EVIL,
        "description": f"{EVIL} **{SHORT}** ||{SHORT}|| `{SHORT}` {LINKS}",
        "url": "https://example.org/<b>",
        "author": {"name": EVIL, "url": "https://example.org/"},
        "fields": [{"name": EVIL, "value": f"> {EVIL}\n# {EVIL}\n- {EVIL}"}],
        "footer": {"text": EVIL},
    }
    menu = {
        "type": 3,
        "custom_id": EVIL,
        "placeholder": EVIL,
        "options": [{"label": EVIL, "value": EVIL, "description": EVIL}],
    }
    pressed = {"type": 2, "style": 2, "label": SHORT, "custom_id": SHORT}
    out = {"type": 2, "style": 5, "label": SHORT, "url": "https://example.org/?<b>"}
    return [
        {"content": f"{EVIL}\n{LINKS}\n```html\n{EVIL}\n```\n<@{person}> <:{'x' * 3}:1>"},
        {"embeds": [embed]},
        {
            "flags": COMPONENTS_V2,
            "components": [{"type": 17, "components": [{"type": 10, "content": EVIL}]}],
        },
        {
            "content": EVIL,
            "components": [
                {"type": 1, "components": [pressed, out]},
                {"type": 1, "components": [menu]},
            ],
        },
    ]


async def test_commands_and_modals(
    open_page: Open, client: SandboxClient, alice: Persona, bot: WireBot
) -> None:
    await bot.commands(
        {
            "name": "evil",
            "description": EVIL,
            "options": [
                {
                    "type": 3,
                    "name": "choice",
                    "description": EVIL,
                    "required": True,
                    "autocomplete": True,
                }
            ],
        }
    )
    bot.answers["evil?"] = lambda _: {
        "type": 8,
        "data": {"choices": [{"name": EVIL, "value": EVIL}]},
    }
    field = {"type": 4, "custom_id": "field", "style": 1, "value": EVIL, "placeholder": EVIL}
    label = {"type": 18, "label": SHORT, "description": EVIL, "component": field}
    modal = {"custom_id": "form", "title": SHORT, "components": [label]}
    bot.answers["evil"] = lambda _: {"type": 9, "data": modal}
    bot.answers["form"] = lambda inter: {
        "type": 4,
        "data": {"content": inter["data"]["components"][0]["component"]["value"]},
    }
    page = await open_page(client.url)
    pane = PaneOf(page)

    await pane.composer.fill("/evil")
    await expect(pane.root.get_by_role("option", name="/evil")).to_contain_text(EVIL)
    options = await pane.begin("evil")
    await options.get_by_label("choice", exact=True).fill("x")
    await options.get_by_role("option").click()
    await pane.root.get_by_role("button", name="Send").click()
    await expect(pane.modal.get_by_role("heading", name=SHORT)).to_be_visible()
    await expect(pane.modal.get_by_label(SHORT)).to_have_value(EVIL)
    await expect(pane.modal).to_contain_text(EVIL)
    await pane.modal.get_by_role("button", name="Submit").click()
    await pane.sees(EVIL)

    await pane.write(EVIL)
    await expect(pane.messages.last).to_contain_text(EVIL)
    await nothing_struck(page)
    assert bot.got[-1]["data"]["components"][0]["component"]["value"] == EVIL


async def test_pictures_and_files(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    """A picture is drawn from the sandbox itself, and an SVG in it runs nothing."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>parent.struck=1</script></svg>'
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "files"}', content_type="application/json")
    form.add_field("files[0]", svg, filename="a.svg", content_type="image/svg+xml")
    form.add_field("files[1]", EVIL.encode(), filename="a.html", content_type="text/html")
    await bot.rest("POST", f"/channels/{guild.general}/messages", data=form)
    page = await open_page(client.url)
    message = await PaneOf(page).sees("files")

    await expect(message.get_by_role("img")).to_have_attribute("src", re.compile("^/cdn/"))
    await expect(message.get_by_role("link", name="a.html")).to_have_attribute("download", "a.html")
    assert await page.evaluate("window.struck") is None
