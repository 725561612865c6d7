"""config.toml and the environment: what loads, and what the owner reads when it does not."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, field_validator

from core.config import (
    Config,
    check_plugins,
    load_config,
    set_enabled,
    validate_section,
)
from core.config.environment import SECTIONS
from core.errors import ConfigError

ROOT = Path(__file__).parents[2]
PASSWORD = "hunter2-hunter2"
URL = f"postgres://ladder:{PASSWORD}@db.example/ladder"
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"

Load = Callable[..., Config]


class QueueSection(BaseModel, extra="forbid"):
    wave_seconds: int = Field(default=20, ge=5, le=600)
    mode: Literal["calm", "fast"] = "calm"
    name: str = "ladder"
    roles: list[int] = []
    webhook: SecretStr | None = None
    maps: dict[str, int] = {}

    @field_validator("name")
    @classmethod
    def _short(cls, value: str) -> str:
        if len(value) > 10:
            raise ValueError("must be short")
        return value


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write a config.toml and load it: ``load(text, NAME=value, ...)``."""

    def write_and_load(
        text: str = "", /, *, env_file: Path | None = None, **environ: str
    ) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return load_config(path, environ=environ, env_file=env_file)

    return write_and_load


@pytest.fixture
def problems(load: Load) -> Callable[..., tuple[str, ...]]:
    """The problems of a config.toml that must not load."""

    def of(text: str = "", /, *, env_file: Path | None = None, **environ: str) -> tuple[str, ...]:
        with pytest.raises(ConfigError) as caught:
            load(text, env_file=env_file, **environ)
        error = caught.value
        # What a traceback could show is nothing but the message.
        assert error.__cause__ is None
        assert error.__context__ is None
        return error.problems

    return of


Problems = Callable[..., tuple[str, ...]]


