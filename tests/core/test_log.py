"""Logging: what a line says, where it goes, and what it must never hold."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loguru import logger

from core.config import LogConfig, load_config
from core.context import acting_for
from core.errors import ConfigError
from core.log import add_secret, configure, plugin_logger, redact, reset

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"
PASSWORD = "p@ss/w0rd"
URL = "postgres://ladder:p%40ss%2Fw0rd@db.example:5432/ladder"
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5OmFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6MDEyMzQ1"
OPAQUE = "q7Zx-opaque_0123456789"
"""A token with no look of its own: only where it stands gives it away."""

Lines = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def logging_ends() -> Iterator[None]:
    """Give the logging of the test session back, whatever a test configured."""
    yield
    reset()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What was written to standard error since the last call."""

    def read() -> list[str]:
        return capsys.readouterr().err.splitlines()

    return read


def objects(lines: list[str]) -> list[dict[str, object]]:
    return [cast("dict[str, object]", json.loads(line)) for line in lines]


class TestConsole:
    def test_says_when_what_and_who(self, lines: Lines) -> None:
        configure(LogConfig())
        plugin_logger("queue").bind(reference="K7", match=175).warning("no room for {}", "them")
        (line,) = lines()
        assert " WARNING  [queue] " in line
        assert line.endswith(f"{__name__}: no room for them (reference=K7 match=175)")
        assert "\x1b" not in line

    def test_the_plugin_at_work_is_named(self, lines: Lines) -> None:
        configure(LogConfig())
        with acting_for("telemetry"):
            logger.info("ours")
            logging.getLogger("somebody.else").info("theirs")
        logger.info("the core's")
        first, second, third = lines()
        assert "[telemetry]" in first
        assert "[telemetry] somebody.else: theirs" in second
        assert "[" not in third

    def test_a_line_is_a_line(self, lines: Lines) -> None:
        configure(LogConfig())
        logger.info("hello\n2030-01-01 00:00:00.000 ERROR \x1b[2J\r forged {braces}")
        first, second = lines()
        assert first.endswith("hello")
        assert second == "    2030-01-01 00:00:00.000 ERROR \\x1b[2J\\r forged {braces}"

    def test_the_level_holds(self, lines: Lines) -> None:
        configure(LogConfig(level="DEBUG", libraries="WARNING"))
        logger.debug("ours")
        logging.getLogger("disnake.gateway").info("theirs")
        assert len(lines()) == 1
        configure(LogConfig(level="ERROR", libraries="DEBUG"))
        logger.warning("ours")
        logging.getLogger("disnake.gateway").warning("theirs")
        assert lines() == []


class TestTheStandardLibrary:
    def test_records_keep_their_level_and_name(self, lines: Lines) -> None:
        configure(LogConfig(level="DEBUG", libraries="DEBUG", format="json"))
        logging.getLogger("disnake.gateway").warning("shard %s is late", 3)
        logging.getLogger("tortoise.db_client").debug("SELECT 1")
        logging.getLogger("asyncio").log(25, "in between")
        assert [(line["logger"], line["level"], line["message"]) for line in objects(lines())] == [
            ("disnake.gateway", "WARNING", "shard 3 is late"),
            ("tortoise.db_client", "DEBUG", "SELECT 1"),
            ("asyncio", "Level 25", "in between"),
        ]

    def test_exceptions_and_stacks_come_along(self, lines: Lines) -> None:
        configure(LogConfig(format="json"))
        try:
            raise LookupError("gone")
        except LookupError:
            logging.getLogger("x").exception("failed", stack_info=True)
        (line,) = objects(lines())
        assert str(line["exception"]).endswith("LookupError: gone")
        assert "Stack (most recent call last)" in str(line["message"])

    def test_warnings_are_logged(self, lines: Lines) -> None:
        configure(LogConfig())
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(False)
            logging.captureWarnings(True)
            warnings.warn("old " + TOKEN, DeprecationWarning, stacklevel=1)
        text = "\n".join(lines())
        assert "py.warnings: " in text
        assert TOKEN not in text

    def test_reset_gives_it_back(self) -> None:
        root = logging.getLogger()
        before = (root.handlers[:], root.level)
        configure(LogConfig())
        configure(LogConfig())
        assert root.handlers != before[0]
        reset()
        assert (root.handlers, root.level) == before


