"""What holds for each of the eight kinds."""

from __future__ import annotations

import re

import pytest

from qa.core.charts import svg
from qa.core.charts.bars import bars
from qa.core.charts.funnel import Dot, Limit, funnel
from qa.core.charts.intervals import interval_plot
from qa.core.charts.lines import Point, Series, line_chart
from qa.core.charts.matrix import confusion_matrix
from qa.core.charts.rows import Row
from qa.core.charts.sparkline import sparkline
from qa.core.charts.stacked import Stack, stacked_share
from qa.core.charts.votes import Votes, dot_columns
from qa.core.settings import ROOT
from tests.core.charts.drawn import Drawn

EVIL = '"><script>alert(1)</script>&'
ROWS = [Row(EVIL, 0.8, 0.7, 0.9, 50), Row("Plain", 0.6, 0.5, 0.7, 50)]
POINTS = [Point(EVIL, 0.5, 0.4, 0.6, 9), Point("b", 0.6, 0.5, 0.7, 9)]


def each(title: str) -> dict[str, str]:
    """One of each kind, with *title* and hostile names."""
    said = {"title": title, "desc": EVIL}
    return {
        "line": line_chart([Series(EVIL, POINTS)], target=0.8, **said),
        "intervals": interval_plot(ROWS, order="given", target=0.8, **said),
        "bars": bars(ROWS, **said),
        "matrix": confusion_matrix([[1]], [EVIL], [EVIL], rows_are=EVIL, columns_are=EVIL, **said),
        "stacked": stacked_share([Stack(EVIL, [3, 1])], [EVIL, "b"], **said),
        "sparkline": sparkline(POINTS, **said),
        "funnel": funnel([Dot(EVIL, 5, 0.1)], [Limit(1, 0.5, 1), Limit(9, 0.6, 1)], 0.9, centre_words=EVIL, **said),
        "votes": dot_columns([Votes(EVIL, 1, [EVIL])], **said),
    }


KINDS = sorted(each("t"))


@pytest.mark.parametrize("kind", KINDS)
def test_text_from_outside_is_escaped(kind):
    chart = each(EVIL)[kind]

    assert "<script" not in chart
    assert Drawn(chart).says() == (EVIL, EVIL)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_a_picture_that_scales_and_carries_no_style_of_its_own(kind):
    chart = each("t")[kind]

    root = Drawn(chart).root

    assert root.get("role") == "img"
    assert len((root.get("viewBox") or "").split()) == 4
    assert "style=" not in chart
    assert "#" not in re.sub(r"&#\d+;", "", chart)


@pytest.mark.parametrize("kind", KINDS)
def test_every_class_of_a_chart_is_in_the_stylesheet(kind):
    sheet = (ROOT / "static" / "app.css").read_text(encoding="utf-8")
    used = {name for classes in re.findall(r'class="([^"]+)"', each("t")[kind]) for name in classes.split()}

    missing = {name for name in used if f".{name}" not in sheet}

    assert missing - set(KINDS) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_without_a_finding_is_refused(kind):
    with pytest.raises(ValueError, match="finding"):
        each(" ")[kind]


def test_labels_that_would_lie_on_each_other_are_spread():
    assert svg.spread([50, 50, 50], apart=10, low=0, high=100) == [50, 60, 70]


def test_labels_pushed_over_the_end_go_back_in():
    assert svg.spread([95, 96, 97], apart=10, low=0, high=100) == [80, 90, 100]


def test_a_long_name_is_shortened_and_whole_in_its_tip():
    drawn = Drawn(interval_plot([Row("N" * 80, 0.8, 0.7, 0.9, 50)], title="t", desc="d", order="given"))

    assert drawn.words()[-3].endswith("…")
    assert "N" * 80 in drawn.tips()
