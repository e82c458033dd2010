"""What is particular to lines, matrices, stacks, funnels, votes and sparklines."""

from __future__ import annotations

import pytest

from qa.core.charts.funnel import MOST_NAMED, Dot, Limit, funnel, lower_limit
from qa.core.charts.lines import Point, Series, line_chart
from qa.core.charts.matrix import confusion_matrix
from qa.core.charts.sparkline import sparkline
from qa.core.charts.stacked import Stack, stacked_share
from qa.core.charts.votes import Votes, dot_columns
from tests.core.charts.drawn import Drawn

SAID = {"title": "t", "desc": "d"}
WEEKS = [Point("1", 0.5, 0.4, 0.6, 9), Point("2", 0.6, 0.5, 0.7, 9), Point("3", 0.7, 0.6, 0.8, 9)]
LIMITS = [Limit(10, 0.6, 1.0), Limit(100, 0.9, 1.0)]


def test_a_line_has_its_band_its_dots_and_its_name_at_its_end():
    chart = Drawn(line_chart([Series("Alpha", WEEKS)], target=0.8, **SAID))

    assert len(chart.all("path", "band")) == 1
    assert len(chart.all("circle", "hollow")) == 3
    assert "Alpha 70%" in chart.words()
    assert "Target 80%" in chart.words()
    assert "Alpha, 2: 60%, interval 50% to 70%, n=9" in chart.tips()


def test_a_missing_week_is_a_gap_not_a_bridge():
    points = [WEEKS[0], WEEKS[1], Point("gap", None), WEEKS[1], WEEKS[2]]

    chart = Drawn(line_chart([Series("a", points)], **SAID))

    assert len(chart.all("path", "stroke")) == 2
    assert len(chart.all("circle", "hollow")) == 4


def test_a_lone_week_keeps_its_interval():
    chart = Drawn(line_chart([Series("a", [WEEKS[0], Point("gap", None), WEEKS[2]])], **SAID))

    assert len(chart.all("line", "whisker")) == 2


def test_a_week_in_progress_is_a_range_without_a_dot():
    chart = Drawn(line_chart([Series("a", [*WEEKS, Point("now", None, 0.6, 0.9, 4)])], **SAID))

    assert len(chart.all("circle", "hollow")) == 3
    assert len(chart.all("line", "whisker")) == 1
    assert "a, now: in progress, 60% to 90%, n=4" in chart.tips()


def test_each_series_has_a_shape_and_a_dash_of_its_own():
    chart = Drawn(line_chart([Series(name, WEEKS) for name in "abcd"], **SAID))

    dashes = {one.get("class") for one in chart.all("path", "stroke")}
    shapes = {one.get("d", "circle").count("L") for one in chart.all("path", "hollow")}

    assert dashes == {"stroke c1", "stroke c2 dash2", "stroke c3 dash3", "stroke c4 dash4"}
    assert shapes == {3, 2}
    assert len(chart.all("circle", "c1")) == 3


@pytest.mark.parametrize("series", [[], [Series("a", [])], [Series(n, WEEKS) for n in "abcde"]])
def test_lines_that_cannot_be_drawn_well_are_refused(series):
    with pytest.raises(ValueError, match="one to four series"):
        line_chart(series, **SAID)


def test_series_of_other_periods_are_refused():
    with pytest.raises(ValueError, match="same periods"):
        line_chart([Series("a", WEEKS), Series("b", WEEKS[:2])], **SAID)


def matrix(counts):
    """A matrix of two kinds."""
    return Drawn(confusion_matrix(counts, ["a", "b"], ["a", "b"], rows_are="first", columns_are="settled", **SAID))


def test_every_cell_of_a_matrix_has_its_number_and_its_share_of_the_row():
    words = matrix([[8, 2], [0, 5]]).words()

    assert [word for word in words if word in ("8", "2", "0", "5")] == ["8", "2", "0", "5"]
    assert [word for word in words if word.endswith("%")] == ["80%", "20%", "0%", "100%"]


def test_the_diagonal_is_blue_and_the_rest_is_not():
    cells = [one.get("class") for one in matrix([[8, 2], [1, 5]]).all("rect")]

    assert [name.startswith("q") for name in cells if name] == [True, False, False, True]


