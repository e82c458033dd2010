"""Invented figures for the style page: every kind of chart once, with gaps, a long name and a small n."""

from __future__ import annotations

from markupsafe import Markup

from qa.core.charts.bars import bars
from qa.core.charts.funnel import Dot, Limit, funnel
from qa.core.charts.intervals import interval_plot
from qa.core.charts.lines import Point, Series, line_chart
from qa.core.charts.matrix import confusion_matrix
from qa.core.charts.rows import Row, too_few
from qa.core.charts.sparkline import sparkline
from qa.core.charts.stacked import Stack, stacked_share
from qa.core.charts.votes import Votes, dot_columns

PERSONS = [
    Row("R. Okafor", 0.91, 0.86, 0.96, 60),
    Row("M. Silva", 0.88, 0.83, 0.93, 58),
    Row("Anneliese Schwarzenberger-Oberhuber", 0.86, 0.80, 0.92, 61),
    Row("J. Moreau", 0.66, 0.58, 0.74, 59),
    Row("S. Iyer", 0.77, 0.70, 0.84, 60),
    Row("New colleague", 0.5, 0.1, 0.9, 4),
]
CLAUSES = [
    Row("Veiled threats", 0.41, 0.30, 0.54, 58, marked=True),
    Row("Coded slurs", 0.33, 0.23, 0.45, 71, marked=True),
    Row("Giveaway scams", 0.11, 0.06, 0.19, 88),
    Row("Repeated links", 0.04, 0.01, 0.09, 120),
]
WEEKS = [
    Point("31 Aug", 0.58, 0.51, 0.65, 240),
    Point("7 Sep", 0.60, 0.54, 0.66, 251),
    Point("14 Sep", 0.57, 0.50, 0.64, 233),
    Point("21 Sep", None),
    Point("28 Sep", 0.65, 0.60, 0.71, 260),
    Point("5 Oct", 0.69, 0.64, 0.74, 262),
    Point("12 Oct", 0.72, 0.66, 0.77, 258),
    Point("19 Oct", None, 0.66, 0.83, 97),
]
SECOND = [
    Point(one.label, value, value - 0.05, value + 0.05, 60)
    for one, value in zip(WEEKS, (0.86, 0.84, 0.85, 0.83, 0.84, 0.82, 0.81, 0.80), strict=True)
]


def charts() -> dict[str, Markup]:
    """The eight kinds, by name."""
    return {**_over_time(), **_in_rows(), **_of_cells()}


def _over_time() -> dict[str, Markup]:
    return {
        "line": line_chart(
            [Series("Alpha", WEEKS)],
            title="Agreement among graders by week",
            desc="Alpha rose from 0.58 to 0.72; the last week is in progress.",
            target=0.8,
            written=lambda value: f"{value:.2f}",
        ),
        "two lines": line_chart(
            [Series("English", SECOND), Series("Spanish", WEEKS)],
            title="Accuracy by language",
            desc="English fell slowly while Spanish rose.",
        ),
        "sparkline": sparkline(WEEKS, title="Alpha, eight weeks", desc="Rising."),
    }


def _in_rows() -> dict[str, Markup]:
    return {
        "intervals": interval_plot(
            PERSONS,
            title="Accuracy by agent",
            desc="One agent is under the 80% target.",
            order="person",
            target=0.8,
            minimum=10,
            width=460,
        ),
        "bars": bars(CLAUSES, title="Where we disagreed", desc="Veiled threats split most often."),
        "stacked": stacked_share(
            [
                Stack("Harassment", [80, 12, 8], 0.71, 0.87),
                Stack("Scams", [130, 4, 2], 0.91, 0.98),
                Stack("Other", [0, 0, 0]),
            ],
            ["Right", "Over-enforced", "Missed"],
            title="Results by policy",
            desc="Harassment has the most over-enforcement.",
        ),
    }


def _of_cells() -> dict[str, Markup]:
    return {
        "matrix": confusion_matrix(
            [[148, 19, 11, 6], [14, 62, 17, 2], [9, 12, 171, 0], [5, 3, 2, 38]],
            ["Remove", "Restrict", "Keep", "Escalate"],
            ["Remove", "Restrict", "Keep", "Escalate"],
            title="First decision against settled decision",
            desc="Restrict is most often taken for keep.",
            rows_are="First decision",
            columns_are="Settled decision",
            width=460,
        ),
        "funnel": funnel(
            [
                Dot("J. Moreau", 59, 0.79),
                Dot("R. Okafor", 60, 0.95),
                Dot("M. Silva", 31, 0.9),
                Dot("S. Iyer", 112, 0.94),
            ],
            [
                Limit(10, 0.74, 1.0),
                Limit(20, 0.81, 1.0),
                Limit(40, 0.85, 1.0),
                Limit(80, 0.88, 0.99),
                Limit(120, 0.89, 0.98),
            ],
            0.94,
            title="Agents against the whole team",
            desc="One agent of four is under the lower limit.",
        ),
        "votes": dot_columns(
            [Votes("Remove", 4, agreed=True), Votes("Restrict", 2), Votes("Keep", 1), Votes("Escalate", 0)],
            title="Votes on one case",
            desc="Four of seven voted to remove, which was agreed.",
            width=460,
        ),
    }


def left_out() -> str:
    """What the interval plot says in words instead."""
    return too_few(PERSONS, 10)
