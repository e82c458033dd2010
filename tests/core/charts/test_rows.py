"""In which order rows may stand, which are drawn, and when one may be marked."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from qa.core.charts.bars import bars
from qa.core.charts.intervals import interval_plot
from qa.core.charts.rows import Row, is_under, ordered, split, too_few
from tests.core.charts.drawn import Drawn

ANNA = Row("Anna", 0.70, 0.60, 0.82, 60)
BERT = Row("Bert", 0.95, 0.90, 0.99, 60)
ZOE = Row("Zoe", 0.60, 0.50, 0.70, 60)
PEOPLE = [BERT, ZOE, ANNA]


def numbers(attribute: str, elements: list) -> list[float]:
    """One attribute of each element."""
    return [float(one.get(attribute)) for one in elements]


def test_persons_stand_by_name_after_those_whose_whole_interval_is_under_the_target():
    assert [row.name for row in ordered(PEOPLE, "person", 0.8)] == ["Zoe", "Anna", "Bert"]


def test_clauses_stand_by_value():
    assert [row.name for row in ordered(PEOPLE, "value", 0.8)] == ["Bert", "Anna", "Zoe"]


names = st.text("abcdefgh", min_size=1, max_size=4)
shares = st.tuples(*[st.floats(0, 1)] * 3).map(sorted)


@given(st.lists(st.tuples(names, shares), max_size=12, unique_by=lambda pair: pair[0]), st.randoms())
def test_the_order_of_persons_tells_nothing_of_values_but_who_is_under(given_rows, random):
    rows = [Row(name, middle, low, high, 30) for name, (low, middle, high) in given_rows]
    others = [Row(row.name, random.random(), row.low, row.high, 30) for row in rows]

    assert [row.name for row in ordered(rows, "person", 0.5)] == [row.name for row in ordered(others, "person", 0.5)]


def test_a_row_is_under_only_with_its_whole_interval():
    assert is_under(ZOE, 0.8)
    assert not is_under(ANNA, 0.8)
    assert not is_under(Row("x", 0.1, None, None, 9), 0.8)


def test_few_cases_and_undefined_figures_are_named_not_drawn():
    rows = [ANNA, Row("Few", 1.0, 0.5, 1.0, 7), Row("None", math.nan, math.nan, math.nan, 0)]

    drawn, named = split(rows, 10)
    plot = Drawn(interval_plot(rows, title="t", desc="d", order="person", minimum=10))

    assert [row.name for row in drawn] == ["Anna"]
    assert [row.name for row in named] == ["Few", "None"]
    assert too_few(rows, 10) == "Too few cases to draw: Few (n=7), None (n=0)."
    assert "Few" not in plot.words()


def test_no_sentence_where_all_are_drawn():
    assert too_few(PEOPLE, 10) == ""


def test_a_plot_has_a_whisker_a_value_and_n_for_each_row():
    plot = Drawn(interval_plot(PEOPLE, title="t", desc="d", order="person", target=0.8))

    assert len(plot.all("line", "whisker")) == 3
    assert [word for word in plot.words() if word.startswith("n=")] == ["n=60"] * 3
    assert "Target 80%" in plot.words()
    assert "Zoe: 60%, interval 50% to 70%, n=60, under the target" in plot.tips()


def test_only_a_row_under_the_target_is_a_diamond_in_the_second_colour():
    plot = Drawn(interval_plot(PEOPLE, title="t", desc="d", order="person", target=0.8))

    assert len(plot.all("path", "c2")) == 1
    assert len(plot.all("circle", "c1")) == 2
    assert plot.all("circle", "c2") == []


def test_a_whisker_lies_where_its_limits_are():
    plot = Drawn(interval_plot([Row("x", 0.5, 0.0, 1.0, 9)], title="t", desc="d", order="given"))

    whisker, dot = plot.all("line", "whisker")[0], plot.all("circle")[0]
    ends = [float(whisker.get("x1", "0")), float(whisker.get("x2", "0"))]

    assert ends[0] < float(dot.get("cx", "0")) < ends[1]
    assert abs(sum(ends) / 2 - float(dot.get("cx", "0"))) < 0.2


def test_bars_start_at_zero_and_are_as_long_as_their_share():
    chart = Drawn(bars([Row("a", 0.4, 0.3, 0.5, 50), Row("b", 0.2, 0.1, 0.3, 50)], title="t", desc="d"))

    wide = numbers("width", chart.all("rect"))

    assert chart.words()[0] == "0%"
    assert abs(wide[0] / wide[1] - 2) < 0.01
    assert len(set(numbers("x", chart.all("rect")))) == 1


def test_a_marked_bar_differs_by_shape_as_well():
    chart = Drawn(bars([Row("a", 0.4, 0.3, 0.5, 50, marked=True), ANNA], title="t", desc="d"))

    assert len(chart.all("rect", "c2")) == 1
    assert len(chart.all("path", "c2")) == 1


def test_a_chart_without_rows_is_still_drawn():
    assert Drawn(bars([], title="t", desc="d")).all("rect") == []
    assert Drawn(interval_plot([], title="t", desc="d", order="person", target=0.8)).all("circle") == []
