"""Plans: the standing rules by which cases are drawn. A change is a new version; a draw keeps the one it came from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.draws import cells
from qa.models.plans import Plan, PlanVersion
from qa.plans import parts as plan_parts
from qa.sampling.allocation import METHODS
from qa.sampling.frame import Rule, tiers_of

SIZINGS = ("size", "per_agent_week", "half_width")
#: (from, to) of a plan's state; what is retired stays so.
STEPS = (("live", "paused"), ("paused", "live"), ("live", "retired"), ("paused", "retired"))
#: Of a grader's queue; more would cost more than it tells.
MOST_GOLD = 0.04
#: What a plan file may say, and what holds where it says nothing.
FIELDS: dict[str, Any] = {
    "name": None, "purpose": "measure", "filter": {}, "strata": ["agent", "tier"], "size": None, "per_agent_week": None,
    "half_width": None, "half_width_of": "all", "min_per_stratum": 0, "allocation": "proportional", "overlap": 0.10,
    "looks": 1, "gold": 0.0, "schedule": None, "intensity": None, "since": None, "seed": None, "tier": [],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Definition:
    """A plan as it was written, checked."""

    name: str
    purpose: str
    filter: dict[str, list[str]]
    strata: list[str]
    tiers: list[tuple[str, str]]
    sizing: dict[str, Any]
    min_per_stratum: int
    allocation: str
    overlap: float
    looks: int
    schedule: dict[str, Any] | None
    seed: str | None
    gold: float = 0.0
    intensity: dict[str, Any] | None = None


def from_toml(text: str, *, file: str = "plan") -> Definition:
    """Read a plan file. Raises BadInput with every field that is wrong, and the line of what is no TOML."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = int(str(error).rpartition("line ")[2].split(",")[0]) if "line " in str(error) else None
        raise BadInput(Problem(f"a TOML file ({error})", file=file, line=line)) from error
    return checked(written, file=file)


def checked(written: dict[str, Any], *, file: str | None = None) -> Definition:
    """*written* as a definition. Raises BadInput with every field that is wrong."""
    problems = [
        Problem(f"one of the fields {', '.join(FIELDS)}", file=file, field=name)
        for name in sorted(set(written) - set(FIELDS))
    ]
    said = {**FIELDS, **written}

    def need(fits: bool, field: str, expected: str) -> None:
        if not fits:
            value = None if said[field] is None else str(said[field])
            problems.append(Problem(expected, file=file, field=field, value=value))

    need(isinstance(said["name"], str) and 0 < len(str(said["name"]).strip()) <= 200, "name", "a name")
    need(said["purpose"] in ("measure", "find"), "purpose", "measure or find")
    need(said["allocation"] in METHODS, "allocation", f"one of {', '.join(METHODS)}")
    need(_is_whole(said["looks"], 1, 20), "looks", "a whole number from 1 to 20")
    need(_is_whole(said["min_per_stratum"], 0, 10**6), "min_per_stratum", "a whole number, 0 or more")
    need(_is_share(said["overlap"]), "overlap", "a share from 0 to 1")
    need(_is_share(said["gold"]) and said["gold"] <= MOST_GOLD, "gold", f"a share from 0 to {MOST_GOLD}")
    need(said["seed"] is None or isinstance(said["seed"], str | int), "seed", "a text or a whole number")
    problems += _about_frame(said, file) + _about_size(said, file)
    problems += plan_parts.about_schedule(said["schedule"], file) + plan_parts.about_intensity(said, file)
    problems += plan_parts.about_since(said["since"], file)
    if problems:
        raise BadInput(*problems)
    return Definition(
        name=said["name"].strip(),
        purpose=said["purpose"],
        filter={column: [str(value) for value in values] for column, values in said["filter"].items()},
        strata=list(said["strata"]),
        tiers=[(tier["name"], tier["when"]) for tier in said["tier"]],
        sizing=_sizing(said),
        min_per_stratum=said["min_per_stratum"],
        allocation=said["allocation"],
        overlap=float(said["overlap"]),
        looks=said["looks"],
        schedule=said["schedule"],
        seed=None if said["seed"] is None else str(said["seed"]),
        gold=float(said["gold"]),
        intensity=said["intensity"],
    )


def _sizing(said: dict[str, Any]) -> dict[str, Any]:
    """The one way of sizing that was given; a precision says of what, unless it is that of everything."""
    found = {name: said[name] for name in SIZINGS if said[name] is not None}
    found |= {"of": "agent"} if said["half_width_of"] == "agent" else {}
    since = plan_parts.day_of(said["since"])
    return found if since is None else found | {"since": since.isoformat()}


def _about_frame(said: dict[str, Any], file: str | None) -> list[Problem]:
    """What is wrong with filter, strata and tiers."""
    known = ", ".join(sorted(cells.KNOWN))
    problems = []
    if not isinstance(said["filter"], dict) or not all(isinstance(values, list) for values in said["filter"].values()):
        problems.append(Problem('a table of lists, like {workflow = ["abuse_report"]}', file=file, field="filter"))
    else:
        unknown = sorted(set(said["filter"]) - set(cells.KNOWN))
        problems += [Problem(f"one of {known}", file=file, field="filter", value=name) for name in unknown]
    if not isinstance(said["strata"], list):
        problems.append(Problem("a list of columns", file=file, field="strata"))
    else:
        unknown = sorted({str(name) for name in said["strata"]} - {*cells.KNOWN, "tier"})
        problems += [Problem(f"tier or one of {known}", file=file, field="strata", value=name) for name in unknown]
    tiers = said["tier"]
    if not isinstance(tiers, list) or not all(isinstance(one, dict) and set(one) == {"name", "when"} for one in tiers):
        return [*problems, Problem("[[tier]] tables with name and when", file=file, field="tier")]
    try:
        read = tiers_of((str(one["name"]), str(one["when"])) for one in tiers)
    except ValueError as error:
        return [*problems, Problem(str(error), file=file, field="tier")]
    named = sorted(set().union(*(one.when.columns for one in read)) - set(cells.KNOWN)) if read else []
    return problems + [Problem(f"one of {known}", file=file, field="tier", value=name) for name in named]


