"""Checks what goes over the wire against Discord's published OpenAPI document.

    contract = openapi.contract()          # skips the test when the document is not there
    sandbox.observe(contract.observe)
    ...
    assert contract.violations() == []

The document is looked for where ``LADDERKEEPER_OPENAPI`` says, else beside the repository, at
``../shared/reference/discord-openapi.json``. Requests that were refused are not checked, for tests
send wrong ones on purpose; one that was accepted although the document forbids it is a violation,
and so is any answer that the document does not describe.
"""

import copy
import json
import os
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012, Draft202012Validator, Registry, ValidationError

from sandbox import Observation
from sandbox.wire import is_array, is_object

__all__ = ["Contract", "ContractException", "contract", "document_path", "load_exceptions"]

REPOSITORY = Path(__file__).parents[1]
DOCUMENT = REPOSITORY.parent / "shared" / "reference" / "discord-openapi.json"
EXCEPTIONS = Path(__file__).parent / "sandbox" / "openapi_exceptions.toml"
NAME = "urn:discord"


def contract() -> "Contract":
    """A new one, with the reviewed exceptions. Skips the test when there is no document."""
    path = document_path()
    if path is None:
        wanted = os.environ.get("LADDERKEEPER_OPENAPI", DOCUMENT)
        pytest.skip(
            f"Discord's OpenAPI document is not at {wanted} (LADDERKEEPER_OPENAPI says where)"
        )
    return Contract(load_document(path), load_exceptions())


def document_path() -> Path | None:
    path = Path(os.environ.get("LADDERKEEPER_OPENAPI", DOCUMENT))
    return path if path.is_file() else None


@dataclass(frozen=True)
class ContractException:
    """One place where the document is stricter than Discord."""

    method: str
    routes: list[str]
    at: str
    paths: list[str]
    change: str
    library: str
    evidence: str
    reason: str

    def apply(self, body: object) -> None:
        """Change the body in place."""
        for path in self.paths:
            change_at(body, path.split("."), CHANGES[self.change])


@cache
def load_exceptions() -> tuple[ContractException, ...]:
    data = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))
    return tuple(ContractException(**entry) for entry in data["exception"])


@cache
def load_document(path: Path) -> "Document":
    return Document(json.loads(path.read_bytes()))


