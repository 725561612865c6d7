"""A soak: what it plays, what it reports, and when it says that something is wrong."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest

from ladderkeeper.soak import MIX, Plan, parse_mix
from ladderkeeper.soak.audit import Audit
from ladderkeeper.soak.memory import MemoryCurve, Sample
from ladderkeeper.soak.plan import Outcome
from ladderkeeper.soak.report import Report, percentile
from ladderkeeper.soak.table import Table
from sandbox import Message, Persona

ROOT = Path(__file__).parents[2]

SHAPE = {
    "matches": int,
    "seconds": float,
    "matches_per_second": float,
    "requests_per_match": float,
    "ack_ms": {"p50": float, "p99": float},
    "rss_mb": {"warm": float, "end": float, "slope_per_1000": float},
    "views": {"opened": int, "closed": int, "open": int, "leaked": int},
    "cleanup_rate": float,
    "hook_failures": int,
    "lost": int,
    "doubled": int,
    "rating_mismatches": int,
}


def shape(value: Any) -> Any:
    if not isinstance(value, dict):
        return cast("type[object]", type(value))
    return {key: shape(inner) for key, inner in cast("dict[str, Any]", value).items()}


def soak(
    folder: Path, *arguments: str
) -> tuple["subprocess.CompletedProcess[str]", dict[str, Any]]:
    """Run it as its command, in an environment without anybody's settings."""
    figures = folder / "soak.json"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LADDERKEEPER", "DISCORD"))}
    command = [sys.executable, "-m", "ladderkeeper", "--config", str(ROOT / "config.toml"), "soak"]
    process = subprocess.Popen(
        [*command, *arguments, "--json", str(figures)],
        cwd=ROOT,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said, complained = process.communicate()
    finally:
        process.terminate()  # it ends the sandbox and the bot, when time is up
        process.wait()
    ended = subprocess.CompletedProcess(command, process.returncode, said, complained)
    assert figures.exists(), ended.stderr[-2_000:]
    return ended, json.loads(figures.read_text(encoding="utf-8"))


@pytest.mark.full
@pytest.mark.timeout(900)
def test_three_hundred_matches(tmp_path: Path, database_url: str) -> None:
    ended, figures = soak(tmp_path, "--matches", "300", "--database", database_url)

    assert ended.returncode == 0, ended.stdout + ended.stderr[-2_000:]
    assert shape(figures) == SHAPE
    # On a busy machine somebody misses a room, or is back in the queue after all.
    assert abs(figures["matches"] - 300) <= 3
    assert figures["views"]["opened"] == figures["views"]["closed"] > 1_000
    assert figures["cleanup_rate"] == 1.0
    assert 3.5 < figures["requests_per_match"] < 5
    assert "rate limits" in ended.stdout
    assert "OFF" in ended.stdout


@pytest.mark.full
@pytest.mark.timeout(180)
def test_what_is_kept_is_found(tmp_path: Path) -> None:
    chart = tmp_path / "memory.png"

    ended, figures = soak(
        tmp_path, "--matches", "20", "--players", "8", "--leaky", "--chart", str(chart)
    )

    assert ended.returncode == 1
    assert figures["views"]["leaked"] > 20
    assert figures["views"]["open"] == 0
    assert figures["cleanup_rate"] < 1
    assert "closed views are still reachable" in ended.stdout
    assert chart.read_bytes().startswith(b"\x89PNG")


@pytest.mark.full
@pytest.mark.timeout(180)
def test_within_discords_limits(tmp_path: Path) -> None:
    ended, figures = soak(
        tmp_path, "--matches", "10", "--players", "8", "--mix", "1:0:0:0", "--rate-limits", "on"
    )

    assert ended.returncode == 0, ended.stdout
    assert figures["matches"] == 10
    assert "kept" in ended.stdout


def test_a_database_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    file = tmp_path / "somebodys.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()
    command = [sys.executable, "-m", "ladderkeeper", "soak", "--matches", "1"]

    ended = subprocess.run(
        [*command, "--database", f"sqlite://{file}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert "wants an empty one" in ended.stderr


@pytest.mark.parametrize("text", ["", "1:2:3", "1:2:3:x", "1:2:3:-4", "0:0:0:0", "1:2:3:4:5"])
def test_a_mix_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"four whole numbers|above zero"):
        parse_mix(text)


def test_the_mix_is_what_is_played() -> None:
    assert parse_mix("85:8:4:3") == MIX
    plan, chance = Plan(1, mix=parse_mix("3:0:1:0")), random.Random(1)

    drawn = Counter(plan.draw(chance) for _ in range(1_000))

    assert set(drawn) == {Outcome.COMPLETE, Outcome.CONFLICT}
    assert 700 < drawn[Outcome.COMPLETE] < 800


def persona(number: int) -> Persona:
    return Persona(cast("Any", None), str(number), f"P{number}", None)


def message(number: int) -> Message:
    content = f"**Match {number}** · Ladder\n<@1>\nagainst\n<@2>"
    return Message(str(1_000 + number), "7", "1", "9", "bot", content, content, False, False, 0, {})


def test_nobody_joins_for_whom_no_match_is_left() -> None:
    table = Table(Plan(1, mix={Outcome.COMPLETE: 1}), random.Random(1))

    assert [table.may_join(persona(n)) for n in (1, 2, 3)] == [True, True, False]
    rooms = [table.enter(persona(n), message(1)) for n in (1, 2)]
    assert rooms[0] is rooms[1]
    assert [rooms[0].side_of(persona(n)) for n in (1, 2)] == [0, 1]
    assert table.all_begun
    for n in (1, 2):
        table.leave(persona(n), rooms[0], waits=False)

    assert (table.over, table.rooms) == (1, {})
    assert not table.may_join(persona(3))


def test_who_comes_back_to_the_queue_takes_no_place_of_its_own() -> None:
    table = Table(Plan(3, mix={Outcome.ABORT: 1}), random.Random(1))
    for n in (1, 2, 3, 4):
        assert table.may_join(persona(n))

    room = table.enter(persona(1), message(1))
    table.enter(persona(2), message(1))
    assert room.outcome is Outcome.ABORT
    # Two matches are left: for the two who wait, the one who will wait again, and one more.
    assert [table.may_join(persona(n)) for n in (5, 6)] == [True, False]
    table.leave(persona(1), room, waits=False)
    table.leave(persona(2), room, waits=True)

    assert not table.may_join(persona(1))
    assert table.over == 1


def test_the_slope_is_taken_after_a_tenth() -> None:
    curve = MemoryCurve(os.getpid(), lambda: 0)
    curve.samples = [Sample(0, 50), Sample(50, 90)]
    curve.samples += [Sample(n, 100 + n / 1_000) for n in range(100, 1_001, 100)]

    assert curve.figures() == {"warm": 100.1, "end": 101.0, "slope_per_1000": 1.0}
    assert percentile([], 0.5) == 0
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(100), 0.99) == 99


GOOD_BOT = {"views_opened": 10, "views_closed": 10, "views_open": 0, "views_leaked": 0}


@pytest.mark.parametrize(
    ("bot", "audit", "finding"),
    [
        ({}, {}, None),
        ({"views_leaked": 2}, {}, "2 closed views are still reachable"),
        ({"views_open": 1}, {}, "1 views are left open"),
        ({}, {"lost": 3}, "3 matches are lost"),
        ({}, {"doubled": 4}, "4 matches were counted twice"),
        ({}, {"rating_mismatches": 5}, "5 ratings are not what the history says"),
    ],
)
def test_what_is_not_good(bot: dict[str, int], audit: dict[str, int], finding: str | None) -> None:
    found = {"lost": 0, "doubled": 0, "rating_mismatches": 0} | audit
    report = Report(
        Plan(2),
        1.0,
        8,
        [0.1],
        MemoryCurve(os.getpid(), lambda: 0),
        {"hook_failures": 0} | GOOD_BOT | bot,
        Audit(Counter(completed=2), rows={}, open_views=[], **found),
        0,
        Counter(),
    )

    assert report.findings == ([finding] if finding else [])
