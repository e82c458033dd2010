"""Pages for policies: what is in force, each version as people read it, and a new version."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa import policies, policy_queries
from qa.core import account_forms, registries
from qa.core.errors import BadInput, NotFound
from qa.core.web import SIGNED_IN, Page, needs, page, writes
from qa.forms.policies import PolicyForm
from qa.policy_queries import VersionRow

bp = Blueprint("policies", __name__, url_prefix="/policies")
OWNERS = ("policy_owner", "admin")


@bp.get("")
@needs(SIGNED_IN)
def listed() -> Page:
    """Every policy with the version that is in force."""
    return page("qa/policies.html", policies=policy_queries.overview())


@bp.get("/new")
@needs(*OWNERS)
def new() -> Page:
    """The form for a new version."""
    return page("qa/policy_import.html", form=PolicyForm(formdata=None, slug=request.args.get("slug", "")[:200]))


@bp.post("")
@needs(*OWNERS)
@writes
def publish() -> Page | Response:
    """Take in a version."""
    form = PolicyForm()
    if not form.validate():
        return page("qa/policy_import.html", 422, form=form)
    file = request.files.get("file")
    name = (file.filename or "") if file is not None else ""
    try:
        text = policies.decoded(file.stream.read(), name) if file is not None and name else form.text.data or ""
        done = policies.import_text(
            g.person, text, name=policies.stem(name), file=name or "the text", slug=form.slug.data or None,
            effective=form.effective.data,
        )  # fmt: skip
    except BadInput as error:
        account_forms.show(form, error)
        return page("qa/policy_import.html", 422, form=form)
    flash("This text is there already; nothing changed." if done.what == "unchanged" else "The version is published.")
    return redirect(url_for("policies.show_version", slug=done.slug, number=done.version))


@bp.get("/<slug>")
@needs(SIGNED_IN)
def show(slug: str) -> Page:
    """The version that is in force today."""
    return _shown(policy_queries.present_version(slug))


@bp.get("/<slug>/<number>")
@needs(SIGNED_IN)
def show_version(slug: str, number: str) -> Page:
    """One version."""
    return _shown(policy_queries.version(slug, number))


def _shown(version: VersionRow | None) -> Page:
    if version is None:
        raise NotFound("policy")
    sections = policy_queries.sections_of(version.id)
    return page(
        "qa/policy.html",
        version=version,
        sections=sections,
        versions=policy_queries.version_list(version.policy_slug),
        uses=registries.touching(g.person, [row.key for row in sections]),
    )
