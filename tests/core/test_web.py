"""The web door: headers everywhere, errors that tell nothing, transactions that end where they should."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import Blueprint, Flask
from sqlalchemy import func, select

from qa.core import clock
from qa.core.db import db
from qa.core.errors import Busy, Refused
from qa.core.models import Setting
from qa.core.web import PUBLIC, SIGNED_IN, Page, needs, page, writes
from tests import factories
from tests.factories import Browser, browser, person

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def set_one(key: str) -> None:
    db.session.add(Setting(key=key, value=1, valid_from=clock.now()))
    db.session.flush()


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(Setting)) or 0


@pytest.fixture
def tried(make_app: Callable[..., Flask], databases: object) -> Flask:
    """The app with some views that only tests have."""
    app = make_app()
    bp = Blueprint("tried", __name__, url_prefix="/tried")

    @bp.get("/crash")
    @needs(PUBLIC)
    def crash() -> str:
        raise ZeroDivisionError("a secret in the trace")

    @bp.get("/busy")
    @needs(PUBLIC)
    def busy() -> str:
        raise Busy("Too busy just now.")

    @bp.get("/writes")
    @needs(PUBLIC)
    def write_in_a_look() -> str:
        set_one("look")
        return "stored"

    @bp.post("/refuse")
    @needs(PUBLIC)
    @writes
    def refuse() -> str:
        set_one("refused")
        raise Refused("Not now.")

    @bp.post("/invalid")
    @needs(PUBLIC)
    @writes
    def invalid() -> Page:
        set_one("invalid")
        return page("core/error.html", 422, message="no")

    @bp.post("/done")
    @needs(SIGNED_IN)
    @writes
    def done() -> str:
        set_one("done")
        return "stored"

    app.register_blueprint(bp)
    return app


@pytest.fixture
def client(tried: Flask) -> Browser:
    with tried.app_context():
        yield browser(tried, person("agent"))
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    "url", ["/", "/sign-in", "/no/such/page", "/tried/crash", "/tried/busy", "/static/app.css", "/healthz", "/people"]
)
def test_the_headers_stand_on_every_answer(client: Browser, url: str) -> None:
    answer = client.get(url, buffered=True)

    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert "charset=utf-8" in answer.headers["Content-Type"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    if not url.startswith("/static"):
        assert answer.headers["Cache-Control"] == "no-store" and "Cookie" in answer.headers["Vary"]


def test_a_crash_tells_nothing_of_itself(client: Browser, caplog: pytest.LogCaptureFixture) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False

    with caplog.at_level(logging.ERROR):
        answer = client.get("/tried/crash")

    assert answer.status_code == 500 and "Something broke" in answer.text
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert "a secret in the trace" in caplog.text


def test_who_is_busy_says_when_to_come_back(client: Browser) -> None:
    answer = client.get("/tried/busy")

    assert answer.status_code == 503 and answer.headers["Retry-After"] == "2"


def test_a_look_cannot_write(client: Browser) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False

    assert client.get("/tried/writes").status_code == 500
    assert kept() == 0


@pytest.mark.parametrize(("url", "status"), [("/tried/refuse", 409), ("/tried/invalid", 422)])
def test_what_was_refused_is_rolled_back(client: Browser, url: str, status: int) -> None:
    assert client.send(url).status_code == status
    assert kept() == 0


def test_what_was_answered_is_stored(client: Browser) -> None:
    assert client.send("/tried/done").text == "stored"
    assert kept() == 1


def test_who_comes_to_a_deed_without_a_sitting_is_not_sent_back_to_it(client: Browser) -> None:
    answer = browser(client.application).send("/tried/done")

    assert answer.status_code == 302 and answer.location == "/sign-in"


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: Browser) -> None:
    cookie = browser(client.application).get("/sign-in").headers["Set-Cookie"]

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and cookie.startswith("second_look=")


def test_behind_https_the_cookie_is_bound_to_the_host_and_the_browser_told_to_stay(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(https=True)

    answer = app.test_client().get("/sign-in", base_url="https://desk.example.org")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-second_look=") and "Secure" in cookie and "Path=/" in cookie
    assert int(answer.headers["Strict-Transport-Security"].split("=")[1].split(";")[0]) >= 365 * 86400


def test_forwarded_headers_count_only_from_a_proxy_of_ours(make_app: Callable[..., Flask]) -> None:
    sent = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}

    alone = make_app().test_client().get("/sign-in", headers=sent)
    proxied = make_app(trusted_proxies=1).test_client().get("/sign-in", headers=sent)

    assert "Strict-Transport-Security" not in alone.headers and "evil.example" not in alone.text
    assert "Strict-Transport-Security" in proxied.headers


def test_the_style_page_is_there_in_development_only(make_app: Callable[..., Flask]) -> None:
    assert make_app(environment="production").test_client().get("/styleguide").status_code == 404


def test_a_very_large_form_is_refused(client: Browser) -> None:
    answer = client.post("/sign-in", data={"email": "x" * 5_000_000})

    assert answer.status_code == 413


@pytest.mark.parametrize("url", ["/static/../wsgi.py", "/static/%2e%2e/wsgi.py", "/static..%2fwsgi.py"])
def test_files_outside_the_static_folder_are_not_served(client: Browser, url: str) -> None:
    assert client.get(url).status_code == 404


def test_a_page_is_never_shown_to_the_next_who_comes(client: Browser) -> None:
    other = browser(client.application, factories.person("agent", name="Somebody Else"))

    assert "Somebody Else" in other.get("/").text and "Somebody Else" not in client.get("/").text
