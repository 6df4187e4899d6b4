"""A real PostgreSQL for the tests: a cluster of its own in a temporary folder, as an ordinary user, fsync off."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

WHY_NOT = "PostgreSQL's server programs (initdb, postgres) were not found: `make test` installs them with apt-get where it may"


def binaries() -> Path | None:
    """Find the folder with initdb and postgres: EDUPROG_POSTGRES_BIN, the usual Debian places, or the PATH."""
    places = [Path(os.environ["EDUPROG_POSTGRES_BIN"])] if "EDUPROG_POSTGRES_BIN" in os.environ else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    places += [Path(found).resolve().parent] if found else []
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


@dataclass
class Cluster:
    """A running server; `url(name)` gives the address of a database in it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None
    command: list[str] = field(default_factory=list)
    as_user: dict = field(default_factory=dict)

    def kill(self) -> None:
        """Kill the server and all its children with no word of warning, and wait until none is left."""
        assert self.process is not None
        pids = [self.process.pid, *_children(self.process.pid)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        while any(_lives(pid) for pid in pids):
            time.sleep(0.01)

    def start_again(self) -> None:
        """Start a server on what is there; if it was killed it answers once it has recovered."""
        self.process = _begun(self.command, self.folder, self.as_user)
        _wait(self)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a line of a shell as the server's own user, PostgreSQL's programs first on its path and this server its server."""
        path = f"{binaries()}:/usr/bin:/bin"
        environment = {"PATH": path, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "LANG": "C.UTF-8"}
        told = ["/bin/sh", "-e", "-c", command]
        return subprocess.run(told, capture_output=True, text=True, cwd=self.folder, env=environment, **self.as_user)

    def url(self, database: str = "postgres") -> str:
        """Give the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://eduprog@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Stop at once and remove everything."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # a fast shutdown: SIGTERM would wait for every client to leave
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(*, durable: bool = False) -> Cluster:
    """Start a cluster, quick and careless unless `durable`: then it keeps its promises as it comes from the maker.

    Raises RuntimeError with what the server said.
    """
    folder, as_user = _new_folder()
    made = ["-D", str(folder / "data"), "-U", "eduprog", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
    _run([str(_where() / "initdb"), *made, *(("--data-checksums",) if durable else ())], as_user)
    careless = () if durable else ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    return _running(folder, as_user, careless)


def empty() -> Cluster:
    """Give a server that has nothing yet; `start_again` starts it once there is a data directory `folder`/data."""
    folder, as_user = _new_folder()
    return _running(folder, as_user, ())


def _where() -> Path:
    where = binaries()
    if where is None:
        raise RuntimeError(WHY_NOT)
    return where


def _new_folder() -> tuple[Path, dict]:
    folder = Path(tempfile.mkdtemp(prefix="eduprog-pg-"))
    user = _ordinary_user()
    if user:
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    return folder, {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _running(folder: Path, as_user: dict, careless: tuple[str, ...]) -> Cluster:
    """Give a server on a folder, running if there is data."""
    port = _free_port()
    settings = [*careless, "max_connections=60", "listen_addresses=127.0.0.1",
                f"unix_socket_directories={folder}", "shared_buffers=64MB", "logging_collector=off"]  # fmt: skip
    command = [str(_where() / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
    for setting in settings:
        command += ["-c", setting]
    cluster = Cluster(folder, port, None, command, as_user)
    if (folder / "data").exists():
        cluster.start_again()
    return cluster


def _begun(command: list[str], folder: Path, as_user: dict) -> subprocess.Popen[bytes]:
    with open(folder / "log", "ab") as log:  # the server keeps its own copy of it
        return subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, **as_user
        )


def _run(command: list[str], as_user: dict) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env={"PATH": "/usr/bin:/bin"}, **as_user)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _ordinary_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL refuses to run as root and there is no user postgres or nobody")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(cluster: Cluster) -> None:
    for _ in range(200):
        if cluster.process is not None and cluster.process.poll() is not None:
            raise RuntimeError((cluster.folder / "log").read_text())
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", cluster.port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start within ten seconds")


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()]


def _lives(pid: int) -> bool:
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()[0] != "Z"
    return False
