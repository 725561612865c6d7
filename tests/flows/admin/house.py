"""A bot with an owner, admins of each kind, and somebody who only manages the server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from ladderkeeper.playing import confirm, report
from ladderkeeper.testing import Stage, eventually
from plugins.admin.models import AuditEntry
from plugins.queue.models import Match
from sandbox import Channel, Exchange, Message, Persona
from tests.flows.conftest import SLOW_WAVES, Table, set_stage

__all__ = [
    "House",
    "completed",
    "confirmed",
    "conflict",
    "done",
    "gone",
    "house_of",
    "newest_entry",
]


@dataclass
class House:
    """Who is there.

    Attributes:
        owner: stands in config.toml.
        admin: has the role of config.toml.
        manager: sees the commands, and is nothing.
        office: the admins' channel.
        role_id: the role of config.toml.
    """

    stage: Stage
    owner: Persona
    admin: Persona
    manager: Persona
    office: Channel
    role_id: str
    managers_role_id: str


@asynccontextmanager
async def house_of(
    folder: Path, database_url: str, *, office: bool = True, **options: Any
) -> AsyncGenerator[House]:
    """The bot runs, with the queue and the admins' plugin."""
    options = {"enabled": ["queue", "admin"], "sections": {"queue": SLOW_WAVES}} | options
    async with set_stage(folder, database_url, start=False, **options) as stage:
        guild = str(stage.guild_id)
        managers = await stage.client.add_role(guild, "Managers", ["MANAGE_GUILD"])
        admins = await stage.client.add_role(guild, "Admins", ["MANAGE_GUILD"])
        channel = await stage.client.add_channel(guild, "admins")
        owner = await stage.persona("Olga", roles=[managers.id])
        admin = await stage.persona("Adam", roles=[admins.id])
        manager = await stage.persona("Manja", roles=[managers.id])
        tables = tomlkit.parse(stage.config_path.read_text(encoding="utf-8")).unwrap()
        tables["discord"]["owners"] = [int(owner.id)]
        tables["plugins"]["admin"] = {"role_id": int(admins.id)}
        if office:
            tables["plugins"]["admin"]["channel_id"] = int(channel.id)
        stage.write_config(tables)
        await stage.start()
        yield House(stage, owner, admin, manager, channel, admins.id, managers.id)


async def confirmed(admin: Persona, command: str, **options: Any) -> Exchange:
    """The admin gives the command, and confirms what it asks."""
    options.setdefault("reason", "because")
    asked = await admin.slash(f"admin {command}", **options)
    assert asked.message is not None, asked
    assert asked.message.buttons, asked.text
    return await admin.press("Confirm", message=asked.message)


async def done(house: House, admin: Persona, command: str, **options: Any) -> AuditEntry:
    """The same, and the entry it left."""
    exchange = await confirmed(admin, command, **options)
    assert "Done." in exchange.text, exchange.text
    await house.stage.settled()
    return await newest_entry()


async def newest_entry() -> AuditEntry:
    """What the audit noted last."""
    entry = await AuditEntry.all().order_by("-id").first()
    assert entry is not None
    return entry


async def gone(persona: Persona, message: Message | None) -> None:
    """Wait until the persona does not see the message any more."""
    assert message is not None

    async def is_gone() -> bool:
        return message.id not in {seen.id for seen in await persona.messages()}

    await eventually(is_gone)


async def completed(table: Table) -> Match:
    """Alice has beaten Bob, and both say so."""
    await confirm(table.alice, table.bob)
    await report(table.alice, "I won")
    await report(table.bob, "I lost")
    await eventually(lambda: Match.filter(state="completed").exists())
    await table.stage.settled()
    return await Match.get(state="completed")


async def conflict(table: Table) -> Match:
    """Both say that they have won."""
    await confirm(table.alice, table.bob)
    await report(table.alice, "I won")
    await report(table.bob, "I won")
    await eventually(lambda: Match.filter(state="conflict").exists())
    await table.stage.settled()
    return await Match.get(state="conflict")
