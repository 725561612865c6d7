"""The tables, and the words for everything that can stand in them."""

from pathlib import Path
from typing import Any

from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import AlterModelOptions

import plugins.admin
from core.db import Database
from core.db.database import CORE_MODELS
from core.text import Catalogue
from plugins.admin.service.audit import ACTIONS
from plugins.admin.service.deeds import OUTCOMES
from plugins.admin.service.wording import FACTS
from plugins.queue.api import MatchState, Result
from tests.plugins.admin.conftest import ADMIN_MODELS
from tests.plugins.queue.conftest import QUEUE_MODELS


async def test_models_and_migrations_agree(database: Database) -> None:
    del database
    config = {
        models.label: {"models": [models.models], "migrations": models.migrations}
        for models in (CORE_MODELS, QUEUE_MODELS, ADMIN_MODELS)
    }
    apps: Any = Tortoise.apps
    detector: Any = MigrationAutodetector(apps, config)
    operations = [operation for draft in await detector.changes() for operation in draft.operations]
    # A description or a list for a tuple would be a change of these.
    assert [o for o in operations if not isinstance(o, AlterModelOptions)] == []


def test_there_are_words_for_everything() -> None:
    catalogue = Catalogue()
    catalogue.add("admin", Path(plugins.admin.__file__).with_name("sentences"))
    keys = {key.removeprefix("admin.") for key in catalogue.keys()}  # noqa: SIM118  not a mapping

    assert {f"state.{state}" for state in MatchState} <= keys
    assert {f"action.{action}" for action in ACTIONS} <= keys
    assert {f"fact.{fact}" for fact in FACTS} <= keys
    assert {f"outcome_is.{outcome}" for outcome in ("won", "draw", "void")} <= keys
    assert {f"outcome.{outcome}" for outcome in OUTCOMES if outcome != "void"} <= keys
    assert {f"case.said.{result}" for result in (*Result, "nothing")} <= keys
    kinds = ("seat", "member", "wait", "matched", "deadline")
    assert {f"repair.{kind}" for kind in kinds} <= keys
    deeds = set(ACTIONS) - {"repair", "undo", "grant", "revoke"}
    assert {f"question.{action}" for action in deeds} <= keys
    assert {f"told.{action}" for action in deeds - {"clear_queue"}} <= keys
