"""Set up and run Second Look, or its tests, with nothing but Python and pip (or uv).

    python3 start.py [--port N] [--empty | --demo]
    python3 start.py test [--browser] [--long] [arguments for pytest]

The demonstration and your own data are two databases in `instance/`; `instance/current` remembers which
one is open. Where DATABASE_URL is set, that database is used and no demonstration is made.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTANCE = Path(os.environ.get("SECOND_LOOK_INSTANCE") or ROOT / "instance").resolve()
OWN, DEMO = "second_look.sqlite3", "demo.sqlite3"
#: Lists of pins; each contains those before it.
PINS = ("requirements.txt", "requirements-test.txt", "requirements-browser.txt")
#: What every process of ours is told; compiled code is kept, or no start would take a second.
TOLD = os.environ | {"FLASK_APP": "wsgi", "SECOND_LOOK_INSTANCE": str(INSTANCE), "PYTHONDONTWRITEBYTECODE": ""}
TOLD["SECOND_LOOK_SUPERVISED"] = "1"  # a page may open another database: it writes the name, we start anew
HOST = "127.0.0.1"
PATIENCE_SECONDS = 10
WEB = (
    "gunicorn qa.core.opening:door('wsgi:app') --config python:qa.core.opening --preload --bind {host}:{port}"
    " --worker-class gthread --workers 2 --threads 8 --no-control-socket --log-level warning --graceful-timeout 8"
)
WORKER = "flask jobs run"
FIRST_PAGE, WHEN_LOADED = "/sign-in", "/readyz"


class Failed(Exception):
    """What went wrong, in a sentence for the person who started this."""


def digest(*paths: Path) -> str:
    """One hash over some files and the Python that reads them."""
    mark = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for path in paths:
        mark.update(path.name.encode() + b"\0" + path.read_bytes())
    return mark.hexdigest()


def read_notes(path: Path) -> dict[str, str]:
    """What was done before; nothing if the notes are missing or torn."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def add_notes(path: Path, done: dict[str, str]) -> None:
    """Keep what was done, in one step."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(read_notes(path) | done, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def run(words: list[str], complaint: str = "") -> None:
    """Run a command of our own environment to its end, or say what its failure means."""
    if code := subprocess.run(words, cwd=ROOT, env=TOLD).returncode:
        raise Failed(complaint or f"`{' '.join(words[2:])}` ended with {code}; see above.")


def pip_version() -> tuple[int, ...]:
    """The version of the pip beside this Python; (0,) where there is none."""
    asked = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True)
    words = asked.stdout.split() if asked.returncode == 0 else []
    return tuple(int(part) for part in words[1].split(".") if part.isdigit()) if len(words) > 1 else (0,)


def installer(uv: str | None, pip: tuple[int, ...]) -> list[str]:
    """The command that fills our environment: uv, else a pip from 22.3 on, else the one in Python's box."""
    if uv:
        return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    outer = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    chosen = outer if pip >= (22, 3) else [str(PYTHON), "-m", "pip"]
    return [*chosen, "install", "--quiet", "--disable-pip-version-check", "--no-input"]


def install(pins: str) -> None:
    """Bring `.venv` to what a list of pins says, unless it already is there."""
    notes, wanted = VENV / "installed.json", digest(ROOT / pins)
    if PYTHON.exists() and read_notes(notes).get(pins) == wanted:
        return
    print(f"Installing what {pins} lists ...", flush=True)
    if not (PYTHON.exists() and (VENV / "lib" / "python{}.{}".format(*sys.version_info)).is_dir()):
        run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", "--clear", str(VENV)])
    command = installer(shutil.which("uv"), pip_version())
    if command[0] == str(PYTHON):
        run([str(PYTHON), "-m", "ensurepip"], "There is no pip: install python3-pip.")
    run([*command, "--require-hashes", "-r", pins], "The installation failed; see above.")
    add_notes(notes, {name: digest(ROOT / name) for name in PINS[: PINS.index(pins) + 1]})


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep two starts from setting up the same folder at once: the second one waits."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(folder / "setup.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another start is setting up here; waiting for it ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def choose(folder: Path, asked: str | None) -> str:
    """Which database is open: as asked, else as last time, else own data if any, else the demonstration."""
    memory = folder / "current"
    before = memory.read_text(encoding="utf-8").strip() if memory.exists() else ""
    chosen = asked or (before if before in (OWN, DEMO) else OWN if (folder / OWN).exists() else DEMO)
    memory.write_text(chosen + "\n", encoding="utf-8")
    return chosen


def set_up(folder: Path, database: str | None) -> None:
    """Migrate the database in use, and fill the demonstration if that was never done to its end."""
    ready, code = read_notes(folder / "ready.json"), digest(*sorted(ROOT.glob("qa/core/migrations/**/*.py")))
    if database and (folder / database).exists() and ready.get(database) == code:
        return
    fresh = database == DEMO and (DEMO not in ready or not (folder / DEMO).exists())
    if fresh:
        for half_made in folder.glob(f"{DEMO}*"):
            half_made.unlink()
    print("Setting up the database ...", flush=True)
    run([str(PYTHON), "-m", "flask", "setup"])
    if fresh:
        print("Filling the demonstration ...", flush=True)
        run([str(PYTHON), "-m", "flask", "demo"])
    if database:
        add_notes(folder / "ready.json", {database: code})


def check_free(port: int) -> None:
    """Refuse a port that we may not listen on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            why = "is taken" if getattr(error, "errno", 0) == errno.EADDRINUSE else f"does not work ({error})"
            raise Failed(f"Port {port} {why}: choose another one, as in --port 8080.") from error


def answers(port: int, path: str) -> bool:
    """Whether the web process gives any answer yet; the first page's comes before all others."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as caller:
            caller.sendall(f"HEAD {path} HTTP/1.0\r\n\r\n".encode())
            return caller.recv(5) == b"HTTP/"
    except OSError:
        return False


