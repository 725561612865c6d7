"""What is broken from the page: requests, events, the gateway."""

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from tests.browser.conftest import Open
from tests.browser.panes import PaneOf
from tests.browser.wire_bot import WireBot


async def opened(open_page: Open, client: SandboxClient) -> tuple[Page, Locator]:
    page = await open_page(client.url)
    await page.get_by_role("button", name="Faults").click()
    return page, page.get_by_role("complementary", name="Faults")


async def posted(sandbox: Sandbox, account: Bot, channel: str) -> int:
    """The status with which a message of the bot's is answered; 0 for none."""
    headers = {"Authorization": f"Bot {account.token}"}
    url = f"{sandbox.api_url}/channels/{channel}/messages"
    async with aiohttp.ClientSession(headers=headers) as session:
        try:
            async with session.post(url, json={"content": "hello"}) as response:
                return response.status
        except aiohttp.ClientConnectionError:
            return 0


@pytest.mark.parametrize(
    ("what", "answer", "status", "said"),
    [
        ("A request fails", "502", 502, "POST /channels/*/messages fails with 502"),
        ("A request fails", "50007", 403, "POST /channels/*/messages fails with 50007"),
        ("A request is rate limited", None, 429, "POST /channels/*/messages is rate limited"),
        ("A request loses its connection", None, 0, "loses its connection"),
    ],
)
async def test_a_request_that_goes_wrong_once(
    open_page: Open,
    sandbox: Sandbox,
    client: SandboxClient,
    account: Bot,
    guild: Guild,
    alice: Persona,
    what: str,
    answer: str | None,
    status: int,
    said: str,
) -> None:
    _, panel = await opened(open_page, client)
    await panel.get_by_label("What").select_option(what)
    await panel.get_by_label("Method").select_option("POST")
    await panel.get_by_label("Path").fill("/channels/*/messages")
    if answer is not None:
        await panel.get_by_label("Status or error code").fill(answer)
    await panel.get_by_label("How many").fill("1")
    await panel.get_by_role("button", name="Add fault").click()
    fault = panel.get_by_role("listitem").filter(has_text=said)
    await expect(fault).to_contain_text("0 of 1")

    assert await posted(sandbox, account, guild.general) == status

    await expect(fault).to_contain_text("1 of 1, over")
    assert await posted(sandbox, account, guild.general) == 200


async def test_requests_like_one_in_the_log_by_keyboard(
    open_page: Open,
    sandbox: Sandbox,
    client: SandboxClient,
    account: Bot,
    guild: Guild,
    alice: Persona,
) -> None:
    page = await open_page(client.url)
    assert await posted(sandbox, account, guild.general) == 200
    row = page.get_by_role("complementary", name="Log").locator("summary").filter(has_text="POST")
    await row.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Let requests like this go wrong…").focus()
    await page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Faults")
    await expect(panel.get_by_label("What")).to_be_focused()
    await expect(panel.get_by_label("Path")).to_have_value("/channels/{channel_id}/messages")
    await panel.get_by_label("Status or error code").press("Enter")
    await expect(panel.get_by_role("listitem")).to_have_count(1)

    assert await posted(sandbox, account, guild.general) == 500

    remove = panel.get_by_role("button", name="Remove: POST /channels/{channel_id}/messages")
    await remove.press("Enter")
    await expect(panel.get_by_role("listitem")).to_have_count(0)
    assert await posted(sandbox, account, guild.general) == 200


async def test_an_event_that_is_lost(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    await bot.commands({"name": "ask", "description": "Asks"})
    bot.answers["ask"] = lambda _: {"type": 4, "data": {"content": "answered"}}
    page, panel = await opened(open_page, client)
    await panel.get_by_label("What").select_option("An event is dropped")
    await panel.get_by_label("Event", exact=True).fill("INTERACTION_CREATE")
    await panel.get_by_label("How many").fill("1")
    await panel.get_by_role("button", name="Add fault").click()
    await expect(panel.get_by_role("listitem")).to_have_count(1)
    pane = PaneOf(page)

    await pane.command("ask")
    await expect(pane.root.get_by_text("The application did not respond")).to_be_visible()
    await pane.root.get_by_role("button", name="Send").click()

    await pane.sees("answered")


async def test_the_gateway_is_closed_and_its_session_forgotten(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    _, panel = await opened(open_page, client)
    gateway = panel.get_by_role("group", name="Gateway of Robot")
    await expect(gateway).not_to_contain_text("offline")

    await gateway.get_by_role("button", name="Forget the session").click()

    await expect(gateway).to_contain_text("offline")
    state = await client.state()
    assert [one["sessions"] for one in state["bots"]] == [0]


async def test_everything_is_slowed_down_and_let_go_of_by_another_tab(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, account: Bot
) -> None:
    _, panel = await opened(open_page, client)
    _, other = await opened(open_page, client)
    slow = ["Any request comes 1 s later", "Event of any kind comes 1 s later"]

    await panel.get_by_role("button", name="Slow everything by 1 s").click()
    for said in slow:
        await expect(other.get_by_role("listitem").filter(has_text=said)).to_be_visible()
    await other.get_by_role("button", name="Remove all").click()

    await expect(panel.get_by_role("listitem")).to_have_count(0)
    assert await client.faults() == []


async def test_what_is_no_fault_is_refused_in_a_sentence(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona
) -> None:
    page = await open_page(client.url, tolerated="409")
    await page.get_by_role("button", name="Faults").click()
    panel = page.get_by_role("complementary", name="Faults")

    await panel.get_by_label("Path").fill("channels")
    await panel.get_by_role("button", name="Add fault").click()

    await expect(panel.get_by_role("alert")).to_contain_text("Path must begin with /")
    await panel.get_by_label("Path").fill("/**")
    await panel.get_by_role("button", name="Add fault").click()
    await expect(panel.get_by_role("alert")).to_be_hidden()


async def test_the_log_goes_on_following_beside_the_faults(
    open_page: Open,
    sandbox: Sandbox,
    client: SandboxClient,
    account: Bot,
    guild: Guild,
    alice: Persona,
) -> None:
    for _ in range(40):
        await posted(sandbox, account, guild.general)
    page, panel = await opened(open_page, client)
    await client.fault("error", code=50007, path="/channels/*/messages", count=1)
    await expect(panel.get_by_role("listitem")).to_have_count(1)

    assert await posted(sandbox, account, guild.general) == 403

    row = page.get_by_role("complementary", name="Log").locator("summary").filter(has_text="403")
    await expect(row).to_be_in_viewport()


async def test_a_command_that_failed_is_left_by_mouse(
    open_page: Open, client: SandboxClient, guild: Guild, alice: Persona, bot: WireBot
) -> None:
    await bot.commands({"name": "ask", "description": "Asks"})
    await client.fault("drop", event="INTERACTION_CREATE")
    pane = PaneOf(await open_page(client.url))
    await pane.command("ask")
    await expect(pane.root.get_by_text("The application did not respond")).to_be_visible()

    await pane.root.get_by_role("button", name="Cancel").click()

    await expect(pane.composer).to_be_focused()
