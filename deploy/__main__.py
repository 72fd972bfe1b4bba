"""Serve the workbench from several processes: `python -m deploy --processes 2 --address 0.0.0.0`."""

import argparse
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

HERE = Path(__file__).parent
START = 300  # seconds that the first process may take on a busy machine


def main() -> int:
    """Start all processes, say where they are, and end them all at the end."""
    asked = _arguments()
    needed = [name for name in _MISSING if name != "redis-server" or not own_redis()]
    programs = {name: find(name) for name in needed}
    if missing := [_MISSING[name] for name, program in programs.items() if not program]:
        sys.stderr.write("\n".join(missing) + "\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="torch-workbench-") as folder:
        write(Path(folder), programs, asked.address, asked.port, free_ports(asked.processes))
        command = [str(programs["supervisord"]), "-c", f"{folder}/supervisord.conf"]
        process = subprocess.Popen(command, env=_environment(asked.address, folder))  # noqa: S603
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: process.terminate())
        _announce(process, asked.address, asked.port, asked.processes)
        return process.wait()


def own_redis() -> str:
    """The address of a Redis that is there already."""
    return os.environ.get("WB_REDIS_URL", "").strip()


def write(folder: Path, programs: Mapping[str, str | None], address: str, port: int, ports: Sequence[int]) -> None:
    """Write the configurations of HAProxy, Redis and supervisor for server processes at these ports."""
    numbered = [*enumerate(ports, start=1)]
    servers = "\n".join(f"    server p{number} 127.0.0.1:{at} cookie p{number}" for number, at in numbered)
    common = {"root": str(HERE.parent), "folder": str(folder), "python": sys.executable, "user": getpass.getuser()}
    supervisor = _filled("supervisord.conf", haproxy=programs["haproxy"], **common)
    if redis := programs.get("redis-server"):
        supervisor += _filled("rooms.conf", redis=redis, **common)
    supervisor += "".join(_filled("process.conf", number=number, port=at, **common) for number, at in numbered)
    (folder / "supervisord.conf").write_text(supervisor, encoding="utf-8")
    balancer = _filled("haproxy.cfg", address=address, port=port, servers=servers)
    (folder / "haproxy.cfg").write_text(balancer, encoding="utf-8")


def free_ports(count: int) -> list[int]:
    """Ports of this machine's loopback on which nothing listens."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


_MISSING = {
    "haproxy": "HAProxy is missing. Install it from your system's packages, for example: apt install haproxy",
    "redis-server": "Redis is missing. Install it from your system's packages, for example: apt install redis-server\n"
    "Or name one that runs already: WB_REDIS_URL=redis://...",
    "supervisord": "supervisor is missing. Install it: .venv/bin/python -m pip install -r requirements-serve.txt",
}


def _arguments() -> argparse.Namespace:
    cores = os.cpu_count() or 1
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    parser.add_argument("--processes", type=int, default=cores, help="one for each core by default")
    parser.add_argument("--address", default="127.0.0.1", help="0.0.0.0 opens it to the network")
    parser.add_argument("--port", type=int, default=8501)
    asked = parser.parse_args()
    if not 1 <= asked.processes <= 64:
        parser.error("there can be 1 to 64 processes")
    return asked


def find(name: str) -> str | None:
    """The program beside this Python, or on the path; system programs are often not on it."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _environment(address: str, folder: str) -> dict[str, str]:
    """What the processes share: a secret for their cookies, the address at which visitors see them, and Redis."""
    secret = os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET") or secrets.token_hex(32)
    redis = own_redis() or f"unix://{folder}/redis.sock"
    return os.environ | {"STREAMLIT_SERVER_COOKIE_SECRET": secret, "WB_ADDRESS": address, "WB_REDIS_URL": redis}


def _filled(name: str, **values: object) -> str:
    return Template((HERE / name).read_text(encoding="utf-8")).substitute(values)


def _announce(process: "subprocess.Popen[bytes]", address: str, port: int, processes: int) -> None:
    """Say where the workbench is, once it answers."""
    here = f"http://{'127.0.0.1' if address == '0.0.0.0' else address}:{port}"  # noqa: S104
    deadline = time.monotonic() + START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{here}/_stcore/health", timeout=5):  # noqa: S310
                sys.stdout.write(f"Torch Workbench: {here} ({processes} processes)\n")
                sys.stdout.flush()
                return
        except OSError:
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
