"""The HTTP beneath the client, and what a refusal becomes."""

from typing import Any

import aiohttp

from sandbox.wire import JsonObject

__all__ = ["Connection", "SandboxError"]


class SandboxError(Exception):
    """The sandbox refused; the message says why."""


class Unknown(SandboxError):
    """What was named does not exist."""


class NotVisible(SandboxError):
    """The persona cannot see that channel, message or component."""


class NotEnabled(SandboxError):
    """It is seen, but disabled, or not allowed to this persona."""


class UnknownCommand(SandboxError):
    """No bot here has registered that command."""


class Ambiguous(SandboxError):
    """More than one thing fits."""


class InvalidInput(SandboxError):
    """A client would not have sent that option, choice or field."""


class NoModal(SandboxError):
    """No modal is open."""


class NotSeen(SandboxError):
    """The text did not appear in time."""


ERRORS = {
    error.__name__: error
    for error in (
        Unknown,
        NotVisible,
        NotEnabled,
        UnknownCommand,
        Ambiguous,
        InvalidInput,
        NoModal,
        NotSeen,
    )
}
EXTRA_S = 10.0
"""How much longer than the sandbox's own waiting a request may take."""


class Connection:
    """JSON to and from the control endpoints."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        method: str,
        path: str,
        body: JsonObject | None = None,
        *,
        query: dict[str, str] | None = None,
        timeout: float = 5.0,
    ) -> Any:
        """Raises SandboxError, or the subclass that the sandbox names."""
        __tracebackhide__ = True  # pytest shows whoever asked
        if self._session is None:
            # No limit on connections: each waiting persona holds one.
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        async with self._session.request(
            method,
            f"{self._url}/sandbox{path}",
            json=body,
            params=query,
            timeout=aiohttp.ClientTimeout(total=timeout + EXTRA_S),
        ) as response:
            answer: Any = await response.json()
        if response.status == 200:
            return answer
        error = ERRORS.get(answer["error"], SandboxError)
        raise error(answer["message"])

    async def close(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None
