"""Writes docs/sandbox.md: ``python -m sandbox.docs``, in the root of the repository.

With ``--document discord-openapi.json`` it first takes Discord's list of routes from there.
"""

import argparse
import json
import sys
from pathlib import Path

from sandbox.docs.page import DISCORD_ROUTES, PLACE, page, read_routes

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Returns 0."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.docs", description=__doc__)
    parser.add_argument("--document", type=Path, help="Discord's OpenAPI document")
    parser.add_argument("--to", type=Path, default=Path(PLACE), help=f"default: {PLACE}")
    asked = parser.parse_args(arguments)
    if asked.document:
        routes = read_routes(json.loads(asked.document.read_bytes()))
        DISCORD_ROUTES.write_text("\n".join(routes) + "\n", encoding="utf-8")
    asked.to.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
