"""Runs a throw-away PostgreSQL for as long as its standard input stays open.

``python -m tests.postgres_keeper BIN_FOLDER`` prints the server's URL, or what went wrong, on one
line. It is a process of its own because only a pipe tells reliably that the tests are gone, SIGKILL
included; then it stops the server and removes its files.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
PORT_ATTEMPTS = 5
USER = "ladderkeeper"
# Nothing here outlives the tests, so nothing needs to reach the disk.
SETTINGS = (
    "autovacuum=off",
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "shared_buffers=64MB",
    "synchronous_commit=off",
    "unix_socket_directories=",
)


class KeeperError(Exception):
    """Why there is no server, in one line."""


@dataclass
class Identity:
    """How a program is started so that it does not run as root, which PostgreSQL refuses."""

    prefix: tuple[str, ...] = ()
    user: str | None = None


def main() -> None:
    if sys.platform != "win32":
        # Whoever ends the tests may also signal us; the closed pipe is what counts.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    folder = Path(tempfile.mkdtemp(prefix="ladderkeeper-postgres-"))
    try:
        keep(Path(sys.argv[1]), folder)
    except (KeeperError, OSError) as error:
        print(error, flush=True)
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(programs: Path, folder: Path) -> None:
    identity = unprivileged()
    if identity.user is not None:
        shutil.chown(folder, identity.user)
    password = secrets.token_urlsafe(16)
    create_cluster(programs, folder, identity, password)
    server, port = start_server(programs, folder, identity)
    try:
        print(f"postgres://{USER}:{password}@127.0.0.1:{port}/postgres", flush=True)
        sys.stdin.read()
    finally:
        stop_server(server, folder)


def unprivileged() -> Identity:
    """As root, appear as another user inside a user namespace; where that is refused, be nobody.

    The namespace comes first because ``nobody`` may not be able to read the folder of the programs.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return Identity()
    prefix = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if shutil.which("unshare"):
        attempt = subprocess.run([*prefix, "true"], capture_output=True, check=False)
        if attempt.returncode == 0:
            return Identity(prefix=prefix)
    return Identity(user="nobody")


def create_cluster(programs: Path, folder: Path, identity: Identity, password: str) -> None:
    password_file = folder / "password"
    password_file.write_text(password, encoding="ascii")
    if identity.user is not None:
        shutil.chown(password_file, identity.user)
    created = subprocess.run(
        [
            *identity.prefix,
            str(programs / "initdb"),
            f"--pgdata={folder / 'cluster'}",
            f"--pwfile={password_file}",
            f"--username={USER}",
            "--auth=password",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        cwd=folder,
        user=identity.user,
        capture_output=True,
        text=True,
        check=False,
    )
    password_file.unlink()
    if created.returncode != 0:
        raise KeeperError(f"initdb failed: {last_line(created.stderr)}")


def start_server(
    programs: Path, folder: Path, identity: Identity
) -> tuple["subprocess.Popen[bytes]", int]:
    """Start on a free port; another one is tried when somebody took it in between."""
    log_file = folder / "server.log"
    for _ in range(PORT_ATTEMPTS):
        port = free_port()
        command = [*identity.prefix, str(programs / "postgres"), "-D", str(folder / "cluster")]
        for setting in (*SETTINGS, f"port={port}"):
            command += ["-c", setting]
        with log_file.open("wb") as log:
            server = subprocess.Popen(
                command,
                cwd=folder,
                user=identity.user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if wait_until_ready(server, folder):
            return server, port
        stop_server(server, folder)
    raise KeeperError(last_line(log_file.read_text(encoding="utf-8", errors="replace")))


def wait_until_ready(server: "subprocess.Popen[bytes]", folder: Path) -> bool:
    """The server writes ``ready`` into its pid file when it takes connections."""
    pid_file = folder / "cluster" / "postmaster.pid"
    deadline = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None and time.monotonic() < deadline:
        if pid_file.exists() and pid_file.read_text(encoding="utf-8").rstrip().endswith("ready"):
            return True
        time.sleep(0.01)
    return False


def stop_server(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Immediate shutdown: its files are about to be removed, so nothing is worth a checkpoint."""
    if server.poll() is None:
        # Windows has no signal but the hard one.
        server.send_signal(getattr(signal, "SIGQUIT", signal.SIGTERM))
        try:
            server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    (folder / "cluster" / "postmaster.pid").unlink(missing_ok=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no output"


if __name__ == "__main__":
    main()
