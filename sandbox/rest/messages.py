"""Messages in channels, threads and direct messages."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.changes import messages
from sandbox.gateway import intents
from sandbox.model.channel import Channel
from sandbox.model.message import Message
from sandbox.ratelimits import OLD_MESSAGE_S
from sandbox.rest.finding import find_channel, find_message, require
from sandbox.rest.routing import Routes
from sandbox.snowflake import created_at
from sandbox.validation.form import Form
from sandbox.validation.message import MessageDraft, read_message
from sandbox.wire import JsonObject, parse_snowflake

__all__ = ["routes"]

routes = Routes()

NONCE_WINDOW_S = 300.0
"""How long a repeated nonce returns the first message; Discord says "in the past few minutes"."""
MOST_NONCES = 200
BULK_DELETE_AGE_S = 14 * 24 * 3600.0
TEXT_CHANNELS = (0, 1, 2, 5, 11, 12)


@routes("POST", "/channels/{channel_id}/messages")
def send(call: Call) -> JsonObject:
    """Send; with ``enforce_nonce`` a repetition returns the message that the first one made."""
    channel = find_channel(call)
    if channel.type not in TEXT_CHANNELS:
        raise errors.wrong_channel_type()
    draft = read_message(call.fields)
    _may_send(call, channel, draft)
    if draft.enforce_nonce and (first := _sent_before(call, channel, draft)):
        return first.json(call.bot_id)
    message = messages.compose(call.world, channel, call.bot.user, draft, call.uploads)
    if draft.reply_to is not None:
        _reply(channel, message, draft)
    if draft.nonce is not None:
        key = f"{call.bot_id}:{draft.nonce}"
        channel.nonces[key] = (call.world.clock.now(), message.id)
        while len(channel.nonces) > MOST_NONCES:
            channel.nonces.popitem(last=False)
    messages.deliver(call.world, message)
    return message.json(call.bot_id)


def _may_send(call: Call, channel: Channel, draft: MessageDraft) -> None:
    if channel.guild is None:
        _may_write_to(call, channel)
        return
    needed = permissions.SEND_MESSAGES
    if channel.thread:
        needed = permissions.SEND_MESSAGES_IN_THREADS
        held = channel.permissions(call.bot_id)
        if channel.thread.locked and not held & permissions.MANAGE_THREADS:
            archived = channel.thread.archived
            raise errors.archived_thread() if archived else errors.locked_thread()
    if draft.embeds:
        needed |= permissions.EMBED_LINKS
    if call.uploads:
        needed |= permissions.ATTACH_FILES
    require(call, channel, needed)


def _may_write_to(call: Call, channel: Channel) -> None:
    bot = call.bot_id
    other = next(user for user in channel.recipients if user.id != bot)
    persona = call.world.personas.get(other.id)
    if persona is None:
        raise errors.cannot_dm()
    if persona.refuses_dms:
        if persona.refusal == 50278:
            raise errors.cannot_dm_without_shared_guild()
        raise errors.cannot_dm()
    guilds = call.world.guilds.values()
    if not any(bot in guild.members and other.id in guild.members for guild in guilds):
        raise errors.cannot_dm_without_shared_guild()


def _sent_before(call: Call, channel: Channel, draft: MessageDraft) -> Message | None:
    sent = channel.nonces.get(f"{call.bot_id}:{draft.nonce}")
    if sent is None or sent[0] < call.world.clock.now() - NONCE_WINDOW_S:
        return None
    return channel.messages.get(sent[1])


def _reply(channel: Channel, message: Message, draft: MessageDraft) -> None:
    first = channel.messages.get(draft.reply_to or "")
    if first is None and draft.reply_must_exist:
        form = Form()
        form.add(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        form.check()
    if first is None:
        return
    message.type = 19
    message.referenced = first
    message.reference = {"type": 0, "channel_id": channel.id, "message_id": first.id}
    if channel.guild:
        message.reference["guild_id"] = channel.guild.id
    if draft.mentions.replied_user and first.author not in message.mentions:
        message.mentions.append(first.author)


@routes("GET", "/channels/{channel_id}/messages")
def history(call: Call) -> list[JsonObject]:
    """Newest first; empty without READ_MESSAGE_HISTORY, as on Discord."""
    channel = find_channel(call)
    limit = call.number("limit", 50, least=1, most=100)
    if not channel.permissions(call.bot_id) & permissions.READ_MESSAGE_HISTORY:
        return []
    found = _select(channel, call, limit)
    return [message.json(call.bot_id) for message in found]


def _select(channel: Channel, call: Call, limit: int) -> list[Message]:
    newest_first = list(reversed(channel.messages.values()))
    if around := parse_snowflake(call.query.get("around")):
        before = [m for m in newest_first if int(m.id) < int(around)][: limit // 2]
        after = [m for m in newest_first if int(m.id) >= int(around)][-(limit - limit // 2) :]
        return after + before
    if before_id := parse_snowflake(call.query.get("before")):
        newest_first = [m for m in newest_first if int(m.id) < int(before_id)]
    elif after_id := parse_snowflake(call.query.get("after")):
        return [m for m in newest_first if int(m.id) > int(after_id)][-limit:]
    return newest_first[:limit]


@routes("GET", "/channels/{channel_id}/messages/{message_id}")
def get(call: Call) -> JsonObject:
    """One message."""
    return find_message(call, find_channel(call)).json(call.bot_id)


@routes("PATCH", "/channels/{channel_id}/messages/{message_id}")
def edit(call: Call) -> JsonObject:
    """Edit one's own; 50083 in an archived thread, 10008 for an ephemeral message.

    Those older than an hour can be edited only so often: 30046.
    """
    channel = find_channel(call)
    message = channel.messages.get(call.params["message_id"])
    if message is None:
        raise errors.unknown_message()
    draft = read_message(call.fields, already_v2=bool(message.flags & 1 << 15))
    if message.author.id != call.bot_id and not _may_suppress(call, channel, draft):
        raise errors.not_the_author()
    if channel.thread and channel.thread.archived:
        raise errors.archived_thread()
    _check_age(call, message)
    messages.edit(call.world, message, draft, call.uploads)
    return message.json(call.bot_id)


def _check_age(call: Call, message: Message) -> None:
    if call.world.clock.now() - created_at(message.id) < OLD_MESSAGE_S:
        return
    if wait := call.world.limits.old_edit(message.channel.id):
        raise errors.too_many_old_edits(wait)


def _may_suppress(call: Call, channel: Channel, draft: MessageDraft) -> bool:
    """Of another's message only the flags can be changed, to hide its embeds."""
    manages = channel.permissions(call.bot_id) & permissions.MANAGE_MESSAGES
    return bool(manages) and draft.given <= {"flags"}


