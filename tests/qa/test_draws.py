"""The same plan, seed and frame give the same cases; probabilities are exact; windows never overlap."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa import touches
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, Refused
from qa.core.models import Person
from qa.draws import drawing, frames, handing_out, previews, verifying
from qa.models.cases import ClosedCase, ImportRun
from qa.models.grading import Task
from qa.models.plans import Draw, DrawCase, DrawStratum, FramePart, FrameState
from qa.models.texts import Erasure
from qa.models.truth import Settlement
from qa.plans import plans
from qa.removal import erasing, retention
from tests import factories
from tests.desk import Desk

PLAN: dict[str, Any] = {
    "name": "Weekly", "strata": ["agent", "tier"], "size": 12, "min_per_stratum": 2, "seed": 7, "overlap": 0.0,
    "tier": [{"name": "high", "when": "severity in (high, critical)"}],
}  # fmt: skip


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(graders=1)
    other = factories.actor("agent", team=desk.team)
    for number in range(40):
        desk.case(
            agent_id=other.id if number % 4 == 0 else desk.agent.id, severity="high" if number % 5 == 0 else "low"
        )
    return desk


def publish(**changes: Any) -> None:
    write(lambda: plans.create(SYSTEM, plans.checked({**PLAN, **changes})))


def drawn_ids(public_id: str) -> set[str]:
    query = select(ClosedCase.external_id).join(DrawCase, DrawCase.case_id == ClosedCase.id).join(Draw)
    return set(db.session.scalars(query.where(Draw.public_id == public_id)))


def strata_of(public_id: str) -> list[DrawStratum]:
    return list(db.session.scalars(select(DrawStratum).join(Draw).where(Draw.public_id == public_id)))


def test_each_probability_is_drawn_by_frame_and_everything_open_has_its_task(desk: Desk) -> None:
    publish()

    strata = strata_of(drawing.draw(SYSTEM, "Weekly"))

    assert sum(row.frame for row in strata) == 40
    assert sum(row.drawn for row in strata) == 12
    assert all(row.probability == row.drawn / row.frame and row.drawn >= 2 for row in strata)
    assert db.session.scalar(select(func.count()).select_from(Task)) == 12
    assert db.session.scalar(select(func.count()).select_from(Settlement)) == 12
    assert db.session.scalar(select(func.count()).select_from(FramePart)) == 0


def test_a_plan_that_grows_draws_again_over_its_window_and_keeps_what_it_drew(desk: Desk) -> None:
    publish()
    small = drawn_ids(drawing.draw(SYSTEM, "Weekly"))
    publish(size=20)

    large = drawn_ids(drawing.draw(SYSTEM, "Weekly"))

    assert small < large and len(large) == 20
    assert db.session.scalar(select(func.count()).select_from(Task)) == 20
    with pytest.raises(Refused):
        drawing.draw(SYSTEM, "Weekly")


def test_a_later_import_falls_into_the_next_window(desk: Desk) -> None:
    publish()
    first = drawn_ids(drawing.draw(SYSTEM, "Weekly"))
    with clock.fixed(clock.now() + timedelta(days=7)):
        desk.run = factories.kept(
            ImportRun(
                source="test", file_name="g.csv", file_sha256="1" * 64, mapping_hash="0" * 64, state="published",
                published_at=clock.now(),
            )
        )  # fmt: skip
        late = {desk.case(external_id=f"late{number}").external_id for number in range(15)}

        second = drawn_ids(drawing.draw(SYSTEM, "Weekly"))

    assert second <= late and len(second) == 12 and not first & second


def test_what_is_loading_or_replaced_or_decided_by_a_rule_is_never_drawn(desk: Desk) -> None:
    hidden = factories.kept(
        ImportRun(source="test", file_name="h.csv", file_sha256="2" * 64, mapping_hash="0" * 64, state="loading")
    )
    shown, desk.run = desk.run, hidden
    desk.case(external_id="hidden")
    desk.run = shown
    desk.case(external_id="old", replaced_at=clock.now())
    write(lambda: db.session.execute(
        ClosedCase.__table__.update().where(ClosedCase.external_id == "case-no-1").values(decided_by="rule")
    ))  # fmt: skip
    publish(size=500, min_per_stratum=0)

    address = drawing.draw(SYSTEM, "Weekly")

    ids = drawn_ids(address)
    assert ids.isdisjoint({"hidden", "old", "case-no-1"}) and len(ids) == 39
    excluded = db.session.scalars(select(Draw.excluded).where(Draw.public_id == address)).one()
    assert excluded == {"not decided by a person": 1, "replaced by a correction": 1}


def test_so_many_cases_for_every_agent_and_week(desk: Desk) -> None:
    publish(size=None, per_agent_week=5, min_per_stratum=1)

    strata = strata_of(drawing.draw(SYSTEM, "Weekly"))

    by_agent: dict[str, int] = {}
    for row in strata:
        by_agent[row.key.split("|")[0]] = by_agent.get(row.key.split("|")[0], 0) + row.drawn
    assert list(by_agent.values()) == [5, 5]


def test_a_frame_is_the_same_however_it_is_cut_into_batches(desk: Desk, monkeypatch: Any) -> None:
    publish()
    version = plans.newest_version(plans.named("Weekly").id)
    whole = frames.build(version, None, clock.now())
    taken = drawing.select_cases(whole, whole.sizes)
    write(lambda: frames.drop(version.id))
    monkeypatch.setattr(frames, "BATCH", 7)

    cut = frames.build(version, None, clock.now())

    assert cut == whole and cut.size == 40
    assert drawing.select_cases(cut, cut.sizes) == taken


def test_a_frame_that_was_built_is_used_until_more_is_framed(desk: Desk) -> None:
    publish()
    version = plans.newest_version(plans.named("Weekly").id)
    frames.build(version, None, clock.now())
    marked = select(FrameState.created_at).where(FrameState.plan_version_id == version.id)
    before = db.session.scalar(marked)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        frames.build(version, None, clock.now())
        same = db.session.scalar(marked)
        factories.kept(
            ImportRun(
                source="test", file_name="g.csv", file_sha256="1" * 64, mapping_hash="0" * 64, state="published",
                published_at=clock.now(),
            )
        )  # fmt: skip
        frames.build(version, None, clock.now())

    assert same == before
    assert db.session.scalar(marked) > before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"size": None}, "size"),
        ({"half_width": 0.05}, "size"),
        ({"size": 0}, "size"),
        ({"strata": ["colour"]}, "strata"),
        ({"filter": {"workflow": "abuse_report"}}, "filter"),
        ({"tier": [{"name": "x", "when": "severity in ("}]}, "tier"),
        ({"tier": [{"name": "x", "when": "colour = red"}]}, "tier"),
        ({"overlap": 2}, "overlap"),
        ({"name": ""}, "name"),
        ({"sise": 3}, "sise"),
        ({"since": "tomorrow"}, "since"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        plans.checked({**PLAN, **changes})

    assert field in {problem.field for problem in refused.value.problems}


def test_a_draw_repeats_and_a_row_that_was_changed_is_named(desk: Desk) -> None:
    publish()
    address = drawing.draw(SYSTEM, "Weekly")
    first = verifying.verify(address)
    other = db.session.scalar(select(ClosedCase.id).where(ClosedCase.external_id.not_in(drawn_ids(address))).limit(1))
    changed = select(func.min(DrawCase.id)).join(Draw).where(Draw.public_id == address).scalar_subquery()
    write(lambda: db.session.execute(
        DrawCase.__table__.update().where(DrawCase.id == changed).values(case_id=other)
    ))  # fmt: skip

    second = verifying.verify("Weekly")

    assert first.differs is None and first.cases == 12
    assert second.differs is not None


def test_a_draw_repeats_after_its_agents_were_lost_or_erased_and_its_cases_used_or_corrected(desk: Desk) -> None:
    """Who decided is gone from the cases, and what became of them later is no reason to doubt the draw."""
    agents = select(Person.external_id).where(Person.id.in_(select(ClosedCase.agent_id))).order_by(Person.id)
    kept, erased = db.session.scalars(agents).all()
    started = Person.__table__.update().where(Person.external_id == erased).values(started_on=clock.now().date())
    write(lambda: db.session.execute(started))
    with_filter = {"filter": {"agent": [kept, "nobody"]}, "name": "Filtered", "strata": ["agent"]}
    publish(intensity={"new_weeks": 8, "new_factor": 2, "proven_cases": 60, "proven_factor": 0})
    publish(**with_filter)
    addresses = [drawing.draw(SYSTEM, name) for name in ("Weekly", "Filtered")]
    later = clock.now() + timedelta(days=1)
    case_ids = list(db.session.scalars(select(ClosedCase.id).order_by(ClosedCase.id)))
    with clock.fixed(later):
        write(lambda: touches.touch(case_ids[0], desk.graders[0].id or 0, "voted"))
        write(lambda: db.session.execute(
            ClosedCase.__table__.update().where(ClosedCase.id == case_ids[1]).values(replaced_at=later)
        ))  # fmt: skip
        write(lambda: erasing.ask(SYSTEM, "person", erased))
        erasing.run(SYSTEM, db.session.scalars(select(Erasure.public_id)).one())
    with clock.fixed(later + timedelta(days=450)):
        retention.run(SYSTEM)

    seen = [verifying.verify(address).differs for address in addresses]

    assert seen == [None, None]
    assert db.session.scalar(select(func.count(ClosedCase.agent_id))) == 0
    assert not [one.key for one in strata_of(addresses[0]) if erased in one.key]
    write(lambda: db.session.execute(ClosedCase.__table__.update().values(former_agent="somebody else")))
    assert verifying.verify(addresses[0]).differs is not None


def test_the_preview_promises_what_the_draw_then_takes(desk: Desk) -> None:
    publish()

    seen = previews.of_plan("Weekly")
    said = handing_out.as_json(drawing.draw(SYSTEM, "Weekly"))

    assert {one["key"]: one["drawn"] for one in said["strata"]} == seen.sizes
    assert len(said["cases"]) == 12 and said["frame_size"] == seen.frame_size == 40
    assert all(abs(case["weight"] * case["probability"] - 1) < 1e-12 for case in said["cases"])


def test_the_commands_draw_verify_and_sample(desk: Desk, tmp_path: Path) -> None:
    runner = desk.app.test_cli_runner()
    file = tmp_path / "plan.toml"
    file.write_text('name = "By hand"\nstrata = ["agent"]\nsize = 6\nseed = 3\noverlap = 0.0\n')
    table = tmp_path / "cases.csv"
    table.write_text("case_id,agent\n" + "".join(f"c{n},a{n % 3}\n" for n in range(30)))

    codes = [
        runner.invoke(args=arguments).exit_code
        for arguments in (
            ["plan", "create", str(file)], ["plan", "list"], ["plan", "preview", "By hand", "--json"],
            ["plan", "draw", "By hand", "--json"], ["plan", "verify", "By hand"], ["plan", "draw", "Nobody's"],
        )
    ]  # fmt: skip
    ask = ["sample", str(table), "--size", "9", "--strata", "agent", "--seed", "1", "--json"]
    twice = [runner.invoke(args=ask).stdout for _ in range(2)]

    assert codes == [0, 0, 0, 0, 0, 1]
    assert twice[0] == twice[1] and len(json.loads(twice[0])["cases"]) == 9
