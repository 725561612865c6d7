"""Who plays whom in a wave: a pure function of those who wait, the window and the rule."""

from plugins.queue.domain.pairing.candidates import (
    Candidate,
    Choice,
    Pairing,
    Rule,
    Seat,
    Window,
)
from plugins.queue.domain.pairing.wave import pair

__all__ = ["Candidate", "Choice", "Pairing", "Rule", "Seat", "Window", "pair"]
