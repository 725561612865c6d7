"""The files of the page, and the headers under which they are served."""

from pathlib import Path

from aiohttp import web

__all__ = ["PREFIX", "PageFiles"]

PREFIX = "/page/"
STATIC = Path(__file__).with_name("static")
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            # The browser itself refuses to make HTML out of text, whatever the page's code does.
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    ),
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class PageFiles:
    """Serves what is in ``static`` and nothing else: a name is looked up, never made a path."""

    def __init__(self) -> None:
        self._files = {file.name: file for file in STATIC.iterdir() if file.suffix in TYPES}

    def answer(self, request: web.BaseRequest) -> web.Response:
        """``/`` is the page itself."""
        path = request.rel_url.raw_path
        name = "index.html" if path == "/" else path.removeprefix(PREFIX)
        file = self._files.get(name)
        if file is None:
            return web.Response(status=404, text="There is nothing here.", headers=HEADERS)
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers=HEADERS | {"Allow": "GET, HEAD"})
        # Read anew each time, so that whoever works on the page sees their change by reloading.
        return web.Response(
            body=file.read_bytes(),
            content_type=TYPES[file.suffix],
            charset="utf-8",
            headers=HEADERS,
        )
