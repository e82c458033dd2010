"""What a page costs: as many statements for three hundred rows as for thirty."""

from __future__ import annotations

from flask import Flask

from tests.core import crowd

FEW, MANY = 30, 300


def test_every_page_costs_as_many_statements_for_three_hundred_rows_as_for_thirty(sqlite_app: Flask) -> None:
    world = crowd.build()
    world.grow(FEW)
    few = crowd.costs(world)
    world.grow(MANY)

    many = crowd.costs(world)

    differing = {page: (few[page], many[page]) for page in few if few[page] != many[page]}
    assert differing == {}, "\n".join(f"{page}: {cost}" for page, cost in differing.items())
    assert len(few) > 40
