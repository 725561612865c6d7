"""A config.toml, written and loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.config import Config, load_config
from core.errors import ConfigError
from tests.core.config.samples import Load


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write a config.toml and load it: ``load(text, NAME=value, ...)``."""

    def write_and_load(
        text: str = "", /, *, env_file: Path | None = None, **environ: str
    ) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return load_config(path, environ=environ, env_file=env_file)

    return write_and_load


@pytest.fixture
def problems(load: Load) -> Callable[..., tuple[str, ...]]:
    """The problems of a config.toml that must not load."""

    def of(text: str = "", /, *, env_file: Path | None = None, **environ: str) -> tuple[str, ...]:
        with pytest.raises(ConfigError) as caught:
            load(text, env_file=env_file, **environ)
        error = caught.value
        # What a traceback could show is nothing but the message.
        assert error.__cause__ is None
        assert error.__context__ is None
        return error.problems

    return of
