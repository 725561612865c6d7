"""Owners make admins; what an admin is counts on the ladder's server alone."""

import pytest

from plugins.admin.models import AuditEntry, Grant
from sandbox import Persona
from tests.flows.admin.house import House, done, newest_entry


async def grant(house: House, persona: Persona, word: str = "grant") -> AuditEntry:
    asked = await house.owner.slash(f"owner admin {word}", user=persona, reason="Trusted")
    assert asked.message is not None
    assert asked.message.buttons, asked.text
    exchange = await house.owner.press("Confirm", message=asked.message)
    assert "Done." in exchange.text
    return await newest_entry()


async def is_admin(persona: Persona) -> bool:
    return "not an admin" not in (await persona.slash("admin audit")).text


async def test_an_admin_is_made_and_unmade(house: House) -> None:
    assert not await is_admin(house.manager)

    entry = await grant(house, house.manager)

    assert await is_admin(house.manager)
    assert (entry.action, entry.user_id, entry.reason) == (
        "grant",
        int(house.manager.id),
        "Trusted",
    )
    listed = await house.owner.slash("owner admin list")
    assert house.owner.mention in listed.text
    assert f"{house.manager.mention}, made an admin by {house.owner.mention}" in listed.text
    assert f"<@&{house.role_id}>" in listed.text
    again = await house.owner.slash("owner admin grant", user=house.manager, reason="x")
    assert again.text == f"{house.manager.mention} is an admin already."

    await grant(house, house.manager, "revoke")

    assert not await is_admin(house.manager)
    assert not await Grant.all().exists()
    none = await house.owner.slash("owner admin revoke", user=house.manager, reason="x")
    assert none.text == f"{house.manager.mention} was not made an admin by an owner."
    assert "No admin was made" in (await house.owner.slash("owner admin list")).text


@pytest.mark.parametrize("word", ["grant", "revoke", "list"])
async def test_who_may_not(house: House, word: str) -> None:
    options = {} if word == "list" else {"user": house.manager, "reason": "x"}
    for persona in (house.admin, house.manager):
        refused = await persona.slash(f"owner admin {word}", options)
        assert refused.text == (
            "Only an owner of the bot may do this. Owners stand in config.toml."
        )


async def test_a_bot_is_no_admin(house: House) -> None:
    refused = await house.owner.slash("owner admin grant", user=house.stage.bot_user_id, reason="x")

    assert refused.text == "A bot cannot be an admin."


async def test_only_an_owner_takes_back_what_an_owner_did(house: House) -> None:
    entry = await grant(house, house.manager)
    refused = await house.admin.slash("admin undo", entry=entry.id, reason="x")
    assert refused.text.startswith("Only an owner of the bot may do this.")

    await done(house, house.owner, "undo", entry=entry.id, reason="x")

    assert not await is_admin(house.manager)


async def test_the_role_counts_at_home_alone(house: House) -> None:
    """On another server nobody is an admin, whatever they hold there."""
    other = await house.stage.client.add_guild("Other")
    role = await house.stage.client.add_role(other.id, "Admins", ["MANAGE_GUILD"])
    for persona in (house.admin, house.owner):
        await house.stage.client.join(other.id, persona.id, roles=[role.id])
        refused = await persona.slash("admin audit", channel=other.general)
        assert refused.text == "This server is not the home of a ladder."


async def test_whoever_loses_the_role_is_no_admin(house: House) -> None:
    assert await is_admin(house.admin)
    await house.stage.client.join(
        str(house.stage.guild_id), house.admin.id, roles=[house.managers_role_id]
    )

    assert not await is_admin(house.admin)
