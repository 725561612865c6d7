"""Options of a command, chosen from their completion."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from sandbox import Guild, Persona, SandboxClient
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf
from tests.browser.wire_bot import MESSAGE, WireBot


def option(kind: int, name: str, **more: object) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": name, "required": True, **more}


ODDS = [{"name": "Even", "value": 1.5}, {"name": "Long shot", "value": 9.25}]
GAMES = [{"name": "Best of one", "value": 1}, {"name": "Best of three", "value": 3}]
COMMAND = {
    "name": "pick",
    "description": "Picks",
    "options": [
        option(6, "user"),
        option(7, "channel"),
        option(8, "role"),
        option(9, "whom"),
        option(9, "whose"),
        option(5, "flag"),
        option(10, "odds", choices=ODDS),
        option(4, "games", choices=GAMES),
    ],
}
CHOICES = {
    "user": ("bob", ["@Bob"]),
    "channel": ("#hal", ["#hall"]),
    "role": ("vet", ["@veteran"]),
    "whom": ("@robot", ["@Robot", "@RobotRole"]),
    "whose": ("car", ["@Carol"]),
    "flag": ("", ["True", "False"]),
    "odds": ("", ["Even", "Long shot"]),
    "games": ("of", ["Best of one", "Best of three"]),
}
"""What is typed, and what is offered then; the last is taken."""


async def by_mouse(choices: Locator) -> None:
    await choices.last.click()


async def by_keyboard(choices: Locator) -> None:
    for _ in range(await choices.count() - 1):
        await choices.page.keyboard.press("ArrowDown")
    await choices.page.keyboard.press("Enter")


@pytest.mark.parametrize("choose", [by_mouse, by_keyboard])
async def test_completions(
    open_page: Open,
    client: SandboxClient,
    guild: Guild,
    alice: Persona,
    bob: Persona,
    bot: WireBot,
    choose: Callable[[Locator], Awaitable[None]],
) -> None:
    carol = await client.persona("Carol")
    hall = await client.add_channel(guild.id, "hall")
    await client.add_channel(guild.id, "lobby")
    veteran = await client.add_role(guild.id, "veteran")
    await bot.commands(COMMAND)
    bot.answers["pick"] = lambda _: {"type": MESSAGE, "data": {"content": "picked"}}
    pane = PaneOf(await open_page(client.url))

    options = await pane.begin("pick")
    for name, (typed, offered) in CHOICES.items():
        field = options.get_by_label(name, exact=True)
        await expect(field).to_be_focused()
        await pane.page.keyboard.type(typed)
        choices = options.get_by_role("listbox", name=f"Choices for {name}").get_by_role("option")
        await expect(choices).to_have_text(offered)
        await choose(choices)
        await expect(field).to_have_value(offered[-1].removesuffix("Role"))
    await pane.page.keyboard.press("Enter")
    await pane.sees("picked")

    (got,) = bot.got
    data = got["data"]
    given = {one["name"]: one["value"] for one in data["options"]}
    roles = data["resolved"]["roles"]
    robot = given.pop("whom")
    assert given == {
        "user": bob.id,
        "channel": hall.id,
        "role": veteran.id,
        "whose": carol.id,
        "flag": False,
        "odds": 9.25,
        "games": 3,
    }
    assert {role["id"]: role["name"] for role in roles.values()} == {
        veteran.id: "veteran",
        robot: "Robot",
    }
    assert set(data["resolved"]["users"]) == {bob.id, carol.id}
    assert set(data["resolved"]["members"]) == {bob.id, carol.id}
    assert data["resolved"]["channels"][hall.id]["name"] == "hall"


async def test_only_channels_of_the_types_asked_for(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    voice = await client.add_channel(guild.id, "talk", type=2)
    where = option(7, "where", channel_types=[2])
    await bot.commands({"name": "move", "description": "Moves", "options": [where]})
    bot.answers["move"] = lambda _: {"type": MESSAGE, "data": {"content": "moved"}}
    pane = PaneOf(await open_page(client.url))

    options = await pane.begin("move")
    await expect(options.get_by_role("option")).to_have_text(["#talk"])
    # Written out, without its sign and without choosing.
    await options.get_by_label("where", exact=True).fill("Talk")
    await pane.root.get_by_role("button", name="Send").click()
    await pane.sees("moved")
    assert bot.got[0]["data"]["options"][0]["value"] == voice.id


async def test_what_was_picked_stays_when_the_field_is_passed_again(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bob: Persona, bot: WireBot
) -> None:
    fields = [option(6, "user"), option(3, "reason")]
    await bot.commands({"name": "warn", "description": "Warns", "options": fields})
    bot.answers["warn"] = lambda _: {"type": MESSAGE, "data": {"content": "warned"}}
    page = await open_page(client.url)
    pane = PaneOf(page)
    press = page.keyboard.press

    options = await pane.begin("warn")
    user, reason = (options.get_by_label(name, exact=True) for name in ("user", "reason"))
    await page.keyboard.type("bob")
    await expect(options.get_by_role("option")).to_have_count(1)
    await press("Tab")
    await expect(reason).to_be_focused()
    await press("Shift+Tab")
    await expect(options.get_by_role("option", selected=True)).to_have_text("@Bob")
    await press("Tab")
    await expect(user).to_have_value("@Bob")
    await expect(reason).to_be_focused()
    await press("Shift+Tab")
    await expect(options.get_by_role("option", selected=True)).to_have_text("@Bob")
    await press("Escape")
    await press("Tab")
    await page.keyboard.type("late")
    await press("Enter")

    await pane.sees("warned")
    given = {one["name"]: one["value"] for one in bot.got[0]["data"]["options"]}
    assert given == {"user": bob.id, "reason": "late"}
