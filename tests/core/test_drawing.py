"""The axes of pictures."""

import pytest
from matplotlib.figure import Figure

from core.pictures.drawing import scale_time


@pytest.mark.parametrize("times", [[20_000.0, 20_000.0], [19_999.9, 20_000.0]])
def test_a_short_time_is_a_day_and_not_years(times: list[float]) -> None:
    axes = Figure().add_subplot()
    axes.plot(times, [1500, 1520])  # pyright: ignore[reportUnknownMemberType]

    scale_time(axes, least_days=1.0)

    assert axes.get_xlim() == pytest.approx((19_999.0, 20_000.05))
