"""What players press."""

from plugins.queue.views.join import Joining
from plugins.queue.views.match import MatchView
from plugins.queue.views.panel import PanelView
from plugins.queue.views.searching import SearchingView
from plugins.queue.views.start_here import Requirements

__all__ = ["Joining", "MatchView", "PanelView", "Requirements", "SearchingView"]
