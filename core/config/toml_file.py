"""Read a TOML file, and say in a sentence why it cannot be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from core.errors import ConfigError

__all__ = ["parse_toml", "read_text", "read_toml"]


def read_toml(path: Path) -> dict[str, object]:
    """The tables of the file at `path`.

    Raises:
        ConfigError: when it is missing, not readable or not TOML. The message holds nothing of
            the file's contents, for the line at fault may be the one with the password.
    """
    return parse_toml(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, line ends as they are, without a byte order mark.

    Raises:
        ConfigError: when there is no such text.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        problem = (
            f"{path}: there is no such file. `ladderkeeper init` writes one that explains every "
            "setting; or name another with --config"
        )
    except IsADirectoryError:
        problem = f"{path}: is a folder; a file is needed here"
    except PermissionError:
        # On Windows this is also what opening a folder says.
        problem = f"{path}: may not be read by this user; check the file's permissions"
    except OSError as error:
        problem = f"{path}: cannot be read ({error.strerror or type(error).__name__})"
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            problem = f"{path}: line {line}: is not UTF-8 text; save the file as UTF-8"
    raise ConfigError(problem)


def parse_toml(text: str, path: Path) -> dict[str, object]:
    """The tables in `text`; `path` is named in errors.

    Raises:
        ConfigError: as ``read_toml`` does.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        reason = "is nested too deeply"
    except ValueError as error:
        reason = _explained(str(error), text)
    raise ConfigError(f"{path}: {reason}")


def _explained(message: str, text: str) -> str:
    reason, place = message, ""
    if at := re.search(r" \(at line (\d+), column (\d+)\)$", message):
        reason, place = message[: at.start()], f"line {at[1]}, column {at[2]}: "
    elif message.endswith(" (at end of document)"):
        reason = message.removesuffix(" (at end of document)")
        place = f"line {text.count(chr(10)) + 1}, at the end of the file: "
    # Quoted parts longer than a sign, and names in brackets, come from the file.
    reason = re.sub(r"""'[^']{3,}'|"[^"]{3,}"|\([^)]*\)""", "...", reason)
    hint = ""
    if reason == "Invalid value":
        # After a list that is left open, whatever comes next is read as a part of it.
        hint = ' (text must stand in "quotes"; or a list or table opened above is not closed)'
    return f"{place}is not valid TOML: {reason}{hint}"
