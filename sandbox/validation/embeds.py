"""Embeds. Limits are from Discord's documentation, "Embed Limits"."""

from sandbox.validation.form import Form, Path
from sandbox.wire import JsonObject, is_flag

__all__ = ["MOST_CHARACTERS", "MOST_EMBEDS", "read_embeds"]

MOST_EMBEDS = 10
MOST_CHARACTERS = 6_000
"""Titles, descriptions, field names and values, footers and authors of all embeds together."""


def read_embeds(form: Form, body: JsonObject) -> list[JsonObject]:
    """The embeds of a message body, as the API shows them."""
    path: Path = ("embeds",)
    values = form.array(body, "embeds", (), most=MOST_EMBEDS) or []
    embeds: list[JsonObject] = []
    size = 0
    for index, value in enumerate(values):
        raw = form.mapping(value, (*path, index))
        if raw is None:
            continue
        embed = _read_embed(form, raw, (*path, index))
        size += _size(embed)
        embeds.append(embed)
    if size > MOST_CHARACTERS:
        message = f"Embed size exceeds maximum size of {MOST_CHARACTERS}"
        form.add(path, "MAX_EMBED_SIZE_EXCEEDED", message)
    return embeds


def _read_embed(form: Form, raw: JsonObject, path: Path) -> JsonObject:
    embed: JsonObject = {
        "type": "rich",
        "title": form.text(raw, "title", path, most=256),
        "description": form.text(raw, "description", path, most=4096),
        "url": form.url(raw, "url", path),
        "color": form.integer(raw, "color", path, least=0, most=0xFFFFFF),
        "timestamp": form.text(raw, "timestamp", path, most=64),
    }
    if raw.get("footer") is not None and (footer := form.mapping(raw["footer"], (*path, "footer"))):
        there = (*path, "footer")
        embed["footer"] = _without_none(
            text=form.text(footer, "text", there, most=2048, required=True),
            icon_url=form.url(footer, "icon_url", there),
        )
    if raw.get("author") is not None and (author := form.mapping(raw["author"], (*path, "author"))):
        there = (*path, "author")
        embed["author"] = _without_none(
            name=form.text(author, "name", there, most=256, required=True),
            url=form.url(author, "url", there),
            icon_url=form.url(author, "icon_url", there),
        )
    for key in ("image", "thumbnail"):
        if raw.get(key) is not None and (media := form.mapping(raw[key], (*path, key))):
            url = form.url(media, "url", (*path, key))
            embed[key] = {"url": url} if url else None
    fields = form.array(raw, "fields", path, most=25)
    if fields:
        embed["fields"] = [
            _read_field(form, value, (*path, "fields", index)) for index, value in enumerate(fields)
        ]
    if not any(embed.get(key) for key in embed if key != "type"):
        form.add(path, "BASE_TYPE_REQUIRED", "This field is required")
    return _without_none(**embed)


def _read_field(form: Form, value: object, path: Path) -> JsonObject:
    raw = form.mapping(value, path) or {}
    return {
        "name": form.text(raw, "name", path, least=1, most=256, required=True) or "",
        "value": form.text(raw, "value", path, least=1, most=1024, required=True) or "",
        "inline": is_flag(raw.get("inline")) and bool(raw["inline"]),
    }


def _without_none(**parts: object) -> JsonObject:
    return {key: value for key, value in parts.items() if value is not None}


def _size(embed: JsonObject) -> int:
    size = len(embed.get("title", "")) + len(embed.get("description", ""))
    size += len(embed.get("footer", {}).get("text", ""))
    size += len(embed.get("author", {}).get("name", ""))
    return size + sum(len(field["name"]) + len(field["value"]) for field in embed.get("fields", []))
