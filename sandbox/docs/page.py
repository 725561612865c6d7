"""The text of docs/sandbox.md: a beginning written by hand, then tables of routes."""

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sandbox.control import CONTROL_ROUTES
from sandbox.control.endpoint import PREFIX
from sandbox.rest import ROUTES

__all__ = ["DISCORD_ROUTES", "PLACE", "page", "read_routes"]

PLACE = "docs/sandbox.md"
BEGINNING = Path(__file__).with_name("beginning.md")
DISCORD_ROUTES = Path(__file__).with_name("discord_routes.txt")
"""All that Discord's document has, a line each."""

MODELLED = """\
## REST routes that are modelled

By resource. Permissions, size limits and errors are those of Discord's documentation unless the
line says otherwise."""

MISSING = """\
## REST routes that are not

Discord's document has these besides. They answer 501 and say so."""

CONTROL = f"""\
## Control endpoints

Under `{PREFIX}`, JSON in and out. A refusal is a 409 with `error` (its kind) and `message`. They
answer only programs on this machine and the sandbox's own page."""


def read_routes(document: dict[str, Any]) -> list[str]:
    """``GET /users/@me`` and so on, from Discord's OpenAPI document."""
    methods = ("get", "post", "put", "patch", "delete")
    return sorted(
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in methods
        if method in operations
    )


def page() -> str:
    """The whole page."""
    modelled = {f"{route.method} {route.path}" for route in ROUTES}
    known = DISCORD_ROUTES.read_text(encoding="utf-8").splitlines()
    parts = [
        BEGINNING.read_text(encoding="utf-8").strip(),
        MODELLED,
        *(
            f"### {name}\n\n{_table(rows)}"
            for name, rows in _by_module((r.handler, f"{r.method} {r.path}") for r in ROUTES)
        ),
        MISSING,
        *_missing([route for route in known if route not in modelled]),
        CONTROL,
        *(
            f"### {name}\n\n{_table(rows)}"
            for name, rows in _by_module(
                (r.handler, f"{r.method} {PREFIX}{r.path}") for r in CONTROL_ROUTES
            )
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _by_module(
    places: Iterable[tuple[Callable[..., Any], str]],
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The first sentence of a module names it; the docstring of a handler says what it does."""
    found: dict[str, list[tuple[str, str]]] = {}
    for handler, place in places:
        module = inspect.getmodule(handler)
        name = (inspect.getdoc(module) or "").partition("\n")[0].rstrip(".")
        found.setdefault(name, []).append((place, _in_one_line(handler)))
    return list(found.items())


def _in_one_line(handler: Callable[..., Any]) -> str:
    text = inspect.getdoc(handler) or ""
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


def _table(rows: list[tuple[str, str]]) -> str:
    lines = ["| route | what |", "|---|---|"]
    lines += [f"| `{place}` | {what} |" for place, what in rows]
    return "\n".join(lines)


def _missing(routes: list[str]) -> list[str]:
    by_resource: dict[str, list[str]] = {}
    for route in routes:
        resource = route.split("/")[1]
        by_resource.setdefault(resource, []).append(f"`{route}`")
    return [f"**{name}**: {', '.join(found)}" for name, found in sorted(by_resource.items())]
