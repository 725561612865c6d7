"""Uploaded files, and the routes that serve them."""

import mimetypes
import re
from collections import OrderedDict
from dataclasses import dataclass

from sandbox.errors import too_large
from sandbox.snowflake import Snowflakes
from sandbox.wire import JsonObject

__all__ = ["MOST_BYTES_A_FILE", "MOST_BYTES_A_REQUEST", "Attachments", "Upload"]

MOST_BYTES_A_FILE = 10 * 1024 * 1024
"""Discord's default limit for a file."""
MOST_BYTES_A_REQUEST = 25 * 1024 * 1024
MOST_BYTES_KEPT = 64 * 1024 * 1024
"""All files together; the oldest are forgotten first."""


@dataclass(slots=True, frozen=True)
class Upload:
    """One file of a multipart request: ``files[n]`` has the index n."""

    index: str
    filename: str
    content_type: str
    content: bytes


class Attachments:
    """Files by path, bounded in size together."""

    def __init__(self, snowflakes: Snowflakes) -> None:
        self._snowflakes = snowflakes
        self._files: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._size = 0

    def store(
        self, upload: Upload, base_url: str, channel_id: str, *, ephemeral: bool = False
    ) -> JsonObject:
        """Keep a file and return it as a message shows it. Raises DiscordError when too large."""
        if len(upload.content) > MOST_BYTES_A_FILE:
            raise too_large()
        filename = re.sub(r"[^\w.-]", "_", upload.filename, flags=re.ASCII) or "file"
        attachment_id = self._snowflakes.next()
        path = f"/cdn/attachments/{channel_id}/{attachment_id}/{filename}"
        # Like Discord, by the name first: libraries send every file as octets.
        kind = mimetypes.guess_type(filename)[0] or upload.content_type
        self._files[path] = (kind, upload.content)
        self._size += len(upload.content)
        while self._size > MOST_BYTES_KEPT:
            _, (_, dropped) = self._files.popitem(last=False)
            self._size -= len(dropped)
        shown: JsonObject = {
            "id": attachment_id,
            "filename": filename,
            "size": len(upload.content),
            "url": base_url + path,
            "proxy_url": base_url + path,
        }
        if kind:
            shown["content_type"] = kind
        if ephemeral:
            shown["ephemeral"] = True
        return shown

    def get(self, path: str) -> tuple[str, bytes] | None:
        """Media type and content."""
        return self._files.get(path)
