"""Where lines go: standard error, and a file. Neither ever raises into whoever logs."""

from __future__ import annotations

import contextlib
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from loguru import Message, Record

__all__ = ["LogFile", "Output", "Sink", "StandardError"]


class Output(Protocol):
    """Takes finished lines."""

    def write(self, line: str) -> None: ...

    def close(self) -> None: ...


class Sink:
    """What loguru calls with each record.

    It must be added with ``format`` set to the exception alone: everything else is rendered here,
    where secrets are taken out of the finished text and failures are caught. (loguru would answer
    a failure by printing the whole record, secrets and all.)
    """

    def __init__(self, render: Callable[[Record, str], str], output: Output) -> None:
        self._render = render
        self._output = output
        self._thread = threading.local()

    def __call__(self, message: Message) -> None:
        late: list[str] = []
        self._thread.late = late
        try:
            self._write(self._line(message.record, str(message)))
        finally:
            self._thread.late = None
            for line in late:
                self._write(line)

    def accepts(self, record: Record) -> bool:
        """A filter for loguru, whose handlers are not re-entrant: what a finaliser logs while this
        thread is inside the sink is put aside, and written afterwards."""
        late: list[str] | None = getattr(self._thread, "late", None)
        if late is None:
            return True
        exception = record["exception"]
        text = "".join(traceback.format_exception(exception.value)) if exception else ""
        late.append(self._line(record, text))
        return False

    def close(self) -> None:
        """Let go of what it writes to."""
        self._output.close()

    def _line(self, record: Record, exception: str) -> str:
        try:
            return self._render(record, exception)
        except Exception as error:
            return (
                f"{record['level'].name} a log record could not be shown: {type(error).__name__}\n"
            )

    def _write(self, line: str) -> None:
        # A closed terminal or a full disk is no reason to stop.
        with contextlib.suppress(Exception):
            self._output.write(line)


class StandardError(Output):
    """Standard error, whatever it is at the time."""

    def write(self, line: str) -> None:
        if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison] - pythonw has none
            sys.stderr.write(line)
            sys.stderr.flush()

    def close(self) -> None:
        """Leave it open: it is everybody's."""


class LogFile(Output):
    """A file that is appended to, and renamed to end in ``.1`` when it has become too large.

    Args:
        limit: in bytes; 0 for none.

    Raises:
        OSError: when the file cannot be opened.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self._path = path
        self._limit = limit
        self._file = self._open()

    def write(self, line: str) -> None:
        if self._file.closed:
            self._file = self._open()
        if self._limit and self._file.tell() >= self._limit:
            self._file.close()
            try:
                self._path.replace(self._path.with_name(self._path.name + ".1"))
            finally:
                self._file = self._open()
        self._file.write(line)
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def _open(self) -> TextIO:
        file = self._path.open("a", encoding="utf-8", errors="backslashreplace")
        file.seek(0, 2)
        return file
