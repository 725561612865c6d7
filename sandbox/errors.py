"""The errors Discord answers with: status, code, message, and the paths within a bad form.

Codes and texts are those of Discord's documentation, "Opcodes and Status Codes".
"""

from sandbox.wire import JsonObject

__all__ = ["DiscordError", "invalid_form"]


class DiscordError(Exception):
    """An answer other than success."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: JsonObject | None = None,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.retry_after = retry_after
        """In seconds, of a 429."""

    def json(self) -> JsonObject:
        body: JsonObject = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        if self.retry_after:
            body |= {"retry_after": round(self.retry_after, 3), "global": False}
        return body


def invalid_form(errors: JsonObject) -> DiscordError:
    """The one that says which fields are wrong; build ``errors`` with ``validation.form``."""
    return DiscordError(400, 50035, "Invalid Form Body", errors=errors)


def unauthorized() -> DiscordError:
    return DiscordError(401, 0, "401: Unauthorized")


def method_not_allowed() -> DiscordError:
    return DiscordError(405, 0, "405: Method Not Allowed")


def not_modelled(method: str, path: str) -> DiscordError:
    """Not one of Discord's: the sandbox says what it cannot do rather than pretend."""
    return DiscordError(501, 0, f"501: the sandbox does not model {method} {path}")


def unknown_channel() -> DiscordError:
    return DiscordError(404, 10003, "Unknown Channel")


def unknown_guild() -> DiscordError:
    return DiscordError(404, 10004, "Unknown Guild")


def unknown_member() -> DiscordError:
    return DiscordError(404, 10007, "Unknown Member")


def unknown_message() -> DiscordError:
    return DiscordError(404, 10008, "Unknown Message")


def unknown_role() -> DiscordError:
    return DiscordError(404, 10011, "Unknown Role")


def unknown_user() -> DiscordError:
    return DiscordError(404, 10013, "Unknown User")


def unknown_webhook() -> DiscordError:
    return DiscordError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> DiscordError:
    return DiscordError(404, 10062, "Unknown interaction")


def unknown_command() -> DiscordError:
    return DiscordError(404, 10063, "Unknown application command")


def unknown_application() -> DiscordError:
    return DiscordError(404, 10002, "Unknown Application")


def too_many_reactions() -> DiscordError:
    return DiscordError(400, 30010, "Maximum number of reactions reached (20)")


def too_many_commands(most: int) -> DiscordError:
    return DiscordError(400, 30032, f"Maximum number of application commands reached ({most}).")


def too_many_pins() -> DiscordError:
    return DiscordError(400, 30003, "Maximum number of pins reached for the channel (50)")


def too_many_old_edits(retry_after: float) -> DiscordError:
    text = "Maximum number of edits to messages older than 1 hour reached. Try again later"
    return DiscordError(429, 30046, text, retry_after=retry_after)


def opening_dms_too_fast() -> DiscordError:
    return DiscordError(403, 40003, "You are opening direct messages too fast")


def too_large() -> DiscordError:
    return DiscordError(413, 40005, "Request entity too large")


def already_acknowledged() -> DiscordError:
    return DiscordError(400, 40060, "Interaction has already been acknowledged.")


def missing_access() -> DiscordError:
    return DiscordError(403, 50001, "Missing Access")


def wrong_channel_type() -> DiscordError:
    return DiscordError(400, 50024, "Cannot execute action on this channel type")


def not_the_author() -> DiscordError:
    return DiscordError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> DiscordError:
    return DiscordError(400, 50006, "Cannot send an empty message")


def cannot_dm() -> DiscordError:
    return DiscordError(403, 50007, "Cannot send messages to this user")


def cannot_dm_without_shared_guild() -> DiscordError:
    return DiscordError(
        403, 50278, "Cannot send messages to this user due to having no mutual guilds"
    )


def missing_permissions() -> DiscordError:
    return DiscordError(403, 50013, "Missing Permissions")


def invalid_webhook_token() -> DiscordError:
    return DiscordError(401, 50027, "Invalid Webhook Token")


def not_in_a_dm() -> DiscordError:
    return DiscordError(403, 50003, "Cannot execute action on a DM channel")


def message_too_old() -> DiscordError:
    return DiscordError(400, 50034, "You can only bulk delete messages that are under 14 days old.")


def archived_thread() -> DiscordError:
    return DiscordError(400, 50083, "Thread is archived")


def invalid_json() -> DiscordError:
    return DiscordError(400, 50109, "The request body contains invalid JSON.")


def has_thread_already() -> DiscordError:
    return DiscordError(400, 160004, "A thread has already been created for this message")


def locked_thread() -> DiscordError:
    return DiscordError(400, 160005, "Thread is locked")


def too_many_threads() -> DiscordError:
    return DiscordError(400, 160006, "Maximum number of active threads reached")
