"""Whether a request comes from this machine, and from no web page but our own."""

from urllib.parse import urlsplit

from aiohttp import web

__all__ = ["trusted"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def trusted(request: web.BaseRequest, url: str) -> bool:
    """Whether the Host is a loopback name with the port of ``url``, and the Origin, if there is
    one, this server itself.

    Without the first, a page that has its own name resolve to 127.0.0.1 could read answers; without
    the second, any page could send.
    """
    port = urlsplit(url).port
    allowed = {f"{name}:{port}" for name in LOOPBACK}
    if request.headers.get("Host", "") not in allowed:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin in {f"http://{host}" for host in allowed}
