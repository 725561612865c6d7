"""Endpoints under ``/sandbox``: making a world, acting as a persona, looking at what happened."""

from sandbox.control import acting, breaking, building, looking, removing
from sandbox.control.routing import ControlRoute
from sandbox.page import endpoints as page

__all__ = ["CONTROL_ROUTES"]

CONTROL_ROUTES: list[ControlRoute] = [
    route
    for module in (building, acting, looking, removing, breaking, page)
    for route in module.routes
]
