"""A bot application, and the commands it has registered."""

from dataclasses import dataclass, field

from sandbox.model.session_starts import SessionStarts
from sandbox.model.user import User
from sandbox.wire import JsonObject

__all__ = ["Application", "Command"]


@dataclass(slots=True, eq=False)
class Command:
    """One of the application's commands; ``body`` is as the API shows it."""

    id: str
    name: str
    type: int
    guild_id: str | None
    body: JsonObject


@dataclass(slots=True, eq=False)
class Application:
    id: str
    user: User
    token: str
    permissions: int
    """What its own role grants it in each guild that it joins."""
    privileged_intents: int
    """Those of the three privileged intents that it may ask for."""
    owner: User
    commands: dict[str | None, dict[str, Command]] = field(default_factory=lambda: {None: {}})
    """Guild (None: everywhere) to id to command."""
    starts: SessionStarts = field(default_factory=SessionStarts)

    @property
    def flags(self) -> int:
        """The "limited" flags of the privileged intents it has switched on."""
        flags = 0
        if self.privileged_intents & 1 << 8:
            flags |= 1 << 13
        if self.privileged_intents & 1 << 1:
            flags |= 1 << 15
        if self.privileged_intents & 1 << 15:
            flags |= 1 << 19
        return flags

    def available(self, guild_id: str | None) -> list[Command]:
        """What can be invoked in a guild, its own commands hiding global ones of the same name."""
        found = {(command.type, command.name): command for command in self.commands[None].values()}
        if guild_id is not None:
            for command in self.commands.get(guild_id, {}).values():
                found[command.type, command.name] = command
        return list(found.values())

    def json(self, guild_count: int) -> JsonObject:
        return {
            "id": self.id,
            "name": self.user.username,
            "icon": None,
            "description": "",
            "type": None,
            "bot": self.user.json(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": self.flags,
            "flags_new": str(self.flags),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": self.owner.json(),
            "approximate_guild_count": guild_count,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
        }
