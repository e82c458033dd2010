"""The page of a session, made of what its reader may see at that moment."""

from __future__ import annotations

from typing import Any

from flask import g
from wtforms import SelectChoice

from calibration.queries import discussion
from calibration.queries import sessions as queries
from calibration.sessions import forms, series, sessions
from calibration.sessions import numbers as session_numbers
from qa.core import clock
from qa.core.accounts.forms import ROLE_NAMES
from qa.core.web import Page, page
from qa.policies import queries as policy_queries


def show_session(public_id: str, status: int = 200, **changed: Any) -> Page:
    """The page of a session; *changed*: forms that were refused."""
    head = queries.head(g.person, public_id)
    return page("calibration/session.html", status, **context(head, **changed))


def context(head: queries.Head, **changed: Any) -> dict[str, Any]:
    """What the page of a session shows; `changed`: forms that were refused."""
    found: dict[str, Any] = {"head": head, "cases": queries.cases_of(g.person, head)}
    if head.leads:
        found |= {"members": queries.members(head), **_host_forms(head, changed)}
    if head.is_shown:
        shown = discussion.shown(g.person, head, head.step)
        rows = session_numbers.compared(session_id=head.id)
        raters = session_numbers.raters(rows)
        found |= {
            "shown": shown, "raters": [one for one in raters if head.names_shown or one.person_id == g.person.id],
            "voters": len(raters), "together": session_numbers.deviating(rows),
        }  # fmt: skip
        if head.leads and shown is not None:
            found["consensus_form"] = changed.get("consensus_form") or consensus_form_of(shown, formdata=None)
    return found


def _host_forms(head: queries.Head, changed: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"again": series.again(head.id)}
    if head.state in ("draft", "voting"):
        kept = forms.DeadlineForm(formdata=None, data={"deadline": head.deadline_at.date()})
        found["deadline_form"] = changed.get("deadline_form") or kept
    if head.state != "draft":
        return found
    return found | {
        "cases_form": changed.get("cases_form") or cases_form(head.public_id, formdata=None),
        "people_form": changed.get("people_form") or people_form(formdata=None),
        "guest_form": changed.get("guest_form") or forms.GuestForm(formdata=None),
    }


def cases_form(public_id: str, **given: Any) -> forms.CasesForm:
    """The form that adds cases, with the clauses of today."""
    sessions.led(g.person, public_id)
    form = forms.CasesForm(**given)
    form.clause.choices = forms.clauses(policy_queries.sections_in_force(clock.now().date()))
    if g.person.can_be_given_blind_tasks:
        form.how.choices = [one for one in form.how.choices if one.value != "disagreement"]
    return form


def people_form(**given: Any) -> forms.PeopleForm:
    """The form that invites people, with the teams there are."""
    form = forms.PeopleForm(**given)
    form.team.choices = [SelectChoice("", "No team"), *(SelectChoice(*one) for one in queries.teams())]
    named = [SelectChoice(role, name) for role, name in ROLE_NAMES.items()]
    form.role.choices = [SelectChoice("", "No role"), *named]
    return form


def consensus_form_of(shown: discussion.Discussion | None, **given: Any) -> forms.ConsensusForm:
    """The form with the answers of the case's workflow and the clauses of its day; what was agreed stands in it."""
    before = shown.agreed if shown else None
    names = ("verdict", "section_key", "action", "severity", "reason", "unclear")
    kept = {name.removesuffix("_key"): getattr(before, name) for name in names} if before else {}
    form = forms.ConsensusForm(**given, data=kept)
    form.verdict.choices = [SelectChoice(one["key"], one["label"]) for one in (shown.asked.verdicts if shown else ())]
    sections = shown.case.policy_sections if shown else ()
    form.section.choices = [
        SelectChoice("", "No clause"),
        *(SelectChoice(one.key, one.label, {}, one.policy_title) for one in sections),
    ]
    actions = shown.asked.actions if shown else ()
    form.action.choices = [SelectChoice("", "–"), *(SelectChoice(key, name) for key, name, _ in actions)]
    return form
