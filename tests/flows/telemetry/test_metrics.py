"""The metrics over HTTP, as Prometheus would scrape them."""

import re
import socket
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from ladderkeeper.playing import report
from ladderkeeper.testing import Stage, eventually
from tests.flows.conftest import paired, player
from tests.flows.telemetry.conftest import Watched, watched_bot


def address(log: list[str]) -> str:
    """Where the metrics are, as the log says."""
    line = next(line for line in reversed(log) if line.startswith("metrics at"))
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found is not None
    return found[0]


async def get(url: str, **headers: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers=headers) as response,
    ):
        return response.status, await response.text()


async def scraped(log: list[str]) -> dict[str, dict[tuple[str, ...], float]]:
    """Each sample's value by its name and the values of its labels."""
    status, text = await get(f"{address(log)}/metrics")
    assert status == 200
    values: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        for sample in family.samples:
            values.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return values


async def play(stage: Stage) -> None:
    """One match from the queue to its end."""
    alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
    await paired(stage, alice, bob)
    await alice.press("Confirm")
    await bob.press("Confirm")
    await alice.sees("The match is on")
    await report(alice, "I won")
    await report(bob, "I lost")
    await bob.sees("Alice won against Bob")
    await stage.settled()


async def test_a_match_is_in_the_metrics(log: list[str], watched: Watched) -> None:
    await play(watched.stage)

    values = await scraped(log)

    of_ladder = ("Ladder",)
    assert values["ladderkeeper_telemetry_matches_found_total"] == {of_ladder: 1}
    assert values["ladderkeeper_telemetry_matches_started_total"] == {of_ladder: 1}
    assert values["ladderkeeper_telemetry_matches_ended_total"] == {("Ladder", "completed"): 1}
    assert values["ladderkeeper_queue_wave_seconds_count"][of_ladder] >= 1
    assert values["ladderkeeper_queue_pairing_gap_points_bucket"]["Ladder", "10.0"] == 1
    assert values["ladderkeeper_queue_wait_seconds_count"] == {of_ladder: 2}
    assert 50 < values["ladderkeeper_queue_wait_seconds_sum"][of_ladder] < 250
    assert values["ladderkeeper_queue_waiting"] == {of_ladder: 0}
    assert values["ladderkeeper_queue_running_matches"] == {of_ladder: 0}
    figures = watched.stage.app.views.stats()
    assert values["ladderkeeper_views_opened_total"] == {(): figures.opened}
    assert sum(values["ladderkeeper_views_closed_total"].values()) == figures.closed_total
    assert values["ladderkeeper_views_leaked"] == {(): 0}
    assert values["ladderkeeper_core_answer_seconds_count"]["queue",] >= 8
    assert values["ladderkeeper_core_requests_total"]["POST", "/channels/{channel_id}/threads"] == 1
    assert values["ladderkeeper_core_responses_total"]["200",] > 5
    assert values["ladderkeeper_core_plugins"]["queue", "loaded"] == 1
    assert values["ladderkeeper_core_requests_waiting"] == {(): 0}
    assert values["ladderkeeper_telemetry_database_seconds_count"][()] >= 1
    assert values["ladderkeeper_gateway_connected"] == {(): 1}
    assert values["ladderkeeper_resident_bytes"][()] > 10_000_000


async def test_a_rate_limit_is_counted(log: list[str], watched: Watched) -> None:
    alice, bob = await player(watched.stage, "Alice"), await player(watched.stage, "Bob")
    await watched.stage.fault(
        "rate_limit", method="POST", path="/channels/*/threads", seconds=0.05, count=1
    )

    await paired(watched.stage, alice, bob)

    assert (await scraped(log))["ladderkeeper_core_responses_total"]["429",] == 1


async def test_a_failing_press_is_counted_with_its_plugin(log: list[str], watched: Watched) -> None:
    watched.stage.app.failures.failed("queue", "a press", RuntimeError("on purpose"))

    assert (await scraped(log))["ladderkeeper_core_failures_total"] == {("queue",): 1}


async def test_alive_and_ready(log: list[str], watched: Watched) -> None:
    base = address(log)

    async def ready() -> bool:
        return (await get(f"{base}/readyz"))[0] == 200

    assert await get(f"{base}/healthz") == (200, "ok\n")
    await eventually(ready)
    assert (await get(f"{base}/elsewhere"))[0] == 404

    await watched.stage.sandbox.close()

    async def not_ready() -> bool:
        return await get(f"{base}/readyz") == (503, "the gateway is not connected\n")

    await eventually(not_ready)
    assert (await get(f"{base}/healthz"))[0] == 200


async def test_only_its_own_names_are_answered(tmp_path: Path, database_url: str, log: list[str]):
    async with watched_bot(tmp_path, database_url, metrics_port=0, metrics_names=["Bot.Internal"]):
        base = address(log)

        for host, status in (
            ("127.0.0.1:9464", 200),
            ("localhost", 200),
            ("[::1]:9464", 200),
            ("bot.internal:9464", 200),
            ("evil.example", 421),
            ("localhost.evil.example:9464", 421),
        ):
            assert (await get(f"{base}/healthz", Host=host))[0] == status, host


async def test_a_port_in_use_is_one_line_and_no_more(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with watched_bot(tmp_path, database_url, metrics_port=port) as watched:
            lines = [line for line in log if "metrics" in line]
            assert len(lines) == 1
            assert f"metrics_port: 127.0.0.1:{port} cannot be listened on" in lines[0]
            assert "Traceback" not in lines[0]
            assert watched.stage.app.host.loaded == ["queue", "telemetry"]


async def test_by_default_nothing_listens(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    async with watched_bot(tmp_path, database_url):
        assert not [line for line in log if "metrics" in line]
