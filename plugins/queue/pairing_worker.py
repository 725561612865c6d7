"""The process that pairs large waves. It is run as a script, by ``plugins.queue.matchmaker``.

A question is a ``PackedWave``, its answer the numbers of the choices of each pair.

It has numpy, rustworkx and the pure domain in it, and neither disnake nor a database: 45 MB.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from types import ModuleType

from core.worker_script import serve

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Answer until the input ends."""
    _leave_out_the_bot()
    from plugins.queue.domain.pairing.matching import best_pairs
    from plugins.queue.domain.pairing.packing import PackedWave

    gc.disable()  # nothing here makes cycles, and lists of edges would have it search for them
    serve(lambda wave: best_pairs(PackedWave.from_bytes(wave)).tobytes())


def _leave_out_the_bot() -> None:
    """Let the domain be imported without the packages above it, which import the whole bot."""
    for name, folder in (("plugins", HERE.parent), ("plugins.queue", HERE)):
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package


if __name__ == "__main__":
    main()
