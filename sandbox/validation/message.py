"""The body of a message, to be sent or edited."""

from dataclasses import dataclass, field

from sandbox.model.message import MessageFlags
from sandbox.validation.components import read_components
from sandbox.validation.embeds import read_embeds
from sandbox.validation.form import Form
from sandbox.wire import JsonObject, is_integer, is_object, parse_snowflake

__all__ = ["MOST_CONTENT", "AllowedMentions", "MessageDraft", "read_message"]

MOST_CONTENT = 2_000
MOST_ATTACHMENTS = 10
MOST_NONCE = 25
SENDABLE = (
    MessageFlags.SUPPRESS_EMBEDS | MessageFlags.SUPPRESS_NOTIFICATIONS | MessageFlags.COMPONENTS_V2
)
"""Flags a bot may set itself, anywhere; EPHEMERAL besides, in answers to interactions."""


@dataclass(slots=True)
class AllowedMentions:
    """Which mentions in the text take effect; those that do not are shown without a ping."""

    users: set[str] | None = None
    """None means whoever is mentioned."""
    roles: set[str] | None = None
    everyone: bool = True
    replied_user: bool = True


@dataclass(slots=True)
class MessageDraft:
    """A body that Discord would take. ``given`` tells an absent key from null."""

    given: frozenset[str]
    content: str = ""
    embeds: list[JsonObject] = field(default_factory=list[JsonObject])
    components: list[JsonObject] = field(default_factory=list[JsonObject])
    flags: int = 0
    mentions: AllowedMentions = field(default_factory=AllowedMentions)
    attachments: list[JsonObject] | None = None
    nonce: str | int | None = None
    enforce_nonce: bool = False
    tts: bool = False
    reply_to: str | None = None
    reply_must_exist: bool = True

    @property
    def empty(self) -> bool:
        return not (self.content.strip() or self.embeds or self.components)


def read_message(
    body: JsonObject, *, already_v2: bool = False, may_be_ephemeral: bool = False
) -> MessageDraft:
    """Read a body; raises DiscordError 50035 with what is wrong.

    ``already_v2``: an edit of a message that uses Components V2, which it can never leave.
    """
    form = Form()
    flags = form.integer(body, "flags", (), least=0, most=(1 << 31) - 1) or 0
    v2 = already_v2 or bool(flags & MessageFlags.COMPONENTS_V2)
    draft = MessageDraft(
        given=frozenset(body),
        content=form.text(body, "content", (), most=MOST_CONTENT) or "",
        embeds=read_embeds(form, body),
        components=read_components(form, body, v2=v2),
        flags=flags & (SENDABLE | (MessageFlags.EPHEMERAL if may_be_ephemeral else 0)),
        mentions=_read_mentions(form, body),
        enforce_nonce=bool(form.flag(body, "enforce_nonce", ())),
        tts=bool(form.flag(body, "tts", ())),
    )
    if v2:
        for key in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(key):
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                form.add(
                    (key,),
                    code,
                    f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
    if body.get("attachments") is not None:
        draft.attachments = _read_attachments(form, body)
    nonce = body.get("nonce")
    if is_integer(nonce):
        draft.nonce = nonce
    else:
        draft.nonce = form.text(body, "nonce", (), most=MOST_NONCE)
    reference = body.get("message_reference")
    if is_object(reference):
        draft.reply_to = form.snowflake(reference, "message_id", ("message_reference",))
        draft.reply_must_exist = reference.get("fail_if_not_exists") is not False
    form.check()
    return draft


def _read_mentions(form: Form, body: JsonObject) -> AllowedMentions:
    raw = body.get("allowed_mentions")
    if raw is None:
        return AllowedMentions()
    path = ("allowed_mentions",)
    given = form.mapping(raw, path) or {}
    parse = form.array(given, "parse", path, most=10) or []
    for index, kind in enumerate(parse):
        if kind not in ("users", "roles", "everyone"):
            form.choices((*path, "parse", index), ("users", "roles", "everyone"))
    chosen: dict[str, set[str] | None] = {}
    for key in ("users", "roles"):
        ids = form.array(given, key, path, most=100)
        if ids and key in parse:
            message = f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.'
            form.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        found = {found for value in ids or [] if (found := parse_snowflake(value))}
        chosen[key] = None if key in parse else found
    return AllowedMentions(
        users=chosen["users"],
        roles=chosen["roles"],
        everyone="everyone" in parse,
        replied_user=given.get("replied_user") is True,
    )


def _read_attachments(form: Form, body: JsonObject) -> list[JsonObject]:
    values = form.array(body, "attachments", (), most=MOST_ATTACHMENTS) or []
    found: list[JsonObject] = []
    for index, value in enumerate(values):
        path = ("attachments", index)
        raw = form.mapping(value, path) or {}
        attachment: JsonObject = {"id": form.snowflake(raw, "id", path)}
        if attachment["id"] is None:
            form.required((*path, "id"))
        for key in ("filename", "description", "title"):
            if (text := form.text(raw, key, path, most=1024)) is not None:
                attachment[key] = text
        found.append(attachment)
    return found
