"""Routes, and finding the one that a request means."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from urllib.parse import unquote

from sandbox.call import Call

__all__ = ["Match", "Route", "Router", "Routes"]

Answer = TypeVar("Answer")


class Placed(Protocol):
    """Whatever a router can find."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...


Found = TypeVar("Found", bound=Placed)


@dataclass(slots=True, frozen=True)
class Route:
    """One line of the table. ``handler``'s docstring says what it models.

    It takes a request, changes the world and returns what is sent as JSON; None is an empty 204.
    Handlers of the REST API do not await: each request happens at once.
    """

    method: str
    path: str
    handler: Callable[[Call], object]
    status: int = 200
    """Of a success that has a body."""
    authorized: bool = True
    """Whether it needs a bot's token; the routes of interactions carry their own."""
    limited: bool = True
    """Whether it has a bucket; without one it shows no headers of rate limits either."""


class Routes:
    """The routes of one module, declared by decorating their handlers."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def __call__(
        self,
        method: str,
        path: str,
        *,
        status: int = 200,
        authorized: bool = True,
        limited: bool = True,
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
        def declare(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
            self._routes.append(Route(method, path, handler, status, authorized, limited))
            return handler

        return declare

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)


class Node(Generic[Found]):
    def __init__(self) -> None:
        self.fixed: dict[str, Node[Found]] = {}
        self.named: tuple[str, Node[Found]] | None = None
        self.methods: dict[str, Found] = {}


@dataclass(slots=True, frozen=True)
class Match(Generic[Found]):
    route: Found | None
    """None when the path is known with other methods only."""
    params: dict[str, str]


class Router(Generic[Found]):
    """Finds a route by walking down its path, a step for each part."""

    def __init__(self, routes: Iterable[Found]) -> None:
        self._root: Node[Found] = Node()
        for route in routes:
            node = self._root
            for part in route.path.strip("/").split("/"):
                node = self._step(node, part)
            if route.method in node.methods:
                raise ValueError(f"declared twice: {route.method} {route.path}")
            node.methods[route.method] = route

    def _step(self, node: Node[Found], part: str) -> Node[Found]:
        if not part.startswith("{"):
            return node.fixed.setdefault(part, Node())
        if node.named is None:
            node.named = (part[1:-1], Node())
        elif node.named[0] != part[1:-1]:
            raise ValueError(f"a part of the path has two names: {node.named[0]}, {part[1:-1]}")
        return node.named[1]

    def find(self, method: str, raw_path: str) -> Match[Found] | None:
        """None when no route has this path. ``raw_path`` is still percent-encoded."""
        node = self._root
        params: dict[str, str] = {}
        for part in raw_path.strip("/").split("/"):
            if "%" in part:
                part = unquote(part)
            if following := node.fixed.get(part):
                node = following
            elif node.named:
                params[node.named[0]] = part
                node = node.named[1]
            else:
                return None
        if not node.methods:
            return None
        return Match(node.methods.get(method), params)
