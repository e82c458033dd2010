"""What holds on every page at once: whom a vendor's manager meets, what *team level only* keeps back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import clock, preferences, rights
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Person, Team, TeamMember
from qa.models.cases import ClosedCase
from tests import factories
from tests.conftest import TODAY, Databases
from tests.core import worlds
from tests.core.matrix import ROWS
from tests.core.test_matrix import filled
from tests.core.worlds import World
from wsgi import create_app

#: Where people of the house stand by name because they are met there, whoever employs the reader: the host and the
#: members of a session that the reader takes part in, who is on call, and who has a policy question in hand.
MET = ("/sessions", "/on-call", "/questions")
#: Where people stand by name because something is asked of them, without any figure of theirs: leave, training that
#: is due and clearances, notes on talks, looks in hand, rotas, sessions, and accounts.
ASKED = (
    "/days-off", "/training", "/assignments", "/clearances", "/coaching", "/looks", "/practice/people", "/on-call",
    "/sessions", "/people", "/questions", "/cases", "/process-slips", "/admin", "/search", "/modules", "/earlier-qa",
    "/paths", "/announcements",
)  # fmt: skip
MARK = re.compile(r"Zq(\d+)x")


#: What code says and pages do not, and where a page has to: the methods in full, the names of a plan's own file, and
#: what is only an effect because chance decided.
NEVER = re.compile(
    r"\b(?:reviewers?|SLA|findings?|gold|blindness|signals?|truths?|frames?|tasks?|mastery|mastered|technical|"
    r"false (?:positive|negative)s?|leaderboard|e-values?|detectors?|(?:a|the|each|this|of|per) draws?)\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://\S+")
IN_FULL = ("/help/methods", "/training-changes", "/styleguide")


class Shown(HTMLParser):
    """The words of a page that people read: its text, and what is said of parts without one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag in QUOTED
        self.words += [value for name, value in attrs if name in ("aria-label", "title", "alt") and value]

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in QUOTED

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.words.append(data)


#: What stands in these is a file's, a program's or somebody's own words.
QUOTED = ("script", "style", "code", "pre", "textarea", "blockquote")


@dataclass
class Everywhere:
    """A world in which everybody has a name that is known again, and Amber is a vendor's."""

    app: Flask
    world: World
    vera: Person
    pages: list[str]
    #: Those who are, or were when they decided, in Amber.
    ambers: set[int]

    #: (who, address) -> what the page says, for whoever asks again.
    said: dict[tuple[int, str], str] = field(default_factory=dict)

    def met(self, who: Person, pages: Iterable[str] | None = None) -> dict[str, set[int]]:
        """Page -> the people whose names stand on it for *who*, themselves aside; of all pages, or of *pages*."""
        client, found = factories.browser(self.app, who), {}
        for url in self.pages if pages is None else pages:
            answer = client.get(url)
            if answer.mimetype.startswith(("text", "application/json")):
                found[url] = {int(number) for number in MARK.findall(answer.text)} - {who.id}
                self.said.setdefault((who.id, url), answer.text if answer.mimetype == "text/html" else "")
        return found

    def look(self, persona: str) -> None:
        """Read the pages that are for *persona* and not for a manager."""
        who = self.world.people[persona]
        client = factories.browser(self.app, who)
        for row in ROWS:
            if row.method == "GET" and persona in row.who and "manager" not in row.who:
                for values in worlds.BUILDERS[row.ids](self.world, persona).open[:1] if row.ids else [{}]:
                    answer = client.get(filled(row.rule, values))
                    self.said[who.id, row.rule] = answer.text if answer.mimetype == "text/html" else ""


@pytest.fixture(scope="module")
def everywhere(databases: Databases) -> Iterator[Everywhere]:
    app = create_app(databases.sqlite())
    with clock.fixed(TODAY), app.app_context():
        world = worlds.build()
        vera = factories.person("manager", name="Vera", vendor="Northwind", manages=None)
        yield Everywhere(app, world, vera, addresses(world), marked(world))
        db.session.remove()
        db.engine.dispose()


def addresses(world: World) -> list[str]:
    """Every address of a page that a manager may come to, with what stands in it for a manager and for an admin."""
    found: list[str] = []
    for row in ROWS:
        if row.method == "GET" and row.who & {"signed_in", "manager"}:
            held = [worlds.BUILDERS[row.ids](world, one) for one in ("manager", "admin")] if row.ids else []
            values = [one for ids in held for one in (*ids.open[:2], *ids.closed[:1])] if row.ids else [{}]
            found += [filled(row.rule, one) for one in values]
    return list(dict.fromkeys(found))


