"""The config.toml that comes with Ladderkeeper, for whoever has none yet."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.errors import ConfigError

__all__ = ["SHIPPED", "write_config"]

HERE = Path(__file__).parent

SHIPPED = next(
    # In an installed package it is beside this file; in a checkout it stands at the root.
    (path for path in (HERE / "config.toml", HERE.parent / "config.toml") if path.is_file()),
    HERE / "config.toml",
)


def write_config(path: Path) -> None:
    """Write the shipped file to `path`.

    Raises:
        ConfigError: when there is one already, or it cannot be written.
    """
    try:
        with path.open("xb") as file, SHIPPED.open("rb") as shipped:
            shutil.copyfileobj(shipped, file)
    except FileExistsError:
        raise ConfigError(f"{path}: there is one already, and it stays as it is") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{path}: cannot be written ({reason})") from None
