"""The demonstration world as files: what stands in them is whole, dated, distinct, and the same every time."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from qa.policytext.sections import parse
from training.world.cases import json_lines, world
from training.world.decisions import matches
from training.world.documents import in_force

ROOT = Path(__file__).parents[3]
COLUMNS = {
    "case_id", "text", "agent_id", "decided_by", "decided_policy", "action", "reported_policy", "closed_at",
    "opened_at", "first_response_at", "due_at", "workflow", "queue", "severity", "locale", "handle_seconds",
    "confidence", "handled_by", "sensitivity", "messages",
}  # fmt: skip
FINGERPRINT = """
import hashlib
from datetime import date
from training.world.cases import json_lines, world
made = world(1, ends_on=date(2026, 11, 21))
print(hashlib.sha256("".join(json_lines(made.cases)).encode()).hexdigest())
"""


def share_of(counts: Counter[str], key: str) -> float:
    return counts[key] / counts.total()


def sections_in_force(made, *, slug, day):
    text = in_force(made.policies, slug, day)
    found = parse(text.markdown, name=text.slug).sections
    return {f"{slug}/{section.key}" if section.key else slug for section in found}


def test_the_small_world_has_about_six_thousand_cases_of_three_kinds(shiftwell):
    kinds = Counter(row["workflow"] for row in shiftwell.cases)

    assert 5_850 <= len(shiftwell.cases) <= 6_150
    assert share_of(kinds, "abuse_report") == pytest.approx(0.70, abs=0.03)
    assert share_of(kinds, "escalation") == pytest.approx(0.20, abs=0.03)
    assert share_of(kinds, "legal_request") == pytest.approx(0.10, abs=0.02)


def test_a_quarter_of_the_cases_is_in_spanish(shiftwell):
    locales = Counter(row["locale"] for row in shiftwell.cases)

    assert set(locales) == {"en", "es"}
    assert share_of(locales, "es") == pytest.approx(0.25, abs=0.03)


def test_every_row_has_the_columns_of_a_cases_file_and_nothing_but_text(shiftwell):
    rows = [json.loads(line) for line in json_lines(shiftwell.cases[:500])]

    assert all(set(row) == COLUMNS for row in rows)
    assert all(isinstance(value, str) for row in rows for value in row.values())
    assert len({row["case_id"] for row in shiftwell.cases}) == len(shiftwell.cases)


def test_policies_in_play_are_ten_to_fourteen_and_each_has_cases(shiftwell):
    plays = Counter(row["reported_policy"] for row in shiftwell.cases)

    assert 10 <= len(plays) <= 14
    assert min(plays.values()) >= 100


def test_every_section_key_exists_in_the_version_of_its_day(shiftwell):
    known = {}
    missing = set()
    for row in shiftwell.cases:
        truth = shiftwell.truths[row["case_id"]]
        day = datetime.fromisoformat(row["closed_at"]).date()
        for key in {row["decided_policy"], row["reported_policy"], truth.section or "none", truth.about} - {"none"}:
            slug = key.partition("/")[0]
            version = in_force(shiftwell.policies, slug, day).version
            if (slug, version) not in known:
                known[slug, version] = sections_in_force(shiftwell, slug=slug, day=day)
            if key not in known[slug, version]:
                missing.add((key, version))

    assert missing == set()


def test_the_policy_in_play_is_the_reported_section_cut_to_the_split(shiftwell):
    depth = {text.slug: parse(text.markdown, name=text.slug).front["split_depth"] for text in shiftwell.policies}

    cut = {(row["reported_policy"].count("/"), depth[row["reported_policy"].partition("/")[0]])
           for row in shiftwell.cases}  # fmt: skip

    assert cut == {(0, "0"), (1, "1")}


def test_the_truth_names_a_clause_that_stands_in_the_version_of_its_day(shiftwell):
    for row in shiftwell.cases:
        truth = shiftwell.truths[row["case_id"]]
        text = in_force(shiftwell.policies, truth.slug, datetime.fromisoformat(row["closed_at"]).date())

        assert text.version == truth.version
        assert truth.section is None or text.rule(truth.clause), truth


def test_every_action_goes_with_its_workflow_and_verdict(shiftwell):
    means = {(action.workflow, action.key): action.means for action in shiftwell.actions}

    for row in shiftwell.cases:
        truth = shiftwell.truths[row["case_id"]]
        decided = "no_violation" if row["decided_policy"] == "none" else "violates"

        assert means[row["workflow"], row["action"]] == decided
        assert means[row["workflow"], truth.action] == truth.verdict


def test_nearly_no_two_texts_are_alike(shiftwell):
    texts = {row["text"] for row in shiftwell.cases}

    assert len(texts) / len(shiftwell.cases) > 0.95


def test_no_slot_or_choice_is_left_open_in_a_text(shiftwell):
    left = [row["text"] for row in shiftwell.cases if re.search(r"[{}|<>]", row["text"] + row["messages"][2:-2].replace(
        "}, {", "").strip("{}"))]  # fmt: skip

    assert left == []


def test_no_name_of_the_staff_stands_in_a_text(shiftwell):
    words = {word for person in shiftwell.people for word in person["name"].split()}
    ids = {person["id"] for person in shiftwell.people}
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words | ids)))})\b")

    told = [row["case_id"] for row in shiftwell.cases if pattern.search(row["text"] + row["messages"])]

    assert told == []


def test_no_word_of_a_decision_stands_in_a_text(shiftwell):
    labels = {action.key for action in shiftwell.actions} - {"warn", "refuse"}
    labels |= {action.label.partition(" (")[0].lower() for action in shiftwell.actions} - {"warn"}
    codes = r"\b[a-z]{2}\d\.[a-z]\b"
    pattern = re.compile(rf"violat|infracción|{codes}|\b(?:{'|'.join(map(re.escape, sorted(labels)))})\b")

    told = [row["text"] for row in shiftwell.cases if pattern.search(row["text"].lower())]

    assert told == []


def test_a_case_runs_forward_in_time_and_ends_within_the_world(shiftwell):
    for row in shiftwell.cases:
        opened, first, closed = (
            datetime.fromisoformat(row[key]) for key in ("opened_at", "first_response_at", "closed_at")
        )
        handling = timedelta(seconds=int(row["handle_seconds"]))

        assert opened < first < closed
        assert handling <= closed - opened
        assert shiftwell.starts_on <= closed.date() <= shiftwell.ends_on
        assert shiftwell.week(closed.date()) == shiftwell.truths[row["case_id"]].week


def test_agents_close_cases_within_their_teams_hours_on_five_days_a_week(shiftwell):
    teams = {person["id"]: person["team"] for person in shiftwell.people}
    hours = {team.name: (team.opens_utc, team.closes_utc) for team in shiftwell.teams}
    days = {}
    for row in shiftwell.cases:
        closed = datetime.fromisoformat(row["closed_at"])
        opens, closes = hours[teams[row["agent_id"]]]
        days.setdefault(row["agent_id"], set()).add((closed.date() - shiftwell.starts_on).days % 7)

        assert opens <= closed.hour < closes

    assert {len(worked) for worked in days.values()} == {5}


def test_a_few_cases_are_closed_late(shiftwell):
    late = [row for row in shiftwell.cases if row["closed_at"] > row["due_at"]]

    assert 0.01 < len(late) / len(shiftwell.cases) < 0.10


def test_messages_are_lists_of_what_was_written_with_a_translation_where_needed(shiftwell):
    talks = [json.loads(row["messages"]) for row in shiftwell.cases if row["messages"]]

    assert 0.2 < len(talks) / len(shiftwell.cases) < 0.45
    for message in (message for talk in talks for message in talk):
        assert message["author_role"] in {"reporter", "subject", "agent", "system"}
        assert bool(message.get("translation")) == (message["language"] == "es")
        assert message["text"] != message.get("translation")


def test_ids_tell_nothing_of_the_agent(shiftwell):
    by_number = sorted(shiftwell.cases, key=lambda row: row["case_id"])

    runs = sum(a["agent_id"] == b["agent_id"] for a, b in zip(by_number, by_number[1:], strict=False))

    assert runs / len(by_number) < 0.10
    assert [row["opened_at"] for row in by_number] == sorted(row["opened_at"] for row in by_number)


def test_decisions_are_mostly_right_at_every_level(shiftwell):
    right = Counter()
    for row in shiftwell.cases:
        truth = shiftwell.truths[row["case_id"]]
        right.update(level for level in ("verdict", "policy", "action") if matches(row, truth, level=level))

    total = len(shiftwell.cases)
    assert right["verdict"] > right["policy"] > right["action"] > 0.92 * total
    assert right["policy"] < 0.965 * total


def test_an_unknown_level_is_refused(shiftwell):
    row = shiftwell.cases[0]

    with pytest.raises(ValueError, match="expected verdict, policy or action"):
        matches(row, shiftwell.truths[row["case_id"]], level="clause")


def test_the_same_seed_gives_the_same_world_in_another_process(shiftwell):
    env = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FINGERPRINT]

    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)

    here = "".join(json_lines(shiftwell.cases))
    assert done.stdout.strip() == hashlib.sha256(here.encode()).hexdigest()


def test_another_seed_gives_another_world(shiftwell, sibling):
    same = {row["text"] for row in shiftwell.cases} & {row["text"] for row in sibling.cases}

    assert len(same) < 0.05 * len(sibling.cases)


def test_another_last_day_moves_the_dates_alone(shiftwell):
    moved = world(1, ends_on=shiftwell.ends_on - timedelta(days=30))

    assert [row["text"] for row in moved.cases] == [row["text"] for row in shiftwell.cases]
    assert moved.starts_on == shiftwell.starts_on - timedelta(days=30)
    assert moved.cases[0]["closed_at"] < shiftwell.cases[0]["closed_at"]


def test_an_unknown_size_is_refused():
    with pytest.raises(ValueError, match="expected small or large"):
        world(1, "huge", ends_on=date(2026, 11, 21))


@pytest.mark.long
def test_the_large_world_has_ten_times_the_ordinary_cases():
    made = world(1, "large", ends_on=date(2026, 11, 21))

    assert 53_000 < len(made.cases) < 57_000
    assert len({row["text"] for row in made.cases}) / len(made.cases) > 0.95
