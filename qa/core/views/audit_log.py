"""The audit log: looked through, verified, anchored, and taken along as a file."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from qa.core import admin_queries, asked, audit, audit_search, jobs, released
from qa.core.audit_search import Wanted
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page, writes

#: What the page calls that which it can be narrowed to.
LABELS = {"who": "Who", "verb": "Did", "kind": "To what", "ref": "Address", "since": "From", "until": "To"}

bp = Blueprint("audit_log", __name__, url_prefix="/admin")


@bp.get("/audit")
@needs("admin")
def show() -> Page:
    """The newest entries that are looked for, the head, and the last verification."""
    before, wanted = request.args.get("before", type=int), _wanted()
    verbs, kinds = audit_search.choices(g.person)
    return page(
        "core/audit.html",
        entries=audit_search.entries(g.person, wanted, before=before),
        size=audit_search.PAGE,
        head=audit.head(before=released.known_at(g.person)),
        verification=admin_queries.last_verification(),
        verifying=admin_queries.is_verifying(),
        wanted=wanted,
        view=_view(wanted),
        chips=_chips(_view(wanted)),
        verbs=verbs,
        kinds=kinds,
        kind_words=audit_search.kind_words,
        before=before,
    )


@bp.get("/audit.csv")
@needs("admin")
def download() -> Response:
    """The same entries as a file."""
    return csv_of("audit.csv", audit_search.HEADER, audit_search.file_rows(g.person, _wanted()))


@bp.post("/audit/verify")
@needs("admin")
@writes
def verify() -> Answer:
    """Walk the chain, in the background."""
    asked = jobs.enqueue(g.person, admin_queries.VERIFY, dedupe_key=admin_queries.VERIFY)
    flash("The chain is being verified." if asked else "The chain is being verified already.")
    return redirect(url_for("audit_log.show"))


@bp.post("/audit/anchor")
@needs("admin")
@writes
def anchor() -> Response:
    """Hand out the head, to be kept elsewhere, and remember that it was."""
    head = audit.keep_anchor("a download", before=released.known_at(g.person))
    audit.note(g.person, "anchored", "audit", head.seq)
    answer = Response(json.dumps({"seq": head.seq, "hash": head.hash}) + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-anchor-{head.seq}.json"'
    return answer


def _wanted() -> Wanted:
    given = {name: request.args.get(name, "").strip()[:200] for name in ("who", "verb", "kind", "ref")}
    return Wanted(**given, since=asked.day("since"), until=asked.day("until"))


def _chips(view: dict[str, str]) -> list[tuple[str, str]]:
    """What is on, in words, each with the address of the page without it."""
    without = {name: {key: value for key, value in view.items() if key != name} for name in view}
    return [
        (f"{LABELS[name]}: {_words(name, value)}", url_for("audit_log.show", **without[name]))
        for name, value in view.items()
    ]


def _words(name: str, value: str) -> str:
    """A value as the page says it; names and days stand as they were given."""
    if name == "kind":
        return audit_search.kind_words(value)
    return value.replace("_", " ") if name == "verb" else value


def _view(wanted: Wanted) -> dict[str, str]:
    """What keeps the view in an address."""
    held = {name: getattr(wanted, name) for name in LABELS}
    return {name: str(value) for name, value in held.items() if value}