def core_part() -> str:
    """The shipped file up to the first section of a plugin."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    return re.split(r"\n\[+plugins\.", text, maxsplit=1)[0]


class TestTheFileInTheRepository:
    def test_loads(self) -> None:
        config = load_config(ROOT / "config.toml", environ={}, env_file=None)
        assert config.plugins.enabled == ("queue", "admin", "shield_battery", "telemetry")
        assert config.database.url.get_secret_value() == f"sqlite://{ROOT}/ladderkeeper.sqlite3"

    def test_names_every_key_and_its_default(self) -> None:
        text = core_part()
        parts = re.split(r"^\[([\w.]+)\]$", text, flags=re.MULTILINE)
        tables = dict(zip(parts[1::2], parts[2::2], strict=True))
        for section in Config.model_fields:
            keys = set(SECTIONS[section].model_fields) - {"token", "sections"}
            written = set(re.findall(r"^(?:# )?(\w+) = ", tables[section], re.MULTILINE))
            assert written == keys, f"[{section}]"

    def test_its_commented_keys_show_defaults(self, load: Load) -> None:
        core = core_part()
        no_default = {"alerts_channel_id", "file"}
        shown = re.sub(
            r"^# (\w+) = ",
            lambda key: key[0] if key[1] in no_default else f"{key[1]} = ",
            core,
            flags=re.MULTILINE,
        )
        shown = shown.replace('enabled = ["queue", "admin", "shield_battery", "telemetry"]', "")
        assert load(shown) == load("")

    def test_every_key_has_a_description(self) -> None:
        for section, field in Config.model_fields.items():
            assert field.description, section
            for key, inner in SECTIONS[section].model_fields.items():
                assert inner.description, f"{section}.{key}"


class TestValues:
    def test_an_empty_file_is_all_defaults(self, load: Load, tmp_path: Path) -> None:
        config = load()
        assert config.discord.api_url == "https://discord.com/api/v10"
        assert config.discord.token is None
        assert config.database.url.get_secret_value() == f"sqlite://{tmp_path}/ladderkeeper.sqlite3"
        assert config.views.unowned == "adopt"
        assert config.path == tmp_path / "config.toml"

    def test_paths_start_at_the_file(self, load: Load, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        config = load(
            '[database]\nurl = "sqlite://data/x.sqlite3"\n[log]\nfile = "a.log"\n'
            '[plugins]\nfolders = ["mine"]\n'
        )
        assert config.database.url.get_secret_value() == f"sqlite://{tmp_path}/data/x.sqlite3"
        assert config.log.file == tmp_path / "a.log"
        assert config.plugins.folders == (tmp_path / "mine",)

    @pytest.mark.parametrize(
        ("url", "kept"),
        [
            ("sqlite:///var/lib/x.sqlite3", "sqlite:///var/lib/x.sqlite3"),
            ("sqlite://:memory:", "sqlite://:memory:"),
            (URL, URL),
            (
                "postgresql:///ladder?host=/run/postgresql",
                "postgresql:///ladder?host=/run/postgresql",
            ),
        ],
    )
    def test_database_urls(self, load: Load, url: str, kept: str) -> None:
        assert load(f'[database]\nurl = "{url}"').database.url.get_secret_value() == kept

    @pytest.mark.parametrize(
        ("written", "used"),
        [
            ("https://discord.com", "https://discord.com/api/v10"),
            ("https://discord.com/", "https://discord.com/api/v10"),
            ("https://discord.com/api/", "https://discord.com/api/v10"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10"),
            ("http://localhost:8080/api/v10/", "http://localhost:8080/api/v10"),
            ("http://[::1]:9", "http://[::1]:9/api/v10"),
            ("https://proxy.example/discord/api/v10", "https://proxy.example/discord/api/v10"),
        ],
    )
    def test_api_urls(self, load: Load, written: str, used: str) -> None:
        assert load(f'[discord]\napi_url = "{written}"').discord.api_url == used

    def test_an_insecure_api_url_is_a_decision(self, load: Load) -> None:
        text = '[discord]\napi_url = "http://box.example"\nallow_insecure_api_url = true'
        assert load(text).discord.api_url == "http://box.example/api/v10"

    def test_plugin_tables_are_kept_as_they_are(self, load: Load) -> None:
        config = load(
            '[plugins]\nenabled = ["queue"]\n[plugins.queue]\nx = 1\n[plugins.a.b]\nc = []'
        )
        assert config.plugins.sections == {"queue": {"x": 1}, "a": {"b": {"c": []}}}

    def test_secrets_are_listed_and_not_shown(self, load: Load) -> None:
        config = load(f'[database]\nurl = "{URL.replace("2-", "2%2D")}"', DISCORD_TOKEN=TOKEN)
        assert {TOKEN, PASSWORD} < set(config.secrets())
        assert PASSWORD not in repr(config)
        assert TOKEN not in repr(config)


class TestTheEnvironment:
    def test_wins_over_the_file(self, load: Load) -> None:
        config = load(
            '[log]\nlevel = "ERROR"\n[plugins]\nhook_timeout_seconds = 1',
            LADDERKEEPER_LOG__LEVEL="debug",
            LADDERKEEPER_PLUGINS__HOOK_TIMEOUT_SECONDS="2.5",
            LADDERKEEPER_PLUGINS__ENABLED='["queue"]',
            LADDERKEEPER_DISCORD__OWNERS="[1, 2]",
            LADDERKEEPER_DISCORD__ALLOW_INSECURE_API_URL="yes",
            LADDERKEEPER_DISCORD__ALERTS_CHANNEL_ID="77",
            LADDERKEEPER_DATABASE__URL=URL,
        )
        assert config.log.level == "DEBUG"
        assert config.plugins.hook_timeout_seconds == 2.5
        assert config.plugins.enabled == ("queue",)
        assert config.discord.owners == (1, 2)
        assert config.discord.allow_insecure_api_url
        assert config.discord.alerts_channel_id == 77
        assert config.database.url.get_secret_value() == URL

    def test_an_env_file_comes_second(self, load: Load, tmp_path: Path) -> None:
        env_file = tmp_path / ".env"
        env_file.write_text(
            f"\ufeff# secrets\r\nexport DISCORD_TOKEN='{TOKEN}'\r\n"
            "LADDERKEEPER_LOG__LEVEL=ERROR\r\nLADDERKEEPER_LOG__FORMAT=json\r\nOTHER=$x\r\n",
            encoding="utf-8",
        )
        config = load(env_file=env_file, LADDERKEEPER_LOG__LEVEL="WARNING")
        assert config.discord.token == SecretStr(TOKEN)
        assert (config.log.level, config.log.format) == ("WARNING", "json")

    def test_an_env_file_need_not_exist(self, load: Load, tmp_path: Path) -> None:
        assert load(env_file=tmp_path / ".env").discord.token is None

    def test_empty_variables_and_others_do_not_count(self, load: Load) -> None:
        config = load(
            DISCORD_TOKEN="",
            LADDERKEEPER_LOG__FILE="",
            LADDERKEEPER_TEST_POSTGRES="x",
            LADDERKEEPER_OPENAPI="x",
            LADDERKEEPER_CONFIG="x",
            PATH="x",
        )
        assert config.discord.token is None
        assert config.log.file is None

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("LADDERKEEPER_DATABASE__ULR", "Did you mean LADDERKEEPER_DATABASE__URL?"),
            ("LADDERKEEPER_DATABASE_URL", "Did you mean LADDERKEEPER_DATABASE__URL?"),
            ("LADDERKEEPER_DISCORD__TOKEN", "DISCORD_TOKEN"),
            ("LADDERKEEPER_PLUGINS__QUEUE", "LADDERKEEPER_PLUGINS__NAME__KEY"),
            ("LADDERKEEPER_LOG__LEVEL__X", "no such setting"),
            ("LADDERKEEPER_PLUGINS__SECTIONS", "no such setting"),
        ],
    )
    def test_an_unknown_variable_is_named(self, problems: Problems, name: str, said: str) -> None:
        (problem,) = problems(**{name: "s3cret-value"})
        assert problem.startswith(f"environment variable {name}: ")
        assert said in problem
        assert "s3cret-value" not in problem

    def test_a_wrong_value_names_its_variable(self, problems: Problems, tmp_path: Path) -> None:
        env_file = tmp_path / ".env"
        env_file.write_text("LADDERKEEPER_LOG__LEVEL=loud\n", encoding="utf-8")
        listed = problems(
            env_file=env_file,
            LADDERKEEPER_LOG__FILE_MAX_MEGABYTES="many",
            LADDERKEEPER_DATABASE__URL=f"mysql://u:{PASSWORD}@h/d",
        )
        assert [problem.partition(": ")[0] for problem in listed] == [
            "environment variable LADDERKEEPER_DATABASE__URL (database.url)",
            f"LADDERKEEPER_LOG__LEVEL in {env_file} (log.level)",
            "environment variable LADDERKEEPER_LOG__FILE_MAX_MEGABYTES (log.file_max_megabytes)",
        ]
        assert 'found the text "many"; must be a number from 0 to 100000' in listed[2]
        assert PASSWORD not in "".join(listed)

    def test_a_broken_env_file_names_the_line_only(
        self, problems: Problems, tmp_path: Path
    ) -> None:
        env_file = tmp_path / ".env"
        env_file.write_text(f"A=1\n\nDISCORD_TOKEN {TOKEN}\n", encoding="utf-8")
        assert problems(env_file=env_file) == (f"{env_file}: line 3: must be NAME=value",)

    def test_a_token_with_a_space(self, problems: Problems) -> None:
        (problem,) = problems(DISCORD_TOKEN=f"Bot {TOKEN}")
        assert problem.startswith("environment variable DISCORD_TOKEN: is not a token")
        assert TOKEN not in problem


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[log]\nlevel = 'loud'", 'found the text "loud"; must be "DEBUG", '),
            ("[log]\nlevel = 3", 'log.level: found 3; must be "DEBUG", "INFO", "WARNING", '),
            ('[log]\nformat = "xml"', 'found the text "xml"; must be "console" or "json"'),
            ("[log]\nlvel = 1", "log.lvel: there is no such key. Did you mean level? Known here: "),
            ("[lgo]\nlevel = 1", "lgo: there is no such section. Did you mean log? There are "),
            ("log = 1", "log: found 1; must be a table"),
            (
                '[plugins]\nhook_timeout_seconds = "5"',
                'found the text "5"; must be a number above 0',
            ),
            (
                "[plugins]\nhook_timeout_seconds = 0",
                "found 0; must be a number above 0 and at most",
            ),
            ("[plugins]\nhook_timeout_seconds = nan", "plugins.hook_timeout_seconds: found NaN"),
            ("[plugins]\nquarantine_after = 1.5", "found 1.5; must be a whole number from 1 to"),
            ("[plugins]\nenabled = 'queue'", 'found the text "queue"; must be a list, each text'),
            ("[plugins]\nenabled = ['a', 'a']", "names a more than once"),
            ("[plugins]\nenabled = ['a', 7]", "plugins.enabled[1]: found 7; must be text"),
            ("[plugins]\nqueue = true", "plugins.queue: there is no such key."),
            ("[plugins]\nsections = 1", "plugins.sections: found 1; must be a table"),
            ("[plugins.enabled]\nx = 1", "plugins.enabled: found a table; must be a list"),
            ("[plugins]\nfolders = ['nowhere']", "there is no folder "),
            ("[discord]\nowners = ['1']", 'discord.owners[0]: found the text "1"; must be a whole'),
            (
                "[discord]\nowners = [0]",
                "discord.owners[0]: found 0; must be a whole number above 0",
            ),
            ("[discord]\nallow_insecure_api_url = 1", "found 1; must be true or false"),
            ("[discord]\napi_url = 'http://box.example'", "must begin with https://, because the"),
            ("[discord]\napi_url = 'ftp://x'", "must be an address that begins with https://"),
            ("[discord]\napi_url = 'https://x/api/v9'", "must end in /api/v10"),
            ("[discord]\napi_url = 'https://x:99999'", "is not an address"),
            ("[database]\nurl = 'x'", "must be sqlite://FILE or postgres://NAME:PASSWORD@HOST/"),
            ("[views]\nunowned = 1979-05-27", "views.unowned: found the text"),
        ],
    )
    def test_one_is_one_sentence(self, problems: Problems, text: str, said: str) -> None:
        (problem,) = problems(text)
        assert "config.toml: " in problem
        assert said in problem

    def test_several_are_one_message(self, load: Load) -> None:
        with pytest.raises(ConfigError) as caught:
            load("[log]\nlevel = 1\nlvl = 2\n[lgo]\n", LADDERKEEPER_X__Y="1")
        message = str(caught.value)
        assert message.startswith("The configuration has 4 problems:\n  - ")
        assert len(message.splitlines()) == 5

    @pytest.mark.parametrize(
        "text",
        [
            f'[database]\nurl = "mysql://u:{PASSWORD}@h/d"',
            f'[database]\nurl = "postgres://u:a/{PASSWORD}@h/d"',
            f'[database]\nurl = "postgres://u:{PASSWORD}@[h/d"',
            f'[database]\nurl = "postgres://u:{PASSWORD}#@h/d"',
            f'[database]\nurl = "postgres://u:{PASSWORD}@h"',
            f'[database]\nurl = ["{PASSWORD}"]',
            f'[database]\nurl = {{ password = "{PASSWORD}" }}',
            f'[database]\nulr = "{PASSWORD}"',
            f'database = "{PASSWORD}"',
            f'"postgres://u:{PASSWORD}@h/d" = 1',
            f'[discord]\ntoken = "{PASSWORD}"',
            f'DISCORD_TOKEN = "{PASSWORD}"',
            f'[discord]\napi_url = "https://u:{PASSWORD}@h"',
            f"[database]\nurl = {URL}",
            f'[database]\nurl = "{URL}',
            f'[database]\nurl = "{URL}"\nurl = "{URL}"',
            f"[database]\nurl = '{URL}' '",
            f"{PASSWORD}",
            f'"{PASSWORD}"."{PASSWORD}" = 1\n["{PASSWORD}"]',
            f"x = {{ {PASSWORD} = 1, {PASSWORD} = 2 }}",
        ],
    )
    def test_no_secret_is_shown(self, problems: Problems, text: str) -> None:
        assert PASSWORD not in "".join(problems(text))

    def test_a_token_in_the_file_is_told_where_it_belongs(self, problems: Problems) -> None:
        (problem,) = problems(f'[discord]\ntoken = "{TOKEN}"')
        assert "config.toml: discord.token: a bot's token does not belong in this file" in problem
        assert "DISCORD_TOKEN" in problem
        assert ".env" in problem

    def test_broken_toml_has_a_line_and_a_column(self, problems: Problems) -> None:
        (problem,) = problems("[log]\nlevel = DEBUG\n")
        assert "config.toml: line 2, column 9: is not valid TOML: Invalid value" in problem
        (problem,) = problems('[log]\nlevel = "')
        assert "line 2" in problem
        assert "end of the file" in problem
        (problem,) = problems("x = " + "[" * 100_000)
        assert problem.endswith("config.toml: is nested too deeply")

    def test_files_that_cannot_be_read(self, tmp_path: Path) -> None:
        for name, said in [
            ("absent.toml", "there is no such file"),
            ("folder", "is a folder"),
            ("latin.toml", "line 2: is not UTF-8 text"),
            ("private.toml", "may not be read"),
        ]:
            path = tmp_path / name
            if name == "folder":
                path.mkdir()
            elif name == "latin.toml":
                path.write_bytes(b"# x\n# caf\xe9\n")
            elif name == "private.toml":
                path.write_text("")
                path.chmod(0)
                if _is_readable(path):
                    continue  # root may read anything
            with pytest.raises(ConfigError, match=said) as caught:
                load_config(path, environ={}, env_file=None)
            assert str(caught.value).startswith(f"{path}: ")
            assert caught.value.__context__ is None

    def test_a_byte_order_mark_is_no_problem(self, load: Load) -> None:
        assert load('\ufeff[log]\nlevel = "DEBUG"').log.level == "DEBUG"


class TestPluginSections:
    def section(self, config: Config) -> QueueSection:
        return validate_section(
            config.path,
            "queue",
            QueueSection,
            config.plugins.sections.get("queue", {}),
            variables=config.variables,
        )

    def test_is_checked_by_its_model(self, load: Load) -> None:
        config = load(
            "[plugins.queue]\nwave_seconds = 30\nmaps = { a = 1 }",
            LADDERKEEPER_PLUGINS__QUEUE__NAME="123",
            LADDERKEEPER_PLUGINS__QUEUE__ROLES="[1]",
            LADDERKEEPER_PLUGINS__QUEUE__MAPS__B="2",
        )
        assert self.section(config) == QueueSection(
            wave_seconds=30, name="123", roles=[1], maps={"a": 1, "b": 2}
        )

    def test_problems_read_like_those_of_the_core(self, load: Load) -> None:
        config = load(
            '[plugins.queue]\nwave_second = 1\nmode = "mad"\nroles = [1, "x"]\nmaps = {a = "b"}\n'
            f'name = "{"x" * 11}"\nwebhook = ["{PASSWORD}"]',
            LADDERKEEPER_PLUGINS__QUEUE__WAVE_SECONDS="3",
        )
        with pytest.raises(ConfigError) as caught:
            self.section(config)
        said = dict(
            problem.removeprefix(f"{config.path}: ").split(": ", maxsplit=1)
            for problem in caught.value.problems
        )
        number = "environment variable LADDERKEEPER_PLUGINS__QUEUE__WAVE_SECONDS"
        assert said == {
            f"{number} (plugins.queue.wave_seconds)": (
                "found 3; must be a whole number from 5 to 600"
            ),
            "plugins.queue.maps.a": 'found the text "b"; must be a whole number',
            "plugins.queue.mode": 'found the text "mad"; must be "calm" or "fast"',
            "plugins.queue.name": 'found the text "xxxxxxxxxxx"; must be short',
            "plugins.queue.roles[1]": 'found the text "x"; must be a whole number',
            "plugins.queue.wave_second": (
                "there is no such key. Did you mean wave_seconds? "
                "Known here: wave_seconds, mode, name, roles, webhook, maps"
            ),
            "plugins.queue.webhook": ("must be text (what was found is not shown: it is secret)"),
        }
        assert caught.value.__context__ is None

    def test_a_variable_cannot_go_through_a_value(self, problems: Problems) -> None:
        (problem,) = problems("[plugins.queue]\nx = 1", LADDERKEEPER_PLUGINS__QUEUE__X__Y="1")
        assert problem.startswith("environment variable LADDERKEEPER_PLUGINS__QUEUE__X__Y: ")

    def test_unknown_plugins(self, load: Load) -> None:
        config = load(
            '[plugins]\nenabled = ["quue", "admin"]\n[plugins.admn]\n[plugins.queue]\n',
            LADDERKEEPER_PLUGINS__ZZZ__X="1",
        )
        with pytest.raises(ConfigError) as caught:
            check_plugins(config, ["queue", "admin"])
        found = "Found: admin, queue"
        assert caught.value.problems == (
            f"{config.path}: plugins.enabled: there is no plugin quue. Did you mean queue? {found}",
            f"{config.path}: plugins.admn: there is no plugin admn. Did you mean admin? {found}",
            f"environment variable LADDERKEEPER_PLUGINS__ZZZ__X: there is no plugin zzz. {found}",
        )

    def test_known_plugins(self, load: Load) -> None:
        check_plugins(load('[plugins]\nenabled = ["a"]\n[plugins.b]'), {"a", "b"})


class TestTurningPluginsOnAndOff:
    LAYOUTS = (
        """\
