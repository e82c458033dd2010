"""What is planted in the demonstration world: five facts that the product should find, or should leave alone.

1. *Drop.* One agent decides well until week 13. From week 14 on, six of every ten of this agent's cases in one
   policy are wrong: mostly missed, some filed under a neighbouring section. Half of the agent's cases lie in that
   policy, in every week, and the agent closes 16 cases a week, so that 12 can be drawn and graded. By the detector's
   rule the drop is found about three weeks after it began, and the policy leads it. Elsewhere the agent is as good
   as before.
2. *Misread clause.* Everybody misreads one section: of its violations about 35 % are decided wrongly by every agent
   who sees it, nearly always as no violation. It is a question to the policy owner, no reason to train anybody. The
   two agents of facts 1 and 4 get no cases of it, so that each fact can be seen alone.
3. *Lenient grader.* One grader calls about 25 % of all violations no violation, beside the ordinary slips. Gold
   cases and second looks show it; the settled truth hardly moves, because a difference needs a second vote.
4. *Bad luck.* One agent is right in 96 % of the cases, like the others, but of ten errors in twenty weeks four fall
   into week 10, among 13 cases: 69 % in that week. The six others lie in six other weeks, drawn from the seed, none
   next to week 10. At an error rate of 4 % a week with four or more errors of 13 has a chance of 0.0014; among the
   480 weeks of this world one such week is expected in two worlds of three, so it is nothing that chance could not
   do. A weekly rule would accuse the agent; the detector must not act. To see it, grade all of this agent's cases.
5. *Critical miss.* One agent gets the last critical case wrong that was closed before the last days: an emergency
   request of an authority. Every critical case is drawn, so that this one becomes an accuracy alert of its own, and
   it waits for its manager.

In the large world both agents of facts 1 and 4 keep their volumes, the others have ten times as many.
"""

from dataclasses import dataclass

WEEKS = 20


@dataclass(frozen=True, slots=True)
class Drop:
    """An agent who gets much worse in one policy."""

    agent_id: str
    play_key: str
    from_week: int
    #: Errors in every ten cases of the policy from that week on.
    errors_in_ten: int
    cases_a_week: int
    graded_a_week: int


@dataclass(frozen=True, slots=True)
class Misread:
    """A section whose violations all agents misread."""

    section: str
    error_share: float


@dataclass(frozen=True, slots=True)
class Lenient:
    """A grader who lets violations pass."""

    grader_id: str
    share_let_pass: float


@dataclass(frozen=True, slots=True)
class BadLuck:
    """A sound agent with one unlucky week."""

    agent_id: str
    cases_a_week: int
    week: int
    errors_in_week: int
    errors_elsewhere: int


@dataclass(frozen=True, slots=True)
class Critical:
    """An agent who gets one critical case wrong: the last one that was closed so many days before the end."""

    agent_id: str
    days_before_end: int


@dataclass(frozen=True, slots=True)
class Planted:
    """The five planted facts together."""

    drop: Drop
    misread: Misread
    lenient: Lenient
    bad_luck: BadLuck
    critical: Critical


PLANTED = Planted(
    drop=Drop("ag06", "scams/off-platform-payment", from_week=14, errors_in_ten=6, cases_a_week=16, graded_a_week=12),
    misread=Misread("safe-and-legal-work/advertised-pay", error_share=0.35),
    lenient=Lenient("gr02", share_let_pass=0.25),
    bad_luck=BadLuck("ag19", cases_a_week=13, week=10, errors_in_week=4, errors_elsewhere=6),
    critical=Critical("ag02", days_before_end=4),
)
