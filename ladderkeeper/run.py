"""Run the bot until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal

from core.app import App
from core.config import Config

__all__ = ["serve"]


async def serve(config: Config) -> int:
    """Run until SIGINT, SIGTERM, or until Discord will not have us any more.

    Raises:
        ConfigError: when something the owner can put right is wrong.
        LadderkeeperError: when the connection is closed for good.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: Ctrl-C cancels this task instead
            break
    app = App(config)
    starting = asyncio.create_task(app.start(), name="start")
    stopping = asyncio.create_task(stop.wait(), name="wait for a signal")
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
        await starting
        # What is there now stays: the collector need not walk it again, 50 ms each time.
        gc.collect()
        gc.freeze()
        await asyncio.wait({app.stopped, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if app.stopped.done():
            app.stopped.result()
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    finally:
        stopping.cancel()
        await app.stop()
    return 0
