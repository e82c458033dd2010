"""Graders who work through the pages, each in a thread of its own, and keep a log of what they were told."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import start
from tests.storm.scene import DECIDED, Seat

FORM = re.compile(r'action="/grade/([0-9a-f]{32})/grade"')
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
KEY = re.compile(r'name="idempotency_key"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="idempotency_key"')
CLOSE = re.compile(r'name="idempotency_key" value="(close-[0-9a-f]+)"')
NOTHING = ("No case waits for you now", "No further case waits for you now")
PATIENCE_SECONDS = 120
ANSWERS = (
    {"verdict": "violates", "section": DECIDED, "action": "remove"},
    {"verdict": "violates", "section": DECIDED, "action": "remove"},
    {"verdict": "violates", "section": "conduct/insults", "action": "warn"},
    {"verdict": "no_violation"},
    {"verdict": "cannot_tell"},
)


@dataclass
class Log:
    """What one grader saw: grades that the server said it keeps, empty queues, statuses, how long each answer took."""

    kept: dict[str, tuple[str, str]] = field(default_factory=dict)
    empty: list[tuple[float, float]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"grade": [], "claim": [], "close": [], "look": []})
    retries: int = 0


class Grader(threading.Thread):
    """One grader, who goes on until nothing waits; an answer that does not come is asked for again."""

    def __init__(self, seat: Seat, port: int, seed: int, *, closes: float = 0.05) -> None:
        super().__init__(daemon=True)
        self.seat, self.port, self.cookie, self.closes = seat, port, seat.cookie, closes
        self.chance = random.Random(seed)
        self.log = Log()
        self.wrong: BaseException | None = None
        self.line: http.client.HTTPConnection | None = None
        self.stopping = threading.Event()

    def run(self) -> None:
        try:
            self._work()
        except (AssertionError, OSError, http.client.HTTPException) as error:
            self.wrong = error
        finally:
            self._hang_up()

    def _work(self) -> None:
        page = self.look("/grade")
        while not self.stopping.is_set():
            found = FORM.search(page)
            if found is None:
                began = time.time()
                self.send("claim", "/grade/claim", page, {})
                page = self._next(began)
                if FORM.search(page) is None and self.log.empty and self.log.empty[-1][0] == began:
                    break
                continue
            began = time.time()
            self._grade(found[1], page)
            page = self._next(began)
            if self.chance.random() < self.closes:
                self.close_batch()
        self.close_batch()

    def _next(self, began: float) -> str:
        answered = time.time()
        page = self.look("/grade")
        if any(words in page for words in NOTHING):
            self.log.empty.append((began, answered))
        assert "portion is done" not in page
        return page

    def _grade(self, task: str, page: str) -> None:
        key = KEY.search(page)
        assert key is not None
        note = f"{self.seat.actor.name}: {task}"
        answer = self.chance.choice(ANSWERS)
        sent = {**answer, "confidence": "high", "note": note, "idempotency_key": key[1] or key[2]}
        status = self.send("grade", f"/grade/{task}/grade", page, sent)
        if status == 302:
            self.log.kept[task] = (answer["verdict"], note)
        else:
            self.log.unasked.append(f"{task}: {status}")

    def close_batch(self) -> None:
        """Commit what is open, if anything is."""
        page = self.look("/grade/batch")
        key = CLOSE.search(page)
        if key is not None:
            status = self.send("close", "/grade/batch/close", page, {"idempotency_key": key[1]})
            assert status == 302, status

    def look(self, path: str) -> str:
        """A page."""
        status, body = self._ask("look", "GET", path, None)
        while 300 <= status < 400:
            status, body = self._ask("look", "GET", "/grade", None)
        assert status == 200, (path, status)
        return body

    def send(self, what: str, path: str, page: str, fields: dict[str, str]) -> int:
        """Send a form of *page*; the status."""
        token = TOKEN.search(page)
        assert token is not None
        return self._ask(what, "POST", path, urlencode({"csrf_token": token[1], **fields}))[0]

    def _ask(self, what: str, method: str, path: str, body: str | None) -> tuple[int, str]:
        """The answer; asked for again, word for word, until one comes that is not 503."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_SECONDS:
            try:
                status, text = self._once(method, path, body)
            except (OSError, http.client.HTTPException):
                self._hang_up()
                self.log.retries += 1
                time.sleep(self.chance.uniform(0.05, 0.2))
                continue
            self.log.statuses.append(status)
            if status != 503:
                self.log.seconds[what].append(time.monotonic() - began)
                return status, text
            time.sleep(self.chance.uniform(0.1, 0.5))
        raise AssertionError(f"no answer from {path} in {PATIENCE_SECONDS} seconds")

    def _once(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        if self.line is None:
            self.line = http.client.HTTPConnection(start.HOST, self.port, timeout=60)
        headers = {"Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        text = answer.read().decode()
        given = answer.headers.get("Set-Cookie")
        if given:
            self.cookie = given.split(";")[0]
        return answer.status, text

    def _hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None


def percentile(seconds: list[float], share: float) -> float:
    """The value that *share* of *seconds* stay under; 0 without any."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def told_apart(logs: list[Log]) -> str:
    """A line for each kind of request: how many, and the milliseconds that they took."""
    lines = []
    for what in ("grade", "claim", "close", "look"):
        all_of = [one for log in logs for one in log.seconds[what]]
        cut = [1000 * value for value in (percentile(all_of, 0.5), percentile(all_of, 0.99), max(all_of, default=0.0))]
        lines.append(f"{what:6} {len(all_of):6}  p50 {cut[0]:6.0f}  p99 {cut[1]:6.0f}  max {cut[2]:6.0f} ms")
    busy = sum(log.statuses.count(503) for log in logs)
    return "\n".join([*lines, f"{busy} requests were told that the database is busy, and asked again"])
