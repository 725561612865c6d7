"""Reading a request's body: JSON, or multipart with ``payload_json`` and ``files[n]``."""

import json
import re
from dataclasses import dataclass, field, replace

from aiohttp import BodyPartReader, web

from sandbox.attachments import MOST_BYTES_A_FILE, MOST_BYTES_A_REQUEST, Upload
from sandbox.errors import invalid_json, too_large

__all__ = ["Body", "read_body"]

MOST_FILES = 10
_FILE = re.compile(r"files?(?:\[(\d+)\])?")


@dataclass(slots=True, frozen=True)
class Body:
    """The JSON (None when there is none), its text, and the files."""

    value: object = None
    text: str = ""
    uploads: list[Upload] = field(default_factory=list[Upload])


async def read_body(request: web.BaseRequest) -> Body:
    """Raises DiscordError 50109 for what is not JSON, 40005 for what is too large."""
    if not request.body_exists:
        return Body()
    if request.content_length and request.content_length > MOST_BYTES_A_REQUEST:
        raise too_large()
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    return _parse(raw)


def _parse(raw: bytes) -> Body:
    if not raw:
        return Body()
    try:
        text = raw.decode()
        return Body(json.loads(text), text)
    except ValueError:
        raise invalid_json() from None


async def _read_multipart(request: web.BaseRequest) -> Body:
    payload = Body()
    uploads: list[Upload] = []
    left = MOST_BYTES_A_REQUEST
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise invalid_json()
        content = await _read_part(part, min(left, MOST_BYTES_A_FILE))
        left -= len(content)
        name = part.name or ""
        if name == "payload_json":
            payload = _parse(content)
        elif (found := _FILE.fullmatch(name)) and len(uploads) < MOST_FILES:
            index = found[1] or str(len(uploads))
            kind = part.headers.get("Content-Type", "")
            uploads.append(Upload(index, part.filename or "file", kind, content))
    return replace(payload, uploads=uploads)


async def _read_part(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > most:
            raise too_large()
    return bytes(content)
