"""Views, and the supervisor that guarantees their end."""

from core.views.custom_id import CustomId
from core.views.durable import Closing, DurableView, action
from core.views.leaks import Leak
from core.views.press import Press
from core.views.reasons import CloseReason
from core.views.rendering import Component, DeleteMessage, Rendering
from core.views.short import ShortView
from core.views.statistics import ViewStatistics
from core.views.supervisor import ViewSupervisor

__all__ = [
    "CloseReason",
    "Closing",
    "Component",
    "CustomId",
    "DeleteMessage",
    "DurableView",
    "Leak",
    "Press",
    "Rendering",
    "ShortView",
    "ViewStatistics",
    "ViewSupervisor",
    "action",
]
