"""The ladder of StarCraft: Evo Complete, which every key of a ladder falls back to.

Its lists stand in ``starcraft_evo.toml``, in the form in which an owner writes their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

__all__ = ["default"]


@cache
def _lists() -> dict[str, Any]:
    file = Path(__file__).with_suffix(".toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def default(key: str, model: type[BaseModel] | None = None) -> Callable[[], Any]:
    """What makes the default of `key`: of a list of `model`, or of a plain table."""

    def make() -> Any:
        value = _lists()[key]
        return value if model is None else tuple(model.model_validate(item) for item in value)

    return make
