"""Derive a ladder's ratings anew from its history, whether a bot runs beside it or not."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from tortoise.exceptions import OperationalError

from core.config import Config, check_plugins, section_of
from core.db import Database, fetch
from core.db.database import CORE_MODELS
from core.errors import ConfigError
from core.plugin import discover
from plugins.queue import QueuePlugin
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.ratings import Standing
from plugins.queue.models import Player
from plugins.queue.service.recompute import Change, Recomputation, recompute

__all__ = ["recompute_ladders"]

SHOWN = 100
"""Changes of a ladder that are listed; of the others their number is said."""


async def recompute_ladders(config: Config, *, name: str | None, write: bool, out: Console) -> int:
    """Recompute the ratings of every ladder, or of the one called `name`, and say what differed.

    No bot has to be stopped for it, on SQLite neither: bots wait while it writes.

    Returns:
        the exit status, 0.

    Raises:
        ConfigError: when there is no such ladder, or no database with ladders in it.
    """
    ladders = _ladders(config, name)
    url = config.database.url.get_secret_value()
    named = config.named("database", "url")
    _require_file(url, named)
    models = QueuePlugin().app_models()
    database = Database(url, [CORE_MODELS, *([models] if models is not None else [])], named=named)
    try:
        await database.open()
        await _require_tables(named)
        for ladder in ladders:
            found = await recompute(ladder, write=write)
            await _show(ladder, found, write=write, out=out)
    finally:
        await database.close()
    return 0


def _ladders(config: Config, name: str | None) -> list[LadderConfig]:
    check_plugins(config, discover(config.plugins.folders))
    all_ladders = section_of(config, "queue", QueueConfig).ladders
    ladders = [ladder for ladder in all_ladders if name is None or ladder.name == name]
    if not ladders:
        names = ", ".join(ladder.name for ladder in all_ladders)
        raise ConfigError(f"{config.path}: there is no ladder called {name!r}. There are: {names}")
    return ladders


def _require_file(url: str, named: str) -> None:
    file = Path(url.removeprefix("sqlite://"))
    if url.startswith("sqlite:") and not file.is_file():  # SQLite would make an empty one
        raise ConfigError(f"{named}: there is no file {file}: no bot has run here yet.")


async def _require_tables(named: str) -> None:
    try:
        await fetch("SELECT 1 FROM queue_match_event LIMIT 1")
    except OperationalError:
        raise ConfigError(
            f"{named}: this database has no ladders in it yet. `ladderkeeper migrate` makes"
            " their tables, as does the first start of a bot."
        ) from None


async def _show(ladder: LadderConfig, found: Recomputation, *, write: bool, out: Console) -> None:
    out.print(f"{ladder.name}: {found.matches} matches replayed.", markup=False)
    if found.is_right:
        out.print("Every rating is what the history says.")
        return
    if found.changes:
        out.print(await _table(ladder, found.changes[:SHOWN]))
    if len(found.changes) > SHOWN:
        out.print(f"and {len(found.changes) - SHOWN} more")
    changed = "have been put right" if write else "would be put right without --dry-run"
    out.print(
        f"{len(found.changes)} ratings, and what {len(found.seats)} players' matches say of theirs,"
        f" {changed}."
    )


async def _table(ladder: LadderConfig, changes: list[Change]) -> Table:
    names: dict[int, str] = {}
    players = {change.which.player_id for change in changes}
    for player in await Player.filter(id__in=list(players)):
        names[player.id] = player.name
    table = Table("player", "faction", "before", "after")
    for change in changes:
        faction = ladder.faction_by_code.get(change.which.faction)
        table.add_row(
            # Names are not ours: not one of them is markup.
            Text(names.get(change.which.player_id, f"player {change.which.player_id}")),
            Text(faction.name if faction is not None else change.which.faction),
            _shown(change.before),
            _shown(change.after),
        )
    return table


def _shown(standing: Standing | None) -> str:
    if standing is None:
        return "none"
    losses = standing.games - standing.wins - standing.draws
    return f"{standing.value} ({standing.wins}-{standing.draws}-{losses})"