class TestJson:
    def test_every_line_is_an_object(self, lines: Lines) -> None:
        configure(LogConfig(format="json"))
        odd = 'a "quote"\nand \ud800 \u2028 \x00 é'
        plugin_logger("queue").bind(
            reference="K7", user=123456789012345678, ratio=float("nan"), what={odd}, n=3
        ).error(odd)
        (line,) = objects(lines())
        assert list(line) == ["time", "level", "logger", "message", "plugin", "reference", "extra"]
        assert str(line["time"]).endswith("+00:00")
        assert line["message"] == odd
        assert (line["plugin"], line["reference"]) == ("queue", "K7")
        assert line["extra"] == {
            "user": "123456789012345678",
            "ratio": "nan",
            "what": repr({odd}),
            "n": 3,
        }

    def test_stays_json_when_secrets_are_taken_out(self, lines: Lines) -> None:
        configure(
            LogConfig(format="json", libraries="DEBUG", level="DEBUG"), secrets=['se"cret\\!']
        )
        log = logging.getLogger("disnake.http")
        log.debug('{"token": "%s"} and {\\"token\\": \\"%s\\"}', OPAQUE, OPAQUE)
        log.debug("token='%s", OPAQUE)
        log.debug('se"cret\\! %r', 'se"cret\\!')
        log.debug(json.dumps({"x": 'se"cret\\!'}))
        text = lines()
        assert len(objects(text)) == 4
        assert OPAQUE not in "".join(text)
        assert "cret" not in "".join(text)


HEADER = f"Authorization: Bot {OPAQUE}"
GATEWAY = {
    "op": 0,
    "t": "INTERACTION_CREATE",
    "d": {"id": "1", "token": OPAQUE, "member": {"user": {"username": "token"}}},
}


