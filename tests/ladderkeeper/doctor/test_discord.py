"""The way to Discord, and what a ladder needs there."""

import re
from pathlib import Path
from typing import NamedTuple

import disnake
import pytest

from core.examination.examination import PERMISSIONS
from ladderkeeper.doctor.connection import missing_intents
from ladderkeeper.testing import Stage
from sandbox import permissions
from tests.ladderkeeper.doctor.looking import changed, examine, overwrite, wrong

ROOT = Path(__file__).parents[3]


async def test_all_is_well(stage: Stage) -> None:
    findings = await examine(stage)

    assert findings.problems == []
    looked_at = {found.about for found in findings}
    assert looked_at >= {"disnake", "disk", "database", "token", "clock", "intents", "queue"}


async def test_it_looks_while_the_bot_has_run(stage: Stage) -> None:
    await stage.start()
    await stage.stop()

    findings = await examine(stage)

    assert "it opens, and is up to date" in [found.text for found in findings]


@pytest.mark.parametrize("token", ["", "wrong.to.ken"])
async def test_the_token(stage: Stage, token: str) -> None:
    stage.token = token

    said = wrong(await examine(stage), "token")

    assert said == ("Discord does not accept it" if token else "there is none")


async def test_discord_cannot_be_reached(stage: Stage) -> None:
    changed(stage, discord__api_url="http://127.0.0.1:9/api/v10")

    assert "cannot be reached" in wrong(await examine(stage), "discord")


async def test_the_clock(stage: Stage) -> None:
    stage.clock.advance(90)

    assert "s ahead of Discord's" in wrong(await examine(stage), "clock")


def test_intents() -> None:
    needed = disnake.Intents(guilds=True, members=True, message_content=True)

    assert missing_intents(needed, 0) == ["Server Members Intent", "Message Content Intent"]
    assert missing_intents(needed, 1 << 15 | 1 << 18) == []
    assert missing_intents(disnake.Intents(guilds=True), 0) == []


async def test_the_server(stage: Stage) -> None:
    await stage.client.kick(str(stage.guild_id), stage.bot_user_id)

    findings = await examine(stage)

    assert "the bot is on no server" in wrong(findings, "queue")
    assert f"&permissions={PERMISSIONS.value}" in findings.problems[0].remedy


def test_the_readme_lists_what_the_bot_is_invited_with() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    listed = re.search(r"and the permissions ([\w, ]+)\.", text)
    assert listed is not None
    shown = listed[1].replace("View Channels", "View Channel").lower().replace(" ", "_")
    assert sorted(shown.split(",_")) == sorted(name for name, given in PERMISSIONS if given)


class Denied(NamedTuple):
    """A permission that the bot lacks in the channel of the rooms."""

    bits: int
    shown: str


@pytest.mark.parametrize(
    "denied",
    [
        Denied(permissions.CREATE_PRIVATE_THREADS, "Create Private Threads"),
        Denied(permissions.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
        Denied(permissions.MANAGE_THREADS, "Manage Threads"),
    ],
)
async def test_the_channel_of_the_rooms(stage: Stage, denied: Denied) -> None:
    await overwrite(stage, str(stage.channel_id), denied.bits)

    findings = await examine(stage)

    assert wrong(findings, "queue").endswith(f"the bot lacks {denied.shown} there")
    assert f"allow {denied.shown}" in findings.problems[0].remedy


async def test_a_channel_it_may_not_view(stage: Stage) -> None:
    await overwrite(stage, str(stage.channel_id), permissions.VIEW_CHANNEL)

    said = wrong(await examine(stage), "queue")

    assert "room_channel_id" in said
    assert "View Channel" in said or "may not view it" in said


async def test_a_channel_of_another_server(stage: Stage) -> None:
    other = await stage.client.add_guild("Elsewhere")
    ladder = {
        "name": "Ladder",
        "guild_id": stage.guild_id,
        "room_channel_id": int(other.general),
    }
    changed(stage, plugins__queue__ladders=[ladder])

    assert "is on another server" in wrong(await examine(stage), "queue")


async def test_announcements_and_alerts(stage: Stage) -> None:
    quiet = await stage.client.add_channel(str(stage.guild_id), "quiet")
    await overwrite(stage, quiet.id, permissions.SEND_MESSAGES)
    ladder = {
        "name": "Ladder",
        "guild_id": stage.guild_id,
        "room_channel_id": stage.channel_id,
        "announcements_channel_id": int(quiet.id),
    }
    changed(stage, plugins__queue__ladders=[ladder], discord__alerts_channel_id=int(quiet.id))

    findings = await examine(stage)

    assert [found.about for found in findings.problems] == ["alerts", "queue"]
    for found in findings.problems:
        assert "#quiet: the bot lacks Send Messages there" in found.text
