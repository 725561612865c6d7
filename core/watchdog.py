"""Names whoever blocks the event loop: while it is blocked, nobody's press is answered."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from loguru import logger

__all__ = ["LoopWatchdog"]

BLOCKED_SECONDS = 0.5
"""A loop that has not turned for so long is blocked. Discord waits three seconds for an answer."""

BEAT_SECONDS = 0.1


class LoopWatchdog:
    """Watches the loop from a thread of its own.

    Args:
        folders: the folder of each plugin, to name the plugin by the code that runs.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = {name: f"{folder.resolve()}{os.sep}" for name, folder in folders.items()}
        self._beat_at = time.monotonic()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._loop_thread = 0
        self.blocked = 0
        """How often the loop was found blocked."""
        self.longest_seconds = 0.0

    def start(self) -> None:
        """Watch the running loop."""
        self._loop_thread = threading.get_ident()
        self._beat(asyncio.get_running_loop())
        self._thread = threading.Thread(target=self._watch, name="loop watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._timer is not None:
            self._timer.cancel()
        if self._thread is not None:
            self._thread.join()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        self._beat_at = time.monotonic()
        self._timer = loop.call_later(BEAT_SECONDS, self._beat, loop)

    def _watch(self) -> None:
        reported = 0.0
        while not self._stop.wait(BEAT_SECONDS):
            beat_at = self._beat_at
            silent = time.monotonic() - beat_at
            self.longest_seconds = max(self.longest_seconds, silent - BEAT_SECONDS)
            if silent < BLOCKED_SECONDS or beat_at == reported:
                continue
            reported = beat_at
            self.blocked += 1
            frame = _stack_of(self._loop_thread)
            plugin, where = self._culprit(frame)
            logger.bind(plugin=plugin).error(
                "the event loop is blocked for {:.1f} s by {} at {}",
                silent,
                f"plugin {plugin}" if plugin else "the core or a library",
                where,
            )

    def _culprit(self, frame: FrameType | None) -> tuple[str | None, str]:
        """The plugin whose code is innermost on the stack, and the line it is at."""
        where = "an unknown place"
        innermost = frame
        while frame is not None:
            file = str(Path(frame.f_code.co_filename).resolve())
            for name, folder in self._folders.items():
                if file.startswith(folder):
                    return name, f"{file}:{frame.f_lineno}"
            frame = frame.f_back
        if innermost is not None:
            where = f"{innermost.f_code.co_filename}:{innermost.f_lineno}"
        return None, where


def _stack_of(thread: int) -> FrameType | None:
    # Underscored, yet documented, and the only way to see another thread's stack.
    return sys._current_frames().get(thread)  # pyright: ignore[reportPrivateUsage]
