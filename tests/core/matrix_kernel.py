"""Who may do what on the kernel's own pages: the door, everybody's own, administration."""

from __future__ import annotations

from tests.core.matrix_row import row

ROWS = [
    # the door
    row("GET /sign-in", "public", answers={200, 302}),
    row("POST /sign-in", "public"),
    row("GET /reset/<token>", "public", ids="links"),
    row("POST /reset/<token>", "public", ids="links"),
    row("GET /healthz", "public"),
    row("GET /readyz", "public"),
    row("POST /sign-out", "signed_in"),
    # everybody's own
    row("GET /", "signed_in"),
    row("GET /account", "signed_in"),
    row("GET /help", "signed_in"),
    row("GET /search", "signed_in"),
    row("GET /days-off", "signed_in"),
    row("POST /days-off", "signed_in"),
    row("POST /days-off/people", "manager admin"),
    row("POST /days-off/<request_id>/decide", "manager admin", ids="leave_to_decide", sends={"grant": "yes"}),
    row("POST /days-off/<request_id>/withdraw", "signed_in", ids="own_leave"),
    row("POST /account/look", "signed_in", sends={"keys_on": "y"}),
    row("POST /account/password", "signed_in"),
    row("POST /notices/read", "signed_in"),
    row("GET /account/notices", "signed_in"),
    row("POST /account/notices", "signed_in"),
    # administration
    row("GET /people", "admin"),
    row("GET /people/new", "admin"),
    row("POST /people", "admin"),
    row("GET /people/import", "admin"),
    row("POST /people/import", "admin"),
    row("GET /people/<public_id>", "admin", ids="people"),
    row("POST /people/<public_id>", "admin", ids="people"),
    row("POST /people/<public_id>/active", "admin", ids="people"),
    row("POST /people/<public_id>/teams", "admin", ids="people"),
    row("POST /people/<public_id>/portion", "admin", ids="people"),
    row("POST /people/<public_id>/link", "admin", ids="people"),
    row("POST /people/<public_id>/tokens/<token_id>/revoke", "admin", ids="tokens"),
    row("GET /admin", "admin"),
    row("GET /admin/jobs", "admin"),
    row("POST /admin/jobs/<public_id>/cancel", "admin", ids="jobs"),
    row("POST /admin/jobs/<public_id>/retry", "admin", ids="jobs"),
    row("GET /admin/audit", "admin"),
    row("GET /admin/audit.csv", "admin"),
    row("POST /admin/audit/anchor", "admin", answers={200}),
    row("POST /admin/audit/verify", "admin"),
    row("GET /admin/settings", "admin"),
    row("GET /admin/settings/<key>", "admin", ids="settings"),
    row("POST /admin/settings/<key>", "admin", ids="settings"),
    row("GET /admin/channel", "admin"),
    row("POST /admin/channel", "admin"),
    row("POST /admin/channel/try", "admin"),
    row("POST /admin/channel/remove", "admin"),
]
