"""The web door: who comes in, headers, errors, and the two decorators that every view stands under.

`@needs(...)` lets in and renders; `@writes` runs the view in a writing transaction: return commits, raise rolls back.
A view answers with a `Page` or a response; a page is rendered after the transaction has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from qa.core import db as database
from qa.core import formats, openings, registries
from qa.core.access import Actor, actor
from qa.core.accounts import logins
from qa.core.errors import NotFound, ProductError, TooMany
from qa.core.navigation import navigation

csrf = CSRFProtect()

#: What a view may be opened to besides roles.
PUBLIC, SIGNED_IN = "public", "signed_in"

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be rendered once the transaction has ended."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    status: int = 200


def opens(person_id: int, what: str) -> None:
    """Say in a view that the page opens something about a person; it is kept before the page goes out.

    One of the few things that a GET stores, in a transaction of its own: nobody sees the page without its line.
    """
    g.setdefault("opens", []).append((person_id, what))


def page(template: str, status: int = 200, **context: Any) -> Page:
    """A `Page` of *template* with *context*; a status from 400 on makes `@writes` roll back."""
    return Page(template, context, status)


def needs(*roles: str) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Let in whoever holds one of *roles* (or PUBLIC, or SIGNED_IN), and render what the view answers.

    Who is not signed in is led to the sign-in page; who lacks the role gets the same answer as for a page that is not
    there, so that an address tells nothing.
    """
    if not roles:
        raise TypeError("needs() names at least one role")

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Response:
            if PUBLIC not in roles:
                if g.person is None:
                    target = request.full_path.rstrip("?") if request.method == "GET" else None
                    return redirect(url_for("account.sign_in", next=target))
                if SIGNED_IN not in roles and not g.person.has(*roles):
                    raise NotFound("page")
            return _answer(view(*args, **kwargs))

        setattr(guarded, "needed_roles", frozenset(roles))
        return guarded

    return decorate


def writes(view: Callable[..., Any]) -> Callable[..., Any]:
    """Run *view* in one writing transaction, from its start again when the database asks for that."""

    @wraps(view)
    def writing(*args: Any, **kwargs: Any) -> Any:
        person_id = g.person.id if g.person else None

        def deed() -> Any:
            if person_id is not None:
                g.person = actor(person_id)
                if g.person is None:
                    raise NotFound("page")
            answer = view(*args, **kwargs)
            if isinstance(answer, Page) and answer.status >= 400:
                raise _RolledBack(answer)
            return answer

        try:
            return database.write(deed)
        except _RolledBack as refused:
            return refused.page

    setattr(writing, "is_writing_view", True)
    return writing


class _RolledBack(Exception):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page


def _answer(answer: Any) -> Response:
    if isinstance(answer, Page):
        return make_response(render_template(answer.template, **answer.context), answer.status)
    return make_response(answer)


def init_app(app: Flask) -> None:
    """Put the web door into *app*."""
    app.before_request(_cap_form)
    csrf.init_app(app)
    app.before_request(_who_comes)
    app.after_request(_seen)
    app.after_request(_keep_openings)
    app.after_request(_headers)
    app.context_processor(_context)
    for name, filter_ in formats.FILTERS.items():
        app.add_template_filter(filter_, name)
    app.register_error_handler(ProductError, _product_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _crash)


def _cap_form() -> None:
    """Only an upload may be large: any other form is read into memory whole, before anybody is asked who they are."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _who_comes() -> None:
    """Find out who comes, by the token's row: a session that ended on the server has ended."""
    g.person = g.sitting = None
    token = session.get("token")
    if token:
        g.sitting = logins.sitting(token)
        g.person = g.sitting and g.sitting.person
        if g.person is None:
            session.clear()


def _seen(response: Response) -> Response:
    """Move last-seen, outside the request's own transaction: one of the few rows that a GET may write."""
    token = session.get("token")
    if g.get("person") is not None and token and g.sitting.is_stale:
        database.write(lambda: logins.touch(token))
    return response


def _keep_openings(response: Response) -> Response:
    """Keep whose pages were opened, unless nothing was shown."""
    opened: list[tuple[int, str]] = g.pop("opens", [])
    if response.status_code == 200:
        for person_id, what in opened:
            database.write(lambda person_id=person_id, what=what: openings.keep(g.person, person_id, what))
    return response


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Cookie"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return response


def _context() -> dict[str, Any]:
    person: Actor | None = g.get("person")
    return {
        "person": person,
        "nav": navigation(person, request.path) if person else None,
        "freshness": registries.freshness() if person else None,
    }


def _product_error(error: ProductError) -> Response:
    answer = _error_page(error.status, error.message)
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _csrf_error(_error: CSRFError) -> Response:
    return _error_page(
        400, "This form has expired or did not come from this site. Go back, reload the page and try again."
    )


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    said = {
        404: str(NotFound("page").message),
        405: "This address does not take that.",
        413: "That is too large.",
    }
    answer = _error_page(status, said.get(status, "That did not work."))
    if status == 405 and error.get_response().headers.get("Allow"):
        answer.headers["Allow"] = error.get_response().headers["Allow"]
    return answer


def _crash(_error: Exception) -> Response:
    """Whatever broke may have broken the database's connection too: this page asks it for nothing."""
    database.db.session.remove()
    g.person = None
    return _error_page(500, "Something broke on our side. Nothing was stored; please try again.")


def _error_page(status: int, message: str) -> Response:
    # The bar stands as on no page at all: what is not there must not look as if it stood beside something.
    bar = navigation(g.person, "") if g.get("person") else None
    answer = make_response(render_template("core/error.html", status=status, message=message, nav=bar), status)
    if status == 503:
        answer.headers["Retry-After"] = "2"
    return answer
