"""Secrets that nobody may be shown, and what the fixtures of these tests are."""

from __future__ import annotations

from collections.abc import Callable

from core.config import Config

__all__ = ["PASSWORD", "TOKEN", "URL", "Load", "Problems"]

PASSWORD = "hunter2-hunter2"
URL = f"postgres://ladder:{PASSWORD}@db.example/ladder"
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"

Load = Callable[..., Config]
Problems = Callable[..., tuple[str, ...]]
