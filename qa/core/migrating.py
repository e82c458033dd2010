"""The database's migrations, through Flask-Migrate. Loaded by the commands alone: the web never migrates."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask_migrate import Migrate
from flask_migrate import upgrade as flask_upgrade

from qa.core.db import db
from qa.core.settings import ROOT

FOLDER = str(ROOT / "qa" / "core" / "migrations")


def group(app: Flask) -> click.Command:
    """`flask db`, with *app* made known to Flask-Migrate."""
    if "migrate" not in app.extensions:
        Migrate().init_app(app, db, directory=FOLDER, render_as_batch=True)
    return app.cli.commands["db"]


def upgrade() -> None:
    """Bring the present app's database up to date."""
    group(current_app._get_current_object())
    flask_upgrade(directory=FOLDER)
