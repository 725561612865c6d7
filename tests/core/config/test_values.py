"""What config.toml and the environment come to, and which of them wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.core.config.samples import PASSWORD, TOKEN, URL, Load, Problems


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
            LADDERKEEPER_PROGRAM="x",
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

    def test_a_key_is_named_as_its_owner_finds_it(self, load: Load) -> None:
        config = load(LADDERKEEPER_DATABASE__URL=URL)
        assert config.named("log", "file") == "[log] file"
        assert config.named("database", "url") == (
            "environment variable LADDERKEEPER_DATABASE__URL ([database] url)"
        )

    def test_a_copy_goes_by_the_name_of_its_original(
        self, load: Load, problems: Problems, tmp_path: Path
    ) -> None:
        original = str(tmp_path / "mine" / "settings.toml")
        (problem,) = problems("[log]\nlevel = 3", LADDERKEEPER_CONFIG_ORIGINAL=original)
        assert problem.startswith(f"{original}: log.level: ")
        config = load('[log]\nfile = "a.log"', LADDERKEEPER_CONFIG_ORIGINAL=original)
        assert (config.path, config.original) == (tmp_path / "config.toml", Path(original))
        assert config.log.file == tmp_path / "mine" / "a.log"
        assert load().original == tmp_path / "config.toml"

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
