"""The config.toml in the repository: it loads, and shows every key and its default."""

from __future__ import annotations

import re
from pathlib import Path

from core.config import Config, load_config
from core.config.environment import SECTIONS
from tests.core.config.samples import Load

ROOT = Path(__file__).parents[3]


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
