"""Marks of a line chart: what happened when."""

from __future__ import annotations

import re

from qa.core.charts.lines import Mark, Point, Series, line_chart


def drawn(*marks: Mark) -> str:
    points = [Point(str(at), 0.5 + at / 100) for at in range(10)]
    return str(line_chart([Series("A", points)], title="T", desc="D", marks=marks, target=0.9, target_name="Alert at"))


def anchors(svg: str) -> list[tuple[str, str]]:
    """(words, where they are held) of the marks."""
    found = re.findall(r"<text([^>]*)>((?:began|noticed)[^<]*)</text>", svg)
    return [(words, "end" if 'text-anchor="end"' in given else "start") for given, words in found]


def test_each_mark_has_its_words_the_last_ones_behind_it():
    assert anchors(drawn(Mark(6, "noticed"), Mark(4, "began"))) == [("began", "end"), ("noticed", "start")]


def test_words_stay_inside_at_both_edges():
    assert anchors(drawn(Mark(0, "began"), Mark(9, "noticed"))) == [("began", "start"), ("noticed", "end")]


def test_the_limit_is_called_what_it_is():
    assert "Alert at 90%" in drawn() and "Target" not in drawn()
