"""Everything that exists on this Discord, found by id."""

import base64
import secrets
from collections import OrderedDict

from sandbox.attachments import Attachments
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.gateway.hub import Hub
from sandbox.gateway.limits import GatewayLimits
from sandbox.gateway.session import Session
from sandbox.model.application import Application
from sandbox.model.channel import Channel
from sandbox.model.counter import Counter
from sandbox.model.guild import Guild
from sandbox.model.interaction import TOKEN_LIFE_S, Interaction
from sandbox.model.user import Persona, User
from sandbox.ratelimits import RateLimits
from sandbox.snowflake import Snowflakes
from sandbox.watching import Watches
from sandbox.wire import iso

__all__ = ["World"]

MOST_INTERACTIONS = 30_000
"""Of those whose token lives; the oldest goes first. Each holds some kilobytes."""


class World:
    """The state of one sandbox; REST, gateway and control all stand on it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.snowflakes = Snowflakes(clock)
        self.faults = Faults()
        self.limits = RateLimits(clock)
        self.gateway_limits = GatewayLimits()
        self.hub = Hub(clock, self.faults)
        self.watches = Watches()
        self.attachments = Attachments(self.snowflakes)
        self.url = ""
        """Where the server listens, without a slash at the end; set when it does."""
        self.users: dict[str, User] = {}
        self.personas: dict[str, Persona] = {}
        self.applications: dict[str, Application] = {}
        self.tokens: dict[str, Application] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        """Threads and direct messages too."""
        self.interactions: OrderedDict[str, Interaction] = OrderedDict()
        """By token, the oldest first."""
        self.interaction_ids: dict[str, Interaction] = {}
        self.counters: dict[str, Counter] = {}
        """Numbers on the page that others act upon, by name."""
        self.owner = self.add_user("sandbox-owner", "Sandbox owner")

    def now(self) -> str:
        """The time, as Discord writes it."""
        return iso(self.clock.now())

    def add_user(self, username: str, global_name: str | None, *, bot: bool = False) -> User:
        user = User(self.snowflakes.next(), username, global_name, bot)
        self.users[user.id] = user
        return user

    def application_of(self, user_id: str) -> Application | None:
        """The application whose bot this is; Discord gives both the same id, and so does this."""
        return self.applications.get(user_id)

    def sessions_of(self, application: Application) -> list[Session]:
        return [
            session for session in self.hub.sessions.values() if session.application is application
        ]

    def add_interaction(self, interaction: Interaction) -> None:
        """Keep it while its token lives, and forget those whose token has ended."""
        self.interactions[interaction.token] = interaction
        self.interaction_ids[interaction.id] = interaction
        ended = self.clock.now() - TOKEN_LIFE_S
        while self.interactions:
            oldest = next(iter(self.interactions.values()))
            if oldest.created_at > ended and len(self.interactions) <= MOST_INTERACTIONS:
                break
            self.interactions.popitem(last=False)
            self.interaction_ids.pop(oldest.id, None)

    def reset_token(self, application: Application) -> None:
        """The old one is worthless from now on."""
        self.tokens.pop(application.token, None)
        application.token = self.new_bot_token(application.user.id)
        self.tokens[application.token] = application

    def new_bot_token(self, user_id: str) -> str:
        """Libraries read the bot's id from its first part."""
        owner = base64.b64encode(user_id.encode()).decode().rstrip("=")
        return f"{owner}.{self.new_token(4)}.{self.new_token(28)}"

    def new_token(self, length: int = 64) -> str:
        return secrets.token_urlsafe(length)
