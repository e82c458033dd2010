"""The product with one more handler, which inserts a row and does nothing else: what being let in and writing cost."""

from __future__ import annotations

from flask import Flask, request
from sqlalchemy import text

from qa.core.db import ask
from qa.core.web import needs, writes
from wsgi import create_app as create_product

_KEEP = text("INSERT INTO bare (person, body) VALUES (:person, :body)")


def create_app() -> Flask:
    """The product, and at /insert the bare handler behind the product's own door."""
    app = create_product()
    app.add_url_rule("/insert", view_func=insert, endpoint="bare", methods=["POST"])
    return app


@needs("reviewer")
@writes
def insert() -> tuple[str, int]:
    """Keep one row: the sitting, the forgery token, the person as of now and the lock are the product's."""
    ask(_KEEP, {"person": request.form["person"], "body": request.form["body"]})
    return "", 204