# mine
[log]  # x

[plugins]
# which
enabled = ["queue", "admin"]  # two

quarantine_after = 3
[plugins.queue]
x = 1 # one
""",
        """\
[plugins]
enabled = [
    "queue",  # the first
    # a note
    "admin",
]
[plugins.queue]
x = 1
""",
        '[plugins]\r\nenabled = ["queue",\r\n  "admin",\r\n]\r\n# end\r\n',
        'plugins.enabled = ["queue", "admin"] # dotted\n[log]\n',
        'plugins = { enabled = ["queue", "admin"] }\n',
        "[plugins]\nquarantine_after = 3\n\n[plugins.queue]\nx = 1\n",
        "[plugins.queue] # only\nx = 1\n\n[log]\nlevel = 'INFO'\n[plugins.admin]\n",
        "# nothing\n",
        "",
    )

    @pytest.mark.parametrize("text", LAYOUTS)
    def test_comments_and_all_else_stay(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8", newline="")
        before = tomllib.loads(text)
        enabled = before.get("plugins", {}).get("enabled", [])

        assert set_enabled(path, "telemetry", True)
        assert not set_enabled(path, "telemetry", True)
        after = tomllib.loads(path.read_text(encoding="utf-8"))
        assert after["plugins"].pop("enabled") == [*enabled, "telemetry"]
        before.setdefault("plugins", {}).pop("enabled", None)
        assert after == before
        written = path.read_bytes().decode()
        for comment in re.findall(r"#[^\r\n]*", text):
            assert comment in written
        assert ("\r\n" in text) == ("\r\n" in written)

        assert set_enabled(path, "telemetry", False)
        assert not set_enabled(path, "telemetry", False)
        if enabled:
            assert path.read_bytes().decode() == text

    def test_the_file_keeps_its_mode_and_its_link(self, tmp_path: Path) -> None:
        real, link = tmp_path / "real.toml", tmp_path / "config.toml"
        real.write_text("")
        real.chmod(0o640)
        link.symlink_to(real)
        assert set_enabled(link, "queue", True)
        assert link.is_symlink()
        assert stat.S_IMODE(real.stat().st_mode) == 0o640
        assert sorted(tmp_path.iterdir()) == [link, real]

    def test_a_wrong_list_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "config.toml"
        path.write_text('[plugins]\nenabled = "queue"\n')
        with pytest.raises(ConfigError, match=r"plugins\.enabled: must be a list"):
            set_enabled(path, "admin", True)
        assert path.read_text() == '[plugins]\nenabled = "queue"\n'


def _is_readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except PermissionError:
        return False
    return True
