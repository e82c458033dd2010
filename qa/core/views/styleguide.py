"""The style page: every component once, with invented content. Served in development only."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for

from qa.core import samples
from qa.core.web import PUBLIC, Page, needs, page

bp = Blueprint("styleguide", __name__, url_prefix="/styleguide")


@bp.get("")
@needs(PUBLIC)
def show() -> Page:
    """Every component; with ?errors a form that was refused, with ?theme one of the two themes."""
    form = samples.SampleForm(meta={"csrf": False}) if "errors" in request.args else samples.SampleForm()
    if "errors" in request.args:
        form.validate()
    return page(
        "core/styleguide.html",
        form=form,
        grade=samples.GradeSample(),
        charts=samples.charts(),
        left_out=samples.left_out(),
        persons=samples.PERSONS,
        clauses=samples.CLAUSES,
        section=samples.case().policy_sections[0],
        demo_nav=[("Queue", "#", "q", True), ("Calibration", "#", "c", False), ("Accuracy", "#", "a", False)],
    )


@bp.get("/grading")
@needs(PUBLIC)
def grading() -> Page:
    """The grading page with an invented case."""
    return _grading(samples.GradeSample(), 200)


@bp.post("/grading")
@needs(PUBLIC)
def grade() -> object:
    """Take a grade of the invented case, and store nothing."""
    form = samples.GradeSample()
    if not form.validate():
        return _grading(form, 422)
    flash("Saved. You can take it back until the batch closes.", "ok")
    return redirect(url_for("styleguide.grading"))


def _grading(form: samples.GradeSample, status: int) -> Page:
    here = url_for("styleguide.grading")
    return page(
        "qa/grade.html",
        status,
        case=samples.case(),
        form=form,
        position=37,
        of=120,
        pace=21,
        can_undo=True,
        skip_reasons=samples.SKIP_REASONS,
        grade_url=here,
        skip_url=here,
        take_back_url=here,
    )
