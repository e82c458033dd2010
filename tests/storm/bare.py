"""The least that a handler can do which keeps something: one row inserted, one commit. What a grade is measured by."""

from __future__ import annotations

import os
import sqlite3
import threading

import psycopg
from flask import Flask, request

_here = threading.local()
_INSERT = "INSERT INTO bare (person, body) VALUES ({0}, {0})"


def create_app() -> Flask:
    """An app of one address, on the database that BARE_DATABASE names: a file, or what psycopg connects to."""
    app = Flask(__name__)
    target = os.environ["BARE_DATABASE"]
    app.add_url_rule(
        "/insert", view_func=_postgresql(target) if "dbname=" in target else _sqlite(target), methods=["POST"]
    )
    app.add_url_rule("/healthz", view_func=lambda: "well", endpoint="healthz")
    return app


def _sqlite(path: str):
    def insert() -> tuple[str, int]:
        if not hasattr(_here, "line"):
            _here.line = sqlite3.connect(path, timeout=30, isolation_level=None)
            _here.line.execute("PRAGMA journal_mode=WAL")
            _here.line.execute("PRAGMA synchronous=FULL")
        _here.line.execute("BEGIN IMMEDIATE")
        _here.line.execute(_INSERT.format("?"), (request.form["person"], request.form["body"]))
        _here.line.execute("COMMIT")
        return "", 204

    return insert


def _postgresql(target: str):
    def insert() -> tuple[str, int]:
        if not hasattr(_here, "line"):
            _here.line = psycopg.connect(target)
        with _here.line.transaction():
            _here.line.execute(_INSERT.format("%s"), (request.form["person"], request.form["body"]))
        return "", 204

    return insert


TABLE = "CREATE TABLE IF NOT EXISTS bare (person TEXT NOT NULL, body TEXT NOT NULL)"
