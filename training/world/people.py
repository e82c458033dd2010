"""The people of the demonstration world; all names are invented."""

from dataclasses import dataclass
from datetime import date, timedelta

from training.world.chance import stream


@dataclass(frozen=True, slots=True)
class Team:
    """A team of agents with its place and working hours."""

    name: str
    vendor: str
    time_zone: str
    #: First and last hour of the shift, in UTC; the world keeps one clock all year.
    opens_utc: int
    closes_utc: int
    languages: tuple[str, ...]
    #: Share of the team's cases that are in Spanish.
    share_spanish: float


@dataclass(frozen=True, slots=True)
class Agent:
    """What the generator needs to know of an agent."""

    id: str
    team: Team
    share_escalations: float
    share_legal: float


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is no agent."""

    id: str
    name: str
    roles: str
    languages: str
    time_zone: str
    skills: str = ""


HARBOUR = Team("Harbour", "", "Europe/Dublin", 8, 17, ("en",), 0.0)
MESA = Team("Mesa", "", "America/Bogota", 13, 22, ("en", "es"), 0.76)
LANTERN = Team("Lantern", "Talyer Support (invented)", "Asia/Manila", 1, 10, ("en",), 0.0)
TEAMS = (HARBOUR, MESA, LANTERN)

AGENT_NAMES = (
    ("Aoife Kinsella", HARBOUR), ("Tobias Renwick", HARBOUR), ("Priya Nambiar", HARBOUR), ("Marek Zielak", HARBOUR),
    ("Lindiwe Mokoena", HARBOUR), ("Oscar Thorsby", HARBOUR), ("Hannah Birchall", HARBOUR), ("Deniz Aydar", HARBOUR),
    ("Camila Restrepo", MESA), ("Julián Ocampo", MESA), ("Valentina Quiroga", MESA), ("Andrés Pulido", MESA),
    ("Mariela Fuentes", MESA), ("Santiago Berrío", MESA), ("Lucía Montalvo", MESA), ("Gael Ibarra", MESA),
    ("Jasmine Dela Rosa", LANTERN), ("Paolo Villareal", LANTERN), ("Grace Magbanua", LANTERN),
    ("Rafael Sison", LANTERN), ("Mei Takahara", LANTERN), ("Arjun Pillai", LANTERN), ("Kofi Asante", LANTERN),
    ("Bea Lorenzana", LANTERN),
)  # fmt: skip
#: Who also works off escalations, and who answers legal requests (about half of their cases).
ESCALATION_AGENTS = ("ag01", "ag04", "ag05", "ag09", "ag11", "ag14", "ag15", "ag17", "ag20", "ag23")
LEGAL_AGENTS = ("ag02", "ag08", "ag12", "ag16", "ag21")
SHARE_OF_SPECIALISTS = 0.49

STAFF = (
    Staff("gr01", "Ingrid Solheim", "reviewer", "en", "Europe/Oslo", "decide_dispute"),
    Staff("gr02", "Samuel Adeyemi", "reviewer", "en", "Europe/London"),
    Staff("gr03", "Carolina Vélez", "reviewer", "en;es", "America/Bogota", "adjudicate"),
    Staff("gr04", "Hugo Marchetti", "reviewer", "en;es", "Europe/Rome", "decide_dispute"),
    Staff("gr05", "Noor Haddad", "reviewer", "en;es", "Europe/Madrid", "adjudicate"),
    Staff("mg01", "Frances Okafor", "manager", "en", "Europe/Dublin"),
    Staff("mg02", "Ricardo Peñaloza", "manager", "en;es", "America/Bogota"),
    Staff("po01", "Elspeth Wray", "policy_owner", "en;es", "Europe/Dublin", "expert"),
    Staff("ob01", "Bruno Talvik", "observer", "en", "Europe/Tallinn"),
    Staff("ad01", "Yuki Arrowsmith", "admin", "en", "Europe/Dublin"),
)
GRADERS = tuple(staff.id for staff in STAFF if staff.roles == "reviewer")
#: Which teams each manager leads.
MANAGES = {"mg01": ("Harbour", "Lantern"), "mg02": ("Mesa",)}


def agents() -> tuple[Agent, ...]:
    """The 24 agents, in the order of their ids."""
    found = []
    for number, (_, team) in enumerate(AGENT_NAMES, start=1):
        key = f"ag{number:02d}"
        escalations = SHARE_OF_SPECIALISTS if key in ESCALATION_AGENTS else 0.0
        legal = SHARE_OF_SPECIALISTS if key in LEGAL_AGENTS else 0.0
        found.append(Agent(key, team, escalations, legal))
    return tuple(found)


def people(seed: int, starts_on: date) -> tuple[dict[str, str], ...]:
    """Everybody as rows of a people file; dates lie before the world's first day."""
    rows = []
    for agent, (name, team) in zip(agents(), AGENT_NAMES, strict=True):
        row = _row(seed, agent.id, name, "agent", ";".join(team.languages), team.time_zone, starts_on)
        skills = ["workflow:abuse_report"]
        skills += ["workflow:escalation"] if agent.share_escalations else []
        skills += ["workflow:legal_request"] if agent.share_legal else []
        rows.append(row | {"team": team.name, "vendor": team.vendor, "skills": ";".join(skills)})
    for staff in STAFF:
        row = _row(seed, staff.id, staff.name, staff.roles, staff.languages, staff.time_zone, starts_on)
        rows.append(row | {"skills": staff.skills, "team_since": ""})
    return tuple(rows)


def _row(seed: int, key: str, name: str, roles: str, languages: str, time_zone: str, starts_on: date) -> dict[str, str]:
    started = starts_on - timedelta(days=stream(seed, "started", key).randrange(60, 1500))
    team_since = max(started, starts_on - timedelta(days=200))
    return {
        "id": key,
        "name": name,
        "email": f"{key}@shiftwell.example",
        "roles": roles,
        "team": "",
        "vendor": "",
        "languages": languages,
        "active": "true",
        "team_since": team_since.isoformat(),
        "started_on": started.isoformat(),
        "time_zone": time_zone,
        "skills": "",
    }
