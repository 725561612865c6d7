"""The core's sections of config.toml. Their descriptions are what config.toml explains."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, cast, get_args
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from core.config.addresses import api_root, database_url, under_folder
from core.config.discord_ids import ChannelId, UserId

__all__ = [
    "Config",
    "DatabaseConfig",
    "DiscordConfig",
    "LogConfig",
    "PluginsConfig",
    "ViewsConfig",
]

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


def _in_capitals(value: object) -> object:
    if isinstance(value, str) and value.upper() in get_args(Level):
        return value.upper()
    return value  # as it was written, for the error to quote


AnyCaseLevel = Annotated[Level, BeforeValidator(_in_capitals)]
BesideConfig = Annotated[Path, AfterValidator(under_folder)]
"""A path; a relative one starts at the folder of config.toml."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DiscordConfig(_Section):
    """Where Discord is, and who owns this bot."""

    token: SecretStr | None = Field(
        default=None, description="The bot's token: only ever from DISCORD_TOKEN or the .env file."
    )
    allow_insecure_api_url: bool = Field(
        default=False,
        description="Permit an api_url that is neither https nor on this machine. Whoever is on "
        "the way can then read the token.",
    )
    api_url: str = Field(
        default="https://discord.com/api/v10",
        description="The REST address of Discord, or of a server that speaks like it.",
    )
    owners: tuple[UserId, ...] = Field(
        default=(), description="User ids of those who may enable and disable plugins from Discord."
    )
    alerts_channel_id: ChannelId | None = Field(
        default=None, description="The channel where the owner is told of quarantined plugins."
    )
    shard_count: int = Field(
        default=1, ge=1, le=10_000, description="How many processes share the bot's guilds."
    )
    shard_id: int = Field(default=0, ge=0, description="Which of them this one is, from 0.")

    @field_validator("shard_id")
    @classmethod
    def _below_the_count(cls, value: int, info: ValidationInfo) -> int:
        count = info.data.get("shard_count")
        if count is None or value < count:  # None: it is wrong itself
            return value
        if count == 1:
            raise ValueError("must be 0, as there is only 1 shard (shard_count)")
        raise ValueError(
            f"must be from 0 to {count - 1}, as there are {count} shards (shard_count)"
        )

    @field_validator("api_url")
    @classmethod
    def _normalise(cls, value: str, info: ValidationInfo) -> str:
        return api_root(value, allow_insecure=info.data.get("allow_insecure_api_url") is True)


class DatabaseConfig(_Section):
    """Where everything is kept."""

    url: Annotated[SecretStr, AfterValidator(database_url)] = Field(
        # Text, as in the file: it is validated like it, and so becomes a secret and a whole path.
        default=cast("SecretStr", "sqlite://ladderkeeper.sqlite3"),
        validate_default=True,
        description="sqlite://FILE, or postgres://NAME:PASSWORD@HOST/DATABASE.",
    )


class LogConfig(_Section):
    """What is logged, how, and where."""

    level: AnyCaseLevel = Field(
        default="INFO", description="The least severe of our own lines to log."
    )
    libraries: AnyCaseLevel = Field(
        default="INFO",
        description="The same for what disnake, aiohttp and other libraries say. At DEBUG they "
        "log every payload.",
    )
    format: Literal["console", "json"] = Field(
        default="console", description="Lines for people, or one JSON object a line for machines."
    )
    file: BesideConfig | None = Field(
        default=None, description="A file to log to besides standard error, in the same format."
    )
    file_max_megabytes: float = Field(
        default=10,
        ge=0,
        le=100_000,
        description="When the file is larger it is renamed to end in .1, replacing the one before; "
        "0 lets it grow.",
    )


class ViewsConfig(_Section):
    """How views are supervised."""

    unowned: Literal["adopt", "refuse"] = Field(
        default="adopt",
        description="What happens to a disnake view that a plugin opens by itself: it is given the "
        "same ends as any other, or it is an error.",
    )


