"""What the kernel's own addresses are called on the page of who can see what."""

from __future__ import annotations

from qa.core.models import ROLES
from qa.core.rights import rights

_OWN = dict.fromkeys(ROLES, "own")
_LEADS = {"manager": "led"}

RIGHTS = [
    *rights("Everybody's own", [
        ("Start page, own account, notices, who opened the own pages", "GET /, GET /account", _OWN),
        ("Help: words, first steps, methods, this page", "GET /help", {}),
        ("Change the own account, read notices, sign out", "POST /account, POST /notices, POST /sign-out", _OWN),
        ("Search: nothing is found that may not be opened", "GET /search", _OWN),
        ("Days off: the own ones; those of the people led", "GET /days-off",
         {**_OWN, "manager": "led", "admin": "all"}),
        ("Ask for leave, take it back", "POST /days-off, POST /days-off/<request_id>/withdraw", _OWN),
        ("Enter and grant leave of others", "POST /days-off/people, POST /days-off/<request_id>/decide", _LEADS),
    ]),
    *rights("Administration", [
        ("People with roles, teams and links", "GET /people", {}),
        ("Change people, make links, end tokens", "POST /people", {}),
        ("Settings, background jobs, audit log, chat channel, what is kept", "GET /admin", {}),
        ("Change settings, start and end jobs, verify the log, erase", "POST /admin", {}),
    ]),
]  # fmt: skip
