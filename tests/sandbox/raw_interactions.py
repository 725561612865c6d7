"""Interactions answered by hand, for what libraries do not send."""

from dataclasses import dataclass

from sandbox import Exchange, Persona, Sandbox
from tests.sandbox.conftest import Answer, Rest

QUEUE = {
    "name": "queue",
    "description": "The queue",
    "options": [{"type": 1, "name": "join", "description": "Join it"}],
}
ROW = {
    "type": 1,
    "components": [{"type": 2, "style": 1, "label": "Confirm", "custom_id": "confirm"}],
}


@dataclass
class Raw:
    """One interaction, as the bot that got it would know it."""

    id: str
    token: str
    application_id: str
    rest: Rest

    async def answer(self, kind: object, data: object = None, **query: str) -> Answer:
        body = {"type": kind} | ({} if data is None else {"data": data})
        path = f"/interactions/{self.id}/{self.token}/callback"
        return await self.rest("POST", path, body, params=query)

    async def follow_up(self, body: object) -> Answer:
        return await self.rest("POST", self.path, body)

    async def original(self, method: str = "GET", body: object = None) -> Answer:
        return await self.rest(method, f"{self.path}/messages/@original", body)

    @property
    def path(self) -> str:
        return f"/webhooks/{self.application_id}/{self.token}"


def raw(sandbox: Sandbox, rest: Rest, exchange: Exchange) -> Raw:
    """The interaction of an exchange begun with ``wait=False``."""
    found = sandbox.world.interaction_ids[exchange.id]
    return Raw(found.id, found.token, found.application.id, rest)


async def begin(sandbox: Sandbox, rest: Rest, persona: Persona, application_id: str) -> Raw:
    """Register /queue join and let the persona invoke it."""
    made = await rest("POST", f"/applications/{application_id}/commands", QUEUE)
    assert made.status in (200, 201)
    return raw(sandbox, rest, await persona.slash("queue join", wait=False))
