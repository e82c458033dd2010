"""Who may do what: one line for each method and route. `test_matrix.py` holds the app to it.

`who`: `public`, `signed_in`, or the roles that are let in, separated by spaces. `ids`: what stands in the address, as
the name of a builder in `worlds.py`, which says for each persona what may be opened and what may not. `answers`: the
statuses that are right for who is let in, when they are not the usual ones. `sends`: the fields of a POST; without
them an empty form is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: A GET shows; a POST with an empty form does its deed, or says what is missing or not possible now.
SHOWS, DEEDS = frozenset({200}), frozenset({200, 302, 303, 400, 409, 422})


@dataclass(frozen=True)
class Row:
    """One method of one route."""

    method: str
    rule: str
    who: frozenset[str]
    ids: str
    answers: frozenset[int]
    sends: Mapping[str, object] = field(default_factory=dict)


def row(
    route: str, who: str, *, ids: str = "", answers: set[int] | None = None, sends: Mapping[str, object] | None = None
) -> Row:
    """One line of the table: `row("GET /people/<public_id>", "admin", ids="people")`."""
    method, rule = route.split()
    usual = SHOWS if method == "GET" else DEEDS
    return Row(method, rule, frozenset(who.split()), ids, frozenset(answers) if answers else usual, sends or {})


ROWS = [
    # the door
    row("GET /sign-in", "public", answers={200, 302}),
    row("POST /sign-in", "public"),
    row("GET /reset/<token>", "public", ids="links"),
    row("POST /reset/<token>", "public", ids="links"),
    row("GET /healthz", "public"),
    row("GET /readyz", "public"),
    row("POST /sign-out", "signed_in"),
    # everybody's own
    row("GET /", "signed_in"),
    row("GET /account", "signed_in"),
    row("GET /help", "signed_in"),
    row("POST /account/look", "signed_in", sends={"keys_on": "y"}),
    row("POST /account/password", "signed_in"),
    row("POST /notices/read", "signed_in"),
    # administration
    row("GET /people", "admin"),
    row("GET /people/new", "admin"),
    row("POST /people", "admin"),
    row("GET /people/<public_id>", "admin", ids="people"),
    row("POST /people/<public_id>", "admin", ids="people"),
    row("POST /people/<public_id>/active", "admin", ids="people"),
    row("POST /people/<public_id>/teams", "admin", ids="people"),
    row("POST /people/<public_id>/link", "admin", ids="people"),
    row("GET /admin", "admin"),
    row("GET /admin/jobs", "admin"),
    row("POST /admin/jobs/<public_id>/cancel", "admin", ids="jobs"),
    row("GET /admin/audit", "admin"),
    row("POST /admin/audit/verify", "admin"),
    row("GET /admin/settings", "admin"),
    row("GET /admin/settings/<key>", "admin", ids="settings"),
    row("POST /admin/settings/<key>", "admin", ids="settings"),
    # policies and imports
    row("GET /policies", "signed_in"),
    row("GET /policies/<slug>", "signed_in", ids="policies"),
    row("GET /policies/<slug>/<number>", "signed_in", ids="policy_versions"),
    row("GET /policies/<slug>/<number>/changes", "signed_in", ids="policy_versions"),
    row("POST /policies/<slug>/<number>/changes", "policy_owner admin", ids="policy_versions"),
    row("GET /policy-drafts", "policy_owner admin"),
    row("GET /policy-drafts/new", "policy_owner admin"),
    row("POST /policy-drafts", "policy_owner admin"),
    row("GET /policy-drafts/<public_id>", "policy_owner admin", ids="drafts"),
    row("POST /policy-drafts/<public_id>/details", "policy_owner admin", ids="drafts"),
    row("POST /policy-drafts/<public_id>/state", "policy_owner admin", ids="drafts"),
    row("GET /policy-drafts/<public_id>/text", "policy_owner admin", ids="drafts"),
    row("POST /policy-drafts/<public_id>/text", "policy_owner admin", ids="drafts"),
    row("GET /policy-drafts/<public_id>/outline", "policy_owner admin", ids="drafts"),
    row("POST /policy-drafts/<public_id>/line", "policy_owner admin", ids="drafts"),
    row("GET /policy-drafts/<public_id>/rules", "policy_owner admin", ids="drafts"),
    row("POST /policy-drafts/<public_id>/rules", "policy_owner admin", ids="drafts", sends={"side": "0-0:permitted"}),
    row("GET /policy-drafts/<public_id>/changes", "policy_owner admin", ids="drafts"),
    row("POST /policy-drafts/<public_id>/changes", "policy_owner admin", ids="drafts"),
    row("GET /policy-drafts/<public_id>/sections", "policy_owner admin", ids="drafts"),
    row("POST /policy-drafts/<public_id>/sections", "policy_owner admin", ids="drafts"),
    row("GET /stand-ins", "policy_owner admin"),
    row("POST /stand-ins", "policy_owner admin"),
    row("POST /stand-ins/part", "policy_owner admin"),
    row("GET /clause-links", "policy_owner admin"),
    row("POST /clause-links", "policy_owner admin"),
    row("POST /clause-links/<public_id>/confirm", "policy_owner admin", ids="clause_links"),
    row("POST /clause-links/<public_id>/end", "policy_owner admin", ids="clause_links"),
    row("GET /questions", "signed_in"),
    row("GET /questions/new", "policy_owner manager admin"),
    row("POST /questions", "policy_owner manager admin"),
    row("GET /questions/<public_id>", "signed_in", ids="questions"),
    row("POST /questions/<public_id>/hand", "policy_owner manager admin", ids="questions"),
    row("POST /questions/<public_id>/answer", "policy_owner manager admin", ids="questions"),
    row("POST /questions/<public_id>/close", "policy_owner manager admin", ids="questions"),
    row("GET /imports", "manager admin"),
    row("POST /imports", "manager admin"),
    row("GET /imports/<public_id>", "manager admin", ids="imports"),
    row("GET /imports/<public_id>/rejects.csv", "manager admin", ids="imports"),
    row("POST /imports/uploads/<public_id>/cancel", "manager admin", ids="uploads"),
    # plans and draws
    row("GET /plans", "manager admin observer"),
    row("GET /plans/new", "manager admin"),
    row("POST /plans", "manager admin"),
    row("GET /plans/<public_id>", "manager admin observer", ids="plans"),
    row("POST /plans/<public_id>/count", "manager admin", ids="plans"),
    row("POST /plans/<public_id>/draw", "manager admin", ids="plans"),
    row("GET /plans/<public_id>/people", "manager admin observer", ids="plans"),
    row("GET /draws/<public_id>", "manager admin observer", ids="draws"),
    row("GET /draws/<public_id>/cases", "manager admin observer", ids="draw_cases"),
    row("GET /draws/<public_id>/cases.<ending>", "manager admin observer", ids="draw_case_files"),
    row("GET /draws/<public_id>/strata.<ending>", "manager admin observer", ids="draw_files"),
    # cases, before a grader's look takes one of them into the hand of a lead who grades too
    row("GET /cases/<case_id>", "manager admin", ids="cases"),
    row("POST /cases/<case_id>/open", "manager admin", ids="cases"),
    row("POST /cases/<case_id>/hand", "manager admin", ids="cases"),
    row("POST /cases/<case_id>/settle", "manager admin", ids="cases"),
    # grading
    row("GET /grade", "reviewer"),
    row("POST /grade/claim", "reviewer"),
    row("POST /grade/ahead", "reviewer"),
    row("POST /grade/<task_id>/grade", "reviewer", ids="tasks"),
    row("POST /grade/<task_id>/skip", "reviewer", ids="tasks"),
    row("POST /grade/<task_id>/flag", "reviewer", ids="tasks"),
    row("POST /grade/take-back", "reviewer"),
    row("GET /grade/batch", "reviewer"),
    row("GET /grade/batch/<batch_id>", "reviewer", ids="batches"),
    row("POST /grade/batch/close", "reviewer"),
    row("POST /grade/beat", "reviewer"),
    row("POST /grade/hand-back", "reviewer"),
    row("GET /grade/day", "reviewer"),
    row("POST /grade/day/limit", "reviewer"),
    row("POST /grade/<task_id>/danger", "reviewer", ids="tasks", sends={"line": "They say where he lives."}),
    row("GET /grade/danger/<danger_id>", "reviewer", ids="own_dangers"),
    row("POST /grade/danger/<danger_id>/undo", "reviewer", ids="own_dangers"),
    row("GET /on-call", "signed_in"),
    row("POST /on-call/shifts", "manager admin"),
    row("POST /on-call/shifts/<shift_id>/remove", "manager admin", ids="shifts"),
    row("POST /on-call/test", "manager admin"),
    row("GET /on-call/<danger_id>", "signed_in", ids="calls"),
    row("POST /on-call/<danger_id>/acknowledge", "signed_in", ids="calls"),
    row("POST /on-call/<danger_id>/close", "signed_in", ids="calls", sends={"ended": "Called for help."}),
    row("GET /looks", "manager admin"),
    row("POST /looks/<task_id>/free", "manager admin", ids="looks"),
    row("POST /looks/<task_id>/move", "manager admin", ids="looks"),
    row("GET /practice", "reviewer"),
    row("POST /practice/begin", "reviewer"),
    row("GET /practice/people", "manager admin"),
    row("POST /practice/people/<public_id>/ready", "manager admin", ids="new_graders"),
    row("GET /practice/<practice_id>", "reviewer", ids="practice"),
    row("POST /practice/<practice_id>/answer", "reviewer", ids="practice"),
    row("GET /grade/reveal", "reviewer", answers={302}),
    row("GET /grade/reveal/<task_id>", "reviewer", ids="reveals"),
    row("POST /grade/reveal/<task_id>/explain", "reviewer", ids="reveals"),
    row("GET /grade/guess", "reviewer", answers={302}),
    row("GET /grade/guess/<task_id>", "reviewer", ids="guesses"),
    row("POST /grade/guess/<task_id>", "reviewer", ids="guesses"),
    row("GET /grade/scorecard", "reviewer", answers={302}),
    row("GET /grade/scorecard/<task_id>", "reviewer", ids="scores"),
    row("POST /grade/scorecard/<task_id>", "reviewer", ids="scores"),
    row("GET /scorecards", "manager admin"),
    row("GET /scorecards/next", "manager admin"),
    row("POST /scorecards/next", "manager admin"),
    row("GET /scorecards/<public_id>", "manager admin", ids="scorecards"),
    row("GET /grade/ruling/<ruling_id>", "reviewer", ids="rulings"),
    row("POST /grade/ruling/<ruling_id>", "reviewer", ids="rulings"),
    row("GET /grade/differences", "reviewer"),
    row("GET /grade/differences/<task_id>", "reviewer", ids="differences"),
    row("POST /grade/differences/<task_id>/challenge", "reviewer", ids="differences"),
    row("GET /grade/challenge/<challenge_id>", "reviewer", ids="challenges"),
    row("POST /grade/challenge/<challenge_id>", "reviewer", ids="challenges"),
    row("GET /grade/dispute/<dispute_id>", "reviewer", ids="disputes"),
    row("POST /grade/dispute/<dispute_id>", "reviewer", ids="disputes"),
    # results and cases
    row("GET /results", "agent"),
    row("GET /results/<finding_id>", "agent", ids="results"),
    row("POST /results/<finding_id>/acknowledge", "agent", ids="results"),
    row("POST /results/<finding_id>/dispute", "agent", ids="results"),
    row("POST /results/<finding_id>/withdraw", "agent", ids="results"),
    row("GET /differences", "manager admin"),
    row("GET /differences/week", "manager admin"),
    # figures and alerts
    row("GET /agreement", "manager observer admin"),
    row("GET /agreement.csv", "manager observer admin"),
    row("GET /agreement/cases", "manager admin"),
    row("GET /accuracy", "manager observer admin"),
    row("GET /accuracy.csv", "manager observer admin"),
    row("GET /accuracy/cases", "manager admin"),
    row("GET /accuracy/harm", "manager observer admin"),
    row("POST /accuracy/harm", "admin"),
    row("GET /accuracy/agents/<public_id>", "agent manager admin", ids="agents"),
    row("GET /accuracy/agents/<public_id>/figures.csv", "agent manager admin", ids="agents"),
    row("GET /me", "agent"),
    row("GET /disputes", "manager admin"),
    row("GET /graders", "manager observer admin"),
    row("GET /graders.csv", "manager observer admin"),
    row("GET /graders/me", "reviewer"),
    row("GET /quality", "manager observer admin"),
    row("GET /quality.csv", "manager observer admin"),
    row("GET /guessing", "manager observer admin"),
    row("GET /guessing.csv", "manager observer admin"),
    row("GET /below-standard", "manager observer admin"),
    row("GET /below-standard.csv", "manager observer admin"),
    row("GET /planner", "manager observer admin"),
    row("GET /planner.csv", "manager observer admin"),
    row("GET /signals", "manager observer admin"),
    row("GET /signals.csv", "manager observer admin"),
    row("GET /signals/<public_id>", "manager admin", ids="alerts"),
    row("POST /signals/<public_id>/own", "manager admin", ids="alerts"),
    row("POST /signals/<public_id>/act", "manager admin", ids="alerts"),
    row("POST /signals/<public_id>/dismiss", "manager admin", ids="alerts"),
    row("POST /signals/<public_id>/cause", "manager admin", ids="alerts"),
    row("POST /signals/<public_id>/done", "manager admin", ids="alerts"),
    row("POST /signals/<public_id>/check", "manager admin", ids="alerts"),
    # training
    row("GET /training", "agent manager"),
    row("GET /assignments/new", "manager"),
    row("POST /assignments", "manager"),
    row("POST /assignments/<public_id>/confirm", "manager", ids="led_training"),
    row("POST /assignments/<public_id>/withdraw", "manager", ids="led_training"),
    row("POST /assignments/<public_id>/coached", "manager", ids="led_training"),
    row("GET /training/<public_id>", "agent manager", ids="own_training"),
    row("POST /training/<public_id>/start", "agent manager", ids="own_training"),
    row("POST /training/<public_id>/read", "agent manager", ids="own_training"),
    row("GET /training/<public_id>/quiz", "agent manager", ids="own_training"),
    row("POST /training/<public_id>/quiz", "agent manager", ids="own_training"),
    row("POST /training/<public_id>/quiz/answer", "agent manager", ids="own_training"),
    row("GET /training/<public_id>/quiz/<int:no>/<int:question>", "agent manager", ids="own_answers"),
    row("GET /training/<public_id>/quiz/<int:no>/result", "agent manager", ids="own_sittings"),
    row("GET /checks", "agent manager"),
    row("GET /checks/<public_id>", "agent manager", ids="own_checks"),
    row("POST /checks/<public_id>/begin", "agent manager", ids="own_checks"),
    row("POST /checks/<public_id>/answer", "agent manager", ids="own_checks"),
    row("GET /checks/<public_id>/<int:question>", "agent manager", ids="own_check_answers"),
    row("POST /checks/read-again", "agent manager"),
    row("POST /checks/talked-over", "manager"),
    row("GET /modules", "manager policy_owner admin"),
    row("GET /modules/<public_id>", "manager policy_owner admin", ids="modules"),
    # the style page, in development only
    row("GET /styleguide", "public"),
    row("GET /styleguide/grading", "public"),
    row("POST /styleguide/grading", "public"),
]
