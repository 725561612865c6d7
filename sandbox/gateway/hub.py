"""Which sessions an event reaches: by guild, shard, intent, and what the bot can see."""

import secrets
from collections import deque
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.gateway import intents
from sandbox.gateway.faulty import send_with_faults
from sandbox.gateway.session import RESUME_WINDOW_S, Session
from sandbox.model.application import Application
from sandbox.model.channel import Channel
from sandbox.model.guild import Guild
from sandbox.model.message import Message
from sandbox.wire import JsonObject, encode

__all__ = ["EventRow", "Hub"]

LOGGED_EVENTS = 5_000
LOGGED_CHARACTERS = 4_000


@dataclass(slots=True, frozen=True)
class EventRow:
    """One event sent to one session; ``data`` is JSON, cut at 4,000 characters."""

    at: float
    event: str
    application_id: str
    shard: int
    data: str


class Hub:
    """Every gateway session, connected or waiting to be resumed."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self.sessions: dict[str, Session] = {}
        self.log: deque[EventRow] = deque(maxlen=LOGGED_EVENTS)

    def open(self, application: Application, wanted: int, shard: tuple[int, int]) -> Session:
        self._forget_lost()
        session = Session(secrets.token_hex(16), application, wanted, shard)
        self.sessions[session.id] = session
        return session

    def detach(self, session: Session, *, resumable: bool) -> None:
        """Its connection is gone."""
        session.connection = None
        session.detached_at = self._clock.now()
        if not resumable:
            self.forget(session)

    def forget(self, session: Session) -> None:
        """It can no longer be resumed."""
        self.sessions.pop(session.id, None)

    def _forget_lost(self) -> None:
        oldest = self._clock.now() - RESUME_WINDOW_S
        for session in list(self.sessions.values()):
            if session.connection is None and session.detached_at < oldest:
                del self.sessions[session.id]

    def resumable(self, session_id: str) -> Session | None:
        self._forget_lost()
        return self.sessions.get(session_id)

    def send(self, session: Session, event: str, data: str) -> None:
        """To one session, logged; what faults keep from it is not."""
        if self._faults.strike_events:
            bot, shard = session.application.id, session.shard[0]
            faults = self._faults.for_event(event, bot, shard)
            if faults:
                if send_with_faults(self._clock, session, event, data, faults):
                    self._note(session, event, data)
                return
        self._note(session, event, data)
        session.dispatch(event, data)

    def _note(self, session: Session, event: str, data: str) -> None:
        row = EventRow(
            self._clock.now(),
            event,
            session.application.id,
            session.shard[0],
            data if len(data) <= LOGGED_CHARACTERS else data[:LOGGED_CHARACTERS],
        )
        self.log.append(row)

    def to_guild(
        self,
        guild: Guild,
        event: str,
        data: JsonObject,
        intent: int = intents.GUILDS,
        *,
        channel: Channel | None = None,
        only: str | None = None,
    ) -> None:
        """To every bot in the guild that can see ``channel``; ``only`` names the one bot's user."""
        encoded = ""
        for session in list(self.sessions.values()):
            bot = session.application.user.id
            if not session.intents & intent or not session.handles(guild.id):
                continue
            if bot not in guild.members or (only is not None and bot != only):
                continue
            if channel is not None and not channel.visible_to(bot):
                continue
            encoded = encoded or encode(data)
            self.send(session, event, encoded)

    def to_application(
        self, application: Application, guild_id: str | None, event: str, data: JsonObject
    ) -> None:
        """To the shard that answers for the guild, whatever its intents."""
        encoded = ""
        for session in list(self.sessions.values()):
            if session.application is application and session.handles(guild_id):
                encoded = encoded or encode(data)
                self.send(session, event, encoded)

    def message(self, event: str, message: Message, data: JsonObject) -> None:
        """A message's creation or edit: without MESSAGE_CONTENT a bot gets only what is its own.

        Not blanked, by Discord's documentation: its own messages, direct messages, and those that
        mention it.
        """
        channel = message.channel
        guild = channel.guild
        full = blank = ""
        for session in list(self.sessions.values()):
            bot = session.application.user.id
            if not self._reaches(session, channel):
                continue
            if (
                session.intents & intents.MESSAGE_CONTENT
                or guild is None
                or message.author.id == bot
                or any(user.id == bot for user in message.mentions)
            ):
                full = full or encode(data)
                self.send(session, event, full)
            else:
                nothing: JsonObject = {
                    "content": "",
                    "embeds": [],
                    "components": [],
                    "attachments": [],
                }
                blank = blank or encode(data | nothing)
                self.send(session, event, blank)

    def channel_event(
        self, channel: Channel, event: str, data: JsonObject, guild_intent: int, dm_intent: int
    ) -> None:
        """Something in a channel that is the same for all who can see it."""
        encoded = ""
        for session in list(self.sessions.values()):
            if self._reaches(session, channel, guild_intent, dm_intent):
                encoded = encoded or encode(data)
                self.send(session, event, encoded)

    def _reaches(
        self,
        session: Session,
        channel: Channel,
        guild_intent: int = intents.GUILD_MESSAGES,
        dm_intent: int = intents.DIRECT_MESSAGES,
    ) -> bool:
        wanted = guild_intent if channel.guild else dm_intent
        return bool(
            session.intents & wanted
            and session.handles(channel.guild.id if channel.guild else None)
            and channel.visible_to(session.application.user.id)
        )
