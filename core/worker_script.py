"""The other end of ``core.worker``: what the script of a worker process does all its life.

It is imported in those processes, so it imports nothing of the bot.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

__all__ = ["LENGTH_BYTES", "serve"]

LENGTH_BYTES = 4
"""Each message is its length, in so many bytes, the lowest first, and then that many bytes."""


def serve(answer: Callable[[bytes], bytes]) -> None:
    """Answer the questions on standard input, until it ends with the parent's process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to act on
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(length := questions.read(LENGTH_BYTES)) == LENGTH_BYTES:
        answered = answer(questions.read(int.from_bytes(length, "little")))
        answers.write(len(answered).to_bytes(LENGTH_BYTES, "little") + answered)
        answers.flush()
