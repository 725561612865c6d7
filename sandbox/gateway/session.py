"""A session: what one shard of a bot was sent, kept for a while so that it can resume."""

from collections import deque
from typing import Protocol

from sandbox.model.application import Application

__all__ = ["REPLAY_EVENTS", "RESUME_WINDOW_S", "Connection", "Session"]

REPLAY_EVENTS = 2_000
"""Events kept for a resume; whoever missed more has to identify anew."""
RESUME_WINDOW_S = 180.0
"""How long a session without a connection can be resumed."""


class Connection(Protocol):
    """Where a session's frames go while it is connected."""

    def push(self, frame: str) -> None: ...

    def shut(self, code: int) -> None: ...

    def detach(self, *, resumable: bool) -> None: ...

    def invalidate(self, *, resumable: bool) -> None: ...

    def ask_to_reconnect(self) -> None: ...


class Session:
    def __init__(
        self, session_id: str, application: Application, intents: int, shard: tuple[int, int]
    ) -> None:
        self.id = session_id
        self.application = application
        self.intents = intents
        self.shard = shard
        self.sequence = 0
        self.connection: Connection | None = None
        self.detached_at = 0.0
        self._replay: deque[tuple[int, str]] = deque(maxlen=REPLAY_EVENTS)

    def handles(self, guild_id: str | None) -> bool:
        """Whether events of a guild, or of direct messages (None), come to this shard."""
        shard, count = self.shard
        if guild_id is None:
            return shard == 0
        return (int(guild_id) >> 22) % count == shard

    def dispatch(self, event: str, data: str) -> None:
        """Send an event, given as JSON, and keep it for a resume."""
        self.sequence += 1
        frame = f'{{"t":"{event}","s":{self.sequence},"op":0,"d":{data}}}'
        self._replay.append((self.sequence, frame))
        if self.connection:
            self.connection.push(frame)

    def acknowledged(self, sequence: int) -> None:
        """Forget what a heartbeat says has arrived."""
        while self._replay and self._replay[0][0] <= sequence:
            self._replay.popleft()

    def missed_since(self, sequence: int) -> list[str] | None:
        """The frames after a sequence number; None when some of them are no longer kept."""
        if sequence > self.sequence:
            return None
        if sequence == self.sequence:
            return []
        if not self._replay or self._replay[0][0] > sequence + 1:
            return None
        return [frame for number, frame in self._replay if number > sequence]
