"""The shipped config.toml documents every key of the bundled plugins, with its default."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from core.config import load_config, validate_section
from core.errors import ConfigError
from plugins.admin.config import AdminConfig
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.shield_battery.config import Notice, ShieldBatteryConfig
from plugins.telemetry.config import TelemetryConfig

CONFIG = Path(__file__).parents[2] / "config.toml"

NO_DEFAULT = {
    "channel_id",
    "role_id",
    "name",
    "guild_id",
    "room_channel_id",
    "announcements_channel_id",
    "alerts_channel_id",
    "metrics_port",
    "terms_url",
    "guide_url",
}


def section_text(header: str) -> str:
    text = CONFIG.read_text(encoding="utf-8").partition(f"\n{header}\n")[2]
    return re.split(r"\n\[+plugins\.", text, maxsplit=1)[0]


@pytest.mark.parametrize(
    ("header", "model"),
    [
        ("[[plugins.queue.ladders]]", LadderConfig),
        ("[[plugins.shield_battery.notices]]", Notice),
        ("[plugins.telemetry]", TelemetryConfig),
        ("[plugins.admin]", AdminConfig),
    ],
)
def test_every_key_is_there_with_its_default(header: str, model: type[BaseModel]) -> None:
    # A key, a list that goes on below it, or a line of a table.
    settings = r"^(?:# )?([\w.]+ = .*|    \{ .*\},|\])$"
    shown = re.findall(settings, section_text(header), flags=re.MULTILINE)
    values: dict[str, Any] = tomllib.loads("\n".join(shown))

    assert values.keys() == model.model_fields.keys()
    for key, value in values.items():
        if key not in NO_DEFAULT and not model.model_fields[key].is_required():
            default = model.model_fields[key].get_default(call_default_factory=True)
            kind: Any = model.model_fields[key].annotation
            given = TypeAdapter[Any](kind).validate_python(value)
            assert given == default, key


def test_the_notices_are_those_of_a_file_without_any() -> None:
    sections = load_config(CONFIG, environ={}, env_file=None).plugins.sections

    shipped = validate_section(
        CONFIG, "shield_battery", ShieldBatteryConfig, sections["shield_battery"]
    )

    assert shipped == ShieldBatteryConfig()


def test_a_ladder_without_a_server_says_so() -> None:
    config = load_config(CONFIG, environ={}, env_file=None)

    with pytest.raises(ConfigError) as refused:
        validate_section(CONFIG, "queue", QueueConfig, config.plugins.sections["queue"])

    (server, channel) = refused.value.problems
    assert server == (
        f"{CONFIG}: plugins.queue.ladders[0].guild_id: found 0; must be the id of a server, as "
        "Discord copies it (Developer Mode, right-click, Copy Server ID)"
    )
    assert "room_channel_id: found 0; must be the id of a channel, as Discord copies" in channel


def test_a_list_of_tables_in_single_brackets(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[plugins.queue.ladders]\nname = "Ladder"\n')
    config = load_config(path, environ={}, env_file=None)

    with pytest.raises(ConfigError) as refused:
        validate_section(path, "queue", QueueConfig, config.plugins.sections["queue"])

    assert str(refused.value) == (
        f"{path}: plugins.queue.ladders: found a table; must be a list of 1 to 25 entries, each a "
        "table: write [[plugins.queue.ladders]] with double brackets"
    )


def test_a_list_of_tables_within_another(tmp_path: Path) -> None:
    ladder = {"name": "Ladder", "guild_id": 1, "room_channel_id": 2, "maps": {"name": "M"}}

    with pytest.raises(ConfigError, match=r"write \[\[plugins\.queue\.ladders\.maps\]\] with"):
        validate_section(tmp_path / "config.toml", "queue", QueueConfig, {"ladders": [ladder]})


FACTIONS = [
    {"code": "A", "name": "Ants", "group": "small"},
    {"code": "B", "name": "Bears", "group": "large"},
]
TABLE = {"N": {"N": "s1", "S": "s1"}, "S": {"S": "s2"}}
WORLD = {
    "regions": [{"code": "N", "name": "North"}, {"code": "S", "name": "South"}],
    "servers": [{"code": "s1", "name": "One"}, {"code": "s2", "name": "Two"}],
    "server_table": TABLE,
}


def maps(number: int) -> list[dict[str, str]]:
    return [{"name": f"Map {n}"} for n in range(number)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"factions": [*FACTIONS, FACTIONS[0] | {"name": "Cats"}]}, "the code 'A' is there twice"),
        ({"factions": [*FACTIONS, FACTIONS[0] | {"code": "C"}]}, "the name 'Ants' is there twice"),
        ({"factions": []}, "factions"),
        ({"factions": [{"code": f"F{n}", "name": f"F{n}"} for n in range(26)]}, "25"),
        ({"factions": [{"code": "no spaces", "name": "x"}]}, "code"),
        ({"factions": [FACTIONS[0]]}, '"cross" needs factions of two groups'),
        ({"pairing": "crossed"}, "pairing"),
        ({"maps": maps(8)}, "8 are too few: with 4 vetoes a side there must be at least 9"),
        ({"maps": maps(26)}, "25"),
        ({"maps": [*maps(9), {"name": "map 0"}]}, "the short_name 'map 0' is there twice"),
        ({"maps": []}, "vetoes: 4, but there are no maps"),
        ({"maps": [{"name": "M", "links": {"EU": "nowhere"}}], "vetoes": 0}, "is no address"),
        ({"terms_url": "http://example.org"}, "must begin with https://"),
        ({"regions": [{"code": "N", "name": "North"}]}, "there is no region"),
        (WORLD | {"server_table": {"N": {"N": "s1", "X": "s1"}}}, "there is no region 'X'"),
        (WORLD | {"server_table": {"N": {"N": "s3"}}}, "there is no server 's3'"),
        (WORLD | {"server_table": {"N": {"N": "s1"}}}, "nothing is said of N and S"),
        (WORLD | {"server_table": {**TABLE, "S": {"S": "s2", "N": "s2"}}}, "two servers"),
        ({"servers": []}, "there are no servers"),
        ({"ranks": [{"name": "S", "share": 60}]}, "together 60 percent, not 100"),
        ({"ranks": [{"name": "S", "share": 50}, {"name": "s", "share": 50}]}, "twice"),
        ({"game_channel": "chat{room}"}, "{number} is all that may stand in braces"),
        ({"room_title": "Match"}, "without {number} two matches would share a thread"),
        ({"wave_seconds": 0}, "wave_seconds"),
        ({"waves": 45}, "wave"),
        ({"rating": {"k": 0}}, "rating.k"),
        ({"rating": {"system": "glicko"}}, "rating.system"),
    ],
)
def test_a_mistake_in_a_ladder_is_one_clear_message(wrong: dict[str, Any], said: str) -> None:
    ladder = {"name": "Ladder", "guild_id": 1, "room_channel_id": 2} | wrong

    with pytest.raises(ConfigError) as refused:
        validate_section(CONFIG, "queue", QueueConfig, {"ladders": [ladder]})

    assert said in str(refused.value)
    assert "config.toml" in str(refused.value)
    assert "problems" not in str(refused.value), "one mistake, one message"


def test_another_game_than_starcraft() -> None:
    chess: dict[str, Any] = {
        "name": "Chess",
        "guild_id": 1,
        "room_channel_id": 2,
        "factions": [{"code": "chess", "name": "Chess"}],
        "pairing": "any",
        "maps": [],
        "vetoes": 0,
        "regions": [],
        "servers": [],
        "server_table": {},
        "game_channel": "",
    }

    ladder = validate_section(CONFIG, "queue", QueueConfig, {"ladders": [chess]}).ladders[0]

    assert ladder.server_for(None, None) is None
    assert ladder.faction_label("chess") == "Chess"


def test_the_shipped_default_has_a_server_for_each_two_regions() -> None:
    ladder = LadderConfig.model_validate({"name": "Ladder", "guild_id": 1, "room_channel_id": 2})

    for one in ladder.regions:
        for other in ladder.regions:
            server = ladder.server_for(one.code, other.code)
            assert server is not None
            assert server == ladder.server_for(other.code, one.code)


def test_two_ladders_of_one_name_are_refused() -> None:
    ladder = {"name": "Ladder", "guild_id": 1, "room_channel_id": 2}

    with pytest.raises(ConfigError, match="two are named"):
        validate_section(
            CONFIG, "queue", QueueConfig, {"ladders": [ladder, ladder | {"name": "LADDER"}]}
        )
