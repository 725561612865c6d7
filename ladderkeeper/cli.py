"""The command line. Each command is a few lines; what it does stands in a module of its name."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from core.config import Config, check_plugins, load_config, set_enabled
from core.errors import ConfigError, LadderkeeperError
from core.log import configure
from core.plugin import discover

__all__ = ["main"]

T = TypeVar("T")

WRONG_CONFIG = 2
"""Exit status when something the owner can put right is wrong."""

FAILED = 1

STOPPED = 130
"""As a shell reports a program that Ctrl-C ended."""

app = typer.Typer(
    name="ladderkeeper",
    help="A Discord bot that runs a competitive ladder.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
plugins_app = typer.Typer(help="List, enable and disable plugins.", no_args_is_help=True)
app.add_typer(plugins_app, name="plugins")
bench_app = typer.Typer(help="Measure what the claims about speed rest on.", no_args_is_help=True)
app.add_typer(bench_app, name="bench")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

ConfigPath = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="LADDERKEEPER_CONFIG", help="The file of settings."),
]
DEFAULT_CONFIG = Path("config.toml")


@app.callback(invoke_without_command=True)
def start(context: typer.Context, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """With no command: `run` when there is a bot token, `sandbox` when there is none."""
    context.obj = config
    if context.invoked_subcommand is not None:
        return
    if _load(config).discord.token is not None:
        err.print("There is a bot token: running the bot (`run`).")
        run(context)
    else:
        err.print("There is no DISCORD_TOKEN: playing in the sandbox (`sandbox`).")
        sandbox(context)


@app.command()
def run(context: typer.Context) -> None:
    """Run the bot. The token comes from DISCORD_TOKEN, or from a file .env beside config.toml."""
    from ladderkeeper.run import serve

    config = _load_and_log(context.obj)
    _finish(lambda: serve(config))


@app.command()
def sandbox(
    context: typer.Context,
    players: Annotated[int, typer.Option(min=2, max=100, help="How many simulated players.")] = 6,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="Stop after so long; else at Ctrl-C.")
    ] = None,
) -> None:
    """A Discord on this machine, the bot connected to it, and simulated players that play."""
    from ladderkeeper.sandbox import play

    _finish(lambda: play(context.obj, players=players, port=port, seconds=seconds, out=out))


@app.command()
def demo(
    context: typer.Context,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
) -> None:
    """Three matches from beginning to end, in half a minute, with nothing to set up."""
    from ladderkeeper.demo import run_demo

    _finish(lambda: run_demo(context.obj, json_file=json, out=out))


@app.command()
def migrate(context: typer.Context) -> None:
    """Bring the database up to date. The bot does it by itself at each start."""
    from ladderkeeper.migrate import migrate as apply

    config = _load_and_log(context.obj)

    async def show() -> int:
        applied = await apply(config)
        out.print("\n".join(f"applied {name}" for name in applied) or "nothing to do")
        return 0

    _finish(show)


@plugins_app.command("list")
def list_plugins(context: typer.Context) -> None:
    """Every plugin there is, and whether it is enabled."""
    config = _load(context.obj)
    table = Table("plugin", "enabled", "what it does", "found in")
    for name, found in sorted(discover(config.plugins.folders).items()):
        summary = found.plugin.summary if found.plugin is not None else f"unusable: {found.error}"
        enabled = "yes" if name in config.plugins.enabled else "no"
        table.add_row(name, enabled, summary, found.source)
    out.print(table)


@plugins_app.command("enable")
def enable(context: typer.Context, name: str) -> None:
    """Enable a plugin in config.toml. A running bot loads it within a second."""
    _set_enabled(context.obj, name, enabled=True)


@plugins_app.command("disable")
def disable(context: typer.Context, name: str) -> None:
    """Disable a plugin in config.toml. A running bot unloads it within a second."""
    _set_enabled(context.obj, name, enabled=False)


@bench_app.command("views")
def bench_views(
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
    small: Annotated[
        bool, typer.Option("--small", help="About a minute: fewer repetitions, less memory.")
    ] = False,
) -> None:
    """Views side by side with stock disnake: time and memory, at up to 100,000 of them."""
    from benchmarks import views

    plan = views.SMALL if small else views.FULL
    _finish(lambda: views.bench_views(plan, json_file=json, out=out))


def _set_enabled(path: Path, name: str, *, enabled: bool) -> None:
    config = _load(path)
    found = discover(config.plugins.folders)
    plugins = config.plugins.model_copy(update={"enabled": (*config.plugins.enabled, name)})
    _or_exit(lambda: check_plugins(config.model_copy(update={"plugins": plugins}), found))
    if enabled and found[name].plugin is None:
        err.print(f"{name} cannot be used: {found[name].error}", markup=False)
        raise typer.Exit(WRONG_CONFIG)
    changed = _or_exit(lambda: set_enabled(path, name, enabled))
    word = "enabled" if enabled else "disabled"
    out.print(f"{name} is {word}." if changed else f"{name} was {word} already.")
    variable = config.variables.get(("plugins", "enabled"))
    if variable is not None:
        err.print(f"But {variable} is set, and wins over {path}.")


def _load(path: Path) -> Config:
    return _or_exit(lambda: load_config(path, env_file=path.parent / ".env"))


def _load_and_log(path: Path) -> Config:
    config = _load(path)
    _or_exit(lambda: configure(config.log, secrets=config.secrets()))
    return config


def _or_exit(work: Callable[[], T]) -> T:
    try:
        return work()
    except ConfigError as error:
        err.print(str(error), markup=False)
        raise typer.Exit(WRONG_CONFIG) from None


def _finish(work: Callable[[], Coroutine[Any, Any, int]]) -> None:
    """Run to the end and exit with its status; what the owner can put right is one message."""
    try:
        status = asyncio.run(_until_told_to_stop(work()))
    except ConfigError as error:
        err.print(str(error), markup=False)
        status = WRONG_CONFIG
    except LadderkeeperError as error:
        err.print(str(error), markup=False)
        status = FAILED
    except KeyboardInterrupt:
        status = STOPPED
    raise typer.Exit(status)


async def _until_told_to_stop(work: Coroutine[Any, Any, int]) -> int:
    """Let SIGTERM end the work as Ctrl-C does: in good order, with the processes it started."""
    task = asyncio.current_task()
    if task is not None and hasattr(signal, "SIGTERM"):
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        except NotImplementedError:  # Windows, where nobody sends it
            return await work
    try:
        return await work
    except asyncio.CancelledError:
        return STOPPED


def main() -> None:
    """Entry point of the `ladderkeeper` command."""
    if os.environ.get("PYTHONUTF8") is None and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    app()