def _about_size(said: dict[str, Any], file: str | None) -> list[Problem]:
    """What is wrong with the size: just one of the three ways must be given."""
    given = [name for name in SIZINGS if said[name] is not None]
    if len(given) != 1:
        return [Problem(f"just one of {', '.join(SIZINGS)}", file=file, field="size", value=", ".join(given) or None)]
    value = said[given[0]]
    if said["half_width_of"] not in ("all", "agent"):
        return [Problem("all or agent", file=file, field="half_width_of", value=str(said["half_width_of"]))]
    if said["half_width_of"] == "agent" and (given[0] != "half_width" or "agent" not in said["strata"]):
        return [Problem("half_width, and agent among the strata", file=file, field="half_width_of", value="agent")]
    if given[0] == "half_width":
        fits = isinstance(value, float) and 0 < value <= 0.5
        return [] if fits else [Problem("a share above 0, up to 0.5", file=file, field="half_width", value=str(value))]
    fits = _is_whole(value, 1, 10**7)
    return [] if fits else [Problem("a whole number, 1 or more", file=file, field=given[0], value=str(value))]


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def create(actor: Actor, definition: Definition) -> PlanVersion:
    """Keep a plan, or the next version of the one that has this name; the same definition again changes nothing."""
    plan = db.session.scalar(select(Plan).where(Plan.name == definition.name))
    if plan is None:
        plan = Plan(name=definition.name, state="live")
        db.session.add(plan)
        db.session.flush()
    before = newest_version(plan.id)
    if before is not None and definition_of(plan, before) == definition:
        return before
    version = version_of(definition)
    version.plan_id, version.no, version.by_id = plan.id, (before.no if before else 0) + 1, actor.id
    db.session.add(version)
    db.session.flush()
    audit.note(actor, "published", "plan", plan.public_id, no=version.no)
    return version


def version_of(definition: Definition) -> PlanVersion:
    """A version that is stored nowhere yet."""
    return PlanVersion(
        purpose=definition.purpose,
        filter=definition.filter,
        strata=definition.strata,
        tiers=[list(tier) for tier in definition.tiers],
        sizing=definition.sizing,
        min_per_stratum=definition.min_per_stratum,
        allocation=definition.allocation,
        overlap_share=definition.overlap,
        looks=definition.looks,
        schedule=definition.schedule,
        seed=definition.seed,
        gold_share=definition.gold,
        intensity=definition.intensity,
    )


def move(actor: Actor, public_id: str, to: str) -> None:
    """Pause a plan, let it go on, or retire it for good: what is not live draws nothing. Draws that were made stay.

    What a pause leaves undrawn falls into the first window after it. Raises Refused for a step that there is not.
    """
    plan = by_public_id(public_id)
    fits = tuple(before for before, after in STEPS if after == to)
    moved = update(Plan).where(Plan.id == plan.id, Plan.state.in_(fits)).values(state=to)
    if not db.session.execute(moved).rowcount:
        raise Refused("This plan cannot be moved there from where it is now.")
    audit.note(actor, "moved", "plan", public_id, state=to)


def named(name: str) -> Plan:
    """The plan of this name. Raises NotFound."""
    plan = db.session.scalar(select(Plan).where(Plan.name == name))
    if plan is None:
        raise NotFound("plan")
    return plan


def by_public_id(public_id: str) -> Plan:
    """The plan at this address. Raises NotFound."""
    plan = db.session.scalar(select(Plan).where(Plan.public_id == public_id))
    if plan is None:
        raise NotFound("plan")
    return plan


def newest_version(plan_id: int) -> PlanVersion | None:
    """The version of a plan that the next draw is made by."""
    newest = select(PlanVersion).where(PlanVersion.plan_id == plan_id).order_by(PlanVersion.no.desc()).limit(1)
    return db.session.scalar(newest)


def version(version_id: int) -> PlanVersion:
    """The version of this inside number."""
    return db.session.get_one(PlanVersion, version_id)


def newest_versions() -> dict[int, PlanVersion]:
    """Plan's inside number -> the version that its next draw is made by, of all plans."""
    last = select(func.max(PlanVersion.no)).where(PlanVersion.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    query = select(PlanVersion).join(Plan, Plan.id == PlanVersion.plan_id).where(PlanVersion.no == last)
    return {version.plan_id: version for version in db.session.scalars(query)}


def definition_of(plan: Plan, version: PlanVersion) -> Definition:
    """A stored version as a definition."""
    tiers = [(tier[0], tier[1]) for tier in version.tiers]
    return Definition(
        plan.name, version.purpose, version.filter, list(version.strata), tiers,
        version.sizing, version.min_per_stratum, version.allocation, version.overlap_share, version.looks,
        version.schedule, version.seed, version.gold_share, version.intensity,
    )  # fmt: skip


def rule_of(version: PlanVersion) -> Rule:
    """What a version says about its frame, as the pure part takes it."""
    tiers = tiers_of((tier[0], tier[1]) for tier in version.tiers)
    return Rule({column: set(values) for column, values in version.filter.items()}, list(version.strata), tiers)
