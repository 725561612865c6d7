"""``/telemetry now`` and ``/telemetry chart``: who may look, and what they see."""

import pytest

from sandbox import SandboxError
from tests.flows.telemetry.conftest import Watched


@pytest.mark.parametrize("command", ["telemetry now", "telemetry chart"])
async def test_discord_hides_it_from_others(watched: Watched, command: str) -> None:
    with pytest.raises(SandboxError, match="may not use /telemetry"):
        await watched.player.slash(command)


@pytest.mark.parametrize("command", ["telemetry now", "telemetry chart"])
async def test_others_are_refused(watched: Watched, command: str) -> None:
    show_to_all(watched)

    refused = await watched.player.slash(command)

    assert refused.text.startswith("Only the bot's owner")


def show_to_all(watched: Watched) -> None:
    """The server has set the command free: then it is for the bot to refuse."""
    for application in watched.stage.sandbox.world.applications.values():
        for commands in application.commands.values():
            for command in commands.values():
                command.body["default_member_permissions"] = None


@pytest.mark.parametrize("who", ["owner", "manager"])
async def test_the_figures(watched: Watched, who: str) -> None:
    show_to_all(watched)

    answer = await getattr(watched, who).slash("telemetry now")

    assert answer.message is not None
    assert answer.message.ephemeral
    for line in (
        "Memory: ",
        "Views: **0** open",
        "Acknowledged within ",
        "Waiting: 0, matches running: 0",
        "rate limited: 0",
        "Failures: none",
        "Event loop: ",
        "Gateway: connected",
    ):
        assert line in answer.text, answer.text


async def test_the_chart(watched: Watched) -> None:
    for _ in range(3):
        await watched.stage.advance(60)

    answer = await (await watched.manager.slash("telemetry chart", hours=2)).settled(30)

    assert answer.message is not None
    assert [file["filename"] for file in answer.message.attachments] == ["telemetry.png"]
