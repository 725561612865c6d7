"""Route the standard library's logging, which disnake, aiohttp and the rest use, into loguru."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

__all__ = ["InterceptHandler", "route", "unroute"]


class InterceptHandler(logging.Handler):
    """Hands each record to loguru with its own level, logger name and place."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass `record` on. Never raises: ``logging`` would print what it was about, unredacted."""

        def place(ours: Record) -> None:
            ours["name"] = record.name
            ours["function"] = record.funcName or ""
            ours["line"] = record.lineno

        with contextlib.suppress(Exception):
            logger.patch(place).opt(exception=_exception(record)).log(
                _level(record), _message(record)
            )


_before: tuple[list[logging.Handler], int] | None = None


def route(level: str) -> None:
    """Send everything of at least `level` to loguru, and to nowhere else."""
    global _before
    root = logging.getLogger()
    if _before is None:
        _before = (root.handlers[:], root.level)
    root.handlers[:] = [InterceptHandler()]
    root.setLevel(level)
    logging.captureWarnings(True)


def unroute() -> None:
    """Undo ``route``."""
    global _before
    if _before is not None:
        root = logging.getLogger()
        root.handlers[:], level = _before
        root.setLevel(level)
        logging.captureWarnings(False)
        _before = None


def _level(record: logging.LogRecord) -> str | int:
    try:
        return logger.level(record.levelname).name
    except ValueError:
        return record.levelno


def _message(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except Exception:
        message = f"{record.msg!r} (its arguments do not fit)"
    return f"{message}\n{record.stack_info}" if record.stack_info else message


def _exception(record: logging.LogRecord) -> BaseException | None:
    # loguru takes an exception or nothing; a tuple of Nones would be neither
    return record.exc_info[1] if record.exc_info else None
