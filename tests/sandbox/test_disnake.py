"""A real library, parsing all that the sandbox says: the ways of a ladder's bot."""

# The decorators of disnake are generic in types that it leaves open.
# pyright: reportUnknownMemberType=false

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import disnake
import pytest
from disnake import ui
from disnake.ext import commands

from sandbox import Bot, Guild, NotEnabled, NotVisible, Persona, Sandbox, SandboxClient
from tests.sandbox.disnake_bot import TestBot, logged_in

Inter = disnake.ApplicationCommandInteraction[Any]


class Ask(ui.Modal):
    def __init__(self) -> None:
        super().__init__(
            title="Report",
            custom_id="report",
            components=[
                ui.Label("What happened", ui.TextInput(custom_id="what", max_length=100)),
                ui.Label(
                    "Who won",
                    ui.StringSelect(custom_id="won", options=["me", "them"], max_values=1),
                ),
            ],
        )

    async def callback(self, interaction: disnake.ModalInteraction[Any], /) -> None:
        values = interaction.resolved_values
        await interaction.response.send_message(f"{values['what']}: {values['won']}")


class Panel(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Confirm", custom_id="confirm")
    async def confirm(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.edit_message("confirmed", view=None)
        self.stop()

    @ui.button(label="Later", custom_id="later")
    async def later(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.defer()
        await inter.edit_original_response("it is later now")

    @ui.button(label="Report", custom_id="report")
    async def report(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.send_modal(Ask())

    @ui.button(label="Never", custom_id="never", disabled=True)
    async def never(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        raise AssertionError

    @ui.string_select(placeholder="Faction", options={"USA": "us", "China": "cn"})
    async def faction(
        self, select: "ui.StringSelect[Any]", inter: disnake.MessageInteraction[Any]
    ) -> None:
        await inter.response.send_message(f"you play {select.values[0]}", ephemeral=True)

    @ui.user_select(placeholder="Rival")
    async def rival(
        self, select: "ui.UserSelect[Any]", inter: disnake.MessageInteraction[Any]
    ) -> None:
        names = ", ".join(user.display_name for user in select.values)
        await inter.response.send_message(f"against {names}", ephemeral=True)


def make_bot() -> TestBot:
    bot = TestBot()

    @bot.slash_command(description="The queue")
    async def queue(inter: Inter) -> None:
        pass

    @queue.sub_command(description="Join it")
    async def join(
        inter: Inter, faction: str = "any", games: commands.Range[int, 1, 5] = 1
    ) -> None:
        await inter.response.send_message(
            f"{inter.author.display_name} plays {faction} {games} times", ephemeral=True
        )

    @join.autocomplete("faction")
    async def offer(inter: Inter, text: str) -> list[str]:
        return [name for name in ("USA", "China") if name.lower().startswith(text.lower())]

    @bot.slash_command(description="A panel")
    async def panel(inter: Inter) -> None:
        await inter.response.send_message("Ready?", view=Panel())

    @bot.slash_command(description="Slow")
    async def slow(inter: Inter, private: bool = False) -> None:
        await inter.response.defer(ephemeral=private)
        await inter.edit_original_response("done at last")
        more = await inter.followup.send("and more", ephemeral=True, wait=True)
        await more.edit("and even more")
        first = await inter.original_response()
        assert first.content == "done at last"
        assert first.interaction_metadata is not None

    @bot.slash_command(description="Silent")
    async def silent(inter: Inter) -> None:
        pass

    @bot.slash_command(description="A room of two")
    async def room(inter: Inter, other: disnake.Member) -> None:
        assert isinstance(inter.channel, disnake.TextChannel)
        thread = await inter.channel.create_thread(
            name="match-1", type=disnake.ChannelType.private_thread, invitable=False
        )
        await thread.add_user(inter.author)
        await thread.send(f"welcome {other.mention}")
        await inter.response.send_message(thread.mention, ephemeral=True)

    @bot.slash_command(description="Tell me in private")
    async def whisper(inter: Inter) -> None:
        await inter.response.defer(ephemeral=True)
        try:
            await inter.author.send("psst")
        except disnake.Forbidden as error:
            await inter.edit_original_response(f"refused: {error.code}")
        else:
            await inter.edit_original_response("sent")

    @bot.slash_command(description="A file")
    async def export(inter: Inter) -> None:
        embed = disnake.Embed(title="Ratings").set_image(url="attachment://chart.png")
        embed.add_field("Ann", "1500")
        await inter.response.send_message(
            embed=embed, file=disnake.File(io.BytesIO(b"\x89PNG"), "chart.png")
        )

    @bot.slash_command(description="Components V2")
    async def modern(inter: Inter) -> None:
        await inter.response.send_message(
            components=[
                ui.Container(
                    ui.Section(
                        ui.TextDisplay("## Match 7"),
                        accessory=ui.Button(label="Abort", custom_id="abort"),
                    ),
                    ui.Separator(),
                    ui.ActionRow(ui.Button(label="Won", custom_id="won")),
                )
            ]
        )

    @bot.slash_command(description="Nobody but admins", default_member_permissions=8)
    async def secret(inter: Inter) -> None:
        raise AssertionError

    @bot.message_command(name="Dispute")
    async def dispute(inter: disnake.MessageCommandInteraction[Any]) -> None:
        await inter.response.send_message(f"disputed: {inter.target.content}")

    @bot.user_command(name="Rating")
    async def rating(inter: disnake.UserCommandInteraction[Any]) -> None:
        await inter.response.send_message(f"{inter.target.display_name}: 1500")

    return bot


@pytest.fixture
async def running(
    sandbox: Sandbox, bot: Bot, ann: Persona, ben: Persona, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TestBot]:
    async with logged_in(make_bot(), sandbox, bot, monkeypatch) as started:
        yield started


async def test_a_private_answer_is_seen_by_nobody_else(
    running: TestBot, ann: Persona, ben: Persona
) -> None:
    exchange = await ann.slash("queue join", faction="USA", games=2)
    assert exchange.acknowledged
    assert exchange.message
    assert exchange.message.content == "Ann plays USA 2 times"
    assert exchange.message.ephemeral
    assert [message.id for message in await ann.messages()] == [exchange.message.id]
    assert await ben.messages() == []


async def test_choices_are_offered_while_typing(running: TestBot, ann: Persona) -> None:
    choices = await ann.autocomplete("queue join", "faction", "ch")
    assert [choice["value"] for choice in choices] == ["China"]


async def test_buttons_update_their_message(running: TestBot, ann: Persona, ben: Persona) -> None:
    await ann.slash("panel")
    message = await ben.sees("Ready?")
    assert [button.label for button in message.buttons] == ["Confirm", "Later", "Report", "Never"]

    exchange = await ben.press("Later", message=message)
    assert exchange.kind == 6
    settled = await exchange.settled()
    assert settled.message
    assert settled.message.content == "it is later now"

    with pytest.raises(NotEnabled):
        await ben.press("Never")

    exchange = await ben.press("Confirm")
    assert exchange.kind == 7
    assert (await ann.sees("confirmed")).components == []
    with pytest.raises(NotVisible):
        await ben.press("Confirm")


async def test_selects_take_values_or_labels(running: TestBot, ann: Persona, ben: Persona) -> None:
    await ann.slash("panel")
    exchange = await ann.select("Faction", "China")
    assert exchange.message
    assert exchange.message.content == "you play cn"
    exchange = await ann.select("Rival", [ben])
    assert exchange.message
    assert exchange.message.content == "against Ben"


async def test_a_modal_is_filled_in_by_its_labels(running: TestBot, ann: Persona) -> None:
    await ann.slash("panel")
    exchange = await ann.press("Report")
    assert exchange.kind == 9
    assert exchange.modal
    assert [field.label for field in exchange.modal.fields] == ["What happened", "Who won"]
    exchange = await ann.submit({"What happened": "a long game", "won": "me"})
    assert exchange.message
    assert exchange.message.content == "a long game: ['me']"


async def test_thinking_becomes_a_message_and_is_followed_up(
    running: TestBot, ann: Persona, ben: Persona
) -> None:
    exchange = await ann.slash("slow")
    assert exchange.kind == 5
    assert exchange.message
    assert exchange.message.content == "done at last"
    more = await ann.sees("and even more")
    assert more.ephemeral
    assert [message.content for message in await ben.messages()] == ["done at last"]


async def test_thinking_in_private_stays_private(
    running: TestBot, ann: Persona, ben: Persona
) -> None:
    exchange = await ann.slash("slow", private=True)
    assert exchange.message
    assert exchange.message.ephemeral
    await ann.sees("and even more")
    assert await ben.messages() == []


async def test_no_answer_within_three_seconds_is_shown_as_such(
    running: TestBot, ann: Persona, client: SandboxClient
) -> None:
    begun = await ann.slash("silent", wait=False)
    await client.advance(3.1)
    exchange = await begun.settled()
    assert not exchange.acknowledged
    assert exchange.failed == "The application did not respond"


async def test_a_private_thread_is_seen_by_its_members(
    running: TestBot, client: SandboxClient, ann: Persona, ben: Persona
) -> None:
    cleo = await client.persona("Cleo")
    await ann.slash("room", other=ben)
    seen = await ben.sees("welcome")
    assert (await ann.sees("welcome")).channel_id == seen.channel_id
    assert await cleo.messages() == []
    await ben.send(seen.channel_id, "glhf")
    await ann.sees("glhf", channel=seen.channel_id)


async def test_direct_messages_can_be_refused(running: TestBot, ann: Persona) -> None:
    exchange = await ann.slash("whisper")
    assert exchange.message
    assert exchange.message.content == "sent"
    assert (await ann.sees("psst")).guild_id is None

    for code in (50007, 50278, 40003):
        await ann.refuse_dms(refusal=code)
        running.get_user(int(ann.id))
        exchange = await ann.slash("whisper")
        assert exchange.message
        if code != 40003:  # the channel was opened before, and is not opened again
            assert exchange.message.content == f"refused: {code}"


async def test_files_are_served(running: TestBot, ann: Persona) -> None:
    exchange = await ann.slash("export")
    assert exchange.message
    (attachment,) = exchange.message.attachments
    assert exchange.message.embeds[0]["image"]["url"] == attachment["url"]
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "image/png"
        assert await response.read() == b"\x89PNG"


async def test_components_v2_can_be_read_and_pressed(running: TestBot, ann: Persona) -> None:
    exchange = await ann.slash("modern")
    assert exchange.message
    assert exchange.message.text == "## Match 7"
    assert [button.label for button in exchange.message.buttons] == ["Abort", "Won"]
    pressed = asyncio.create_task(ann.press("Won"))
    got = await running.wait_for("message_interaction", timeout=5)
    await got.response.edit_message(components=[ui.TextDisplay("won")])
    assert (await pressed).kind == 7
    assert (await ann.sees("won")).buttons == []


async def test_context_menus(running: TestBot, guild: Guild, ann: Persona, ben: Persona) -> None:
    said = await ben.send(guild.general, "I won")
    exchange = await ann.message_command("Dispute", said)
    assert exchange.message
    assert exchange.message.content == "disputed: I won"
    exchange = await ann.user_command("Rating", ben)
    assert exchange.message
    assert exchange.message.content == "Ben: 1500"


async def test_what_is_for_admins_is_not_offered_to_others(
    running: TestBot, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    with pytest.raises(NotEnabled):
        await ann.slash("secret")


async def test_commands_that_did_not_change_are_not_sent_again(
    running: TestBot,
    sandbox: Sandbox,
    client: SandboxClient,
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = await client.requests(method="PUT", path="/commands")
    await running.close()
    async with (
        logged_in(make_bot(), sandbox, bot, monkeypatch) as again,
        again._sync_queued,  # held until it has compared  # pyright: ignore[reportPrivateUsage]
    ):
        pass
    assert len(await client.requests(method="GET", path="/commands")) == 2
    assert await client.requests(method="PUT", path="/commands") == before


async def test_the_library_resumes(
    running: TestBot, client: SandboxClient, bot: Bot, ann: Persona
) -> None:
    await client.disconnect(bot)
    await running.wait_for("resumed", timeout=30)
    assert (await ann.slash("queue join")).acknowledged
