"""The commands."""

from plugins.admin.cogs.admin import AdminCog
from plugins.admin.cogs.owner import OwnerCog

__all__ = ["AdminCog", "OwnerCog"]
