"""The third party's views and its modal, plain disnake."""

# The decorators of disnake are generic in types that it leaves open.
# pyright: reportUnknownMemberType=false

import weakref
from typing import Any

import disnake

__all__ = ["Form", "Guarded", "Inner", "Menu", "Panel", "Stock", "born"]

Press = disnake.MessageInteraction[Any]

born: "weakref.WeakSet[disnake.ui.View]" = weakref.WeakSet()
"""Every view and only while it lives, for the tests that ask what is left of them."""


class Stock(disnake.ui.View):
    """Opens others, is edited away, stops."""

    def __init__(self, says: str = "stock pressed", *, timeout: float | None = None) -> None:
        super().__init__(timeout=timeout)
        self.says = says
        self.timed_out = False
        born.add(self)

    @disnake.ui.button(label="Press")
    async def press(self, _: Any, inter: Press) -> None:
        await inter.response.send_message(self.says, ephemeral=True)

    @disnake.ui.button(label="Nest")
    async def nest(self, _: Any, inter: Press) -> None:
        await inter.response.send_message("nested", view=Inner("nested pressed"))

    @disnake.ui.button(label="Swap")
    async def swap(self, _: Any, inter: Press) -> None:
        await inter.response.edit_message("swapped", view=Inner("swapped pressed"))

    @disnake.ui.button(label="Count")
    async def count(self, button: "disnake.ui.Button[Any]", inter: Press) -> None:
        button.label = "Count on"
        await inter.response.edit_message(view=self)

    @disnake.ui.button(label="There")
    async def there(self, _: Any, inter: Press) -> None:
        await inter.response.edit_message("there", view=Back(self))

    @disnake.ui.button(label="Unsay")
    async def unsay(self, _: Any, inter: Press) -> None:
        await inter.response.defer()
        await inter.edit_original_response("unsaid", view=None)

    @disnake.ui.button(label="Stop")
    async def halt(self, _: Any, inter: Press) -> None:
        await inter.response.send_message("stopped", ephemeral=True)
        self.stop()

    @disnake.ui.button(label="Raise")
    async def fail(self, _: Any, inter: Press) -> None:
        raise RuntimeError("raised on purpose in a press")

    @disnake.ui.button(label="Away")
    async def away(self, _: Any, inter: Press) -> None:
        await inter.response.edit_message("away", view=None)


class Back(disnake.ui.View):
    """Leads back to the view before it."""

    def __init__(self, before: disnake.ui.View) -> None:
        super().__init__(timeout=None)
        self.before = before
        born.add(self)

    @disnake.ui.button(label="Back")
    async def back(self, _: Any, inter: Press) -> None:
        await inter.response.edit_message("back", view=self.before)


class Inner(disnake.ui.View):
    """Opened from another view, or in its place."""

    def __init__(self, says: str, *, timeout: float | None = None) -> None:
        super().__init__(timeout=timeout)
        self.says = says
        born.add(self)

    @disnake.ui.button(label="Inner", custom_id="stocky-inner")
    async def inner(self, _: Any, inter: Press) -> None:
        await inter.response.send_message(self.says, ephemeral=True)


class Menu(disnake.ui.View):
    """Its author reads the values as disnake's guide does."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        born.add(self)

    @disnake.ui.string_select(placeholder="Menu", custom_id="stocky-menu", options=["one", "two"])
    async def menu(self, select: "disnake.ui.StringSelect[Any]", inter: Press) -> None:
        await inter.response.send_message(f"chose {select.values[0]}", ephemeral=True)


class Guarded(disnake.ui.View):
    """Refuses everybody."""

    def __init__(self, *, timeout: float | None = None) -> None:
        super().__init__(timeout=timeout)
        self.refused = 0
        born.add(self)

    async def interaction_check(self, interaction: Press) -> bool:
        self.refused += 1
        await interaction.response.send_message("not for you", ephemeral=True)
        return False

    @disnake.ui.button(label="Guarded")
    async def guarded(self, _: Any, inter: Press) -> None:
        raise AssertionError


class Panel(disnake.ui.View):
    """Persistent: its messages were sent by a process before this one."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        born.add(self)

    @disnake.ui.button(label="Panel", custom_id="stocky-panel")
    async def panel(self, _: Any, inter: Press) -> None:
        await inter.response.send_message("panel pressed", ephemeral=True)


class Form(disnake.ui.Modal):
    """Answers with a view."""

    def __init__(self) -> None:
        super().__init__(
            title="Form",
            components=[disnake.ui.Label("Words", disnake.ui.TextInput(custom_id="words"))],
        )

    async def callback(self, interaction: disnake.ModalInteraction[Any], /) -> None:
        words = interaction.text_values["words"]
        await interaction.response.send_message(f"form: {words}", view=Inner("form pressed"))
