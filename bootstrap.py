"""Brings ``.venv`` into being, then hands over to a Python module inside it.

``run`` and ``test`` share this. It is written in the Python of 2019, so that an old interpreter can
still read it and say that it is too old, and it needs nothing but the standard library.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Generator, List, Tuple

__all__ = ["ROOT", "hand_over"]

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK_FILE = ROOT / ".venv.lock"
LOG_FILE = ROOT / ".venv.log"
STAMP = VENV / "ladderkeeper-stamp"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class SetupError(Exception):
    """What is missing on this machine, in one sentence for the person who typed the command."""


def hand_over(arguments: List[str]) -> None:
    """Run ``python ARGUMENTS`` inside ``.venv``, which is made first when missing or out of date.

    Does not return: the new program replaces this one, or its exit status becomes ours. Ends with
    exit status 2 and one sentence on stderr when the environment cannot be made.
    """
    try:
        if sys.version_info < OLDEST_PYTHON:
            found = "{}.{}".format(*sys.version_info[:2])
            raise SetupError(
                f"Ladderkeeper needs Python 3.11 or newer, and this is Python {found}; "
                f"start it with a newer one, for example: python3.11 {' '.join(sys.argv)}"
            )
        prepare()
    except SetupError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("Stopped; the next start sets up .venv from the beginning.", file=sys.stderr)
        sys.exit(130)
    command = [str(PYTHON), *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    # Windows has no exec that keeps the console and the exit status, so this process waits.
    with subprocess.Popen(command) as program:
        while True:
            try:
                sys.exit(program.wait())
            except KeyboardInterrupt:
                continue  # the program got the Ctrl-C as well and ends in its own way


def prepare() -> None:
    """Make ``.venv`` match the lock file, once, however many starts ask for it at a time."""
    wanted = fingerprint()
    if is_ready(wanted):
        return
    with alone() as lock:
        if not is_ready(wanted):
            build(wanted, lock)


def is_ready(wanted: str) -> bool:
    try:
        return PYTHON.exists() and STAMP.read_text(encoding="ascii") == wanted
    except (OSError, UnicodeDecodeError):
        return False


def fingerprint() -> str:
    """Sums up what ``.venv`` is made from; settings of lint and tests do not count."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    facts = [project["build-system"], project["project"], project["tool"]["hatch"], str(ROOT)]
    lock = (ROOT / "requirements.lock").read_bytes()
    return hashlib.sha256(lock + json.dumps(facts).encode()).hexdigest()


@contextlib.contextmanager
def alone() -> Generator[IO[str], None, None]:
    """Hold the lock file; wait, and say so, while another start holds it."""
    try:
        lock = LOCK_FILE.open("a", encoding="ascii")
    except OSError as error:
        raise SetupError(f"Cannot write to {ROOT}: {error.strerror}.") from None
    with lock:
        told = False
        while not try_lock(lock):
            if not told:
                print("Waiting for another start that is setting up .venv ...", file=sys.stderr)
                told = True
            time.sleep(0.2)
        yield lock


def try_lock(lock: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def build(wanted: str, lock: IO[str]) -> None:
    """Replace ``.venv``. The stamp is written last, so whatever was interrupted is built again."""
    STAMP.unlink(missing_ok=True)
    name, steps = installer()
    print(
        f"Setting up .venv with {name}; this takes a minute or two, and is done only once ...",
        file=sys.stderr,
        flush=True,
    )
    started = time.monotonic()
    remove_venv()
    with LOG_FILE.open("w", encoding="utf-8") as log:
        for step in steps:
            install(step, log, lock)
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(wanted, encoding="ascii")
    fresh.replace(STAMP)
    LOG_FILE.unlink()
    print(f"Set up in {time.monotonic() - started:.0f} s.", file=sys.stderr, flush=True)


def remove_venv() -> None:
    try:
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        elif VENV.exists():
            shutil.rmtree(str(VENV))
    except OSError as error:
        raise SetupError(
            f"Cannot replace {VENV} ({error.strerror}: {error.filename}); "
            "close what uses it, or remove it by hand."
        ) from None


def installer() -> Tuple[str, List[List[str]]]:
    """The name of the tool that installs, and its steps; uv when the machine has it, else pip.

    The project itself comes last: its build tool is in the lock, so no build environment is made.
    """
    # When started with the Python of .venv, which is about to be removed: the one it was made with.
    python = getattr(sys, "_base_executable", None) or sys.executable
    locked = ["--require-hashes", "-r", str(ROOT / "requirements.lock")]
    itself = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    uv = shutil.which("uv")
    if uv:
        into = [uv, "pip", "install", "--python", str(PYTHON)]
        return "uv", [[uv, "venv", "--python", python, str(VENV)], into + locked, into + itself]
    # Debian splits both off; without ensurepip, venv would fail half-way.
    if not (find_spec("venv") and find_spec("ensurepip")):
        raise SetupError(
            "This Python has no venv module; install it (on Debian and Ubuntu: "
            "apt install python3-venv) or install uv, then start again."
        )
    into = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    return "pip", [[python, "-m", "venv", str(VENV)], into + locked, into + itself]


def install(step: List[str], log: IO[str], lock: IO[str]) -> None:
    """Run one step. It inherits the lock, which thus lasts until it ends, even if we are killed."""
    log.flush()
    inherited = () if os.name == "nt" else (lock.fileno(),)
    try:
        status = subprocess.call(step, stdout=log, stderr=log, cwd=str(ROOT), pass_fds=inherited)
    except OSError as error:
        raise SetupError(f"Cannot start {step[0]}: {error.strerror}.") from None
    if status != 0:
        cause = explain(LOG_FILE.read_text(encoding="utf-8", errors="replace"))
        raise SetupError(f"Could not set up .venv: {cause} (full output: {LOG_FILE})")


def explain(output: str) -> str:
    """The likeliest cause, for a person who has not read the installer's output."""
    offline = ("name resolution", "NewConnectionError", "dns error", "Failed to fetch")
    if any(sign in output for sign in offline):
        return "the package index cannot be reached; is there a network?"
    if "No space left" in output:
        return "no space is left on the disk"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "the installer said nothing"
