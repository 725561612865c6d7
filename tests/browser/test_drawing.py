"""What a bot sends, as the page draws it, and what a persona does with it."""

from typing import Any

from playwright.async_api import expect

from sandbox import Guild, Persona, SandboxClient
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf
from tests.browser.wire_bot import COMPONENTS_V2, EPHEMERAL, WireBot

MARKUP = """# Big
**bold** *slanted* __under__ ~~gone~~ ||hidden|| `code` \\*plain\\*
> quoted
- one
  - deeper
1. first
[a link](https://example.org/x) https://example.org/y [no](javascript:alert(1)) <http://plain.example>
```py
print("**not bold**")
```
<@{alice}> <@&{everyone}> <#{general}> </ping:1> <:smile:123456789012345678> <t:{soon}:R>"""


def button(label: str, custom_id: str, **more: object) -> dict[str, object]:
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id, **more}


def row(*components: dict[str, object]) -> dict[str, object]:
    return {"type": 1, "components": list(components)}


async def test_markup(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    await bot.commands({"name": "ping", "description": "Answers"})
    now = (await client.state())["now"]
    text = MARKUP.format(
        alice=alice.id, everyone=guild.everyone, general=guild.general, soon=int(now) + 90
    )
    await bot.send(guild.general, {"content": text})
    pane = PaneOf(await open_page(client.url))
    message = await pane.sees("Big")

    await expect(message.get_by_role("heading", name="Big")).to_be_visible()
    for tag, inside in (
        ("strong", "bold"),
        ("em", "slanted"),
        ("u", "under"),
        ("s", "gone"),
        ("blockquote", "quoted"),
        ("li li", "deeper"),
        ("ol li", "first"),
        ("pre", 'print("**not bold**")'),
    ):
        await expect(message.locator(tag, has_text=inside)).to_have_count(1)
    for seen in (
        "*plain*",
        "@Alice",
        "@everyone",
        "#general",
        ":smile:",
        "[no](javascript:alert(1))",
    ):
        await expect(message).to_contain_text(seen)
    links = message.get_by_role("link")
    await expect(links).to_have_text(["a link", "https://example.org/y"])
    await expect(links.first).to_have_attribute("rel", "noopener noreferrer")

    hidden = message.locator(".spoiler > span")
    await expect(hidden).to_be_hidden()
    await message.get_by_role("button", name="Spoiler, press to show").click()
    await expect(hidden).to_be_visible()

    await expect(message.locator("time.stamp")).to_have_text("in 1 minute")
    await client.advance(60)
    await expect(message.locator("time.stamp")).to_contain_text("seconds")

    await message.get_by_role("button", name="/ping").click()
    await expect(pane.root.get_by_role("group", name="/ping")).to_be_visible()


async def test_embeds_and_components_v2(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    await bot.send(
        guild.general,
        {
            "embeds": [
                {
                    "title": "Match 7",
                    "url": "https://example.org/7",
                    "description": "It is **on**",
                    "color": 0xFF8800,
                    "author": {"name": "The ladder"},
                    "fields": [{"name": "Map", "value": "`Ruby`", "inline": True}],
                    "footer": {"text": "Season 1"},
                    "image": {"url": "https://example.org/elsewhere.png"},
                }
            ]
        },
    )
    await bot.send(
        guild.general,
        {
            "flags": COMPONENTS_V2,
            "components": [
                {
                    "type": 17,
                    "accent_color": 0x00FF00,
                    "components": [
                        {"type": 10, "content": "## Inside"},
                        {"type": 14},
                        {
                            "type": 9,
                            "components": [{"type": 10, "content": "beside a button"}],
                            "accessory": button("Go", "go"),
                        },
                        row(
                            {"type": 2, "style": 5, "label": "Out", "url": "https://example.org"},
                            button("Not now", "later", disabled=True),
                        ),
                    ],
                }
            ],
        },
    )
    pane = PaneOf(await open_page(client.url))

    embed = pane.root.get_by_role("group", name="Match 7")
    await expect(embed.get_by_role("link", name="Match 7")).to_be_visible()
    for seen in ("The ladder", "It is on", "Map", "Ruby", "Season 1"):
        await expect(embed).to_contain_text(seen)
    # The page asks no other server for anything: a picture elsewhere is a link to it.
    await expect(embed.get_by_role("img")).to_have_count(0)
    await expect(embed.get_by_role("link", name="elsewhere.png")).to_be_visible()
    message = pane.message("beside a button")
    await expect(message.get_by_role("heading", name="Inside")).to_be_visible()
    await expect(message.get_by_role("link", name="Out")).to_have_attribute("target", "_blank")
    await expect(message.get_by_role("button", name="Not now")).to_be_disabled()


async def test_a_private_answer_is_dismissed(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    await bot.commands({"name": "secret", "description": "Only for you"})
    bot.answers["secret"] = lambda _: {
        "type": 4,
        "data": {"content": "psst", "flags": EPHEMERAL},
    }
    page = await open_page(client.url, viewport={"width": 1300, "height": 800})
    one, other = PaneOf(page), PaneOf(page, "Second pane")

    await one.command("secret")
    message = await one.sees("psst")
    await expect(message).to_contain_text("Alice used /secret")
    await expect(message).to_contain_text("Only you can see this")
    await bot.send(guild.general, {"content": "for all"})
    await other.sees("for all")
    await expect(other.message("psst")).to_have_count(0)

    await message.get_by_role("button", name="Dismiss message").click()
    await expect(one.message("psst")).to_have_count(0)


async def test_what_the_bot_leaves_unanswered_has_failed(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    await bot.commands({"name": "silent", "description": "Says nothing"})
    await bot.send(
        guild.general, {"content": "dead", "components": [row(button("Press", "nobody"))]}
    )
    pane = PaneOf(await open_page(client.url))

    await pane.press("Press")
    await expect(pane.message("dead")).to_contain_text("This interaction failed")
    await pane.command("silent")
    await expect(pane.root.get_by_role("alert", name="")).to_contain_text(
        ["The application did not respond"]
    )


async def test_an_edit_leaves_an_open_menu_open(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    select: dict[str, object] = {
        "type": 3,
        "custom_id": "maps",
        "placeholder": "Maps",
        "min_values": 1,
        "max_values": 2,
        "options": [{"label": name, "value": name.lower()} for name in ("Ash", "Bay", "Cove")],
    }
    body = {"content": "pick", "components": [row(select)]}
    sent = await bot.send(guild.general, body)
    bot.answers["maps"] = lambda _: {"type": 6}
    pane = PaneOf(await open_page(client.url))
    menu = pane.messages.get_by_role("button", name="Maps")

    await menu.click()
    await pane.root.get_by_role("option", name="Ash").click()
    path = f"/channels/{guild.general}/messages/{sent['id']}"
    await bot.rest("PATCH", path, {"content": "pick two"})
    await expect(pane.message("pick two")).to_contain_text("(edited)")
    await pane.root.get_by_role("option", name="Cove").click()
    await expect(pane.root.get_by_role("option", name="Bay")).to_have_attribute(
        "aria-disabled", "true"
    )
    await pane.root.get_by_role("button", name="Done").click()

    await expect(menu).to_have_accessible_name("Maps: Ash, Cove")
    assert [inter["data"]["values"] for inter in bot.got] == [["ash", "cove"]]


async def test_users_roles_and_channels_are_chosen(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    for kind, name in ((5, "User"), (6, "Role"), (8, "Channel")):
        menu: dict[str, object] = {"type": kind, "custom_id": name, "placeholder": name}
        await bot.send(guild.general, {"content": f"a {name}", "components": [row(menu)]})
        bot.answers[name] = lambda _: {"type": 6}
    pane = PaneOf(await open_page(client.url))

    await pane.choose("User", "@Bob")
    await pane.choose("Role", "@Robot")
    await pane.choose("Channel", "#general")

    await expect(pane.messages.get_by_role("button", name="Channel: #general")).to_be_visible()
    values = {inter["data"]["custom_id"]: inter["data"]["values"] for inter in bot.got}
    assert values["User"] == [bob.id]
    assert values["Channel"] == [guild.general]


async def test_options_of_every_type(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    def option(kind: int, name: str, **more: object) -> dict[str, object]:
        return {"type": kind, "name": name, "description": name, "required": True, **more}

    await bot.commands(
        {
            "name": "all",
            "description": "Everything",
            "options": [
                option(3, "text"),
                option(3, "choice", choices=[{"name": "Left", "value": "l"}]),
                option(3, "asked", autocomplete=True),
                option(4, "whole"),
                option(10, "number"),
                option(5, "flag"),
                option(6, "user"),
                option(11, "file"),
            ],
        }
    )
    bot.answers["all?"] = lambda inter: {
        "type": 8,
        "data": {"choices": [{"name": f"{focused(inter)}!", "value": "picked"}]},
    }
    bot.answers["all"] = lambda _: {"type": 4, "data": {"content": "got it"}}
    pane = PaneOf(await open_page(client.url))

    options = await pane.begin("all")
    field = {name: options.get_by_label(name, exact=True) for name in TYPED}
    for name, typed in TYPED.items():
        await field[name].press_sequentially(typed)
        if name in ("choice", "asked", "flag", "user"):
            await options.get_by_role("option").first.click()
    await options.get_by_label("file", exact=True).set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"hello"}
    )
    await pane.root.get_by_role("button", name="Send").click()

    await pane.sees("got it")
    given = {one["name"]: one["value"] for one in bot.got[-1]["data"]["options"]}
    file = bot.got[-1]["data"]["resolved"]["attachments"][given.pop("file")]
    assert file["filename"] == "note.txt"
    assert given == {
        "text": "some words",
        "choice": "l",
        "asked": "picked",
        "whole": 7,
        "number": 1.5,
        "flag": False,
        "user": bob.id,
    }


TYPED = {
    "text": "some words",
    "choice": "le",
    "asked": "what",
    "whole": "7",
    "number": "1.5",
    "flag": "fal",
    "user": "bo",
}


def focused(inter: dict[str, Any]) -> str:
    return next(one["value"] for one in inter["data"]["options"] if one.get("focused"))


async def test_counters_of_others_are_turned(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona
) -> None:
    await client.announce_counter("crowd", "Simulated players", value=1, most=2)
    page = await open_page(client.url)
    counter = page.get_by_role("group", name="Simulated players")

    await counter.get_by_role("button", name="More: Simulated players").click()
    await expect(counter.get_by_role("status")).to_have_text("2")

    assert await client.counter("crowd", unlike=1) == 2