def test_a_row_without_cases_is_dashes():
    assert matrix([[8, 2], [0, 0]]).words().count("–") == 4


@pytest.mark.parametrize("counts", [[[1, 2]], [[1], [2]]])
def test_a_matrix_of_another_shape_than_its_names_is_refused(counts):
    with pytest.raises(ValueError, match="row of counts"):
        matrix(counts)


def test_the_parts_of_a_stack_fill_its_row():
    chart = Drawn(stacked_share([Stack("a", [3, 1, 0], 0.3, 0.9)], ["x", "y", "z"], **SAID))

    wide = [float(one.get("width", "0")) for one in chart.all("rect")]

    assert len(wide) == 2
    assert wide[0] / wide[1] == pytest.approx(3, rel=0.01)
    assert len(chart.all("line", "over")) == 3
    assert "n=4" in chart.words()


def test_an_empty_stack_says_so():
    assert "no cases" in Drawn(stacked_share([Stack("a", [0, 0])], ["x", "y"], **SAID)).words()


def test_stacks_of_five_kinds_are_refused():
    with pytest.raises(ValueError, match="one to four kinds"):
        stacked_share([Stack("a", [1] * 5)], list("vwxyz"), **SAID)


def test_only_a_dot_under_its_own_limit_is_marked_and_named():
    chart = Drawn(funnel([Dot("small", 10, 0.7), Dot("big", 100, 0.7)], LIMITS, 0.95, **SAID))

    assert len(chart.all("path", "c2")) == 1
    assert "big" in chart.words()
    assert "small" not in chart.words()
    assert len(chart.all("path", "limit")) == 2


def test_limits_are_read_along_their_line_and_kept_beyond_its_ends():
    assert [lower_limit(LIMITS, n) for n in (1, 10, 55, 100, 900)] == pytest.approx([0.6, 0.6, 0.75, 0.9, 0.9])


def test_of_a_crowd_in_a_funnel_only_those_under_the_limit_have_names():
    crowd = [Dot(f"agent {number}", 50, 0.95) for number in range(MOST_NAMED)]

    few = Drawn(funnel(crowd, LIMITS, 0.95, **SAID))
    many = Drawn(funnel([*crowd, Dot("low", 100, 0.7)], LIMITS, 0.95, **SAID))

    assert len(few.all("circle", "hollow")) == MOST_NAMED and not few.all("path", "crowd")
    assert not many.all("circle") and many.all("path", "crowd")[0].get("d", "").count("M") == MOST_NAMED
    assert "low" in many.words()


def test_a_funnel_without_limits_is_refused():
    with pytest.raises(ValueError, match="limits"):
        funnel([], [], 0.9, **SAID)


def test_votes_are_a_dot_each_with_their_count():
    chart = Drawn(dot_columns([Votes("Remove", 3, ["Ann"], agreed=True), Votes("Keep", 0)], **SAID))

    assert len(chart.all("circle")) == 3
    assert [word for word in chart.words() if word.isdigit()] == ["3", "0"]
    assert "✓ agreed" in chart.words()
    assert "Ann" in chart.tips()


def test_a_sparkline_ends_in_a_dot_on_the_last_known_point():
    chart = Drawn(sparkline([*WEEKS, Point("gap", None)], **SAID))

    assert len(chart.all("circle")) == 1
    assert len(chart.all("path", "band")) == 1
    assert float(chart.all("circle")[0].get("cx", "0")) < 91


@pytest.mark.parametrize("points", [[], [Point("a", None)], [Point("a", 0.5)]])
def test_a_sparkline_of_nothing_or_one_point_is_drawn(points):
    assert Drawn(sparkline(points, **SAID)).all("path") == []


def test_a_hundred_votes_stand_side_by_side_and_none_outside_the_drawing() -> None:
    for votes in ([Votes("Remove", 100)], [Votes(f"Answer {n}", count) for n, count in enumerate((61, 30, 8, 1))]):
        chart = Drawn(dot_columns(votes, **SAID))

        dots = {(float(one.get("cx", "-1")), float(one.get("cy", "-1"))) for one in chart.all("circle")}
        assert len(dots) == sum(one.count for one in votes)
        assert all(0 <= x <= 480 and y >= 0 for x, y in dots) and max(y for _, y in dots) < 250
