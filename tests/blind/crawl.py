"""Everything that one person can get out of a world: every page that the table of permissions lets them open.

Addresses come from the app's own map, what stands in them from the rows that are there, and what is asked behind the
question mark from what the views read: a page that is new is asked for by itself.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from sqlalchemy import event, select
from werkzeug.test import TestResponse

from qa.core.db import db
from qa.core.models import Notice
from tests.blind.carried import Carried, forget_all
from tests.blind.worlds import World
from tests.core.matrix import ROWS, Row
from tests.core.worlds import NOBODY
from tests.factories import Browser, browser, forgery_token

#: What `ids` of the table name -> the tables whose rows have such addresses; of a kind that is not here, all tables.
TABLES = {
    "people": ("person",), "agents": ("person",), "drafts": ("policy_draft",), "clause_links": ("clause_link",),
    "questions": ("policy_question",), "imports": ("import_run",), "uploads": ("job",), "jobs": ("job",),
    "draft_jobs": ("job",), "sheets": ("sheet",),
    "packs": ("job",), "reports": ("report_copy",), "earlier_sheets": ("earlier_sheet",),
    "targets": ("dated_target",), "events": ("trend_event",), "report_wishes": ("report_wish",),
    "business_sheets": ("business_sheet",),
    "plans": ("plan",), "draws": ("draw",), "tasks": ("task",), "batches": ("batch",), "reveals": ("task",),
    "rulings": ("adjudication",), "disputes": ("dispute",), "results": ("finding",), "cases": ("closed_case",),
    "alerts": ("signal",), "modules": ("module",), "own_training": ("assignment",), "led_training": ("assignment",),
    "own_sittings": ("assignment",), "own_answers": ("assignment",), "own_checks": ("retention_check",),
    "own_check_answers": ("retention_check",), "differences": ("finding",), "challenges": ("challenge",),
    "led_starts": ("trial_place",), "led_paths": ("training_path",),
    "announcements": ("announcement",), "own_announcements": ("announcement",), "led_announcements": ("announcement",),
    "draw_cases": ("draw",), "masks": ("closed_case",), "media": ("attachment",),
    "sessions": ("calibration_session",), "ballots": ("calibration_session",),
    "led_sessions": ("calibration_session",), "held_sessions": ("calibration_session",),
    "precedents": ("precedent",), "known": ("gold",),
    "guesses": ("task",), "scores": ("task",), "scorecards": ("scorecard",),
    "own_dangers": ("danger",), "calls": ("danger",), "practice": ("practice_case",),
}  # fmt: skip
#: Addresses that hold no row's id: the same in every world.
FIXED: dict[str, list[dict[str, str]]] = {
    "policies": [{"slug": "conduct"}],
    "policy_versions": [{"slug": "conduct", "number": "1"}],
    "settings": [{"key": "target_accuracy"}],
    "methods": [{"key": "stats-intervals"}],
    "links": [],
    "beginnings": [],
    "guest_links": [],
}
NUMBERS = {"no": "1", "question": "1", "place": "1"}
#: What is asked behind the question mark besides what pages link to: words that only hidden columns hold.
WORDS = ("remove", "urgent", "critical", "Agent Baker", "conduct/insults")
_ASKED = re.compile(r"""args\.get\(\s*["'](\w+)["']""")
_LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)"')
_ID = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{5}\b")
#: What goes with the installation or the moment: the token against forgery, the version of static files.
_TOKEN = re.compile(r'(csrf[-_]token" (?:type="hidden" )?(?:value|content)=")[^"]*')

#: Addresses of one page that links are followed to.
FEW = 6


@dataclass(frozen=True)
class Answer:
    """All that comes back for one request, and what asking cost: the class of its timing."""

    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: tuple[str, ...]


@dataclass
class Names:
    """What random ids of a world stand for: the same name in both worlds for the same row."""

    known: dict[str, str] = field(default_factory=lambda: {NOBODY: "{nobody}"})
    #: Ids of no row that came twice: not random, so they keep their own name.
    met: set[str] = field(default_factory=set)
    last: set[str] = field(default_factory=set)

    def learn(self) -> None:
        """Take in the rows that are there now, in the order in which they came."""
        for table in db.metadata.sorted_tables:
            for name in ("public_id", "code"):
                if name in table.columns and "id" in table.columns:
                    rows = db.session.scalars(select(table.c[name]).order_by(table.c.id)).all()
                    for place, value in enumerate(rows):
                        self.known.setdefault(str(value), f"{{{table.name} {name} {place}}}")
        db.session.rollback()

    def put(self, text: str) -> str:
        """*text* with names for ids; what is not known is numbered as it comes."""
        strangers: dict[str, str] = {}

        def name(found: re.Match[str]) -> str:
            value = found[0]
            if value in self.met:
                return value
            return self.known.get(value) or strangers.setdefault(value, f"{{random {len(strangers)}}}")

        self.last = set(_ID.findall(text)) - self.known.keys()
        return _CODE.sub(name, _ID.sub(name, _TOKEN.sub(r"\1", text)))


def said(answer: TestResponse) -> str:
    """All that an answer holds, as text: of a picture its bytes."""
    return answer.data.hex() if answer.mimetype.startswith(("image/", "application/octet-stream")) else answer.text


class Crawler:
    """A person's browser in a world, and what it was told.

    *carries*: a page is asked for again only when something that it reads has changed since.
    """

    def __init__(self, world: World, who: Any = None, *, carries: bool = False) -> None:
        forget_all()
        self.world = world
        self.client: Browser = browser(world.app, who or world.me)
        forgery_token(self.client)  # from the first page on, as the browser of each form has it
        self.roles = (who or world.me).roles
        self.names = Names()
        self.statements: list[str] = []
        self.carried: Carried[Answer] | None = Carried(self.client) if carries else None
        event.listen(db.engine, "before_cursor_execute", self._asked)

    def close(self) -> None:
        """Listen no more."""
        event.remove(db.engine, "before_cursor_execute", self._asked)
        if self.carried:
            self.carried.close()

    def _asked(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.statements.append(statement)

    def ask(self, method: str, url: str, data: Mapping[str, str] | None = None) -> Answer:
        """One request."""
        if self.carried is None:
            return self._ask(method, url, data)[0]
        if method == "GET" and (standing := self.carried.standing(url)):
            return standing
        self.carried.asked.clear()
        answer, mimetype = self._ask(method, url, data)
        if method == "GET":
            self.carried.keep(url, answer, is_text=mimetype == "text/html")
        else:
            self.carried.forget_rows()
        return answer

    def _ask(self, method: str, url: str, data: Mapping[str, str] | None) -> tuple[Answer, str]:
        self.statements.clear()
        answer = self.client.send(url, dict(data or {})) if method == "POST" else self.client.get(url)
        asked = tuple(hashlib.sha256(one.encode()).hexdigest()[:8] for one in self.statements)
        body = said(answer)
        named = self.names.put(body)
        if method == "GET" and (strangers := self.names.last):
            self.names.met |= strangers & set(_ID.findall(said(self.client.get(url))))
            named = self.names.put(body)
        if method == "POST":
            self.names.learn()
            named = self.names.put(body)
        told = Answer(
            f"{method} {self.names.put(url)}", answer.status_code, tuple(self._headers(answer)), named, asked
        )  # fmt: skip
        return told, answer.mimetype

    def _headers(self, answer: TestResponse) -> Iterator[tuple[str, str]]:
        for name, value in answer.headers:
            if name not in ("Set-Cookie", "Date"):
                yield name, self.names.put(value)

    def pages(self, *only: str) -> dict[str, Answer]:
        """Every page that there is for this person (or *only* these), all that they link to, and the notices."""
        self.names.learn()
        if self.carried:
            self.carried.forget_rows()
        seen: dict[str, Answer] = {}
        paths: Counter[str] = Counter()
        waiting = list(only or addresses(self.world, self.roles))
        while waiting:
            url = waiting.pop(0)
            named = self.names.put(url)
            if named in seen:
                continue
            seen[named] = self.ask("GET", url)
            paths[named.split("?")[0]] += 1
            if not only:
                near = (link for link in self._links(seen[named]) if paths[self.names.put(link.split("?")[0])] < FEW)
                waiting += near
        seen["notices"] = self._notices()
        return seen

    def _links(self, answer: Answer) -> list[str]:
        """Where a page leads; names are turned back into ids."""
        back = {name: value for value, name in self.names.known.items()}
        found = (
            _LINK.findall(answer.body.replace("&amp;", "&")) if "html" in dict(answer.headers)["Content-Type"] else []
        )
        links = (re.sub(r"\{[^}]*\}", lambda one: back.get(one[0], NOBODY), link) for link in found)
        return [link for link in links if not link.startswith("/static") and "lang=" not in link]

    def _notices(self) -> Answer:
        query = select(Notice.kind, Notice.line, Notice.url).where(Notice.person_id == self.world.me.id)
        rows = [tuple(row) for row in db.session.execute(query.order_by(Notice.id))]
        db.session.rollback()
        return Answer("notices", 200, (), self.names.put(str(rows)), ())


def addresses(world: World, roles: frozenset[str]) -> Iterator[str]:
    """Every address of a page that somebody with *roles* may open, and some that hold a stranger's id or a secret."""
    open_to = {row.rule: row for row in ROWS if row.method == "GET"}
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        needed = getattr(world.app.view_functions[rule.endpoint], "needed_roles", frozenset({"signed_in"}))
        if not needed & {*roles, "signed_in", "public"}:
            continue
        row = open_to.get(rule.rule)
        filled = [_fill(rule.rule, values) for values in _values(row)] if rule.arguments else [rule.rule]
        yield from filled
        names = sorted(set(_ASKED.findall(_source(world, rule.endpoint))) - {"next", "lang"})
        for address in dict.fromkeys([*filled[:1], *filled[-1:]]):
            yield from (f"{address}?{name}={WORDS[place % len(WORDS)]}" for place, name in enumerate(names))
            if names:
                yield f"{address}?" + "&".join(f"{name}={world.agents[1].public_id}" for name in names)
            if numbers := _numbers(world, rule.endpoint):
                yield f"{address}?" + "&".join(f"{name}={least:g}" for name, (least, _) in numbers.items())


def _module(world: World, endpoint: str) -> ModuleType:
    return sys.modules[inspect.unwrap(world.app.view_functions[endpoint]).__module__]


def _source(world: World, endpoint: str) -> str:
    """The text of the module that a view stands in."""
    return inspect.getsource(_module(world, endpoint))


def _numbers(world: World, endpoint: str) -> dict[str, tuple[float, float]]:
    """What numbers a page of what-if takes from its address, each from the least to the most."""
    return dict(getattr(_module(world, endpoint), "LIMITS", {}))


def _values(row: Row | None) -> list[dict[str, str]]:
    """What may stand in an address: the id of every row that there is, and one of nobody."""
    if row is None:
        return []
    if row.ids in FIXED:
        return FIXED[row.ids]
    found = []
    addressed = tuple(name for name, table in db.metadata.tables.items() if "public_id" in table.columns)
    for name in TABLES.get(row.ids, addressed):
        table = db.metadata.tables[name]
        found += list(db.session.scalars(select(table.c.public_id).order_by(table.c.id)))
    db.session.rollback()
    parameter = re.findall(r"<(?:\w+:)?(\w+)>", row.rule)[0]
    return [{parameter: str(one), **NUMBERS} for one in [*found, NOBODY]]


def _fill(rule: str, values: Mapping[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], NOBODY), rule)
