"""An interaction as the bot gets it: INTERACTION_CREATE with the complete payload."""

from sandbox.attachments import MOST_BYTES_A_FILE
from sandbox.model.application import Application
from sandbox.model.channel import Channel
from sandbox.model.interaction import FIRST_RESPONSE_S, Interaction, InteractionType
from sandbox.model.message import Message
from sandbox.model.user import Persona
from sandbox.permissions import ALL
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["begin", "channel_with_permissions", "member_with_permissions"]

NO_ANSWER = "The application did not respond"


def begin(
    world: World,
    application: Application,
    persona: Persona,
    channel: Channel,
    kind: int,
    data: JsonObject,
    *,
    message: Message | None = None,
    metadata: JsonObject | None = None,
) -> Interaction:
    """Send it to the bot; three seconds later it has failed unless the bot answered.

    ``metadata`` is what its kind adds to ``interaction_metadata``.
    """
    guild = channel.guild
    interaction_id = world.snowflakes.next()
    owners = {"0": guild.id if guild else "0"}
    interaction = Interaction(
        id=interaction_id,
        token=world.new_token(),
        type=kind,
        application=application,
        persona=persona,
        channel=channel,
        guild=guild,
        created_at=world.clock.now(),
        metadata={
            "id": interaction_id,
            "type": kind,
            "user": persona.user.json(),
            "authorizing_integration_owners": owners,
            **(metadata or {}),
        },
        data=data,
        message=message,
    )
    world.add_interaction(interaction)

    def expire() -> None:
        if interaction.callback is None:
            interaction.failed = NO_ANSWER
            interaction.answered.set()
            interaction.settled.set()

    interaction.deadline = world.clock.call_later(FIRST_RESPONSE_S, expire)
    world.hub.to_application(
        application, guild.id if guild else None, "INTERACTION_CREATE", _payload(interaction)
    )
    return interaction


def _payload(interaction: Interaction) -> JsonObject:
    channel, guild = interaction.channel, interaction.guild
    user = interaction.persona.user
    bot = interaction.application.user.id
    payload: JsonObject = {
        "version": 1,
        "id": interaction.id,
        "application_id": interaction.application.id,
        "type": interaction.type,
        "token": interaction.token,
        "data": interaction.data,
        "channel": channel_with_permissions(channel, user.id),
        "channel_id": channel.id,
        "locale": interaction.persona.locale,
        "app_permissions": str(channel.permissions(bot) & ALL),
        "entitlements": [],
        "authorizing_integration_owners": interaction.metadata["authorizing_integration_owners"],
        "context": 0 if guild else 1,
        "attachment_size_limit": MOST_BYTES_A_FILE,
    }
    if guild:
        payload |= {
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": guild.members[user.id].json()
            | {"permissions": str(channel.permissions(user.id) & ALL)},
        }
    else:
        payload["user"] = user.json()
    shows_message = interaction.type in (InteractionType.COMPONENT, InteractionType.MODAL)
    if shows_message and interaction.message:
        payload["message"] = interaction.message.json()
    return payload


def channel_with_permissions(channel: Channel, user_id: str) -> JsonObject:
    """As an interaction shows a channel, partial."""
    shown = channel.json(user_id)
    for key in ("permission_overwrites", "message_count", "total_message_sent", "member_count"):
        shown.pop(key, None)
    return shown | {"permissions": str(channel.permissions(user_id) & ALL)}


def member_with_permissions(channel: Channel, user_id: str) -> JsonObject | None:
    """As ``resolved`` shows a member: without user, deaf and mute."""
    member = channel.guild.members.get(user_id) if channel.guild else None
    if member is None:
        return None
    shown = member.json(with_user=False) | {"permissions": str(channel.permissions(user_id) & ALL)}
    del shown["deaf"], shown["mute"]
    return shown