@routes("DELETE", "/channels/{channel_id}/messages/{message_id}")
def delete(call: Call) -> None:
    """Delete one's own, or with MANAGE_MESSAGES anyone's."""
    channel = find_channel(call)
    message = channel.messages.get(call.params["message_id"])
    if message is None:
        raise errors.unknown_message()
    if message.author.id != call.bot_id:
        if channel.guild is None:
            raise errors.not_in_a_dm()
        require(call, channel, permissions.MANAGE_MESSAGES)
    if channel.thread and channel.thread.archived:
        raise errors.archived_thread()
    messages.delete(call.world, message)


@routes("POST", "/channels/{channel_id}/messages/bulk-delete")
def bulk_delete(call: Call) -> None:
    """Two to a hundred, not older than two weeks; unknown ones are passed over."""
    channel = find_channel(call)
    if channel.guild is None:
        raise errors.not_in_a_dm()
    require(call, channel, permissions.MANAGE_MESSAGES)
    form = Form()
    given = form.array(call.fields, "messages", (), least=2, most=100) or []
    ids = [found for value in given if (found := parse_snowflake(value))]
    form.check()
    oldest = call.world.clock.now() - BULK_DELETE_AGE_S
    if any(created_at(message_id) < oldest for message_id in ids):
        raise errors.message_too_old()
    deleted: list[str] = []
    for message_id in ids:
        if message := channel.messages.pop(message_id, None):
            message.deleted.set()
            deleted.append(message_id)
    if deleted:
        data: JsonObject = {
            "ids": deleted,
            "channel_id": channel.id,
            "guild_id": channel.guild.id,
        }
        call.world.hub.channel_event(
            channel, "MESSAGE_DELETE_BULK", data, intents.GUILD_MESSAGES, 0
        )


@routes("POST", "/channels/{channel_id}/typing")
def typing(call: Call) -> None:
    """Show that the bot is typing."""
    channel = find_channel(call)
    if channel.guild:
        require(call, channel, permissions.SEND_MESSAGES)
    data: JsonObject = {
        "channel_id": channel.id,
        "user_id": call.bot_id,
        "timestamp": int(call.world.clock.now()),
    }
    if channel.guild:
        data["guild_id"] = channel.guild.id
    call.world.hub.channel_event(
        channel,
        "TYPING_START",
        data,
        intents.GUILD_MESSAGE_TYPING,
        intents.DIRECT_MESSAGE_TYPING,
    )
