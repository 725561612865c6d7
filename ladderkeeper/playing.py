"""How somebody plays on Discord: set up, join, confirm, report. What simulated players do, and what
tests of the ladder are told in."""

from __future__ import annotations

from sandbox import Exchange, Message, Persona

__all__ = ["REPORT_MENU", "confirm", "join", "report", "set_up"]

REPORT_MENU = "How did it end?"


async def set_up(persona: Persona) -> None:
    """Answer what `/setup` asks for, from Germany."""
    regions = await persona.autocomplete("setup", "region", "")
    home = next((r for r in regions if r["value"] == "EUW"), regions[0] if regions else None)
    region = {"region": home["value"]} if home is not None else {}
    await persona.slash("setup", account=f"{persona.name}#1", country="DE", **region)


async def join(persona: Persona, *factions: str, timeout: float = 10.0) -> Exchange:
    """Join the queue with the factions of those names or codes; without any, with all there are.

    Returns the answer to `/queue join` when the choice is not offered: the player waits already, or
    may not join.
    """
    opened = await persona.slash("queue join", timeout=timeout)
    message = opened.message
    if message is None or not any(button.label == "Join" for button in message.buttons):
        return opened
    menu = message.selects[0]
    chosen = list(factions) or list(menu.options.values())
    await persona.select(menu.placeholder, chosen, message=message)
    return await persona.press("Join", message=message)


async def confirm(*personas: Persona) -> None:
    """Confirm the match, one after the other."""
    for persona in personas:
        await persona.press("Confirm")


async def report(
    persona: Persona,
    result: str,
    *,
    message: str | Message | None = None,
    timeout: float = 10.0,
) -> Exchange:
    """Report a result such as "I won", and confirm the report. Returns once it is written."""
    await persona.select(REPORT_MENU, [result], message=message, timeout=timeout)
    asked = await persona.sees("Is that right?", timeout=timeout)
    confirmed = await persona.press("Confirm", message=asked, timeout=timeout)
    return await confirmed.settled(timeout)
