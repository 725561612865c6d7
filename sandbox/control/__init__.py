"""Endpoints under ``/sandbox``: making a world, acting as a persona, looking at what happened."""

from sandbox.control import acting, building, looking, removing
from sandbox.control.routing import ControlRoute

__all__ = ["CONTROL_ROUTES"]

CONTROL_ROUTES: list[ControlRoute] = [
    route for module in (building, acting, looking, removing) for route in module.routes
]