class Document:
    """The document, and a compiled validator for each of its schemas that was needed."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = raw["paths"]
        self.components: dict[str, Any] = raw["components"]
        self._registry = Registry([(NAME, raw)], draft=Draft202012)
        self._validators: dict[str, Draft202012Validator] = {}

    def validator(self, *steps: str) -> Draft202012Validator:
        """For the schema at a path of keys."""
        pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
        found = self._validators.get(pointer)
        if found is None:
            reference = {"$ref": f"{NAME}#{pointer.replace('{', '%7B').replace('}', '%7D')}"}
            found = Draft202012Validator(reference, registry=self._registry, validate_formats=True)
            self._validators[pointer] = found
        return found


class Contract:
    """Collects what was observed, and checks it when asked: checking takes longer than serving."""

    def __init__(self, document: Document, exceptions: tuple[ContractException, ...] = ()) -> None:
        self._document = document
        self._exceptions = exceptions
        self._observed: list[Observation] = []

    def observe(self, observation: Observation) -> None:
        """Give this to ``Sandbox.observe``."""
        self._observed.append(observation)

    def violations(self) -> list[str]:
        """Every difference from the document so far, a line each, the same one once."""
        found = [line for seen in self._observed for line in self._check(seen)]
        return list(dict.fromkeys(found))

    @property
    def observed(self) -> int:
        return len(self._observed)

    def _check(self, seen: Observation) -> Iterator[str]:
        name = f"{seen.method} {seen.route or seen.path}"
        if seen.route is None:
            yield f"{name}: no such route in the sandbox"
            return
        operation = self._document.paths.get(seen.route, {}).get(seen.method.lower())
        if operation is None:
            if seen.status != 405:
                yield f"{name}: not in the document"
            return
        where = ("paths", seen.route, seen.method.lower())
        if seen.status < 300:
            yield from self._check_query(seen, name, operation)
            yield from self._check_request(seen, name, operation, where)
        yield from self._check_response(seen, name, operation, where)

    def _check_query(
        self, seen: Observation, name: str, operation: dict[str, Any]
    ) -> Iterator[str]:
        known = {
            parameter["name"]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
        }
        for key in seen.query.keys() - known:
            yield f"{name}: query parameter {key} is not in the document"

    def _check_request(
        self, seen: Observation, name: str, operation: dict[str, Any], where: tuple[str, ...]
    ) -> Iterator[str]:
        described = operation.get("requestBody")
        if described is None:
            if seen.request not in (None, {}):
                yield f"{name}: the document knows no body"
            return
        if seen.request is None and not described.get("required"):
            return
        kind = "multipart/form-data" if seen.files else "application/json"
        if kind not in described["content"]:
            yield f"{name}: the document knows no {kind}"
            return
        body = self._excused(seen, "request", seen.request)
        steps = (*where, "requestBody", "content", kind, "schema")
        yield from self._differences(f"{name} request", steps, body)

    def _check_response(
        self, seen: Observation, name: str, operation: dict[str, Any], where: tuple[str, ...]
    ) -> Iterator[str]:
        responses = operation["responses"]
        status = str(seen.status)
        key = status if status in responses else status[0] + "XX"
        if key not in responses:
            yield f"{name}: answered {status}, which is not in the document"
            return
        described = responses[key]
        steps = (*where, "responses", key)
        if "$ref" in described:
            steps = tuple(described["$ref"].removeprefix("#/").split("/"))
            described = described_at(self._document, steps)
        content = described.get("content")
        if not content:
            if seen.response is not None:
                yield f"{name}: answered {status} with a body"
            return
        body = self._excused(seen, "response", seen.response)
        steps = (*steps, "content", "application/json", "schema")
        yield from self._differences(f"{name} answer {status}", steps, body)

    def _excused(self, seen: Observation, at: str, body: object) -> object:
        fitting = [
            exception
            for exception in self._exceptions
            if exception.at == at
            and exception.method in ("*", seen.method)
            and (exception.routes == ["*"] or seen.route in exception.routes)
        ]
        if fitting:
            body = copy.deepcopy(body)
            for exception in fitting:
                exception.apply(body)
        return body

    def _differences(self, name: str, steps: tuple[str, ...], body: object) -> Iterator[str]:
        for error in self._document.validator(*steps).iter_errors(body):
            found = deepest(error)
            place = ".".join(str(step) for step in found.instance_path) or "body"
            yield f"{name}: {place}: {found.message[:300]}"


def deepest(error: ValidationError) -> ValidationError:
    """Where several schemas were possible: what the one that fits best still has against it."""
    branches: list[list[ValidationError]] = getattr(error.kind, "context", [])
    inner = [deepest(cause) for branch in branches for cause in branch]
    return max(inner, key=lambda cause: len(cause.instance_path), default=error)


def described_at(document: Document, steps: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = document.components
    for step in steps[1:]:
        found = found[step]
    return found


def change_at(body: Any, steps: list[str], change: Callable[[Any, Any], None]) -> None:
    """Apply a change wherever a dotted path leads: * each item of an array, ** any depth."""
    step, rest = steps[0], steps[1:]
    if step == "**":
        change_at(body, rest, change)
        inner: list[Any] = body if is_array(body) else []
        for item in [*body.values()] if is_object(body) else inner:
            change_at(item, steps, change)
        return
    keys: list[Any] = []
    if step == "*" and is_array(body):
        keys = [*range(len(body))]
    elif is_object(body) and step in body:
        keys = [step]
    for key in keys:
        if rest:
            change_at(body[key], rest, change)
        else:
            change(body, key)


def to_integer(holder: Any, key: Any) -> None:
    if isinstance(holder[key], str) and holder[key].isdigit():
        holder[key] = int(holder[key])


def to_text(holder: Any, key: Any) -> None:
    if isinstance(holder[key], int):
        holder[key] = str(holder[key])


def drop(holder: Any, key: Any) -> None:
    del holder[key]


def to_zero(holder: Any, key: Any) -> None:
    if isinstance(holder[key], str):
        holder[key] = 0


CHANGES: dict[str, Callable[[Any, Any], None]] = {
    "integer": to_integer,
    "text": to_text,
    "drop": drop,
    "zero": to_zero,
}
