"""One request, read and authenticated, as handlers get it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.attachments import Upload
from sandbox.errors import invalid_form, unauthorized
from sandbox.model.application import Application
from sandbox.validation.form import Form
from sandbox.wire import JsonObject, is_array, is_object
from sandbox.world import World

__all__ = ["Call", "Created"]


@dataclass(slots=True)
class Call:
    world: World
    method: str
    path: str
    """Without the ``/api/v10`` before it."""
    params: dict[str, str]
    query: Mapping[str, str]
    body: object = None
    uploads: list[Upload] = field(default_factory=list[Upload])
    application: Application | None = None

    @property
    def bot(self) -> Application:
        """Who asks. Raises DiscordError 401 when nobody with a valid token does."""
        if self.application is None:
            raise unauthorized()
        return self.application

    @property
    def bot_id(self) -> str:
        return self.bot.user.id

    @property
    def fields(self) -> JsonObject:
        """The body, which must be an object; an absent one is empty."""
        if self.body is None:
            return {}
        if is_object(self.body):
            return self.body
        error = {"code": "MODEL_TYPE_CONVERT", "message": "Only dictionaries may be used"}
        raise invalid_form({"_errors": [error]})

    @property
    def items(self) -> list[object]:
        """The body, which must be an array."""
        if self.body is None:
            return []
        if is_array(self.body):
            return self.body
        error = {"code": "LIST_TYPE_CONVERT", "message": "Only iterables may be used in a ListType"}
        raise invalid_form({"_errors": [error]})

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        """An integer of the query. Raises DiscordError 50035 when it is none, or out of bounds."""
        form = Form()
        found = form.integer(dict(self.query), key, (), least=least, most=most)
        form.check()
        return default if found is None else found

    def asked(self, key: str) -> bool:
        """A flag of the query."""
        return self.query.get(key, "").lower() in ("true", "1", "t")


@dataclass(slots=True, frozen=True)
class Created:
    """An answer with status 201, where a route can give that or 200."""

    body: JsonObject
