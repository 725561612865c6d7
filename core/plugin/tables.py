"""A plugin's tables as its package describes them, checked before the database hears of them.

Tortoise knows the models and migrations of all plugins at once: a mistake in one plugin's, met
there, would keep every other plugin from its tables.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from tortoise import Model
from tortoise.fields.relational import ForeignKeyFieldInstance, ManyToManyFieldInstance
from tortoise.migrations.migration import Migration

from core.db import AppModels
from core.errors import LadderkeeperError

__all__ = ["Tables", "TablesError", "read_tables", "unmet"]

ANY = ("__first__", "__latest__")
"""What a migration may depend on instead of a migration's name."""


class TablesError(LadderkeeperError):
    """What is wrong with a plugin's models or migrations, as the end of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What there is, and what it needs of others.

    Attributes:
        models: the names of the models.
        migrations: the names of the migrations.
        needs: models and migrations of others, as ``app.name``, and what of this needs them.
    """

    models: frozenset[str]
    migrations: frozenset[str]
    needs: dict[str, str] = field(default_factory=dict[str, str])

    def have(self, name: str) -> bool:
        """Whether a model or a migration of that name is there."""
        return (
            name in self.models
            or name in self.migrations
            or (name in ANY and bool(self.migrations))
        )


def read_tables(app: AppModels, folder: Path | None) -> Tables:
    """Import the models and migrations of a plugin, and see that they fit one another.

    Raises:
        TablesError: what is missing or does not fit.
        Exception: whatever its modules raise.
    """
    if find_spec(app.models) is None:
        raise TablesError(f"has_models is set, but there is no module models ({folder}/models.py)")
    found = find_spec(app.migrations)
    if found is None or found.submodule_search_locations is None:
        raise TablesError(
            f"has_models is set, but there is no migrations folder ({folder}/migrations)"
        )
    models = [*_models(importlib.import_module(app.models))]
    migrations = dict(_migrations(importlib.import_module(app.migrations)))
    if not migrations:
        raise TablesError(f"has_models is set, but no migration is in {folder}/migrations")
    needs: dict[str, str] = {}
    before: dict[str, set[str]] = {name: set() for name in migrations}
    for name, migration in migrations.items():
        for label, other in _pairs(name, "dependencies", migration.dependencies):
            if label != app.label:
                needs.setdefault(f"{label}.{other}", f"migration {name}")
            elif other in migrations:
                before[name].add(other)
            elif other not in ANY:
                raise TablesError(
                    f"its migration {name} depends on {label}.{other}, which is not there"
                )
        for label, other in _pairs(name, "run_before", migration.run_before):
            needs.setdefault(f"{label}.{other}", f"migration {name}")
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        circle = ", ".join(sorted(set(error.args[1])))
        raise TablesError(f"its migrations depend on one another in a circle: {circle}") from None
    for model in models:
        for reference in _references(model):
            needs.setdefault(reference, f"model {model.__name__}")
    return Tables(
        models=frozenset(model.__name__ for model in models),
        migrations=frozenset(migrations),
        needs=needs,
    )


def unmet(tables: Mapping[str, Tables]) -> dict[str, str]:
    """What is missing, of each app whose needs are not met; as the end of a sentence about it."""
    return {
        label: f"its {by} needs {need}, which is not there"
        for label, own in tables.items()
        for need, by in own.needs.items()
        if not _is_met(need, tables)
    }


def _is_met(need: str, tables: Mapping[str, Tables]) -> bool:
    label, _, name = need.partition(".")
    return label in tables and tables[label].have(name)


def _models(module: ModuleType) -> Iterator[type[Model]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Model) and not _meta(value).abstract:
            yield value


def _references(model: type[Model]) -> Iterator[str]:
    relations: tuple[Any, ...] = (ForeignKeyFieldInstance, ManyToManyFieldInstance)
    for described in _meta(model).fields_map.values():
        # A reference may be the class itself, which is there.
        if isinstance(described, relations) and isinstance(described.model_name, str):
            yield described.model_name


def _meta(model: type[Model]) -> Any:
    """Tortoise's description of a model, untyped in parts."""
    return model._meta  # pyright: ignore[reportPrivateUsage]


def _migrations(package: ModuleType) -> Iterator[tuple[str, type[Migration]]]:
    """By name. Tortoise leaves out packages, and what begins so."""
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg or module.name[0] in "_~":
            continue
        found: object = getattr(
            importlib.import_module(f"{package.__name__}.{module.name}"), "Migration", None
        )
        if not (isinstance(found, type) and issubclass(found, Migration)):
            raise TablesError(f"its migration {module.name} has no class Migration")
        yield module.name, found


def _pairs(migration: str, attribute: str, value: Any) -> list[tuple[str, str]]:
    """As its author wrote them, whatever the types should be."""
    try:
        return [(str(label), str(name)) for label, name in value]
    except (TypeError, ValueError):
        raise TablesError(
            f"`{attribute}` of its migration {migration} must be pairs, as in"
            ' [("queue", "0001_initial")]'
        ) from None
