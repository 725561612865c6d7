"""The shards of config.toml: which process serves what."""

from pathlib import Path

import pytest

from core.config import load_config
from core.errors import ConfigError

POSTGRES = '[database]\nurl = "postgres://me@127.0.0.1/ladder"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def test_a_shard_of_several(tmp_path: Path) -> None:
    path = written(tmp_path, f"[discord]\nshard_count = 2\nshard_id = 1\n{POSTGRES}")

    discord = load_config(path, environ={}, env_file=None).discord

    assert (discord.shard_count, discord.shard_id) == (2, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"[discord]\nshard_count = 2\nshard_id = 2\n{POSTGRES}",
            "discord.shard_id: found 2; must be from 0 to 1, as there are 2 shards (shard_count)",
        ),
        (
            "[discord]\nshard_id = 3\n",
            "discord.shard_id: found 3; must be 0, as there is only 1 shard (shard_count)",
        ),
        ("[discord]\nshard_count = 2\n", "SQLite serves one process"),
        (f"[discord]\nshard_count = 0\n{POSTGRES}", "shard_count"),
    ],
)
def test_shards_that_cannot_be(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config(written(tmp_path, text), environ={}, env_file=None)

    assert said in str(refused.value)
