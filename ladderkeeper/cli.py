"""The command line. Each command is a few lines; what it does stands in a module of its name."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from core.config import Config, check_plugins, load_config, set_enabled
from core.log import configure
from core.plugin import discover
from ladderkeeper.ending import WRONG_CONFIG, err, finish, or_exit
from ladderkeeper.shipped import SHIPPED, write_config

__all__ = ["main"]

app = typer.Typer(
    name="ladderkeeper",
    help="A Discord bot that runs a competitive ladder.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
plugins_app = typer.Typer(help="List, enable and disable plugins.", no_args_is_help=True)
app.add_typer(plugins_app, name="plugins")
ladder_app = typer.Typer(help="Look after the ladders.", no_args_is_help=True)
app.add_typer(ladder_app, name="ladder")
audit_app = typer.Typer(help="What admins did.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")
bench_app = typer.Typer(help="Measure what the claims about speed rest on.", no_args_is_help=True)
app.add_typer(bench_app, name="bench")

out = Console(highlight=False, soft_wrap=True)


class Switch(StrEnum):
    """The value of an option."""

    ON = "on"
    OFF = "off"


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
    if _load(config if config.exists() else SHIPPED).discord.token is not None:
        err.print("There is a bot token: running the bot (`run`).")
        run(context)
    else:
        err.print("There is no DISCORD_TOKEN: playing in the sandbox (`sandbox`).")
        sandbox(context)


@app.command()
def init(context: typer.Context) -> None:
    """Write a config.toml that explains every setting."""
    or_exit(lambda: write_config(context.obj))
    out.print(f"{context.obj} is written. Every setting is explained in it.")
    out.print("Try it with `ladderkeeper sandbox`; `ladderkeeper doctor` says what is missing.")


@app.command()
def run(context: typer.Context) -> None:
    """Run the bot. The token comes from DISCORD_TOKEN, or from a file .env beside config.toml."""
    from ladderkeeper.run import serve

    config = _load_and_log(context.obj)
    finish(lambda: serve(config))


@app.command()
def sandbox(
    context: typer.Context,
    players: Annotated[
        int, typer.Option(min=0, max=100, help="How many play by themselves; the page adds more.")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="Stop after so long; else at Ctrl-C.")
    ] = None,
) -> None:
    """A Discord on this machine with a page to play on, and the bot connected to it."""
    from ladderkeeper.sandbox import play

    config = _own_or_shipped(context.obj)
    finish(
        lambda: play(config, players=players, port=port, seconds=seconds, browser=browser, out=out)
    )


@app.command()
def demo(
    context: typer.Context,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
) -> None:
    """Three matches from beginning to end, in half a minute, with nothing to set up."""
    from ladderkeeper.demo import run_demo

    config = _own_or_shipped(context.obj)
    finish(lambda: run_demo(config, json_file=json, out=out))


@app.command()
def soak(
    context: typer.Context,
    matches: Annotated[int, typer.Option(min=1, help="How many matches.")] = 300,
    players: Annotated[int, typer.Option(min=2, max=90, help="How many simulated players.")] = 32,
    mix: Annotated[
        str, typer.Option(help="Shares of complete:abort:conflict:timeout.")
    ] = "85:8:4:3",
    database: Annotated[
        str | None,
        typer.Option(
            envvar="LADDERKEEPER_SOAK_DATABASE",
            help="The URL of an empty database; else a SQLite file that is gone afterwards.",
        ),
    ] = None,
    rate_limits: Annotated[
        Switch, typer.Option(help="Whether the sandbox and the bot keep to Discord's.")
    ] = Switch.OFF,
    leaky: Annotated[
        bool, typer.Option("--leaky", help="Keep every view that has ended, for comparison.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
    chart: Annotated[
        Path | None, typer.Option(help="Draw the bot's memory into this PNG file.")
    ] = None,
) -> None:
    """Matches as fast as they can be played: does anything grow, leak, or count twice?"""
    from ladderkeeper.soak import Plan, parse_mix, run_soak

    try:
        shares = parse_mix(mix)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--mix") from None
    plan = Plan(matches, players, shares, limited=rate_limits is Switch.ON, leaky=leaky)
    finish(
        lambda: run_soak(
            context.obj, plan, database_url=database, json_file=json, chart_file=chart, out=out
        )
    )


@app.command()
def migrate(context: typer.Context) -> None:
    """Bring the database up to date. The bot does it by itself at each start."""
    from ladderkeeper.migrate import migrate as apply

    config = _load_and_log(context.obj)

    async def show() -> int:
        done = await apply(config)
        out.print("\n".join(f"applied {name}" for name in done.applied) or "nothing to do")
        for name, why in done.left_out.items():
            out.print(f"plugin {name} is left out: {why}", markup=False, style="red")
        return 1 if done.left_out else 0

    finish(show)


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


@app.command()
def doctor(context: typer.Context) -> None:
    """Look at everything the bot stands on, and say what to do about what is wrong."""
    from ladderkeeper.doctor import doctor as look

    config = _load_and_log(context.obj)
    finish(lambda: look(config, out=out))


@app.command("new-plugin")
def new_plugin(
    name: str,
    package: Annotated[
        bool, typer.Option("--package", help="Make it installable, with an entry point.")
    ] = False,
    into: Annotated[Path, typer.Option(help="Where its folder is made.")] = Path(),
) -> None:
    """Write a small plugin that works, with config, view, migration and test, to begin from."""
    from ladderkeeper.new_plugin import new_plugin as write

    made = or_exit(lambda: write(name, into, package=package))
    out.print(f"{made}: README.md there says how to test it, try it and run it.", markup=False)


@ladder_app.command("recompute")
def recompute(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
    ladder: Annotated[str | None, typer.Option(help="Only the ladder of this name.")] = None,
) -> None:
    """Derive every rating anew from the matches, and put right what differs. The bot may run."""
    from ladderkeeper.ladder import recompute_ladders

    config = _load_and_log(context.obj)
    finish(lambda: recompute_ladders(config, name=ladder, write=not dry_run, out=out))


@audit_app.command("export")
def export_audit(
    context: typer.Context,
    since: Annotated[
        str, typer.Option(help="Only what was done since then: 2026-01-31, or so long ago, as 3d.")
    ] = "",
    csv: Annotated[Path | None, typer.Option(help="Write a table to this file.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write JSON to this file.")] = None,
) -> None:
    """Who changed what and why, oldest first. Without a file: CSV to the terminal."""
    from ladderkeeper import audit

    config = _load_and_log(context.obj)
    finish(
        lambda: audit.export_audit(config, since_when=since, csv_file=csv, json_file=json, out=out)
    )


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
    finish(lambda: views.bench_views(plan, json_file=json, out=out))


@bench_app.command("matchmaking")
def bench_matchmaking(
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
    small: Annotated[
        bool, typer.Option("--small", help="Half a minute: up to 100 waiting, two seeds.")
    ] = False,
) -> None:
    """The pairs of a wave beside the best there are, the time they take, and whole evenings."""
    from benchmarks import matchmaking

    plan = matchmaking.SMALL if small else matchmaking.FULL
    finish(lambda: matchmaking.bench_matchmaking(plan, json_file=json, out=out))


@bench_app.command("sandbox")
def bench_sandbox(
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
    requests: Annotated[int, typer.Option(min=100, help="How many are sent in all.")] = 30_000,
) -> None:
    """The sandbox alone: requests a second on one core, and its memory; best with 300,000."""
    from benchmarks import sandbox

    plan = sandbox.Plan(requests)
    finish(lambda: sandbox.bench_sandbox(plan, json_file=json, out=out))


@bench_app.command("telemetry")
def bench_telemetry(
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
    small: Annotated[
        bool, typer.Option("--small", help="A few seconds: fewer views and repetitions.")
    ] = False,
) -> None:
    """What telemetry costs at 1,000 open views, as a share of a core."""
    from benchmarks import telemetry

    plan = telemetry.SMALL if small else telemetry.FULL
    finish(lambda: telemetry.bench_telemetry(plan, json_file=json, out=out))


def _set_enabled(path: Path, name: str, *, enabled: bool) -> None:
    config = _load(path)
    found = discover(config.plugins.folders)
    plugins = config.plugins.model_copy(update={"enabled": (*config.plugins.enabled, name)})
    or_exit(lambda: check_plugins(config.model_copy(update={"plugins": plugins}), found))
    if enabled and found[name].plugin is None:
        err.print(f"{name} cannot be used: {found[name].error}", markup=False)
        raise typer.Exit(WRONG_CONFIG)
    changed = or_exit(lambda: set_enabled(path, name, enabled))
    word = "enabled" if enabled else "disabled"
    out.print(f"{name} is {word}." if changed else f"{name} was {word} already.")
    variable = config.variables.get(("plugins", "enabled"))
    if variable is not None:
        err.print(f"But {variable} is set, and wins over {path}.")


def _own_or_shipped(path: Path) -> Path:
    """Without a config.toml of one's own, the one that comes with the bot: it is only played."""
    if path.exists() or path != DEFAULT_CONFIG:
        return path
    err.print("There is no config.toml here: these are the settings that come with the bot.")
    return SHIPPED


def _load(path: Path) -> Config:
    return or_exit(lambda: load_config(path, env_file=path.parent / ".env"))


def _load_and_log(path: Path) -> Config:
    config = _load(path)
    or_exit(
        lambda: configure(config.log, secrets=config.secrets(), named=config.place("log", "file"))
    )
    return config


def main() -> None:
    """Entry point of the `ladderkeeper` command."""
    if os.environ.get("PYTHONUTF8") is None and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    app(prog_name=os.environ.get("LADDERKEEPER_PROGRAM", "ladderkeeper"))
