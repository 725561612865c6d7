"""Mistakes in what a view shows are named where they are made."""

import disnake
import pytest

from core.context import acting_for
from core.views import DurableView, Rendering, action
from core.views.press import Press


class Poll(DurableView):
    name = "poll"
    plugin = "votes"

    async def render(self, key: str, locale: str) -> Rendering | None:
        yes = self.button("yes", key, "Yes")
        link = disnake.ui.Button[None](label="Rules", url="https://example.org")
        stock = disnake.ui.Button[None](label="No", custom_id="no")
        rows = {"flat": [yes], "stock": [[yes], [stock, yes]], "good": [[yes, link]]}
        return shown(rows[key])

    @action
    async def yes(self, press: Press) -> None: ...


def shown(rows: object) -> Rendering:
    return Rendering("Vote!", rows=rows)  # type: ignore[arg-type]


async def test_a_row_that_is_no_list_is_named() -> None:
    with pytest.raises(TypeError, match=r"view votes\.poll: row 1 .* is a Button, not a list"):
        await Poll().render("flat", "en")


async def test_a_button_whose_press_nobody_would_hear_is_named() -> None:
    with pytest.raises(TypeError, match=r"view votes\.poll: in row 2 .* Button 'no'.*self\.button"):
        await Poll().render("stock", "en")


async def test_buttons_of_the_view_and_links_may_stand_in_a_row() -> None:
    rendering = await Poll().render("good", "en")
    assert rendering is not None
    assert len(rendering.as_payload()["components"][0]["components"]) == 2


async def test_outside_of_any_view_the_plugin_is_named() -> None:
    with acting_for("votes"), pytest.raises(TypeError, match="plugin votes: row 1"):
        shown(rows=[disnake.ui.Button[None]()])


def test_a_text_that_is_too_long_is_cut_short() -> None:
    assert Rendering("x" * 2000).content == "x" * 2000
    assert Rendering("x" * 2001).content == "x" * 1999 + "…"


def test_the_note_of_an_end_has_its_place() -> None:
    ended = Rendering("x" * 2000).ended("This has ended.")
    assert len(ended.content) == 2000
    assert ended.content.endswith("x…\nThis has ended.")
    assert Rendering("Vote!").ended("This has ended.").content == "Vote!\nThis has ended."
    assert Rendering("Vote!").ended().content == "Vote!"
