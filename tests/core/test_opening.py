"""What the kernel answers while the rooms are being loaded is what the whole product answers; all else waits for it."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from qa.core.opening import NEVER_STARTS, Opening, kernel_app
from qa.core.settings import ROOT

#: What a first visit reads, with what may be missing and what else may be asked there.
FIRST_VISIT = (
    "/", "/?page=2", "/sign-in", "/sign-in?next=/grade", "/sign-in?next=//elsewhere.example", "/healthz",
    "/static/app.css", "/static/app.js", "/static/no-such.css", "/static/../wsgi.py",
)  # fmt: skip
PATIENCE_SECONDS = 60


def shown(answer: TestResponse) -> tuple[object, ...]:
    """Status, headers and body, with a word for each token, which is another one in each answer."""
    token = re.compile(rb'(name="csrf_token"[^>]*value=|name="csrf-token" content=)"[^"]+"')
    headers = {name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Date")}
    cookies = [re.sub("=[^;]*", "=token", cookie, count=1) for cookie in answer.headers.getlist("Set-Cookie")]
    return answer.status, headers, cookies, token.sub(rb'\1"token"', answer.data)


@pytest.mark.parametrize("has_been_here", [False, True], ids=["a first visit", "a second visit"])
def test_the_kernel_answers_a_first_visit_as_the_whole_product_does(sqlite_app: Flask, has_been_here: bool):
    opening = Opening(kernel_app(sqlite_app.config["SETTINGS"]), lambda: threading.Event().wait())
    early, whole = Client(opening), sqlite_app.test_client()
    if has_been_here:
        early.get("/sign-in")
        whole.get("/sign-in")

    answers = {
        (path, method): [client.open(path, method=method, buffered=True) for client in (early, whole)]
        for path in FIRST_VISIT
        for method in ("GET", "HEAD")
    }

    assert {asked for asked, (one, other) in answers.items() if shown(one) != shown(other)} == set()
    assert answers["/sign-in", "GET"][0].status_code == 200
    assert b"csrf_token" in answers["/sign-in", "GET"][0].data
    assert opening._whole is None


@pytest.mark.parametrize(
    ("path", "method", "signed_in"),
    [
        ("/grade", "GET", False),
        ("/no/such/page", "GET", False),
        ("/readyz", "GET", False),
        ("/sign-in", "POST", False),
        ("/sign-in", "GET", True),
        ("/", "GET", True),
        ("/static/app.css", "GET", True),
    ],
)
def test_whatever_else_is_asked_waits_for_the_rooms_and_succeeds(sqlite_app: Flask, path, method, signed_in):
    loaded, asked = threading.Event(), threading.Event()

    def load() -> Flask:
        asked.set()
        assert loaded.wait(PATIENCE_SECONDS)
        return sqlite_app

    visitor, there = Client(Opening(kernel_app(sqlite_app.config["SETTINGS"]), load)), sqlite_app.test_client()
    if signed_in:
        with there.session_transaction() as visit:
            visit["token"] = "of a sitting that was"
        visitor.set_cookie("second_look", there.get_cookie("second_look").value)

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(visitor.open, path, method=method, buffered=True)
        assert asked.wait(PATIENCE_SECONDS)
        was_done = waiting.done()
        loaded.set()
        answer = waiting.result(PATIENCE_SECONDS)

    assert not was_done
    assert shown(answer) == shown(there.open(path, method=method, buffered=True))


def test_it_is_loaded_once_however_many_ask(sqlite_app: Flask):
    loads, loaded = [], threading.Event()

    def load() -> Flask:
        loads.append(threading.current_thread().name)
        assert loaded.wait(PATIENCE_SECONDS)
        return sqlite_app

    opening = Opening(kernel_app(sqlite_app.config["SETTINGS"]), load)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(Client(opening).get, "/readyz") for _ in range(8)]
        loaded.set()
        answers = [one.result(PATIENCE_SECONDS).status_code for one in waiting]

    assert loads == ["loading"]
    assert set(answers) == {200}


def test_a_fault_while_loading_is_told_and_ends_the_process(tmp_path):
    words = "from qa.core import opening; door = opening.door('no_such_room:app'); door.begin(); door._arrived.wait()"

    ended = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )

    assert ended.returncode == NEVER_STARTS
    assert "no_such_room" in ended.stderr


def test_the_door_loads_no_room():
    words = "import sys, qa.core.opening; print(sorted({name.partition('.')[0] for name in sys.modules}))"

    said = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)

    assert not {"wsgi", "calibration", "training", "numpy", "alembic"} & set(said.stdout.strip("[]\n'").split("', '"))
