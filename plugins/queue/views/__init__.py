"""What players press."""

from plugins.queue.views.match import MatchView
from plugins.queue.views.searching import SearchingView

__all__ = ["MatchView", "SearchingView"]
