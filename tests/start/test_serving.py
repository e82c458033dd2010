"""start.py as a person uses it: what it does to a checkout that holds a small product of the same shape."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import start

#: The smallest thing that start.py can run: the same commands, and a note of each call.
PRODUCT = """
import os
import time
from pathlib import Path

from flask import Flask

app = Flask(__name__)
instance = Path(os.environ["SECOND_LOOK_INSTANCE"])


def note(word):
    with open(instance / "calls.txt", "a") as calls:
        calls.write(word + "\\n")


@app.get("/")
def home():
    return "open: " + (instance / "current").read_text()


@app.cli.command("setup")
def setup():
    note("setup")
    (instance / (instance / "current").read_text().strip()).touch()


@app.cli.command("demo")
def demo():
    note("demo")
    if (instance / "break").exists():
        raise SystemExit(3)
    (instance / "demo_people.txt").write_text("Ada, manager\\n")


@app.cli.group("jobs")
def jobs():
    pass


@jobs.command("run")
def run():
    note(f"worker {os.getpid()}")
    while True:
        time.sleep(0.1)
"""


class Checkout:
    """A folder that start.py believes to be the product, with the packages of this run."""

    def __init__(self, root: Path) -> None:
        self.root, self.instance = root, root / "instance"
        with socket.socket() as probe:
            probe.bind((start.HOST, 0))
            self.port = probe.getsockname()[1]
        shutil.copy(start.ROOT / "start.py", root)
        (root / "wsgi.py").write_text(PRODUCT)
        (root / "qa/core/migrations").mkdir(parents=True)
        (root / "qa/core/opening.py").write_text("from werkzeug.utils import import_string as door\n")
        (root / "qa/core/migrations/0001_first.py").write_text("")
        (root / ".venv/bin").mkdir(parents=True)
        (root / ".venv/bin/python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        (root / ".venv/bin/python").chmod(0o755)
        (root / "requirements.txt").write_text("flask\n")
        pins = {"requirements.txt": start.digest(root / "requirements.txt")}
        (root / ".venv/installed.json").write_text(json.dumps(pins))

    @property
    def calls(self) -> list[str]:
        """The commands that were given to the product, in order."""
        return (self.instance / "calls.txt").read_text().split("\n")[:-1]

    @property
    def workers(self) -> list[int]:
        """The process of every worker that was begun."""
        return [int(call.split()[1]) for call in self.calls if call.startswith("worker")]

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin as a person would; the output is read by whoever asks."""
        told = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "FLASK_APP")}
        return subprocess.Popen(
            [sys.executable, str(self.root / "start.py"), "--port", str(self.port), *words],
            cwd=self.root.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=told | {"SECOND_LOOK_INSTANCE": str(self.instance)},
        )  # fmt: skip

    def page(self) -> str:
        """The home page."""
        with urllib.request.urlopen(f"http://{start.HOST}:{self.port}/", timeout=5) as answer:
            return answer.read().decode()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that was never started."""
    root = tmp_path / "checkout"
    root.mkdir()
    return Checkout(root)


def until(process: subprocess.Popen[str], words: str) -> str:
    """What a process prints up to the line that holds *words*."""
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    pytest.fail(f"it ended without {words!r}:\n{said}")


def stopped(process: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[int, str]:
    """The code and the last words after a signal."""
    process.send_signal(number)
    said, _ = process.communicate(timeout=20)
    return process.returncode, said


def is_alive(pid: int) -> bool:
    """Whether a process still runs."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return subprocess.run(["kill", "-0", str(pid)], capture_output=True, check=False).returncode == 0


def test_it_fills_serves_greets_and_stops_and_keeps_its_files_to_their_owner(checkout):
    process = checkout.start()
    said = until(process, "Ada, manager")
    page = checkout.page()
    code, last = stopped(process)
    open_to_others = [path.name for path in checkout.instance.iterdir() if path.stat().st_mode & 0o077]

    assert f"http://127.0.0.1:{checkout.port}" in said
    assert page == "open: demo.sqlite3\n"
    assert checkout.calls[:2] == ["setup", "demo"]
    assert (code, last.strip()) == (0, "Stopped.")
    assert not any(is_alive(pid) for pid in checkout.workers)
    assert open_to_others == []
    start.check_free(checkout.port)


@pytest.mark.long
def test_a_second_start_sets_nothing_up_and_keeps_the_choice(checkout):
    for words in ([], ["--empty"], [], ["--demo"]):
        process = checkout.start(*words)
        said = until(process, "is open at")
        page = checkout.page()
        stopped(process)

    assert said
    assert page == "open: demo.sqlite3\n"
    assert [call for call in checkout.calls if "worker" not in call] == ["setup", "demo", "setup"]


@pytest.mark.long
def test_a_new_migration_is_run_and_the_demonstration_kept(checkout):
    stopped_after_greeting(checkout)
    (checkout.root / "qa/core/migrations/0002_second.py").write_text("")

    stopped_after_greeting(checkout)

    assert [call for call in checkout.calls if "worker" not in call] == ["setup", "demo", "setup"]


@pytest.mark.long
def test_a_filling_that_broke_is_begun_anew(checkout):
    checkout.instance.mkdir()
    (checkout.instance / "break").touch()
    broken = checkout.start()
    said, _ = broken.communicate(timeout=20)
    (checkout.instance / "break").unlink()
    (checkout.instance / "demo.sqlite3").write_text("half")

    stopped_after_greeting(checkout)

    assert broken.returncode == 1
    assert "`flask demo` ended with 3" in said
    assert (checkout.instance / "demo.sqlite3").read_text() == ""
    assert [call for call in checkout.calls if "worker" not in call] == ["setup", "demo"] * 2


@pytest.mark.long
def test_a_worker_that_died_is_started_again(checkout):
    process = checkout.start()
    until(process, "is open at")
    wait_for(lambda: len(checkout.workers) == 1)

    os.kill(checkout.workers[0], signal.SIGKILL)
    said = until(process, "starting it again")
    wait_for(lambda: len(checkout.workers) == 2)
    stopped(process)

    assert "The worker process ended (-9)" in said
    assert not any(is_alive(pid) for pid in checkout.workers)


@pytest.mark.long
def test_a_product_that_cannot_start_is_given_up(checkout):
    stopped_after_greeting(checkout)
    (checkout.root / "wsgi.py").write_text("raise RuntimeError('broken')\n")

    process = checkout.start()
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "ends as soon as it is started" in said
    assert "is open at" not in said


def stopped_after_greeting(checkout: Checkout) -> None:
    """Start once, wait for the greeting, stop."""
    process = checkout.start()
    until(process, "is open at")
    stopped(process)


def wait_for(holds, seconds: float = 10) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.05)


def test_a_database_that_a_page_asked_for_is_opened_without_a_new_start(checkout):
    process = checkout.start()
    until(process, "Ctrl+C stops it")
    wait_for(lambda: checkout.workers)

    (checkout.instance / "current").write_text(start.OWN + "\n")
    until(process, "This is your own data")
    page = checkout.page()
    code, _ = stopped(process)

    assert page == f"open: {start.OWN}\n"
    assert code == 0 and not is_alive(checkout.workers[0])
