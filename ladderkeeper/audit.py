"""Write what admins did into a table, whether a bot runs beside it or not."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from tortoise.exceptions import OperationalError

from core.config import Config, check_plugins
from core.db import Database, fetch
from core.db.database import CORE_MODELS
from core.errors import ConfigError
from core.plugin import discover
from plugins.admin import AdminPlugin
from plugins.admin.domain.cells import cell
from plugins.admin.domain.times import Unreadable, since
from plugins.admin.service.audit import COLUMNS, export_rows
from plugins.queue import QueuePlugin

__all__ = ["export_audit"]


async def export_audit(
    config: Config, *, since_when: str, csv_file: Path | None, json_file: Path | None, out: Console
) -> int:
    """Export the audit, oldest first: as CSV to standard output where no file is named.

    In CSV, what a spreadsheet would take for a formula is escaped by a leading apostrophe.

    Returns:
        the exit status, 0.

    Raises:
        ConfigError: when the time cannot be read, or there is no database with an audit in it.
    """
    after = _moment(since_when)
    check_plugins(config, discover(config.plugins.folders))
    url = config.database.url.get_secret_value()
    named = config.named("database", "url")
    _require_file(url, named)
    models = [plugin.app_models() for plugin in (QueuePlugin, AdminPlugin)]
    database = Database(
        url, [CORE_MODELS, *(found for found in models if found is not None)], named=named
    )
    try:
        await database.open()
        await _require_tables(named)
        rows = [row async for row in export_rows(after)]
    finally:
        await database.close()
    written = _write(rows, csv_file, json_file)
    for file in written:
        out.print(f"{len(rows)} entries written to {file}", markup=False)
    return 0


def _write(rows: list[dict[str, Any]], csv_file: Path | None, json_file: Path | None) -> list[Path]:
    """Write them where that is wanted. Returns the files."""
    if csv_file is None and json_file is None:
        _write_csv(rows, sys.stdout)
    if csv_file is not None:
        with csv_file.open("w", encoding="utf-8", newline="") as stream:
            _write_csv(rows, stream)
    if json_file is not None:
        text = json.dumps([_plain(row) for row in rows], ensure_ascii=False, indent=1)
        json_file.write_text(text + "\n", encoding="utf-8")
    return [file for file in (csv_file, json_file) if file is not None]


def _require_file(url: str, named: str) -> None:
    file = Path(url.removeprefix("sqlite://"))
    if url.startswith("sqlite:") and not file.is_file():  # SQLite would make an empty one
        raise ConfigError(f"{named}: there is no file {file}: no bot has run here yet.")


def _moment(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        return since(typed, datetime.now(UTC))
    except (Unreadable, OverflowError):
        raise ConfigError(
            f"--since {typed}: write a day as 2026-01-31, or so long ago as 3d"
        ) from None


async def _require_tables(named: str) -> None:
    try:
        await fetch("SELECT 1 FROM admin_audit LIMIT 1")
    except OperationalError:
        raise ConfigError(
            f"{named}: this database has no audit in it yet. `ladderkeeper migrate` makes"
            " its table, as does the first start of a bot with the plugin admin."
        ) from None


def _write_csv(rows: list[dict[str, Any]], stream: TextIO) -> None:
    table = csv.writer(stream)
    table.writerow(COLUMNS)
    for row in rows:
        plain = _plain(row)
        for name in ("before", "after"):
            plain[name] = json.dumps(plain[name], ensure_ascii=False)
        table.writerow([cell(plain[name]) for name in COLUMNS])


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """The row as JSON has it. Discord's ids are text: they are too long for a number there."""
    plain = {name: row[name] for name in COLUMNS}
    plain["at"] = row["at"].isoformat()
    for name in ("admin_id", "user_id"):
        plain[name] = str(row[name]) if row[name] is not None else None
    for name in ("before", "after"):
        if isinstance(row[name], str):
            plain[name] = json.loads(row[name])
    return plain
