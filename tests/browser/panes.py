"""What somebody does in a pane of the page, by mouse."""

from playwright.async_api import Locator, Page, expect

WRITE = "Message, or / for a command"


class PaneOf:
    """One pane, found as a screen reader finds it."""

    def __init__(self, page: Page, label: str = "First pane") -> None:
        self.page = page
        self.root = page.get_by_role("region", name=label)

    @property
    def messages(self) -> Locator:
        return self.root.get_by_role("article")

    @property
    def bodies(self) -> Locator:
        """What stands in the messages, without the page's own buttons beside it."""
        return self.messages.locator(".message-body")

    @property
    def composer(self) -> Locator:
        return self.root.get_by_label(WRITE)

    @property
    def modal(self) -> Locator:
        return self.root.get_by_role("dialog")

    def message(self, text: str) -> Locator:
        """The newest with this text."""
        return self.messages.filter(has_text=text).last

    def button(self, label: str) -> Locator:
        """The newest of that label."""
        return self.messages.get_by_role("button", name=label, exact=True).last

    async def sees(self, text: str) -> Locator:
        found = self.message(text)
        await expect(found).to_be_visible()
        return found

    async def write(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def begin(self, line: str) -> Locator:
        """Type a command up to its options, which are returned."""
        await self.composer.fill(f"/{line}")
        await expect(self.root.get_by_role("listbox", name="Commands")).to_be_visible()
        await self.composer.press("Enter")
        return self.root.get_by_role("group", name=f"/{line}", exact=True)

    async def command(self, line: str) -> None:
        """Invoke it without options."""
        await self.begin(line)
        await self.root.get_by_role("button", name="Send").click()

    async def press(self, label: str) -> None:
        await self.button(label).click()

    async def choose(self, menu: str, *options: str, within: Locator | None = None) -> None:
        """In a select, of the newest message that has it or of a modal."""
        place = within or self.messages
        face = place.get_by_role("button", name=menu).last
        await face.click()
        for option in options:
            await self.root.get_by_role("option", name=option).click()
        done = self.root.get_by_role("button", name="Done")
        if await done.is_visible():
            await done.click()

    async def open_channel(self, name: str) -> None:
        shown = self.root.get_by_role("navigation").get_by_role("button", name=name)
        await expect(shown).to_be_visible()
        await shown.click()
