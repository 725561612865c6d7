"""The checker itself, and that the sandbox's routes are Discord's."""

from sandbox import Observation
from sandbox.rest import ROUTES
from tests import openapi

CREATE = "/channels/{channel_id}/messages"


def seen(**changes: object) -> Observation:
    given: dict[str, object] = {
        "method": "POST",
        "path": "/channels/1/messages",
        "route": CREATE,
        "query": {},
        "request": {"content": "x"},
        "files": 0,
        "status": 404,
        "response": {"message": "Unknown Channel", "code": 10003},
    }
    return Observation(**(given | changes))  # pyright: ignore[reportArgumentType]


def test_every_route_is_in_the_document() -> None:
    openapi.contract()
    path = openapi.document_path()
    assert path
    document = openapi.load_document(path)
    unknown = [
        f"{route.method} {route.path}"
        for route in ROUTES
        if route.method.lower() not in document.paths.get(route.path, {})
    ]
    assert unknown == []


def test_every_route_says_what_it_models() -> None:
    assert [route.path for route in ROUTES if not route.handler.__doc__] == []


def test_what_fits_is_no_violation() -> None:
    contract = openapi.contract()
    contract.observe(seen())
    assert contract.violations() == []
    assert contract.observed == 1


def test_what_does_not_fit_is_one() -> None:
    contract = openapi.contract()
    contract.observe(seen(response={"message": "no code"}))
    contract.observe(seen(status=302))
    contract.observe(seen(status=200, response={}))
    contract.observe(seen(status=200, request={"content": 5}, response={}))
    contract.observe(seen(query={"nonsense": "1"}, status=200))
    contract.observe(seen(route=None))
    contract.observe(seen(route="/nowhere"))
    found = "\n".join(contract.violations())
    for part in (
        '"code" is a required property',
        "answered 302",
        '"id" is a required property',
        "request: content",
        "query parameter nonsense",
        "no such route",
        "not in the document",
    ):
        assert part in found


def test_a_refused_request_may_be_wrong() -> None:
    contract = openapi.contract()
    contract.observe(seen(status=400, request={"content": 5}))
    assert contract.violations() == []


def test_every_exception_has_its_reason() -> None:
    for exception in openapi.load_exceptions():
        assert exception.at in ("request", "response")
        assert exception.change in openapi.CHANGES
        assert exception.library
        assert exception.evidence
        assert exception.reason