def marked(world: World) -> set[int]:
    """Give Amber to a vendor, and everybody a name that is known again; who is of Amber."""

    def deed() -> None:
        db.session.execute(update(Team).where(Team.id == world.amber.id).values(vendor="Northwind"))
        for person in db.session.scalars(select(Person)):
            person.name, person.email = f"Zq{person.id}x", f"zq{person.id}@example.org"

    write(deed)
    members = select(TeamMember.person_id).where(TeamMember.team_id == world.amber.id)
    deciders = select(ClosedCase.agent_id).where(ClosedCase.agent_team_id == world.amber.id)
    found = {one for query in (members, deciders) for one in db.session.scalars(query) if one is not None}
    db.session.rollback()
    return found


def test_a_vendor_s_manager_of_all_teams_meets_nobody_of_another_house(everywhere: Everywhere) -> None:
    met = everywhere.met(everywhere.vera)

    foreign = {url: them - everywhere.ambers for url, them in met.items() if not url.startswith(MET)}
    assert {url: them for url, them in foreign.items() if them} == {}
    assert sum(map(bool, met.values())) >= 8  # people of Amber are met on many pages


def test_a_look_of_another_house_s_grader_is_as_if_it_were_not_there(everywhere: Everywhere) -> None:
    held = worlds.BUILDERS["held_looks"](everywhere.world, "manager").open[0]["task_id"]

    refused = factories.browser(everywhere.app, everywhere.vera).send(f"/looks/{held}/free")

    assert refused.status_code == 404


def test_at_team_level_only_nobody_stands_beside_a_figure(everywhere: Everywhere) -> None:
    who = everywhere.world.people["manager"]
    before = everywhere.met(
        who, [url for url in everywhere.pages if url.startswith(("/accuracy", "/signals", "/graders"))]
    )

    write(lambda: preferences.put(SYSTEM, "team_level_only", True))
    try:
        after = everywhere.met(who, [url for url in everywhere.pages if not url.startswith(ASKED)])
    finally:
        write(lambda: preferences.put(SYSTEM, "team_level_only", False))

    assert {url: them for url, them in after.items() if them} == {}
    assert len(after) > 30
    assert sum(map(bool, before.values())) >= 5  # without the setting they do


def test_the_page_of_who_can_see_what_says_whose_as_the_table_of_permissions_does(everywhere: Everywhere) -> None:
    """All: nothing is somebody else's. Any other word: for one role at least that it stands for, something is."""
    wrong, met, lines = [], 0, [line for area in rights.table().values() for line in area]
    for line in lines:
        rows = [row for row in ROWS if (row.method, row.rule) in line.routes and row.ids]
        kept = {
            role: [row.rule for row in rows if worlds.BUILDERS[row.ids](everywhere.world, role).closed]
            for role in (role for role, whose in line.roles.items() if whose)
        }
        met += sum(map(len, kept.values()))
        wrong += [
            (line.words, role, "all", rules) for role, rules in kept.items() if rules and line.roles[role] == "all"
        ]
        said = {whose for whose in line.roles.values() if whose not in (None, "all", "nameless")}
        if rows and said and not any(kept.values()):
            wrong.append((line.words, "nobody", sorted(said), []))

    assert "\n".join(map(str, wrong)) == "" and met > 40


def test_no_page_says_a_word_of_the_code_where_people_would_misread_it(everywhere: Everywhere) -> None:
    if not everywhere.said:
        everywhere.met(everywhere.vera)
    for persona in ("agent", "reviewer", "policy_owner", "observer", "admin"):
        everywhere.look(persona)

    wrong = {
        (url, found[0].lower())
        for (_, url), page in everywhere.said.items()
        if not url.startswith(IN_FULL)
        for found in NEVER.finditer(ADDRESS.sub("", " ".join(" ".join(Shown(page).words).split())))
    }

    assert wrong == set()
    assert len({url for _, url in everywhere.said}) > 120


@pytest.mark.parametrize(
    "said", ["Ask a reviewer", "SLA breach", "3 findings", "of a draw", "False positives", "e-value"]
)
def test_a_word_of_the_code_is_found(said: str) -> None:
    assert NEVER.search(said)
    assert not NEVER.search("A previewer draws golden frameworks; multitasking with effects")
