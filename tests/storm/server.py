"""The web as `start.py` runs it, on a free port, with workers that can be killed."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import start
from qa.core.settings import ROOT, Settings


def told(settings: Settings) -> dict[str, str]:
    """The environment of a process that stands on *settings*."""
    return os.environ | {
        "FLASK_APP": "wsgi",
        "DATABASE_URL": settings.database_url,
        "SECOND_LOOK_INSTANCE": str(settings.instance),
        "SECRET_KEY": settings.secret_key,
        "PYTHONDONTWRITEBYTECODE": "",
    }


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((start.HOST, 0))
        return int(probe.getsockname()[1])


class Server:
    """A running web server."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log
        self.killed = 0

    def workers(self) -> list[int]:
        """The processes that answer."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(line) for line in found.stdout.split()]

    def kill_one(self, chance: random.Random) -> None:
        """`kill -9` one worker at random; the server starts another one."""
        alive = self.workers()
        if alive:
            os.kill(chance.choice(alive), signal.SIGKILL)
            self.killed += 1

    def answers(self) -> bool:
        """Whether it answers yet."""
        caller = http.client.HTTPConnection(start.HOST, self.port, timeout=60)
        try:
            caller.request("GET", "/healthz")
            return caller.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            caller.close()


@contextmanager
def serving(environment: dict[str, str], log: Path, *, workers: int, app: str = "wsgi:app") -> Iterator[Server]:
    """A server of *workers* processes for as long as the block runs; what it says goes to *log*.

    Without the door that shows a first page early: *app* is loaded once, and a killed process comes back in a moment.
    """
    port = free_port()
    gunicorn, _door, _config, _hook, *words = start.WEB.format(host=start.HOST, port=port).split()
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", gunicorn, app, *words, "--workers", str(workers)],
            cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
    server = Server(port, process, log)
    try:
        until = time.monotonic() + 180
        while not server.answers():
            assert process.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
