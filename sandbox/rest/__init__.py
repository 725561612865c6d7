"""Discord's REST API: a table of routes, one module for each resource."""

from sandbox.rest import (
    applications,
    callbacks,
    channels,
    commands,
    direct_messages,
    guild_commands,
    guilds,
    members,
    messages,
    pins,
    reactions,
    roles,
    thread_members,
    threads,
    users,
    webhooks,
)
from sandbox.rest.routing import Route

__all__ = ["ROUTES"]

ROUTES: list[Route] = [
    route
    for module in (
        applications,
        callbacks,
        channels,
        commands,
        direct_messages,
        guild_commands,
        guilds,
        members,
        messages,
        pins,
        reactions,
        roles,
        thread_members,
        threads,
        users,
        webhooks,
    )
    for route in module.routes
]
"""Every route that is modelled, from which a page about them can be made."""