class TestSecrets:
    @pytest.mark.parametrize("form", ["console", "json"])
    def test_what_disnake_says_at_debug(self, lines: Lines, form: str) -> None:
        configure(
            LogConfig.model_validate({"level": "DEBUG", "libraries": "DEBUG", "format": form}),
            secrets=[TOKEN, URL, PASSWORD],
        )
        api = "https://discord.com/api/v10"
        gateway, http = logging.getLogger("disnake.gateway"), logging.getLogger("disnake.http")
        gateway.debug("For Shard ID %s: WebSocket Event: %s", 0, GATEWAY)
        gateway.debug("Sending: %s", json.dumps({"op": 2, "d": {"token": OPAQUE}}))
        http.debug(
            "%s %s with %s has returned %s",
            "POST",
            f"{api}/interactions/12/{OPAQUE}/callback",
            '{"type":4}',
            204,
        )
        http.debug(
            "%s %s has received %s",
            "PATCH",
            f"{api}/webhooks/12/{OPAQUE}/messages/@original",
            {"id": "99"},
        )
        http.debug("%s %s has received %s", "POST", f"{api}/webhooks/12/{OPAQUE}?wait=true", None)
        http.debug("headers %s", {"Authorization": f"Bot {OPAQUE}", "User-Agent": "x"})
        logging.getLogger("aiohttp.client").debug(HEADER)
        logging.getLogger("aiohttp.client").debug("(b'Authorization', b'Bot %s')", TOKEN)
        logging.getLogger("tortoise.db_client").debug(
            "%s: %s", 'UPDATE "view" SET "token"=? WHERE "id"=?', [INTERACTION, 5]
        )
        logging.getLogger("asyncpg").debug("connect(%r, password=%r)", URL, PASSWORD)
        logging.getLogger("asyncpg").debug("ConnectionParameters(user='l', password='%s')", OPAQUE)
        logger.debug("the bare one: " + TOKEN)
        text = "\n".join(lines())
        for secret in (OPAQUE, TOKEN, INTERACTION, PASSWORD, "p%40ss", URL):
            assert secret not in text
        # What makes the lines worth reading is still there.
        for kept in (
            "INTERACTION_CREATE",
            "/callback",
            "/messages/@original",
            "?wait=true",
            "UPDATE",
            "User-Agent",
            "username",
        ):
            assert kept in text
        if form == "json":
            objects(text.splitlines())

    @pytest.mark.parametrize("form", ["console", "json"])
    def test_tracebacks_and_what_caused_them(self, lines: Lines, form: str) -> None:
        configure(LogConfig.model_validate({"format": form}), secrets=[PASSWORD])

        def connect(url: str, token: str) -> None:
            try:
                try:
                    raise OSError(f"cannot reach {url}", {"token": OPAQUE})
                except OSError as error:
                    raise ConnectionError(token) from error
            except ConnectionError:
                raise ExceptionGroup(
                    "both", [ValueError(PASSWORD), KeyError(INTERACTION)]
                ) from None

        def start() -> None:
            try:
                connect(URL, TOKEN)
            except ExceptionGroup as error:
                error.add_note(f"with {URL}")
                raise RuntimeError("start") from error

        for log in (logger.exception, logging.getLogger("x").exception):
            try:
                start()
            except RuntimeError:
                log("failed")
            try:
                connect_error = OSError(f"cannot reach {URL}", {"token": OPAQUE}, TOKEN)
                raise ConnectionError(TOKEN) from connect_error
            except ConnectionError:
                log("failed")
        text = "\n".join(lines())
        assert "RuntimeError: start" in text
        assert "KeyError" in text
        assert "db.example" in text
        for secret in (OPAQUE, TOKEN, INTERACTION, PASSWORD, "p%40ss"):
            assert secret not in text

    @pytest.mark.parametrize("form", ["console", "json"])
    def test_what_is_bound(self, lines: Lines, form: str) -> None:
        configure(LogConfig.model_validate({"format": form}), secrets=[PASSWORD])
        logger.bind(
            token=OPAQUE, url=URL, raw={"token": OPAQUE}, path=Path(f"/webhooks/1/{OPAQUE}")
        ).bind(reference=PASSWORD).info("x")
        text = "\n".join(lines())
        for secret in (OPAQUE, "p%40ss", PASSWORD):
            assert secret not in text
        assert "db.example" in text

    def test_those_learned_later(self, lines: Lines) -> None:
        configure(LogConfig())
        logger.info(OPAQUE)
        add_secret(OPAQUE)
        logger.info(OPAQUE)
        before, after = lines()
        assert OPAQUE in before
        assert after.endswith("[redacted]")

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("postgres://u:a/b@c@host/db", "postgres://[redacted]@host/db"),
            ("redis://:pw@host and https://u:pw@host/@x", None),
            (f"https://x/api/webhooks/1/{OPAQUE}", "https://x/api/webhooks/1/[redacted]"),
            (f"/interactions/1/{OPAQUE}/callback", "/interactions/1/[redacted]/callback"),
            (f"DISCORD_TOKEN={OPAQUE}", "DISCORD_TOKEN=[redacted]"),
            (f"{{'access_token': '{OPAQUE}'}}", "{'access_token': '[redacted]'}"),
            (f'"token": "a\\"{OPAQUE}", "x": 1', '"token": "[redacted]", "x": 1'),
            (f"Bearer {OPAQUE}0123", "Bearer [redacted]"),
            (f"authorization={OPAQUE}", "authorization=[redacted]"),
            (f"see {TOKEN}.", "see [redacted]."),
            (f"db?user=x&password={OPAQUE}&a=1", "db?user=x&password=[redacted]&a=1"),
        ],
    )
    def test_by_their_looks(self, text: str, left: str | None) -> None:
        if left is None:
            left = "redis://[redacted]@host and https://[redacted]@host/@x"
        assert redact(text) == left

    @pytest.mark.parametrize(
        "text",
        [
            "https://discord.com/api/v10/channels/1/messages/2",
            "https://discord.com/api/v10/webhooks/1",
            "password authentication failed for user x",
            'UPDATE "view" SET "token"=?, "password" = $1',
            "{'token': None, 'secret': ''}",
            "invalid token: expected a name",
            "core.config.environment_variables.a_very_long_function_name_indeed",
            "Bot ladderkeeper is ready",
            "mail somebody@example.com",
        ],
    )
    def test_what_is_none_stays(self, text: str) -> None:
        assert redact(text) == text

    @pytest.mark.parametrize(
        "part",
        [
            "postgres://",
            "://@",
            "://",
            "token",
            "token='",
            'token=\\"',
            "/webhooks/",
            "M",
            "secret:",
        ],
    )
    def test_takes_linear_time(self, part: str) -> None:
        redact(part * (1_000_000 // len(part)))  # minutes, were it quadratic

    def test_a_short_password_is_a_word_only(self) -> None:
        add_secret("ladder")
        assert redact("ladder ladderkeeper 'ladder'") == "[redacted] ladderkeeper '[redacted]'"
        add_secret("x")
        add_secret("")
        assert redact("x y") == "x y"

    @given(st.text(alphabet="token=:\"'\\ bM.-/@p_", max_size=300))
    def test_once_is_enough_and_never_fails(self, text: str) -> None:
        assert redact(redact(text)) == redact(text)


class TestItNeverFails:
    def test_on_arguments_that_do_not_fit(self, lines: Lines) -> None:
        configure(LogConfig(), secrets=[OPAQUE])
        logging.getLogger("x").warning(*("%d of %d", OPAQUE))
        (line,) = lines()
        assert "WARNING  x: '%d of %d' (its arguments do not fit)" in line

    def test_on_a_class_that_cannot_be_shown(self, lines: Lines) -> None:
        class Broken(Exception):
            def __repr__(self) -> str:
                raise RuntimeError(OPAQUE)

            __str__ = __repr__

        configure(LogConfig())
        logging.getLogger("x").warning("%s", Broken())
        logger.bind(what=Broken()).info("bound")
        logger.opt(exception=Broken()).error("raised")
        text = lines()
        assert len([line for line in text if not line.startswith("    ")]) == 3
        assert OPAQUE not in "".join(text)

    def test_when_standard_error_is_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Closed:
            def write(self, _text: str) -> None:
                raise BrokenPipeError

        configure(LogConfig())
        for stream in (Closed(), None):
            monkeypatch.setattr("sys.stderr", stream)
            logger.info("nobody reads this")

    def test_when_a_finaliser_logs_in_the_middle(
        self, lines: Lines, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Finalised:
            def __del__(self) -> None:
                logging.getLogger("late").error("while writing %s", TOKEN)

        def simple(value: object) -> object:
            Finalised()
            return value

        configure(LogConfig())
        monkeypatch.setattr("core.log.lines._simple", simple)
        logger.bind(a=1).info("first")
        first, late = lines()
        assert first.endswith("first (a=1)")
        assert late.endswith("ERROR    late: while writing [redacted]")


class TestTheFile:
    def test_gets_the_same_lines(self, tmp_path: Path, lines: Lines) -> None:
        path = tmp_path / "bot.log"
        path.write_text("before\n", encoding="utf-8")
        configure(LogConfig(file=path))
        logger.info("é " + TOKEN)
        assert path.read_text(encoding="utf-8").splitlines() == ["before", *lines()]

    def test_is_renamed_when_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "bot.log"
        configure(LogConfig(file=path, file_max_megabytes=0.0001))
        for number in range(5):
            logger.info("{} " + "x" * 100, number)
        assert sorted(tmp_path.iterdir()) == [path, tmp_path / "bot.log.1"]
        assert "4 xxx" in path.read_text(encoding="utf-8")
        assert "3 xxx" in (tmp_path / "bot.log.1").read_text(encoding="utf-8")

    def test_must_be_writable(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"log\.file: .* cannot be written"):
            configure(LogConfig(file=tmp_path / "absent" / "bot.log"))

    @pytest.mark.parametrize(
        ("environ", "where"),
        [
            ({}, "{config}: log.file: "),
            (
                {"LADDERKEEPER_LOG__FILE": "absent/bot.log"},
                "environment variable LADDERKEEPER_LOG__FILE (log.file): ",
            ),
        ],
    )
    def test_else_it_is_said_where_it_is_set(
        self, tmp_path: Path, environ: dict[str, str], where: str
    ) -> None:
        config = tmp_path / "config.toml"
        config.write_text("[log]\nfile = 'absent/bot.log'\n")
        loaded = load_config(config, environ=environ, env_file=None)
        with pytest.raises(ConfigError) as refused:
            configure(loaded.log, named=loaded.place("log", "file"))
        path = tmp_path / "absent" / "bot.log"
        assert str(refused.value).startswith(f"{where.format(config=config)}{path} cannot be ")
