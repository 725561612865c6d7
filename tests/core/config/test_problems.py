"""What the owner reads when the configuration does not load; no secret is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import load_config
from core.errors import ConfigError
from tests.core.config.samples import PASSWORD, TOKEN, URL, Load, Problems


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
                'found the text "5"; must be a number above 0 and at most 300, without quotes',
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
            ("[discord]\nowners = ['1']", "Copy User ID), without quotes"),
            ("[discord]\nowners = ['a']", 'discord.owners[0]: found the text "a"; must be the id'),
            (
                "[discord]\nowners = [0]",
                "discord.owners[0]: found 0; must be the id of a user, as Discord copies it (Deve",
            ),
            ("[discord]\nowners = [0]", "(Developer Mode, right-click, Copy User ID)"),
            (
                "[discord]\nalerts_channel_id = 0",
                "must be the id of a channel, as Discord copies it",
            ),
            (f"[discord]\nowners = [{2**63}]", f"found {2**63}; must be the id of a user, as "),
            ("[discord]\nallow_insecure_api_url = 1", "found 1; must be true or false"),
            (
                "[discord]\nallow_insecure_api_url = 'true'",
                'found the text "true"; must be true or false, without quotes',
            ),
            ("[discord]\napi_url = 'http://box.example'", "must begin with https://, because the"),
            ("[discord]\napi_url = 'ftp://x'", "must be an address that begins with https://"),
            ("[discord]\napi_url = 'https://x/api/v9'", "must end in /api/v10"),
            ("[discord]\napi_url = 'https://x:99999'", "is not an address"),
            ("[database]\nurl = 'x'", "must be sqlite://FILE or postgres://NAME:PASSWORD@HOST/"),
            (
                "[database]\nurl = 'sqlite://'",
                "must name a file after sqlite:// (what was found is",
            ),
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
        (problem,) = problems("[discord]\nowners = [1,\n\n[log]\nlevel = 'INFO'\n")
        assert "line 4, column 2: is not valid TOML: Invalid value" in problem
        assert "a list or table opened above is not closed" in problem
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


def _is_readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except PermissionError:
        return False
    return True
