"""The errors that are written for somebody: the owner, the player, the author of a plugin."""

from __future__ import annotations

__all__ = ["ConfigError", "LadderkeeperError", "PluginError", "Refused", "TooSlow"]


class LadderkeeperError(Exception):
    """Whatever Ladderkeeper raises on purpose."""


class ConfigError(LadderkeeperError):
    """The owner's settings cannot be used. ``str()`` is the whole message, ready to be shown.

    The command line prints it, without a traceback, and exits with status 2. It never holds a
    secret.

    Args:
        problems: one sentence each, in the order they are to be read.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return self.problems[0]
        listed = "".join(f"\n  - {problem}" for problem in self.problems)
        return f"The configuration has {len(self.problems)} problems:{listed}"


class Refused(LadderkeeperError):
    """What a player asked for is not possible now.

    Its text is one plain sentence in the player's language; it is shown to them alone, and is no
    failure worth a traceback.
    """


class TooSlow(LadderkeeperError):
    """What a player was to be shown cannot be shown any more, because it took so long. They are
    asked to try again."""


class PluginError(LadderkeeperError):
    """A plugin is at fault. Its text names the plugin, and the hook if there is one."""
