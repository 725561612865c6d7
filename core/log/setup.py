"""Turn logging on as config.toml says, and off again."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from loguru import logger

from core.errors import ConfigError
from core.log.intercept import route, unroute
from core.log.lines import console_line, json_line
from core.log.redaction import add_secret, forget_secrets
from core.log.sink import LogFile, Sink, StandardError

if TYPE_CHECKING:
    from loguru import Logger, Record

    from core.config.models import LogConfig

__all__ = ["configure", "plugin_logger", "reset"]

BYTES_PER_MEGABYTE = 1_000_000

_sinks: list[Sink] = []


def configure(log: LogConfig, *, secrets: Iterable[str] = (), named: str = "log.file") -> None:
    """Log to standard error, and to the file if one is set. Replaces what was configured before.

    Args:
        secrets: what must never be shown, as ``Config.secrets()`` lists it.
        named: what to call the file's place in errors, see ``Config.place()``.

    Raises:
        ConfigError: when the file cannot be opened.
    """
    for secret in secrets:
        add_secret(secret)
    try:
        limit = int(log.file_max_megabytes * BYTES_PER_MEGABYTE)
        file = LogFile(log.file, limit) if log.file else None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{named}: {log.file} cannot be written ({reason})") from None
    _remove_sinks()
    _add(Sink(_renderer(log, colour=_terminal()), StandardError()), log.level)
    if file is not None:
        _add(Sink(_renderer(log, colour=False), file), log.level)
    levels = logging.getLevelNamesMapping()
    route(max(log.level, log.libraries, key=levels.__getitem__))


def plugin_logger(name: str) -> Logger:
    """The logger of the plugin `name`: its lines say so."""
    return logger.bind(plugin=name)


def reset() -> None:
    """Stop logging, give the standard library its handlers back, forget all secrets."""
    unroute()
    _remove_sinks()
    forget_secrets()


def _add(sink: Sink, level: str) -> None:
    logger.add(
        sink,
        level=level,
        format=_exception_alone,
        filter=sink.accepts,
        colorize=False,
        diagnose=False,  # it would show the values of variables
        backtrace=False,
        catch=True,
    )
    _sinks.append(sink)


def _remove_sinks() -> None:
    logger.remove()
    for sink in _sinks:
        sink.close()
    _sinks.clear()


def _exception_alone(_record: Record) -> str:
    return "{exception}"


def _renderer(log: LogConfig, *, colour: bool) -> Callable[[Record, str], str]:
    return json_line if log.format == "json" else partial(console_line, colour=colour)


def _terminal() -> bool:
    if sys.stderr is None or os.environ.get("NO_COLOR"):  # pyright: ignore[reportUnnecessaryComparison]
        return False
    return sys.stderr.isatty()