class Service:
    """A process that is started again when it ends."""

    def __init__(self, name: str, words: str) -> None:
        """Begin, in a group of its own: Ctrl+C reaches start.py alone, which then asks for a clean end."""
        self.name, self.words, self.quick_ends = name, [str(PYTHON), "-m", *words.split()], 0
        self.begin()

    def begin(self) -> None:
        self.since = time.monotonic()
        self.process = subprocess.Popen(self.words, cwd=ROOT, env=TOLD, start_new_session=True)

    def look_after(self) -> None:
        """Start the process again if it ended; give up when it ends at once for the third time."""
        if self.process.poll() is None:
            return
        quick = time.monotonic() - self.since < PATIENCE_SECONDS
        self.quick_ends = self.quick_ends + 1 if quick else 0
        if self.quick_ends == 3:
            raise Failed(f"The {self.name} process ends as soon as it is started; see above.")
        print(f"The {self.name} process ended ({self.process.returncode}); starting it again.", flush=True)
        self.begin()

    def end(self) -> None:
        """Wait for the process that was asked to end; past all patience, end its whole group."""
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def serve(port: int, greeting: str, database: str | None) -> None:
    """Keep web and, once it has loaded all, worker alive until told to stop, or to open another database."""
    # Lists: a handler that took a lock would wait for ever for the very code it interrupts.
    told: list[int] = []
    running: list[Service] = []
    awaited = [FIRST_PAGE, WHEN_LOADED]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: told.append(number))
    try:
        running.append(Service("web", WEB.format(host=HOST, port=port)))
        while not told and (not database or (INSTANCE / "current").read_text(encoding="utf-8").strip() == database):
            for service in running:
                service.look_after()
            if awaited and answers(port, awaited[0]):
                if awaited.pop(0) == FIRST_PAGE:
                    print(greeting, flush=True)
                else:
                    running.append(Service("worker", WORKER))
            time.sleep(0.05)
    finally:
        for service in running:
            service.process.terminate()
        for service in running:
            service.end()
    if not told:
        os.execv(sys.executable, [sys.executable, __file__, "--port", str(port)])
    print("Stopped.")


def welcome(folder: Path, port: int, database: str | None) -> str:
    """The address, and who can sign in."""
    text = f"\nSecond Look is open at http://{HOST}:{port} (Ctrl+C stops it).\n"
    people = folder / ("demo_people.txt" if database == DEMO else "first_admin.txt")
    if database == OWN:
        text += "This is your own data; --demo opens the demonstration.\n"
    elif database == DEMO and people.exists():
        text += "This is the demonstration, all of it invented; --empty opens your own data.\n\n"
    return text + (people.read_text(encoding="utf-8") if database and people.exists() else "")


def start(words: list[str]) -> None:
    """Install, set up and serve."""
    parser = argparse.ArgumentParser(prog="start.py", allow_abbrev=False, description="Run Second Look.")
    parser.add_argument("--port", type=int, default=8000, help="where to listen (8000)")
    which = parser.add_mutually_exclusive_group()
    for word, asked, what in (("--empty", OWN, "your own data"), ("--demo", DEMO, "the demonstration")):
        which.add_argument(word, dest="asked", action="store_const", const=asked, help=f"open {what}")
    parser.epilog = "`start.py test [--browser] [--long] ...` runs the tests."
    given = parser.parse_args(words)
    check_free(given.port)
    os.umask(0o077)
    with alone(INSTANCE):
        install("requirements.txt")
        database = None if os.environ.get("DATABASE_URL") else choose(INSTANCE, given.asked)
        set_up(INSTANCE, database)
    check_free(given.port)
    serve(given.port, welcome(INSTANCE, given.port, database), database)


def run_tests(words: list[str]) -> None:
    """Install what tests need, run them, say how long it took and what was left out."""
    parser = argparse.ArgumentParser(prog="start.py test", allow_abbrev=False, description="Run the tests.")
    parser.add_argument("--browser", action="store_true", help="with those that need Chromium")
    parser.add_argument("--long", action="store_true", help="with those that take long")
    given, rest = parser.parse_known_args(words)
    if given.browser and not shutil.which("chromium"):
        raise Failed("The browser tests need Chromium: install your system's package `chromium`.")
    with alone(INSTANCE):
        install("requirements-browser.txt" if given.browser else "requirements-test.txt")
    began, left_out = time.monotonic(), [name for name in ("browser", "long") if not getattr(given, name)]
    marks = " and ".join(f"not {name}" for name in left_out)
    # A file stays with one process. Files come as tests/conftest.py orders them, so that no core idles at the end.
    spread = ["-nauto", "--dist=loadfile", "--no-loadscope-reorder", *([] if given.browser else ["--ignore=tests/e2e"])]
    code = subprocess.run([str(PYTHON), "-m", "pytest", "-m", marks, *spread, *rest], cwd=ROOT).returncode
    omitted = ", ".join(f"the {name} tests (--{name})" for name in left_out) or "nothing"
    print(f"{(time.monotonic() - began) / 60:.1f} minutes; left out: {omitted}.")
    if code:
        raise Failed({4: "pytest did not understand.", 5: "No test was found."}.get(code, "A test failed."))


def main(words: list[str]) -> int:
    """Do what was asked; 0 when done, 1 when it failed, 2 when it was not understood."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if sys.version_info < (3, 11):
            raise Failed("Second Look needs Python 3.11 or later.")
        run_tests(words[1:]) if words[:1] == ["test"] else start(words)
    except Failed as failed:
        print(f"start.py: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
