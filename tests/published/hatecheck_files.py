"""Reshape ten raters' decisions about 3,901 cases into files that the product reads, one rater being the agent.

python tests/published/hatecheck_files.py ../shared/data/hatecheck replay r07
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

WEEKS = 26
RATERS = tuple(f"r{number:02d}" for number in range(1, 11))
MAPPING = """[classes]
text = "evidence"
truth = "outcome"
functionality = "outcome"
target_group = "outcome"
"""
PLAN = """name = "Every case"
purpose = "measure"
strata = ["agent"]
size = {size}
looks = 4
overlap = 0.0
seed = "replay"
"""


def write(source: Path, target: Path, agent: str, until: datetime) -> int:
    """Write people, cases, mapping, plan and blind grades into *target*; how many cases the agent decided.

    The agent's cases close evenly over the 26 weeks before *until*, in the order of their ids.
    """
    with (source / "cases.csv").open(encoding="utf-8", newline="") as lines:
        cases = {row["case_id"]: row for row in csv.DictReader(lines)}
    with (source / "decisions.csv").open(encoding="utf-8", newline="") as lines:
        votes = list(csv.DictReader(lines))
    mine = {vote["case_id"]: vote["label"] for vote in votes if vote["rater_id"] == agent}
    target.mkdir(parents=True, exist_ok=True)
    first, step = until - timedelta(weeks=WEEKS), timedelta(weeks=WEEKS) / len(mine)
    _write(target / "people.csv", ("id", "name", "roles", "team", "started_on"), _people(agent, first))
    _write(
        target / "cases.csv",
        ("case_id", "text", "agent_id", "decided_policy", "action", "reported_policy", "closed_at", "truth",
         "functionality", "target_group"),
        (
            (case, cases[case]["text"], agent, *_decided(cases[case], mine[case]), _key(cases[case]),
             (first + step * place).isoformat(timespec="seconds"), cases[case]["truth"], cases[case]["functionality"],
             cases[case]["target_group"])
            for place, case in enumerate(sorted(mine))
        ),
    )  # fmt: skip
    _write(
        target / "grades.csv",
        ("case_id", "rater_id", "decided_policy", "action"),
        (
            (vote["case_id"], vote["rater_id"], *_decided(cases[vote["case_id"]], vote["label"]))
            for vote in votes
            if vote["case_id"] in mine and vote["rater_id"] != agent
        ),
    )
    (target / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (target / "plan.toml").write_text(PLAN.format(size=len(mine)), encoding="utf-8")
    return len(mine)


def _people(agent: str, first: datetime) -> Iterable[tuple[str, ...]]:
    started = (first - timedelta(days=30)).date().isoformat()
    for rater in RATERS:
        mine = rater == agent
        yield rater, f"Rater {rater[1:]}", "agent" if mine else "reviewer", "Raters" if mine else "", started


def _key(case: dict[str, str]) -> str:
    return "hatecheck/" + case["policy"].replace("_", "-")


def _decided(case: dict[str, str], label: str) -> tuple[str, str]:
    return (_key(case), "remove") if label == "hateful" else ("none", "keep")


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], datetime.now(UTC) - timedelta(hours=1)), "cases")
