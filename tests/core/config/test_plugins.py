"""The sections of plugins, and the list of those that are enabled."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, field_validator

from core.config import Config, check_plugins, set_enabled, validate_section
from core.errors import ConfigError
from tests.core.config.samples import PASSWORD, Load, Problems


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
