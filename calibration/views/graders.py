"""Graders among themselves, one by one: for those who lead the desk, and one's own for each grader."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, url_for

from calibration.gold import results as gold_results
from calibration.graders import page as grader_page
from calibration.graders.lines import Part
from calibration.graders.page import FILTERS, GraderPage, Line
from calibration.periods import Period
from calibration.views.asked import LEVELS, asked_period, link_of
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page

bp = Blueprint("graders", __name__)
_LEADS = ("manager", "observer", "admin")
_PARTS = ("agreement", "settled", "raw", "passed")
_FIGURE = ("share", "low", "high", "n")
NAMES = {"workflow": "Workflow", "policy": "Policy", "locale": "Language"}


@bp.get("/graders")
@needs(*_LEADS)
def show() -> Page:
    """Every grader's figures and marks."""
    asked = _asked()
    seen = grader_page.graders(g.person, asked)
    return page(
        "calibration/graders.html",
        seen=seen,
        chips=_chips(seen),
        opens=g.person.has("manager", "admin"),
        **_shown(asked),
    )


@bp.get("/graders.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same figures as a table."""
    seen = grader_page.graders(g.person, _asked())
    header = ["grader", "looks", *(f"{part}_{name}" for part in _PARTS for name in _FIGURE)]
    header += ["ruled_right", "ruled_n", "leaning", "leaning_low", "leaning_high", "rushed", "off_calibration"]
    return csv_of("graders.csv", header, (_cells(line) for line in seen.lines))


@bp.get("/graders/me")
@needs("reviewer")
def mine() -> Page:
    """The own figures and nobody else's."""
    asked = _asked()
    seen = grader_page.own(g.person, asked)
    line, known = seen.lines[0] if seen.lines else None, gold_results.own(g.person)
    return page("calibration/grader.html", seen=seen, line=line, known=known, **_shown(asked))


def _asked() -> Period:
    """What the address asks for, without filters that are not of this page."""
    asked = asked_period()
    only = {name: value for name, value in asked.only.items() if name in FILTERS}
    return Period(asked.match, asked.since, asked.until, only)


def _shown(asked: Period) -> dict[str, Any]:
    return {"link": link_of(asked), "levels": LEVELS, "filters": NAMES}


def _chips(seen: GraderPage) -> list[tuple[str, str]]:
    """What the page is narrowed to, each with the address without it."""
    link, found = link_of(seen.period), []
    for name, value in seen.period.only.items():
        without = {key: kept for key, kept in link.items() if key != name}
        found.append((dict(seen.choices[name]).get(value, value), url_for("graders.show", **without)))
    return found


def _cells(line: Line) -> list[object]:
    figures = line.figures
    found: list[object] = [line.grader.name, figures.looks]
    for name in _PARTS:
        found += _figure(getattr(figures, name))
    lean = figures.leaning
    found += [figures.ruled.right, figures.ruled.n, *((lean.value, lean.low, lean.high) if lean else (None,) * 3)]
    return [*found, "yes" if figures.rushed else "no", "; ".join(line.off)]


def _figure(part: Part) -> tuple[object, ...]:
    """A share with its interval; nothing but n where a page may not show it."""
    return (part.share, *part.limits, part.n) if part.is_enough else (None, None, None, part.n)
