"""Check and complete what config.toml says about places: Discord's address, the database, files.

Each raises ``ValueError`` with the sentence that the owner will read, and never repeats a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr, ValidationInfo

__all__ = ["api_root", "database_url", "under_folder"]

API_PATH = "/api/v10"


def api_root(url: str, *, allow_insecure: bool) -> str:
    """Complete the address of a Discord-compatible server, so that it ends in ``/api/v10``."""
    parts = _split(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that begins with https:// (or http://127.0.0.1)")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be a plain address: no name, password, ? or #")
    if parts.scheme == "http" and not allow_insecure and not _is_loopback(parts.hostname):
        raise ValueError(
            "must begin with https://, because the token is sent there; plain http is for this "
            "machine (127.0.0.1, localhost), unless allow_insecure_api_url = true"
        )
    path = parts.path.rstrip("/")
    if path in ("", "/api"):
        path = API_PATH
    elif not path.endswith(API_PATH):
        raise ValueError(f"must end in {API_PATH}, the only version of Discord's API spoken here")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def database_url(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    """Check the database's URL; a relative SQLite file is looked for beside config.toml."""
    url = secret.get_secret_value()
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError("must be sqlite://FILE or postgres://NAME:PASSWORD@HOST/DATABASE")
    if scheme == "sqlite":
        return SecretStr(f"sqlite://{_sqlite_file(rest, info)}")
    parts = _split(
        url,
        "is not a URL: in its name and password, special characters are written as %XX "
        "(/ as %2F, @ as %40, : as %3A, # as %23)",
    )
    if parts.fragment:
        raise ValueError("has a # in it, which in a name or password is written as %23")
    if not parts.path.strip("/"):
        raise ValueError("must name a database after the host: postgres://.../DATABASE")
    return secret


def under_folder(path: Path, info: ValidationInfo) -> Path:
    """Make `path` absolute; a relative one starts at the folder of config.toml, ``~`` at home."""
    context = cast("Mapping[str, Path] | None", info.context) or {}
    try:
        path = path.expanduser()
    except RuntimeError:
        raise ValueError("begins with ~, but this user has no home folder") from None
    return context.get("folder", Path()) / path


def _sqlite_file(rest: str, info: ValidationInfo) -> str:
    if rest == ":memory:":
        return rest
    if not rest or rest.endswith("/"):
        raise ValueError("must name a file after sqlite://")
    if "?" in rest:
        raise ValueError("must be sqlite://FILE alone: options after a ? are not read")
    return str(under_folder(Path(rest), info))


def _split(url: str, complaint: str = "is not an address") -> SplitResult:
    """Parse `url`. The parser's own errors repeat what they choke on, so they are replaced."""
    try:
        parts = urlsplit(url)
        valid = parts.port is None or parts.port > 0
    except ValueError:
        valid, parts = False, urlsplit("")
    if not valid or any(character.isspace() for character in url):
        raise ValueError(complaint)
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
