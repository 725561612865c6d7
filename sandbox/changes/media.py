"""Attachments of a message, and the places in it that show them."""

from sandbox.attachments import Upload
from sandbox.errors import invalid_form
from sandbox.model.message import Message, walk_components
from sandbox.validation.message import MessageDraft
from sandbox.wire import JsonObject, is_object
from sandbox.world import World

__all__ = ["attach", "resolve_media"]


def attach(
    world: World, message: Message, draft: MessageDraft, uploads: list[Upload]
) -> list[JsonObject]:
    """What the message has attached after the draft: kept ones first, then what was uploaded."""
    described = draft.attachments
    kept = message.attachments
    if described is not None:
        wanted = {entry["id"] for entry in described}
        kept = [attachment for attachment in kept if attachment["id"] in wanted]
    notes = {entry["id"]: entry for entry in described or []}
    added: list[JsonObject] = []
    for upload in uploads:
        note = notes.get(upload.index, {})
        named = Upload(
            upload.index,
            note.get("filename") or upload.filename,
            upload.content_type,
            upload.content,
        )
        shown = world.attachments.store(
            named, world.url, message.channel.id, ephemeral=message.ephemeral_to is not None
        )
        for key in ("description", "title"):
            if note.get(key):
                shown[key] = note[key]
        added.append(shown)
    return kept + added


def resolve_media(world: World, message: Message) -> None:
    """Replace ``attachment://name`` by where the file is. Raises 50035 when there is none."""
    by_name = {attachment["filename"]: attachment for attachment in message.attachments}
    for embed in message.embeds:
        for key in ("image", "thumbnail"):
            if key in embed:
                url = _url(embed[key]["url"], by_name, "embeds")
                embed[key] |= {"url": url, "proxy_url": url}
        for key in ("author", "footer"):
            if icon := embed.get(key, {}).get("icon_url"):
                embed[key]["icon_url"] = _url(icon, by_name, "embeds")
    for component in walk_components(message.components):
        for holder in (component, *component.get("items", [])):
            for key in ("media", "file"):
                if is_object(holder.get(key)):
                    _resolve(world, holder[key], by_name, component)


def _resolve(
    world: World, media: JsonObject, by_name: dict[str, JsonObject], component: JsonObject
) -> None:
    if "id" in media:
        return
    name = media["url"].removeprefix("attachment://")
    attachment = by_name.get(name)
    media["url"] = media["proxy_url"] = _url(media["url"], by_name, "components")
    media["id"] = world.snowflakes.next()
    if attachment:
        media["attachment_id"] = attachment["id"]
        media["content_type"] = attachment.get("content_type")
        if "file" in component:
            component["name"], component["size"] = attachment["filename"], attachment["size"]


def _url(url: str, by_name: dict[str, JsonObject], where: str) -> str:
    if not url.startswith("attachment://"):
        return url
    attachment = by_name.get(url.removeprefix("attachment://"))
    if attachment is None:
        message = f"The referenced attachment {url} was not found"
        error = {"code": "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "message": message}
        raise invalid_form({where: {"_errors": [error]}})
    return str(attachment["url"])
