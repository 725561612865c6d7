"""The history of the chart is bounded."""

from datetime import UTC, datetime, timedelta

from plugins.telemetry.history import EVERY, HOURS, History, Moment


def test_it_keeps_the_last_hours_and_no_more() -> None:
    history, began = History(), datetime(2026, 1, 1, tzinfo=UTC)
    moments = [Moment(began + n * EVERY, 100, n, 0) for n in range(2_000)]
    for moment in moments:
        history.add(moment)

    kept = history.since(began)

    assert kept == moments[-HOURS * 60 :]
    assert history.since(moments[-1].at - timedelta(minutes=9)) == moments[-10:]
