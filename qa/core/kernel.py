"""The bare app: settings, database, web door, jobs, the kernel's commands. Rooms are added by `wsgi.py`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from qa.core import audit, db, web
from qa.core.compiled import CompiledTemplates
from qa.core.later import Commands, Route
from qa.core.registries import Registries
from qa.core.settings import ROOT, Settings


def make_app(settings: Settings) -> Flask:
    """An app that stands on *settings* and knows no room yet."""
    app = Flask("second_look", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        WRITE_LOCK_PATH=_lock_path(settings),
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="__Host-second_look" if settings.https else "second_look",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        WTF_CSRF_SSL_STRICT=True,
    )
    app.url_rule_class = Route
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = CompiledTemplates(settings.instance / "templates")
    app.extensions.update(
        registries=Registries(),
        job_kinds={},
        setup_steps=[],
        before_commit=[audit.chain_notes],
        wake_worker=lambda *asked: import_module("qa.core.worker").wake(app, *asked),
    )
    db.db.init_app(app)
    with app.app_context():
        db.configure(db.db.engine)
    web.init_app(app)
    app.cli = _commands(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count))
    return app


def _commands(app: Flask) -> Commands:
    """The kernel's own commands, each loaded when it is wanted."""
    commands = Commands(app.name)
    commands.later("setup", lambda: import_module("qa.core.cli").setup)
    commands.later("audit", lambda: import_module("qa.core.cli").audit_group)
    commands.later("jobs", lambda: import_module("qa.core.cli").jobs_group)
    for name in ("backup", "restore", "doctor", "data"):
        commands.later(name, lambda name=name: import_module("qa.core.upkeep.cli").COMMANDS[name])
    commands.later("db", lambda: import_module("qa.core.migrating").group(app))
    return commands


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.is_sqlite:
        return {"connect_args": {"check_same_thread": False, "timeout": 5}}
    # Days are counted in UTC here, whatever zone a server was set up in.
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "connect_args": {"options": "-c TimeZone=UTC"}}


def _lock_path(settings: Settings) -> str | None:
    """The file whose kernel lock lets one writer in at a time; it stands beside the database file."""
    if not settings.is_sqlite:
        return None
    name = make_url(settings.database_url).database
    return str(Path(name).resolve()) + ".lock" if name else str(settings.instance / "memory.lock")
