"""The shipped config.toml documents every key of the bundled plugins, with its default."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from core.config import load_config, validate_section
from core.errors import ConfigError
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.telemetry.config import TelemetryConfig

CONFIG = Path(__file__).parents[2] / "config.toml"

NO_DEFAULT = {"name", "guild_id", "room_channel_id", "announcements_channel_id"}


def section_text(header: str) -> str:
    text = CONFIG.read_text(encoding="utf-8").partition(f"\n{header}\n")[2]
    return re.split(r"\n\[+plugins\.", text, maxsplit=1)[0]


@pytest.mark.parametrize(
    ("header", "model"),
    [("[[plugins.queue.ladders]]", LadderConfig), ("[plugins.telemetry]", TelemetryConfig)],
)
def test_every_key_is_there_with_its_default(header: str, model: type[BaseModel]) -> None:
    shown = re.findall(r"^(?:# )?(\w+ = .*)$", section_text(header), flags=re.MULTILINE)
    values: dict[str, Any] = tomllib.loads("\n".join(shown))

    assert values.keys() == model.model_fields.keys()
    for key, value in values.items():
        if key not in NO_DEFAULT:
            default = model.model_fields[key].get_default(call_default_factory=True)
            assert TypeAdapter(Any).dump_python(default, mode="json") == value, key


def test_a_ladder_without_a_server_says_so() -> None:
    config = load_config(CONFIG, environ={}, env_file=None)

    with pytest.raises(ConfigError) as refused:
        validate_section(CONFIG, "queue", QueueConfig, config.plugins.sections["queue"])

    assert "guild_id" in str(refused.value)
    assert "config.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"factions": ["Zerg", "zerg"]}, "'zerg' is there twice"),
        ({"factions": []}, "factions"),
        ({"factions": [f"F{n}" for n in range(26)]}, "25"),
        ({"wave_seconds": 0}, "wave_seconds"),
        ({"waves": 45}, "wave"),
        ({"rating": {"k": 0}}, "rating.k"),
    ],
)
def test_a_mistake_in_a_ladder_is_one_clear_message(wrong: dict[str, Any], said: str) -> None:
    ladder = {"name": "Ladder", "guild_id": 1, "room_channel_id": 2} | wrong

    with pytest.raises(ConfigError) as refused:
        validate_section(CONFIG, "queue", QueueConfig, {"ladders": [ladder]})

    assert said in str(refused.value)


def test_two_ladders_of_one_name_are_refused() -> None:
    ladder = {"name": "Ladder", "guild_id": 1, "room_channel_id": 2}

    with pytest.raises(ConfigError, match="two are named"):
        validate_section(
            CONFIG, "queue", QueueConfig, {"ladders": [ladder, ladder | {"name": "LADDER"}]}
        )
