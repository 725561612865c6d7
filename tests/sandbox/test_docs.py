"""docs/sandbox.md says what the sandbox is."""

import json
from pathlib import Path

from sandbox.control import CONTROL_ROUTES
from sandbox.docs import PLACE, page, read_routes
from sandbox.docs.__main__ import main
from sandbox.docs.page import DISCORD_ROUTES
from sandbox.faults.fault import EVENT_ACTIONS, REQUEST_ACTIONS, FaultOptions
from sandbox.limits import LimitOptions
from sandbox.rest import ROUTES
from tests import openapi

REPOSITORY = Path(__file__).parents[2]


def test_the_page_is_current() -> None:
    written = (REPOSITORY / PLACE).read_text(encoding="utf-8")
    assert written == page(), "run `python -m sandbox.docs`"


def test_the_command_writes_it(tmp_path: Path) -> None:
    place = tmp_path / "sandbox.md"
    assert main(["--to", str(place)]) == 0
    assert place.read_text(encoding="utf-8") == page()


def test_every_route_and_every_word_of_a_fault_is_on_it() -> None:
    text = page()
    for route in ROUTES:
        assert f"| `{route.method} {route.path}` |" in text
    for control in CONTROL_ROUTES:
        assert control.handler.__doc__, control.path
        assert f"| `{control.method} /sandbox{control.path}` |" in text
    for word in (*REQUEST_ACTIONS, *EVENT_ACTIONS, *FaultOptions.__annotations__):
        assert f"`{word}`" in text, word
    for limit in LimitOptions.__annotations__:
        assert f"`{limit}`" in text, limit


def test_the_list_of_discords_routes_is_the_documents() -> None:
    openapi.contract()
    path = openapi.document_path()
    assert path
    routes = read_routes(json.loads(path.read_bytes()))
    assert DISCORD_ROUTES.read_text(encoding="utf-8").splitlines() == routes
