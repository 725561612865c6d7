"""Views shown by code that belongs to no plugin are adopted or refused, as the owner wants."""

from pathlib import Path
from typing import Any

import disnake
import pytest

from core.views.adoption import UnownedView
from ladderkeeper.testing import eventually
from sandbox import Persona
from tests.flows.conftest import set_stage

SAMPLES = Path(__file__).parents[1] / "sample_plugins"


class Unowned(disnake.ui.View):
    """Shown by code that belongs to no plugin."""

    @disnake.ui.button(label="Unowned")  # pyright: ignore[reportUnknownMemberType]
    async def unowned(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.send_message("unowned pressed", ephemeral=True)


@pytest.mark.parametrize("unowned", ["adopt", "refuse"])
async def test_views_that_nobody_owns(tmp_path: Path, unowned: str) -> None:
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with set_stage(
        tmp_path, url, enabled=["stocky"], folders=[SAMPLES], start=False
    ) as stage:
        text = stage.config_path.read_text()
        stage.config_path.write_text(f'{text}\n[views]\nunowned = "{unowned}"\n')
        await stage.start()
        await eventually(stage.commands)
        alice = await stage.persona("Alice")
        channel = stage.app.bot.get_channel(stage.channel_id)
        assert isinstance(channel, disnake.TextChannel)

        if unowned == "adopt":
            await channel.send("nobody's", view=Unowned(timeout=None))
            assert ("core", "unowned", "none") in stage.app.views.stats().open
            assert (await alice.press("Unowned")).text == "unowned pressed"
        else:
            with pytest.raises(UnownedView, match="Unowned belongs to no plugin"):
                await channel.send("nobody's", view=Unowned(timeout=None))
            await eventually(lambda: without_buttons(alice, "nobody's"))

        await alice.slash("stocky channel")
        assert (await alice.press("Press")).text == "stock pressed", "a plugin's is adopted"


async def without_buttons(alice: Persona, text: str) -> bool:
    return not (await alice.sees(text)).components
