"""Who holds on to an object: the shortest chain of references that a developer can act on.

It walks outward, breadth first, to the first thing that lives by itself: a variable of a module, a
running frame, a class. Each step asks the collector about the whole heap, so it is costly, and done
for a view that has leaked and for nothing else.
"""

from __future__ import annotations

import gc
import inspect
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import CellType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any, cast

__all__ = ["chain_to"]

FOLDER = str(Path(__file__).parent)
"""Frames of this package hold what they look at."""

MOST_LOOKED_AT = 300
"""Objects whose referrers are asked for, at most."""

LONGEST_SECONDS = 0.6
"""Nobody's press is answered meanwhile, and Discord waits three seconds for an answer."""


def chain_to(target: object, *, ignore: tuple[object, ...] = ()) -> str:
    """The chain from what lives by itself to `target`, as one line.

    Args:
        ignore: objects of the caller's own that refer to it.
    """
    path: dict[int, tuple[int, str]] = {id(target): (0, type(target).__qualname__)}
    queue: deque[object] = deque([target])
    own = {id(path), id(queue), *map(id, ignore)}
    looked_at, until = 0, time.monotonic() + LONGEST_SECONDS
    while queue and looked_at < MOST_LOOKED_AT and time.monotonic() < until:
        current = queue.popleft()
        looked_at += 1
        found = gc.get_referrers(current)
        own.add(id(found))
        for referrer in found:
            if id(referrer) in path or id(referrer) in own or _is_ours(referrer):
                continue
            root, step = _describe(referrer, current)
            path[id(referrer)] = (id(current), step)
            if root:
                return _spell(path, id(referrer))
            queue.append(referrer)
    if queue:
        return f"... -> {_spell(path, id(queue[0]))} (what holds that was not found in time)"
    return "held by something outside of Python's view, such as a C extension"


def _is_ours(referrer: object) -> bool:
    return isinstance(referrer, FrameType) and referrer.f_code.co_filename.startswith(FOLDER)


def _describe(referrer: object, held: object) -> tuple[bool, str]:
    """Whether `referrer` lives by itself, and how it holds `held`."""
    if isinstance(referrer, FrameType):
        code = referrer.f_code
        return True, f"running {code.co_qualname} ({code.co_filename}:{referrer.f_lineno})"
    if isinstance(referrer, ModuleType):
        return True, f"module {referrer.__name__}"
    if isinstance(referrer, type):
        return True, f"class {referrer.__module__}.{referrer.__qualname__}"
    if isinstance(referrer, dict):
        return _describe_dict(cast("dict[object, object]", referrer), held)
    if isinstance(referrer, MethodType):
        return False, f"bound method {referrer.__func__.__qualname__}"
    if isinstance(referrer, FunctionType):
        return False, f"function {referrer.__module__}.{referrer.__qualname__}"
    if isinstance(referrer, CellType):
        return False, "closure"
    if inspect.iscoroutine(referrer):
        return False, f"coroutine {referrer.__qualname__}"
    if isinstance(referrer, list | tuple | set | frozenset):
        return False, type(cast("object", referrer)).__name__
    attribute = _name_of(held, _attributes(referrer))
    name = f"{type(referrer).__module__}.{type(referrer).__qualname__}"
    return False, f"{name}.{attribute}" if attribute else name


def _describe_dict(referrer: dict[object, object], held: object) -> tuple[bool, str]:
    key = _name_of(held, referrer)
    module = referrer.get("__name__")
    if isinstance(module, str) and "__builtins__" in referrer:
        return True, f"module {module}.{key}"
    return False, f"dict[{key!r}]"


def _attributes(owner: object) -> Mapping[Any, object]:
    return getattr(owner, "__dict__", {})


def _name_of(held: object, names: Mapping[Any, object]) -> str | None:
    return next((str(name) for name, value in names.items() if value is held), None)


def _spell(path: dict[int, tuple[int, str]], at: int) -> str:
    steps: list[str] = []
    while at:
        at, step = path[at]
        steps.append(step)
    return " -> ".join(steps)
