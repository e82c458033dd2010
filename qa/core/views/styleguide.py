"""The style page: every component once, with invented content. Served in development only."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for

from qa.core.charts.rows import ordered
from qa.core.navigation import Navigation, Stop
from qa.core.samples import figures, forms, grading
from qa.core.web import PUBLIC, Page, needs, page

bp = Blueprint("styleguide", __name__, url_prefix="/styleguide")

PLACES = Navigation(
    bar=(Stop("Queue", "#main", "q", False), Stop("Measures", "#main", "c", True)),
    beside=(Stop("Calibration", "#main", "c", True), Stop("Accuracy", "#main", "a", False)),
)


@bp.get("")
@needs(PUBLIC)
def show() -> Page:
    """Every component; with ?errors a form that was refused."""
    form = forms.SampleForm(meta={"csrf": False}) if "errors" in request.args else forms.SampleForm()
    if "errors" in request.args:
        form.validate()
    return page(
        "core/styleguide.html",
        form=form,
        grade=grading.GradeSample(),
        charts=figures.charts(),
        left_out=figures.left_out(),
        persons=ordered(figures.PERSONS, "person", 0.8),
        section=grading.case().policy_sections[0],
        nav=PLACES,
        freshness="Invented content, up to 14 Nov 2026, 03:00 UTC",
    )


@bp.get("/grading")
@needs(PUBLIC)
def grading_page() -> Page:
    """The grading page with an invented case."""
    return _grading(grading.GradeSample(), 200)


@bp.post("/grading")
@needs(PUBLIC)
def grade() -> object:
    """Take a grade of the invented case, and store nothing."""
    form = grading.GradeSample()
    if not form.validate():
        return _grading(form, 422)
    flash("Saved. You can take it back until the batch closes.", "ok")
    return redirect(url_for("styleguide.grading_page"))


def _grading(form: grading.GradeSample, status: int) -> Page:
    here = url_for("styleguide.grading_page")
    return page(
        "qa/grade.html",
        status,
        case=grading.case(),
        form=form,
        position=37,
        of=120,
        pace=21,
        can_undo=True,
        skip_reasons=grading.SKIP_REASONS,
        grade_url=here,
        skip_url=here,
        take_back_url=here,
        flag_url=here,
        danger_url=here,
        hand_back_url=here,
    )
