"""A threshold is told of once it stays passed, and anew only after it was kept."""

from plugins.telemetry.alarms import Alarm, Alarms


def told(alarms: Alarms, *values: float) -> list[int]:
    """At which of the looks something was told."""
    return [n for n, value in enumerate(values) if alarms.look([Alarm("memory", value, 100)])]


def test_once_after_so_many_looks() -> None:
    assert told(Alarms(3), 101, 150, 102, 200, 300) == [2]


def test_what_is_kept_in_between_begins_anew() -> None:
    assert told(Alarms(2), 101, 100, 101, 101, 50, 101, 101) == [3, 6]


def test_each_has_its_own_count() -> None:
    alarms = Alarms(1)
    both = [Alarm("memory", 2, 1), Alarm("views", 2, 1)]

    assert alarms.look(both[:1]) == both[:1]
    assert alarms.look(both) == both[1:]
