"""A report prints on one to four pages, however much it has to tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser

from calibration.reports import composing, writing
from calibration.reports.parts import Line, Report, Table
from qa.core import clock
from qa.core.registries import Share
from tests.calibration.settled import One, Settled

pytestmark = pytest.mark.browser
#: Lines of each table of a large operation.
MANY = 300


def large(report: Report) -> Report:
    """*report* as a large operation would have it: long names, every table full, own sentences as long as they may."""
    return replace(report, tables=[full(table) for table in report.tables], own=["Much to say. " * 38] * 4)


def full(table: Table) -> Table:
    """The same table with many lines."""
    said = {"accuracy_by_policy": "Harassment and threats: a clause of quite a long name", "late_by_hour": "0"}
    said["accuracy_by_policy_locale"] = said["accuracy_by_policy"]
    names = [f"{said.get(table.key, 'Escalations, North-East')} {number}" for number in range(MANY)]
    figures = [Share(0.912, 0.854, 0.953, 1_234)] * len(table.measures)
    cells = ["1,234,567"] * len(table.counted)
    return replace(table, lines=[Line([name, "pt-BR"][: len(table.of)], figures, cells) for name in names])


@pytest.mark.parametrize("kind", composing.KINDS)
def test_the_largest_report_prints_on_four_pages(sqlite_app: Flask, chromium: Browser, kind: str) -> None:
    Settled().put([One(True)] * 40)
    report = large(composing.compose(kind, composing.span(kind, clock.now().date()), names=False))
    page = chromium.new_page()
    page.set_content(writing.page_alone(report))

    paper = page.pdf(format="A4")
    page.close()

    assert 1 <= paper.count(b"/Type /Page\n") <= 4
