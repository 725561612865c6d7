"""Sending, editing and deleting messages."""

import re

from sandbox import permissions
from sandbox.attachments import Upload
from sandbox.changes.media import attach, resolve_media
from sandbox.changes.threads import add_member, touch
from sandbox.errors import empty_message
from sandbox.gateway import intents
from sandbox.model.channel import Channel
from sandbox.model.message import Message, MessageFlags
from sandbox.model.user import User
from sandbox.validation.message import AllowedMentions, MessageDraft
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["announce", "compose", "delete", "deliver", "edit"]

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


def compose(
    world: World,
    channel: Channel,
    author: User,
    draft: MessageDraft,
    uploads: list[Upload],
    *,
    ephemeral_to: str | None = None,
) -> Message:
    """A message that is nowhere yet. Raises DiscordError 50006 when there is nothing in it."""
    if draft.empty and not uploads:
        raise empty_message()
    message = Message(
        id=world.snowflakes.next(),
        channel=channel,
        author=author,
        timestamp=world.now(),
        content=draft.content,
        embeds=draft.embeds,
        components=draft.components,
        flags=draft.flags,
        nonce=draft.nonce,
        tts=draft.tts,
        ephemeral_to=ephemeral_to,
    )
    message.attachments = attach(world, message, draft, uploads)
    resolve_media(world, message)
    _find_mentions(message, draft.mentions)
    return message


def deliver(world: World, message: Message) -> None:
    """Put it into its channel, or before the eyes of the one it is for, and tell everyone."""
    if message.ephemeral_to is not None:
        if persona := world.personas.get(message.ephemeral_to):
            persona.keep(message)
        world.watches.changed(message)
        return
    channel = message.channel
    channel.remember(message)
    if channel.thread:
        touch(world, channel)
        channel.thread.sent += 1
        _bring_in(world, message)
    announce(world, "MESSAGE_CREATE", message)


def edit(world: World, message: Message, draft: MessageDraft, uploads: list[Upload]) -> None:
    """Change what the draft gives, leave the rest. Raises DiscordError 50006 if nothing remains."""
    will_have = (
        (draft.content if "content" in draft.given else message.content).strip()
        or (draft.embeds if "embeds" in draft.given else message.embeds)
        or (draft.components if "components" in draft.given else message.components)
        or (draft.attachments if draft.attachments is not None else message.attachments)
        or uploads
    )
    if not will_have:
        raise empty_message()
    if "content" in draft.given:
        message.content = draft.content
        _find_mentions(message, draft.mentions)
    if "embeds" in draft.given:
        message.embeds = draft.embeds
    if "components" in draft.given:
        message.replace_components(draft.components)
    if draft.attachments is not None or uploads:
        message.attachments = attach(world, message, draft, uploads)
    if "flags" in draft.given:
        kept = message.flags & ~(MessageFlags.SUPPRESS_EMBEDS | MessageFlags.COMPONENTS_V2)
        sticky = message.flags & MessageFlags.COMPONENTS_V2
        message.flags = kept | sticky | draft.flags & ~MessageFlags.EPHEMERAL
    resolve_media(world, message)
    message.edited_timestamp = world.now()
    if message.ephemeral_to is not None:
        world.watches.changed(message)
        return
    _bring_in(world, message)
    announce(world, "MESSAGE_UPDATE", message)


def delete(world: World, message: Message) -> None:
    """Take it away; nobody is told of an ephemeral one."""
    message.deleted.set()
    if message.ephemeral_to is None:
        message.channel.messages.pop(message.id, None)
        data: JsonObject = {"id": message.id, "channel_id": message.channel.id}
        if message.channel.guild:
            data["guild_id"] = message.channel.guild.id
        world.hub.channel_event(
            message.channel,
            "MESSAGE_DELETE",
            data,
            intents.GUILD_MESSAGES,
            intents.DIRECT_MESSAGES,
        )
    world.watches.changed(message)


def announce(world: World, event: str, message: Message) -> None:
    """Tell the gateway, and whoever watches, that a message appeared or changed."""
    world.watches.changed(message)
    if not world.hub.sessions:
        return
    data = message.json()
    data["channel_type"] = message.channel.type
    guild = message.channel.guild
    if guild:
        data["guild_id"] = guild.id
        if member := guild.members.get(message.author.id):
            data["member"] = member.json(with_user=False)
        for mention in data["mentions"]:
            if member := guild.members.get(mention["id"]):
                mention["member"] = member.json(with_user=False)
    world.hub.message(event, message, data)


def _find_mentions(message: Message, allowed: AllowedMentions) -> None:
    """Those in the text, as far as allowed; a mention that is not allowed mentions nobody."""
    text = message.text()
    guild = message.channel.guild
    message.mentions, message.mention_roles, message.mention_everyone = [], [], False
    if "<@" not in text and "@" not in text:
        return
    users = dict.fromkeys(_USER.findall(text))
    for user_id in users:
        if allowed.users is not None and user_id not in allowed.users:
            continue
        if guild and (member := guild.members.get(user_id)):
            message.mentions.append(member.user)
        elif not guild:
            message.mentions += [u for u in message.channel.recipients if u.id == user_id]
    if guild is None:
        return
    for role_id in dict.fromkeys(_ROLE.findall(text)):
        if role_id in guild.roles and (allowed.roles is None or role_id in allowed.roles):
            message.mention_roles.append(role_id)
    may = message.channel.permissions(message.author.id) & permissions.MENTION_EVERYONE
    message.mention_everyone = bool(may and allowed.everyone and _EVERYONE.search(text))


def _bring_in(world: World, message: Message) -> None:
    """A mention adds to a thread, silently not those who cannot see its parent."""
    channel = message.channel
    if channel.thread is None or channel.parent is None:
        return
    if message.author.id not in channel.thread.members:
        add_member(world, channel, message.author.id)
    for user in message.mentions:
        if user.id not in channel.thread.members and channel.parent.visible_to(user.id):
            add_member(world, channel, user.id)
