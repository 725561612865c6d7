"""What admins type, and the cells of what is exported."""

from datetime import UTC, datetime, timedelta

import pytest

from plugins.admin.domain.cells import cell
from plugins.admin.domain.times import LONGEST, Unreadable, duration, since

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "lasts"),
    [
        ("90m", timedelta(minutes=90)),
        ("12h", timedelta(hours=12)),
        ("3d", timedelta(days=3)),
        (" 2  Weeks ", timedelta(weeks=2)),
        ("1 month", timedelta(days=30)),
        ("1 year", timedelta(days=365)),
        ("1d 12h", timedelta(hours=36)),
        ("1 day, 2 hours", timedelta(hours=26)),
        ("3660d", LONGEST),
        ("", None),
        ("for ever", None),
        ("Forever", None),
    ],
)
def test_durations(typed: str, lasts: timedelta | None) -> None:
    assert duration(typed) == lasts


@pytest.mark.parametrize(
    "typed", ["soon", "3", "d", "0d", "3 fortnights", "-3d", "3d ago", "3661d", "9999999d", "1.5d"]
)
def test_what_is_no_duration(typed: str) -> None:
    with pytest.raises(Unreadable):
        duration(typed)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31 18:30", datetime(2026, 1, 31, 18, 30, tzinfo=UTC)),
        ("2026-01-31T18:30:00+02:00", datetime(2026, 1, 31, 16, 30, tzinfo=UTC)),
        ("3d", NOW - timedelta(days=3)),
    ],
)
def test_since(typed: str, moment: datetime) -> None:
    assert since(typed, NOW) == moment


@pytest.mark.parametrize("typed", ["soon", "2026-13-01", "for ever", ""])
def test_since_nothing(typed: str) -> None:
    with pytest.raises(Unreadable):
        since(typed, NOW)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_other_cells_stay_as_they_are() -> None:
    assert [cell(value) for value in ("a=b", -5, 1.5, None, True, "")] == [
        "a=b",
        "-5",
        "1.5",
        "",
        "True",
        "",
    ]
