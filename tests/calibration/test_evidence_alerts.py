"""The lines of an evidence pack about alerts: each is made again from the rows, or named where nothing carries it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from flask import Flask

from calibration.signals import signals
from qa.core import packing
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.tallies import tallies
from tests.calibration.packed import recomputed, unpacked, worst
from tests.calibration.settled import One, Settled


def test_the_lines_follow_the_evidence_of_every_alert(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Settled(agents=3)
    weeks = [One(week > 6 or turn % 2 == 0, weeks_ago=week) for week in range(16, 0, -1) for turn in range(8)]
    plays = ("conduct/threats", "conduct/insults")
    good = [One(turn % 15 != 0, plays[turn % 2], 16 - turn % 16, "low", 1 + turn % 2) for turn in range(120)]
    desk.put([*weeks, *good], stratum=desk.new_stratum("low", 4000, len(weeks) + len(good)))
    write(lambda: signals.scan(SYSTEM))
    packing.write_pack(tmp_path / "pack.zip")
    folder = unpacked(tmp_path / "pack.zip", tmp_path / "pack")
    monkeypatch.chdir(folder)

    left = recomputed(folder)
    where, difference = worst(left)
    steps = pd.read_csv(folder / "streams.csv")
    steps.loc[steps.index[40], "wrong"] = not steps.wrong.iloc[40]
    steps.to_csv(folder / "streams.csv", index=False)
    changed = recomputed(folder)["differences"]

    assert changed["alerts, evidence"] > 1e-3 and changed["alerts, wrong"] == 1
    assert difference < 1e-9, where
    assert len(left["crossings"]) >= 1 and "act" in set(left["crossings"].level) and sum(left["carried"]) >= 1
    assert len(left["stream"]) > 100


def test_the_lines_say_who_is_under_the_target_whole_and_name_an_alert_that_stands_on_nothing_now(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Settled(agents=2)
    low = [One(turn % 6 != 0, weeks_ago=week) for week in range(12, 0, -1) for turn in range(12)]
    well = [One(turn % 40 != 0, weeks_ago=1 + turn % 11, agent=1) for turn in range(120)]
    grave = [One(False, weeks_ago=1, severity="critical", agent=1)]
    lately = [One(None, weeks_ago=0.5, agent=1, state="difference")] * 9  # a draw that is not complete counts nowhere
    desk.put([*low, *well, *grave], stratum=desk.new_stratum("both", 2000, 265))
    desk.put(lately, stratum=desk.new_stratum("late", 90, 9, draw=desk.another_draw("late")))
    write(lambda: signals.scan(SYSTEM))
    packing.write_pack(tmp_path / "pack.zip")
    folder = unpacked(tmp_path / "pack.zip", tmp_path / "pack")
    monkeypatch.chdir(folder)

    left = recomputed(folder)
    cases = pd.read_csv(folder / "selections.csv", keep_default_na=False, dtype=str)
    cases.loc[cases.severity == "critical", ["right_policy", "right_verdict"]] = "true"
    cases.to_csv(folder / "selections.csv", index=False)
    lost = recomputed(folder)

    where, difference = worst(left)
    kinds = left["alerts"].set_index("signal").kind
    assert difference < 1e-9, where
    assert set(left["below"].says) == {"under", "unclear"} and set(left["below"].open) == {0}
    assert set(kinds) >= {"below_standard", "critical"} and not left["lost"].any()
    assert kinds[left["alive"].signal[lost["lost"]]].tolist() == ["critical"]
    assert lost["differences"]["under the target, low"] > 1e-6


def test_an_alert_below_the_standard_is_made_again_from_what_was_kept_though_later_draws_changed_its_chances(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Settled(agents=2)
    for tier, frame, every in (("high", 90, 4), ("low", 2000, 9), ("rare", 8, 1)):  # the last joins its neighbour
        cases = [
            One(turn % every != 0, weeks_ago=1 + turn % 11, tier=tier) for turn in range({"rare": 1}.get(tier, 70))
        ]
        desk.put(cases, stratum=desk.new_stratum(f"able|{tier}", frame, len(cases)))
    mixed = [One(turn % 3 != 0, weeks_ago=2, agent=turn % 2) for turn in range(16)]
    shared = desk.put(mixed, stratum=desk.new_stratum("everybody", 400, 16, draw=desk.another_draw("second")))
    write(lambda: signals.scan(SYSTEM))

    write(lambda: desk.attach(shared, mixed, desk.new_stratum("later", 30, 16, draw=desk.another_draw("third"))))
    desk.put(
        [One(True, weeks_ago=1)] * 90, stratum=desk.new_stratum("more", 20000, 90, draw=desk.another_draw("fourth"))
    )
    write(tallies.rebuild)
    packing.write_pack(tmp_path / "pack.zip")
    folder = unpacked(tmp_path / "pack.zip", tmp_path / "pack")
    monkeypatch.chdir(folder)
    left = recomputed(folder)
    then = left["then"]
    then.loc[then.own & (then.outcome == "wrong"), "weight"] *= 1.01
    then.to_csv(folder / "below_then.csv", index=False)
    changed = recomputed(folder)["differences"]

    where, difference = worst(left)
    [said] = [json.loads(one.evidence) for one in left["said_below"].itertuples()]
    now = left["below"].set_index("agent").loc[left["said_below"].agent.iloc[0]]
    assert difference < 1e-9, where
    assert left["kept_then"] == set(left["said_below"].signal) and "rests_on" not in said
    assert abs(now.low - said["low"]) > 1e-3 and now.says != "under" and then.weight.nunique() > 3
    assert not then.own.all() and left["lost"].any()
    assert changed["below the standard when it was said, low"] > 1e-6
