"""The curve of the bot's memory, as a picture."""

# Matplotlib leaves some of its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ladderkeeper.soak.memory import Sample

__all__ = ["draw_curve"]


def draw_curve(samples: Sequence[Sample], title: str, file: Path) -> None:
    """Write a PNG of resident memory over the matches that had ended."""
    # It takes half a second, and most soaks draw nothing.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((9, 4.5), dpi=100, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot([s.matches for s in samples], [s.megabytes for s in samples], linewidth=1.5)
    axes.set_xlabel("matches")
    axes.set_ylabel("resident memory of the bot, MB")
    axes.set_title(title, fontsize=10)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    canvas.print_png(str(file))
