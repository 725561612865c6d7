"""The core's own tables."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from core.db.fields import UtcDatetimeField

__all__ = ["Job", "PluginCommands", "ViewKind", "ViewRecord", "ViewState"]


class Job(Model):
    """Work owed: carried out after `due_at`, at least once, by whichever process claims it.

    `(plugin, kind, key)` names it. Putting it again while it runs raises `generation`, so that it
    runs once more. Jobs of one `lane` run one after the other, oldest first.
    """

    id: int = fields.BigIntField(primary_key=True)
    plugin = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=64)
    key = fields.CharField(max_length=100)
    lane = fields.CharField(max_length=100, null=True)
    priority: int = fields.SmallIntField()
    payload = fields.JSONField[dict[str, Any]]()
    due_at: datetime = UtcDatetimeField()
    generation: int = fields.IntField(default=1)
    attempts: int = fields.IntField(default=0)
    claimed_by = fields.CharField(max_length=64, null=True)
    claimed_until: datetime | None = UtcDatetimeField(null=True)
    last_error = fields.CharField(max_length=300, null=True)

    class Meta(Model.Meta):
        table = "core_job"
        unique_together = (("plugin", "kind", "key"),)
        indexes = (
            Index(fields=("due_at",)),
            Index(fields=("priority", "due_at", "id")),
            Index(fields=("lane",)),
        )


class ViewState(StrEnum):
    """Where a view is in its life. Each step is one compare-and-set."""

    OPEN = "open"
    CLOSING = "closing"
    """Claimed by whoever closes it; its hook may be running."""
    CLOSED = "closed"
    """Its hook has run; its last edit on Discord is still owed."""
    PAUSED = "paused"
    """Closed because its plugin was unloaded; opened again when the plugin is loaded."""


class ViewKind(StrEnum):
    """How a view is kept."""

    DURABLE = "durable"
    SHORT = "short"
    ADOPTED = "adopted"
    """A stock view of a third party's."""
    PERSISTENT = "persistent"
    """One whose author adds it to the bot at each start: its buttons outlive the process."""


class ViewRecord(Model):
    """One open view, on one message."""

    id: int = fields.BigIntField(primary_key=True)
    kind = fields.CharEnumField(ViewKind, max_length=16)
    plugin = fields.CharField(max_length=64)
    view = fields.CharField(max_length=64)
    key = fields.CharField(max_length=64)
    scope = fields.CharField(max_length=100, null=True)
    state = fields.CharEnumField(ViewState, max_length=16, default=ViewState.OPEN)
    close_reason = fields.CharField(max_length=24, null=True)
    user_id: int | None = fields.BigIntField(null=True)
    guild_id: int | None = fields.BigIntField(null=True)
    parent_channel_id: int | None = fields.BigIntField(null=True)
    channel_id: int | None = fields.BigIntField(null=True)
    message_id: int | None = fields.BigIntField(null=True)
    interaction_id: int | None = fields.BigIntField(null=True)
    """The interaction that the message answers: names it until its own id is known."""
    ephemeral = fields.BooleanField(default=False)
    locale = fields.CharField(max_length=16, default="en-US")
    """The language it was written in: the presser's when private, the guild's when shared."""
    token = fields.CharField(max_length=400, null=True)
    """The newest interaction token that can edit the message: a secret, erased when expired."""
    token_expires_at: datetime | None = UtcDatetimeField(null=True)
    token_message = fields.CharField(max_length=24, default="@original")
    """What the message is to that token: its original response, or a follow-up's id."""
    rest_at: datetime | None = UtcDatetimeField(null=True)
    """When a private message gets the edit that stays true after its token has ended."""
    process = fields.CharField(max_length=64, null=True)
    opened_at: datetime = UtcDatetimeField()
    idle_seconds: float | None = fields.FloatField(null=True)
    idle_deadline: datetime | None = UtcDatetimeField(null=True)
    deadline: datetime | None = UtcDatetimeField(null=True)

    class Meta(Model.Meta):
        table = "core_view"
        indexes = (
            Index(fields=("scope",)),
            Index(fields=("message_id",)),
            Index(fields=("deadline",)),
            Index(fields=("idle_deadline",)),
            Index(fields=("token_expires_at",)),
            Index(fields=("rest_at",)),
        )


class PluginCommands(Model):
    """The application commands a plugin had when it last loaded.

    While it cannot be loaded they stay on Discord: deleting a command loses the permission
    overrides servers made for it.
    """

    plugin = fields.CharField(max_length=64, primary_key=True)
    commands = fields.JSONField[list[dict[str, Any]]]()

    class Meta(Model.Meta):
        table = "core_plugin_commands"
