"""Evidence packs: an outsider gets the same figures, nobody who grades is given one, and what is over is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from calibration.agreeing import THREE, Agreement
from calibration.evidence import evidence
from calibration.stats.agreement_interval import BCA, LOG_T, ZERO
from calibration.stats.patterns import collapse
from qa.core import clock, jobs, packing, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.core.models import RoleGrant
from qa.grading import workflows
from qa.models.cases import ClosedCase, ImportRun, NumberKey
from qa.models.grading import Batch, Grade, Task, TaskPurpose
from qa.models.truth import Settlement
from qa.removal import erasing
from qa.sampling.selection import key_sha256, number
from qa.tallies import tallies
from tests import factories
from tests.calibration.packed import recomputed, unpacked, worst
from tests.calibration.settled import One, Settled

KEY = bytes(range(32))


def strata(desk: Settled) -> None:
    """Two agents, tiers of unlike size, thin strata that join, cases that nobody could settle, and a second plan."""
    agents = ("able", "baker")
    for agent, name in enumerate(agents):
        for tier, (frame, right, wrong) in {"high": (60, 30, 6), "low": (900, 41, 3), "rare": (7, 1, 0)}.items():
            rights = [True] * right + [False] * (wrong + agent)
            plays = ("conduct/threats", "conduct/insults")
            cases = [One(one, plays[at % 2], at % 9, tier, agent) for at, one in enumerate(rights)]
            desk.put(cases, stratum=desk.new_stratum(f"{name}|{tier}", frame, len(cases) + 1))
    lost = desk.put([One(None, tier="low")] * 4, stratum=desk.new_stratum("able|lost", 40, 12))
    write(lambda: db.session.execute(
        update(Settlement).where(Settlement.case_id.in_(lost)).values(state="unreached")
    ))  # fmt: skip
    tallied = desk.put([One(True, tier="low")] * 3, stratum=desk.new_stratum("baker|more", 90, 3))
    second = desk.new_stratum("everybody", 500, 3, draw=desk.another_draw("second"))
    write(lambda: desk.attach(tallied, [One(True)] * 3, second))
    write(tallies.rebuild)


def looks(desk: Settled, cases: list[int]) -> None:
    """Two or three committed looks at each of these cases, by graders who differ now and then."""
    now, workflow_id = clock.now(), write(lambda: workflows.ensure("abuse_report").id)

    def keep() -> None:
        batch = factories.kept(Batch(person_id=desk.graders[0].id, state="closed", opened_at=now, last_at=now))
        for at, case_id in enumerate(cases):
            for turn in range(2 + at % 2):
                grader = (*desk.graders, desk.adjudicator)[turn]
                says = "none" if (at + turn) % 5 == 0 else "conduct/threats" if at % 3 else "conduct/insults"
                verdict = "cannot_tell" if (at, turn) == (4, 1) else "no_violation" if says == "none" else "violates"
                task = factories.kept(
                    Task(
                        code=f"T-{at}-{turn}", case_id=case_id, person_id=grader.id, workflow_id=workflow_id,
                        state="done", queue_number=1, release_at=now,
                    )
                )  # fmt: skip
                purpose = {"task_id": task.id, "purpose": "overlap" if turn else "first", "created_at": now}
                db.session.execute(insert(TaskPurpose).values(purpose))
                factories.kept(
                    Grade(
                        task_id=task.id, batch_id=batch.id, person_id=grader.id, verdict=verdict, section_key=says,
                        confidence="high", graded_at=now, committed_at=now, action=None if turn else "remove",
                    )
                )  # fmt: skip

    write(keep)


def numbered(desk: Settled) -> None:
    """The cases have the numbers that a key which was told gives them."""
    now = clock.now()
    row = factories.kept(
        NumberKey(
            period="2026-10", key=KEY.hex(), sha256=key_sha256(KEY), published_at=now, ends_at=now, revealed_at=now
        )
    )

    def give() -> None:
        db.session.execute(update(ImportRun).where(ImportRun.id == desk.run.id).values(number_key_id=row.id))
        for case_id, name in db.session.execute(select(ClosedCase.id, ClosedCase.external_id)).all():
            found = number(KEY, "test", name)
            db.session.execute(update(ClosedCase).where(ClosedCase.id == case_id).values(number=found))

    write(give)


@pytest.fixture
def pack(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    desk = Settled(agents=2)
    strata(desk)
    looks(desk, list(db.session.scalars(select(ClosedCase.id).order_by(ClosedCase.id).limit(25))))
    numbered(desk)
    packing.write_pack(tmp_path / "pack.zip")
    folder = unpacked(tmp_path / "pack.zip", tmp_path / "pack")
    monkeypatch.chdir(folder)
    return folder


def test_an_outsider_gets_every_figure_again_with_pandas_alone(pack: Path) -> None:
    left = recomputed(pack)

    where, difference = worst(left)
    assert difference < 1e-9, where
    known = left["given"].estimate.notna()
    assert known.sum() > 30 and (left["given"].n_effective[known] < left["given"].n[known]).any()
    assert left["agreement"].estimate.notna().sum() > 6 and len(left["numbered"]) > 100


def test_the_lines_find_what_somebody_changed_afterwards(pack: Path) -> None:
    cases = pd.read_csv(pack / "selections.csv", keep_default_na=False, dtype=str)
    cases.loc[0, ["right_policy", "right_verdict"]] = "false"
    cases.to_csv(pack / "selections.csv", index=False)
    log = (pack / "audit.jsonl").read_text()
    (pack / "audit.jsonl").write_text(log.replace('"verb": "', '"verb": "un', 1))

    found = recomputed(pack)["differences"]

    assert found["right in the policy"] == 1 and found["accuracy, estimate"] > 1e-4 and found["audit log"] >= 1


def test_a_pack_names_nobody_and_holds_no_text_of_a_case(pack: Path) -> None:
    whole = "".join(path.read_text() for path in pack.iterdir())

    assert "Agent Able" not in whole and "Grader 0" not in whole and "come to the door" not in whole


def test_names_are_in_it_where_the_setting_says_so(sqlite_app: Flask, tmp_path: Path) -> None:
    Settled()
    write(lambda: preferences.put(SYSTEM, "pack_names", True))

    packing.write_pack(tmp_path / "pack.zip")

    known = pd.read_csv(unpacked(tmp_path / "pack.zip", tmp_path / "pack") / "people.csv")
    assert "Agent Able" in set(known.name) and known.code.is_unique


def test_the_manifest_says_what_each_file_holds_and_its_hash(pack: Path) -> None:
    said = json.loads((pack / "manifest.json").read_text())

    assert set(said["files"]) == {path.name for path in pack.iterdir()} - {"manifest.json"}
    assert all(said["files"][name]["sha256"] == evidence.digest(pack / name) for name in said["files"])


def test_two_packs_call_a_person_by_different_names() -> None:
    one, other = packing.codes(), packing.codes()

    assert one(7) == one(7) != other(7) and one(7) != one(8) and one(None) == ""


def test_a_lead_asks_takes_and_nobody_else_is_given_it(sqlite_app: Flask) -> None:
    desk = Settled()
    other = factories.actor("admin")

    write(lambda: evidence.ask(desk.manager))
    asked_twice = write(lambda: evidence.ask(desk.manager))
    jobs.run_due()

    [made] = evidence.listed(desk.manager)
    assert (asked_twice, made.state, made.is_there) == (False, "done", True)
    assert evidence.digest(evidence.file_of(desk.manager, made.public_id)) == made.sha256
    assert evidence.listed(other) == []
    with pytest.raises(NotFound):
        evidence.file_of(other, made.public_id)


@pytest.mark.parametrize("who", ["grades", "leads one team"])
def test_who_may_grade_or_leads_one_team_is_given_no_pack(sqlite_app: Flask, who: str) -> None:
    desk = Settled()
    given = {"grades": {"manages": None, "skills": ["adjudicate"]}, "leads one team": {"manages": [desk.team]}}[who]
    lead = factories.actor("manager", **given)

    with pytest.raises(Refused):
        write(lambda: evidence.ask(lead))
    page = factories.browser(sqlite_app, lead).get("/evidence").text
    assert "Make a pack" not in page


def test_who_came_to_grade_meanwhile_is_given_no_pack_either(sqlite_app: Flask) -> None:
    desk = Settled()
    write(lambda: evidence.ask(desk.manager))
    factories.kept(RoleGrant(person_id=desk.manager.id, role="reviewer", from_at=clock.now()))

    jobs.run_due()

    assert [pack.state for pack in evidence.listed(desk.manager)] == ["failed"]


def test_a_pack_is_gone_after_a_week_or_when_somebody_is_erased(sqlite_app: Flask) -> None:
    desk = Settled(agents=2)
    for asks in (desk.manager, factories.actor("admin")):
        write(lambda asks=asks: evidence.ask(asks))
        jobs.run_due()
    [made] = evidence.listed(desk.manager)
    path = evidence.file_of(desk.manager, made.public_id)

    with clock.fixed(clock.now() + timedelta(minutes=5)):
        write(lambda: erasing.ask(SYSTEM, "person", desk.agents[1].public_id))
        assert not evidence.listed(desk.manager)[0].is_there
        evidence.sweep(None)

    assert not path.exists()


def test_the_command_writes_the_pack_once(sqlite_app: Flask, tmp_path: Path) -> None:
    Settled()
    run, out = sqlite_app.test_cli_runner(), str(tmp_path / "pack.zip")

    first, second = (run.invoke(args=["report", "evidence-pack", "--out", out]) for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 2), first.stderr
    assert "recompute.md" in {path.name for path in unpacked(Path(out), tmp_path / "pack").iterdir()}


def tables(draws: np.random.Generator) -> Iterator[np.ndarray]:
    """Counts of answers by case: few cases, many, a rare answer, nobody who differs, single looks among them."""
    for cases, shares in ((12, (0.6, 0.4)), (400, (0.5, 0.3, 0.2)), (260, (0.985, 0.015)), (30, (0.4, 0.35, 0.25))):
        looks_at = draws.integers(1, 4, size=cases)
        truth = draws.choice(len(shares), size=cases, p=shares)
        counts = np.zeros((cases, len(shares)))
        for case, (size, right) in enumerate(zip(looks_at, truth, strict=True)):
            for _ in range(size):
                counts[case, right if draws.random() < 0.85 else draws.integers(len(shares))] += 1
        yield counts
    unanimous = np.zeros((40, 3))
    unanimous[np.arange(40), np.arange(40) % 3] = 2
    yield unanimous


def test_the_lines_give_every_kind_of_interval_of_agreement(pack: Path) -> None:
    left, methods = recomputed(pack), set()

    for counts in tables(np.random.default_rng(5)):
        unit, label = (counts.astype(int).nonzero()[axis].repeat(counts[counts > 0].astype(int)) for axis in (0, 1))
        here = Agreement(collapse(unit, label, counts.shape[1], len(counts)), tuple("abc"[: counts.shape[1]]))
        rows, often = left["distinct"](pd.Series(label).map(dict(enumerate("abc"))), pd.Series(unit))
        for name in THREE:
            told = here.coefficient(name)
            again = left["coefficient"](name, rows, often)
            wanted = [np.nan if told[key] is None else told[key] for key in ("value", "se", "low", "high")]
            methods.add(told["method"])
            np.testing.assert_allclose(again, wanted, atol=1e-9, err_msg=f"{name} {told['method']}")

    assert methods >= {LOG_T, BCA, ZERO}
