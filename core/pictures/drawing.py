"""The process that draws pictures. It is run as a script, by ``core.pictures``."""

# Matplotlib leaves some of its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import json
import warnings
from datetime import UTC
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from core.worker_script import serve

DPI = 100
WIDTH, HEIGHT, HEIGHT_OF_MORE = 8.0, 4.0, 1.6
"""Inches; of each panel beyond the first, the last."""

DAY_SECONDS = 86_400
"""Matplotlib counts time in days since 1970."""

GROUND = "#2b2d31"
"""Opaque, so that it is read alike in Discord's dark and its light theme."""
INK = "#dbdee1"
GRID = "#4e5058"
COLOURS = "#56b4e9", "#e69f00", "#2fcf9f", "#cc79a7", "#f0e442", "#ff7043", "#b39ddb"
"""After M. Okabe and K. Ito, whose colours are told apart by the colour-blind too."""


def draw(question: bytes) -> bytes:
    """The picture of values over time, as PNG."""
    asked: dict[str, Any] = json.loads(question)
    panels: list[dict[str, Any]] = asked["panels"]
    size = WIDTH, HEIGHT + HEIGHT_OF_MORE * (len(panels) - 1)
    figure = Figure(size, dpi=DPI, facecolor=GROUND, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    shared: Axes | None = None
    for number, panel in enumerate(panels):
        axes = figure.add_subplot(len(panels), 1, number + 1, facecolor=GROUND, sharex=shared)
        _draw_lines(axes, panel, first_colour=number if len(panels) > 1 else 0)
        shared = shared or axes
        if number < len(panels) - 1:
            axes.tick_params(labelbottom=False)
        else:
            axes.set_xlabel("UTC")
    if shared is not None:
        scale_time(shared, asked["least_days"])
    figure.legend(loc="outside upper left", frameon=False, ncols=4)
    picture = BytesIO()
    canvas.print_png(picture)
    return picture.getvalue()


def _draw_lines(axes: Axes, panel: dict[str, Any], *, first_colour: int) -> None:
    for number, line in enumerate(panel["lines"]):
        times = [at / DAY_SECONDS for at, _ in line["points"]]
        axes.plot(
            times,
            [value for _, value in line["points"]],
            label=line["name"],
            color=COLOURS[(first_colour + number) % len(COLOURS)],
            linestyle=("-", "--", ":")[number // len(COLOURS) % 3],
            linewidth=2,
            drawstyle="steps-post" if panel["steps"] else "default",
            marker="o",
            markevery=[-1],  # where it stands now
        )
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.set_ylabel(panel["axis"])
    axes.grid(color=GRID, linewidth=0.6)
    axes.margins(y=0.1)
    axes.spines[:].set_color(GRID)


def scale_time(axes: Axes, least_days: float) -> None:
    """Show at least so much time, up to the last moment."""
    locator = AutoDateLocator(tz=UTC, minticks=3, maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=UTC))
    first, last = axes.dataLim.intervalx  # the limits of a single moment would be years apart
    if last - first < least_days:
        axes.set_xlim(last - least_days, last + least_days / 20)


def main() -> None:
    """Draw until the parent ends."""
    mpl.rcParams.update(
        {
            "text.parse_math": False,  # a faction may be called $$$
            "text.color": INK,
            "axes.labelcolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "font.size": 11,
        }
    )
    warnings.filterwarnings("ignore", message="Glyph .* missing")
    serve(draw)


if __name__ == "__main__":
    main()
