"""The page about the sandbox, made from its own tables: ``python -m sandbox.docs``."""

from sandbox.docs.page import PLACE, page, read_routes

__all__ = ["PLACE", "page", "read_routes"]