class PluginsConfig(_Section):
    """Which plugins run and what they may cost; the settings of each are in [plugins.NAME]."""

    enabled: tuple[str, ...] = Field(default=(), description="The plugins to load, by name.")
    folders: tuple[BesideConfig, ...] = Field(
        default=(),
        description="Folders to look for plugins in, besides plugins/ and installed packages.",
    )
    hook_timeout_seconds: float = Field(
        default=5, gt=0, le=300, description="How long one call of a plugin's hook may take."
    )
    quarantine_after: int = Field(
        default=5,
        ge=1,
        le=10_000,
        description="So many failures of a plugin and it is unloaded ...",
    )
    quarantine_window_seconds: float = Field(
        default=600, gt=0, le=86_400, description="... when they happen within so many seconds."
    )
    sections: dict[str, dict[str, object]] = Field(
        default_factory=dict[str, dict[str, object]],
        description="Every [plugins.NAME] table as it was found, for its plugin to check.",
    )

    @field_validator("enabled")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        twice = sorted({name for name in value if value.count(name) > 1})
        if twice:
            raise ValueError(f"names {', '.join(twice)} more than once")
        return value

    @field_validator("folders")
    @classmethod
    def _exist(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        missing = [str(folder) for folder in value if not folder.is_dir()]
        if missing:
            raise ValueError(f"there is no folder {', '.join(missing)}")
        return value


class Config(_Section):
    """Everything the owner decides, from config.toml and the environment."""

    discord: DiscordConfig = Field(
        default_factory=DiscordConfig, description="Where Discord is, and who owns this bot."
    )
    database: DatabaseConfig = Field(
        default_factory=DatabaseConfig, description="Where everything is kept."
    )
    log: LogConfig = Field(default_factory=LogConfig, description="What is logged, and how.")
    views: ViewsConfig = Field(default_factory=ViewsConfig, description="How views are supervised.")
    plugins: PluginsConfig = Field(
        default_factory=PluginsConfig, description="Which plugins run, and their settings."
    )

    @field_validator("database")
    @classmethod
    def _serves_every_process(cls, value: DatabaseConfig, info: ValidationInfo) -> DatabaseConfig:
        discord = info.data.get("discord")
        several = isinstance(discord, DiscordConfig) and discord.shard_count > 1
        if several and value.url.get_secret_value().startswith("sqlite"):
            raise ValueError("SQLite serves one process, and [discord] shard_count is more than 1")
        return value

    _path: Path = PrivateAttr(Path("config.toml"))
    _original: Path = PrivateAttr(Path("config.toml"))
    _variables: Mapping[tuple[str, ...], str] = PrivateAttr(
        default_factory=dict[tuple[str, ...], str]
    )

    @property
    def path(self) -> Path:
        """The file this was read from."""
        return self._path

    @property
    def original(self) -> Path:
        """The file that its owner knows, which errors name: `path`, unless that is a copy."""
        return self._original

    @property
    def variables(self) -> Mapping[tuple[str, ...], str]:
        """The keys set by the environment, such as ``("log", "level")``, and by which variable."""
        return self._variables

    def named(self, section: str, key: str) -> str:
        """A key as the owner finds it: in the file, or by the variable that has set it."""
        name = f"[{section}] {key}"
        variable = self._variables.get((section, key))
        return f"{variable} ({name})" if variable else name

    def place(self, section: str, key: str) -> str:
        """The same at the beginning of an error that stands alone: with the file."""
        name = f"{section}.{key}"
        variable = self._variables.get((section, key))
        return f"{variable} ({name})" if variable else f"{self._original}: {name}"

    def read_from(
        self, path: Path, original: Path, variables: Mapping[tuple[str, ...], str]
    ) -> None:
        """Note where the values come from, so that later errors can say it."""
        self._path = path
        self._original = original
        self._variables = dict(variables)

    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown: the token, the database's URL and password."""
        secrets = [self.discord.token.get_secret_value()] if self.discord.token else []
        url = self.database.url.get_secret_value()
        password = urlsplit(url).password
        if password:
            secrets += [url, password, unquote(password)]
        return tuple(dict.fromkeys(secrets))
