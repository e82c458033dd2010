"""Which tables each kind of report holds, and the finding that heads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from calibration import comparing, sentences
from calibration.periods import Period
from calibration.queries import agents, alerts, mornings
from calibration.queries.alerts import AlertRow
from calibration.reports import figures, goals
from calibration.reports.closing import Closing
from calibration.reports.figures import Drawn
from calibration.reports.hours import Hours
from calibration.reports.parts import Line, Report, Table
from calibration.stats.estimate import UNDERLYING
from qa.core import formats, preferences
from qa.core.access import SYSTEM
from qa.core.errors import BadInput, Problem
from qa.policies import queries as policy_queries

KINDS = {"weekly": "Weekly report", "monthly": "Monthly report", "dsa": "Accuracy by policy and language"}
#: (parts done, of how many, what is under way).
Tell = Callable[[int, int, str], None]
#: Figures of a week or a month read so many weeks of closed cases: one week alone says next to nothing.
WEEKS_READ, DSA_WEEKS = 13, 26


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a report is of, and the closing days that its figures read; both ends inside."""

    since: date
    until: date
    read_from: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment that is read, and the first one after."""
        return _midnight(self.read_from), _midnight(self.until + timedelta(days=1))


def span(kind: str, today: date, since: date | None = None, until: date | None = None) -> Span:
    """The days of a report that is made on *today*: the last whole week, the last whole month, or the last 26 weeks.

    *since* and *until* ask for other days. Raises BadInput where they are in the wrong order.
    """
    if kind == "weekly":
        last = today - timedelta(days=today.weekday() + 1)
        first = last - timedelta(days=6)
    elif kind == "monthly":
        last = today.replace(day=1) - timedelta(days=1)
        first = last.replace(day=1)
    else:
        last = today - timedelta(days=1)
        first = today - timedelta(weeks=DSA_WEEKS)
    last = until or last
    if until is not None:
        first = until - {"weekly": timedelta(days=6), "monthly": timedelta(days=30)}.get(
            kind, timedelta(weeks=DSA_WEEKS)
        )
    first = since or first
    if first > last:
        raise BadInput(Problem(f"a day up to {last.isoformat()}", field="since", value=first.isoformat()))
    reading = first if kind == "dsa" else min(first, last - timedelta(weeks=WEEKS_READ) + timedelta(days=1))
    return Span(first, last, reading)


def compose(
    kind: str, days: Span, *, names: bool, own: Sequence[str] = (), tell: Tell = lambda _done, _of, _line: None
) -> Report:
    """The report of *kind*. *names*: whether persons are named; *own*: sentences of whoever hands it out.

    *tell* hears how far it is; it must not end the transaction that reads.
    """
    parts = _dsa if kind == "dsa" else _usual
    heading, said, tables = parts(days, names, tell)
    return Report(kind, KINDS[kind], heading, days.since, days.until, tables, said, [one for one in own if one.strip()])


def _usual(days: Span, names: bool, tell: Tell) -> tuple[str, list[str], list[Table]]:
    tell(0, 4, "reading drawn cases")
    drawn = Drawn(*days.moments)
    tell(1, 4, "reading times of all cases")
    closing, hours = Closing(_midnight(days.since), days.moments[1]), Hours(*days.moments)
    tell(2, 4, "comparing graders")
    match, held = preferences.get("headline_level"), goals.target_of(days.until)
    total, target = drawn.of_all(match), held({})
    raised = [row for row in alerts.listed(levels=("act",)) if days.since <= row.raised_at.date() <= days.until]
    quote = sentences.accuracy_quote(total, days.read_from, days.until)
    agreed = comparing.compared(SYSTEM, Period(match, days.read_from, days.until, {}, None, UNDERLYING), "policy")
    said = [quote.may, f"It does not say: {quote.may_not[0].lower()}{quote.may_not[1:]}"] if quote else []
    among = sentences.agreement(agreed.all)
    said += [among.may, f"It does not say: {among.may_not[0].lower()}{among.may_not[1:]}"] if among else []
    tell(3, 4, "writing")
    tables = [
        goals.by_month(days.until),
        figures.by(drawn, ["policy"], matches=[match], title="Accuracy by policy", target_of=held),
        figures.by(drawn, ["workflow"], matches=[match], title="Accuracy by workflow", target_of=held),
        figures.by(drawn, ["team"], matches=[match], title="Accuracy by team"),
        figures.right_and_on_time(drawn),
        _alerts(raised, names),
        *(closing.late_by(name) for name in ("workflow", "queue", "team")),
        *(hours.late_by(name) for name in ("shift", "hour")),
        closing.first_response(),
        _samples(days),
    ]
    heading = sentences.figure(total, target)
    if raised:
        heading = f"{len(raised)} accuracy {'alert' if len(raised) == 1 else 'alerts'}. {heading}"
    return heading, said, tables


def _dsa(days: Span, _names: bool, tell: Tell) -> tuple[str, list[str], list[Table]]:
    tell(0, 2, "reading drawn cases")
    drawn = Drawn(*days.moments)
    tell(1, 2, "writing")
    matches = ["verdict", "policy"]
    total = drawn.of_all("policy")
    quote = sentences.accuracy_quote(total, days.since, days.until)
    tables = [
        figures.by(drawn, ["locale"], matches=matches, title="By language"),
        figures.by(drawn, ["policy"], matches=matches, title="By policy"),
        figures.by(drawn, ["policy", "locale"], matches=matches, title="By policy and language"),
        _people(drawn),
    ]
    languages = drawn.people()
    heading = (
        f"Accuracy of decisions by people in {formats.count(len(languages))} "
        f"{'language' if len(languages) == 1 else 'languages'}."
    )
    said = [quote.may] if quote else []
    said.append(
        "The table follows what Article 42(2)(c) of Regulation (EU) 2022/2065 asks for, indicators of accuracy by "
        "language; whether somebody has to publish it is not for this report to say."
    )
    return heading, said, tables


def _people(drawn: Drawn) -> Table:
    """How many people decided the drawn cases of each language."""
    lines = [
        Line([locale or "not said"], (), [formats.count(people), formats.count(cases)])
        for locale, people, cases in drawn.people()
    ]
    return Table(
        "people_by_language", "People by language", ["Language"], (), ["People who decided", "Drawn cases"], lines,
        "People with at least one drawn case in that language, whom nobody else's case makes known.",
    )  # fmt: skip


def _alerts(raised: Sequence[AlertRow], names: bool) -> Table:
    """The alerts that were raised in these days; without names only what they are about."""
    everybody = agents.everybody()
    labels = policy_queries.labels([row.lead_key for row in raised if row.lead_key])
    lines = []
    for row in raised:
        agent = everybody.get(row.agent_id)
        about = labels.get(row.lead_key or "", row.lead_key or "no single clause")
        who = agent.name if names and agent else agent.team if agent and agent.team else "an agent"
        cells = [about, formats.count(row.errors), formats.count(row.n), row.state.replace("_", " ")]
        person = agent.public_id if names and agent else ""
        lines.append(Line([sentences.KINDS.get(row.kind, row.kind), who], (), cells, person))
    return Table(
        "alerts", "Accuracy alerts raised", ["What", "Agent" if names else "Team"], (),
        ["Leads", "Errors", "Of cases", "State"], sorted(lines, key=lambda line: [*line.of]),
        "An alert comes when the evidence for more errors than expected passes a limit that chance alone reaches "
        "rarely; a person decides what follows.", "None was raised.",
    )  # fmt: skip


def _samples(days: Span) -> Table:
    """How far the samples are that were drawn in these days, by plan."""
    found = [one for one in mornings.draws(_midnight(days.since)) if one.drawn_at.date() <= days.until]
    lines = []
    for plan in sorted({one.plan for one in found}, key=str.casefold):
        mine = [one for one in found if one.plan == plan]
        sums = (
            len(mine),
            sum(one.drawn for one in mine),
            sum(one.ended for one in mine),
            sum(one.open for one in mine),
        )
        last = formats.day(max(one.drawn_at for one in mine))
        lines.append(Line([plan], (), [last, *map(formats.count, sums)]))
    return Table(
        "samples", "Samples", ["Plan"], (), ["Last drawn", "Samples", "Cases", "Decided", "Open"], lines, "",
        "Nothing was drawn.",
    )  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)
