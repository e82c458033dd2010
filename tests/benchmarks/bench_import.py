"""How fast cases come in: against the bare parsing of the same file, in the same run.

    python -m tests.benchmarks.bench_import [ROWS] [--database-url URL]

Prints the ratio of the first import, of the same file again, and of the same rows in another order; the seconds of
processor that the process that stores and the one that reads took, with the ratio that the busier one would come to on
an idle machine; and the most memory that each of them held.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROWS = 1_000_000
#: The parser is timed so often before and so often after each import, and the middle of all is taken.
TURNS = 3
AGENTS = 50
POLICIES = 20
HEADER = (
    "case_id", "agent_id", "decided_policy", "reported_policy", "action", "opened_at", "closed_at", "workflow", "queue",
    "severity", "locale", "handle_seconds", "text",
)  # fmt: skip
_WORDS = (
    "the", "seller", "wrote", "that", "nobody", "should", "come", "to", "this", "address", "again", "and", "then",
    "named", "a", "street", "in", "the", "old", "town",
)  # fmt: skip
_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def lines(rows: int) -> Iterator[tuple[object, ...]]:
    """Rows of a file: some 300 bytes each, as a ticket system writes them."""
    rng = random.Random(5)
    texts = [" ".join(rng.choices(_WORDS, k=rng.randrange(16, 36))) for _ in range(997)]
    for number in range(rows):
        closed = _DAY + timedelta(seconds=25 * number)
        policy = number % POLICIES
        violates = number % 3
        yield (
            f"T-{number:08d}", f"a{number % AGENTS}", f"policy-{policy}/section-{number % 7}" if violates else "none",
            f"policy-{policy}", "remove" if violates else "keep", (closed - timedelta(hours=5)).isoformat(),
            closed.isoformat(), "abuse_report", f"queue {number % 4}", ("low", "medium", "high")[number % 3], "en",
            40 + number % 900, texts[number % 997],
        )  # fmt: skip


def make_files(folder: Path, rows: int) -> tuple[Path, Path]:
    """The file, and the same rows in another order."""
    path, other = folder / "cases.csv", folder / "other.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADER)
        writer.writerows(lines(rows))
    with path.open(encoding="utf-8") as source, other.open("w", encoding="utf-8") as target:
        target.write(next(source))
        whole = source.readlines()
        target.writelines(whole[rows // 2 :] + whole[: rows // 2])
    return path, other


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took: seconds by the clock and of processors, and the most MB that a process held."""

    seconds: float
    storing: float
    reading: float
    megabytes: float
    reader_megabytes: float


def parse_seconds(path: Path) -> list[tuple[float, float]]:
    """Seconds of the bare parser for a file, by the clock and of the processor, of some turns."""
    turns = []
    for _ in range(TURNS):
        begun, used = time.perf_counter(), time.process_time()
        with path.open(newline="", encoding="utf-8") as handle:
            for _ in csv.reader(handle):
                pass
        turns.append((time.perf_counter() - begun, time.process_time() - used))
    return turns


def people(folder: Path) -> Path:
    """The agents of the file."""
    path = folder / "people.csv"
    rows = "".join(f"a{number},Agent {number},agent,Team {number % 5}\n" for number in range(AGENTS))
    path.write_text("id,name,roles,team\n" + rows)
    return path


def policies(folder: Path) -> Path:
    """The policies of the file."""
    target = folder / "policies"
    target.mkdir()
    for number in range(POLICIES):
        parts = "".join(f"## Section {part}\n\nNot allowed:\n\n- Deed {part}\n\n" for part in range(7))
        (target / f"policy-{number}.md").write_text(f"# Policy {number}\n\n{parts}")
    return target


#: The most that a process held is asked of the kernel's own book about it: `ru_maxrss` begins with what the process
#: held that started it, which here had whole files in memory.
_WATCHED = """
import json, resource, sys, threading, time
from pathlib import Path

def most(pid):
    try:
        return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0

def watch():
    while True:
        for task in Path("/proc/self/task").glob("*/children"):
            for pid in task.read_text().split():
                held[0] = max(held[0], most(pid))
        time.sleep(0.2)

held = [0.0]
threading.Thread(target=watch, daemon=True).start()
sys.argv[0] = "flask"
from wsgi import app
begun, used = time.perf_counter(), time.process_time()
try:
    app.cli.main(sys.argv[1:], standalone_mode=True)
finally:
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    print()
    print(json.dumps([
        time.perf_counter() - begun, time.process_time() - used, others.ru_utime + others.ru_stime, most("self"), *held,
    ]))
"""


def flask(*arguments: str, environ: dict[str, str]) -> Spent:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"flask {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    print(f"    {done.stderr.strip()}")
    return Spent(*json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("--database-url", help="An empty database to use instead of a SQLite file.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {**os.environ, "SECOND_LOOK_INSTANCE": str(folder / "instance")}
        if given.database_url:
            environ["DATABASE_URL"] = given.database_url
        flask("setup", environ=environ)
        flask("people", "import", str(people(folder)), environ=environ)
        flask("policy", "import", str(policies(folder)), environ=environ)
        path, other = make_files(folder, given.rows)
        print(f"{given.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        for what, file in (("first import", path), ("same file again", path), ("same rows, other order", other)):
            before = parse_seconds(file)
            spent = flask("cases", "import", str(file), environ=environ)
            parsing, used = map(statistics.median, zip(*before, *parse_seconds(file), strict=True))
            busier = max(spent.storing, spent.reading)
            print(
                f"{what}: {spent.seconds:.1f} s, {given.rows / spent.seconds:,.0f} rows/s, "
                f"ratio to bare parsing ({parsing:.2f} s) {parsing / spent.seconds:.3f}; "
                f"processor: storing {spent.storing:.1f} s, reading {spent.reading:.1f} s, parsing {used:.2f} s, "
                f"ratio of the busier {used / busier:.3f}; "
                f"peak memory {spent.megabytes:.0f} MB, of the reading process {spent.reader_megabytes:.0f} MB; "
                f"load {os.getloadavg()[0]:.1f}"
            )


if __name__ == "__main__":
    main()
