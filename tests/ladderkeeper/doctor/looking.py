"""Break something, look, and say what was found."""

from typing import Any

from core.examination import Findings
from ladderkeeper import doctor
from ladderkeeper.testing import Stage


async def examine(stage: Stage) -> Findings:
    return await doctor.examine(stage.config(), clock=stage.clock)


def wrong(findings: Findings, about: str) -> str:
    """The one problem, which says what to do."""
    assert [found.about for found in findings.problems] == [about], findings
    assert findings.problems[0].remedy
    return findings.problems[0].text


def changed(stage: Stage, **tables: Any) -> None:
    """Change config.toml: ``section__key=value``."""
    document = stage.config_tables()
    for path, value in tables.items():
        *sections, key = path.split("__")
        table = document
        for section in sections:
            table = table.setdefault(section, {})
        table[key] = value
    stage.write_config(document)


async def overwrite(stage: Stage, channel_id: str, deny: int) -> None:
    await stage.client.set_overwrites(
        channel_id, [{"id": stage.bot_user_id, "type": 1, "allow": 0, "deny": deny}]
    )
