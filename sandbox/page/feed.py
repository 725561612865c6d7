"""What keeps the page up to date: one WebSocket for each open tab."""

import asyncio
import json
import time
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from typing import TypeVar

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.gateway.hub import EventRow
from sandbox.interactions.viewing import shown
from sandbox.model.message import Message
from sandbox.observation import LogRow, RequestLog
from sandbox.page.picture import picture
from sandbox.wire import JsonObject, encode, is_array, is_object
from sandbox.world import World

__all__ = ["PATH", "Feeds"]

PATH = "/sandbox/feed"
GATHER_S = 0.03
"""What happens within this time is told at once; a bot's burst costs one drawing."""
LOOK_S = 1.0
"""Timers of the sandbox change things too, and announce nothing: a thread is archived."""
MOST_ROWS = 300
"""The newest rows of the log that are told at a time."""
MOST_WATCHED = 20
MOST_BYTES_IN = 64 * 1024

Row = TypeVar("Row", LogRow, EventRow)


class Feeds:
    """All open feeds."""

    def __init__(self, world: World, requests: RequestLog) -> None:
        self._world = world
        self._requests = requests
        self._feeds: set[Feed] = set()

    def stir(self) -> None:
        """Something may have changed: look."""
        for feed in self._feeds:
            feed.stirred.set()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse(compress=False, max_msg_size=MOST_BYTES_IN)
        if not socket.can_prepare(request):
            return web.Response(status=426, text="The feed speaks WebSocket.")
        await socket.prepare(request)
        feed = Feed(self._world, self._requests, socket)
        self._feeds.add(feed)
        try:
            await feed.run()
        finally:
            self._feeds.discard(feed)
        return socket

    async def close(self) -> None:
        for feed in list(self._feeds):
            await feed.socket.close(code=WSCloseCode.GOING_AWAY)


class Feed:
    """Sends ``world`` when the picture changes, ``faults`` when those do, ``message`` and ``gone``
    for what the watched personas see, ``rows`` of the log, and ``clock`` when it was moved.

    Takes ``{"watch": [{"persona", "channel"}, ...]}``: who is shown, and where.
    """

    def __init__(self, world: World, requests: RequestLog, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.stirred = asyncio.Event()
        self._world = world
        self._requests = requests
        self._watched: dict[str, list[str]] = {}
        """Persona to the channels that are open."""
        self._last_picture = ""
        self._last_faults: list[JsonObject] | None = None
        self._newest = int(world.snowflakes.next())
        """What has a lower id is a message that has changed, not a new one."""
        self._ahead = 0.0
        self._last_request: LogRow | None = None
        self._last_event: EventRow | None = None

    async def run(self) -> None:
        """Until either side closes."""
        writer = asyncio.create_task(self._write(), name="sandbox page feed")
        try:
            async for frame in self.socket:
                if frame.type is WSMsgType.TEXT:
                    self._read(frame.data)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def _read(self, text: str) -> None:
        try:
            wish: object = json.loads(text)
        except ValueError:
            return
        if is_object(wish) and is_array(wish.get("watch")):
            self._watched = {}
            panes: list[object] = wish["watch"][:MOST_WATCHED]
            for pane in panes:
                if is_object(pane):
                    opened = self._watched.setdefault(str(pane.get("persona")), [])
                    opened += [str(pane["channel"])] if pane.get("channel") else []
            self._last_picture = ""
            self.stirred.set()

    async def _write(self) -> None:
        with self._world.watches.open() as changed, suppress(ConnectionError):
            while not self.socket.closed:
                self.stirred.clear()
                for note in self._notes(changed):
                    await self.socket.send_str(encode(note))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stirred.wait(), LOOK_S)
                    await asyncio.sleep(GATHER_S)

    def _notes(self, changed: asyncio.Queue[Message]) -> list[JsonObject]:
        notes: list[JsonObject] = []
        seen = picture(self._world, self._watched)
        text = encode(seen)
        if text != self._last_picture:
            self._last_picture = text
            notes.append({"type": "world", **seen})
        faults = [fault.json() for fault in self._world.faults.all()]
        if faults != self._last_faults:
            self._last_faults = faults
            notes.append({"type": "faults", "faults": faults})
        messages: dict[str, Message] = {}
        while not changed.empty():
            message = changed.get_nowait()
            messages[message.id] = message
        for message in messages.values():
            notes += self._of_message(message, new=int(message.id) > self._newest)
            self._newest = max(self._newest, int(message.id))
        if rows := self._rows():
            notes.append({"type": "rows", "rows": rows})
        # The page counts down to times of the sandbox, whose clock can be moved.
        ahead = round(self._world.clock.now() - time.monotonic(), 1)
        if ahead != self._ahead:
            self._ahead = ahead
            notes.append({"type": "clock", "now": self._world.clock.now()})
        return notes

    def _of_message(self, message: Message, *, new: bool) -> list[JsonObject]:
        notes: list[JsonObject] = []
        for persona_id in self._watched:
            persona = self._world.personas.get(persona_id)
            if persona is None:
                continue
            if message.visible_to(persona_id):
                what: JsonObject = {"type": "message", "message": shown(message, persona)}
                what["new"] = new
            elif message.gone:
                what = {"type": "gone", "id": message.id, "channel": message.channel.id}
            else:
                continue
            notes.append(what | {"persona": persona_id})
        return notes

    def _rows(self) -> list[JsonObject]:
        requests = _newer(self._requests.rows, self._last_request)
        events = _newer(self._world.hub.log, self._last_event)
        if requests:
            self._last_request = requests[-1]
        if events:
            self._last_event = events[-1]
        rows = [{"kind": "request", **asdict(row)} for row in requests]
        rows += [{"kind": "event", **asdict(row)} for row in events]
        return sorted(rows, key=lambda row: row["at"])


def _newer(rows: deque[Row], last: Row | None) -> list[Row]:
    """Those after ``last``, at most so many, the newest."""
    found: list[Row] = []
    for row in reversed(rows):
        if row is last or len(found) == MOST_ROWS:
            break
        found.append(row)
    return found[::-1]
