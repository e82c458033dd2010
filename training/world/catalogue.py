"""What can be decided in the demonstration world: workflows, actions, and the facts about each section."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Workflow:
    """A kind of case, the words of its verdict, and the levels that a look settles."""

    key: str
    label: str
    says_violates: str
    says_no_violation: str
    settle_levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done about a case; *means* is the verdict that it goes with."""

    workflow: str
    key: str
    label: str
    means: str
    rank: int


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """What follows from a section: its policy in play, the action, and what it is confused with."""

    key: str
    play_key: str
    queue: str
    severity: str
    #: "strike" (the ladder decides), or the key of an action.
    action: str
    #: Step of an escalation, None where the section is never urgent.
    urgent: str | None
    confused_with: tuple[str, ...]
    #: How often a case is about it, among abuse reports and escalations, or among legal requests.
    weight: float
    sensitivity: str = ""


WORKFLOWS = (
    Workflow("abuse_report", "Abuse report", "Violation", "No violation", ("verdict", "policy")),
    Workflow("escalation", "Escalation", "Urgent step needed", "Nothing urgent", ("verdict", "policy")),
    Workflow("legal_request", "Legal request", "Falls short", "Valid as it stands", ("verdict", "policy", "action")),
)

ACTIONS = (
    Action("abuse_report", "no_action", "No action", "no_violation", 0),
    Action("abuse_report", "take_down", "Take the listing down", "violates", 1),
    Action("abuse_report", "warn", "Warn (first strike)", "violates", 2),
    Action("abuse_report", "limit_7_days", "Limit for 7 days (second strike)", "violates", 3),
    Action("abuse_report", "close_account", "Close the account", "violates", 4),
    Action("escalation", "back_to_queue", "Back to the queue", "no_violation", 0),
    Action("escalation", "cover_text", "Cover the text or picture", "violates", 1),
    Action("escalation", "hold_account", "Hold account and payouts", "violates", 2),
    Action("escalation", "alert_safety", "Alert the safety team", "violates", 3),
    Action("legal_request", "provide_all", "Provide what is asked", "no_violation", 0),
    Action("legal_request", "provide_part", "Provide a part", "violates", 1),
    Action("legal_request", "ask_again", "Ask again, stop the clock", "violates", 2),
    Action("legal_request", "refuse", "Refuse in writing", "violates", 3),
)
LADDER = ("warn", "limit_7_days", "close_account")
NO_VIOLATION_ACTION = {action.workflow: action.key for action in ACTIONS if action.means == "no_violation"}
#: Clauses whose own text asks for another action than their section.
CLAUSE_ACTIONS = {"PR2.a": "close_account"}

_HARASSMENT = ("harassment/threats-and-violence", "harassment/harassment")
_HATE = ("hate-and-discrimination/hate-speech", "hate-and-discrimination/discrimination-in-shifts")
_SCAMS = ("scams/off-platform-payment", "scams/fees-and-fake-shifts", "scams/phishing-and-account-theft")
_ACCOUNTS = ("accounts/impersonation", "accounts/lending-and-selling-accounts", "accounts/more-than-one-account")
_PRIVATE = ("private-information/sharing-private-details", "private-information/photos-and-recordings")
_YOUNG, _DANGER = "safe-and-legal-work/young-workers", "safe-and-legal-work/dangerous-work"
_UNPAID, _ADVERTISED = "safe-and-legal-work/unpaid-work", "safe-and-legal-work/advertised-pay"
_PAY = "safe-and-legal-work/pay-and-hours"
_LISTINGS = ("listings/misleading-listings", "listings/spam-and-duplicates", "listings/work-not-allowed-here")
_ROUND = "enforcement-and-appeals/getting-round-a-decision"
_LEGAL = ("legal-requests/validity", "legal-requests/scope", "legal-requests/clarity",
          "legal-requests/emergency-requests")  # fmt: skip

_ROWS = (
    SectionFacts(_HARASSMENT[0], _HARASSMENT[0], "safety", "high", "close_account", "alert_safety",
                 (_HARASSMENT[1], _HATE[0]), 6, "violence"),
    SectionFacts(_HARASSMENT[1], _HARASSMENT[1], "conduct", "medium", "strike", None,
                 (_HARASSMENT[0], _HATE[0]), 9),
    SectionFacts(_HATE[0], "hate-and-discrimination", "conduct", "high", "strike", None,
                 (_HARASSMENT[1], _HATE[1]), 6, "hate"),
    SectionFacts(_HATE[1], "hate-and-discrimination", "conduct", "medium", "take_down", None,
                 (_HATE[0], _LISTINGS[0]), 5, "hate"),
    SectionFacts(_SCAMS[0], _SCAMS[0], "payments", "medium", "strike", None, (_SCAMS[1], _SCAMS[2]), 9),
    SectionFacts(_SCAMS[1], _SCAMS[1], "payments", "high", "close_account", "hold_account",
                 (_SCAMS[0], _LISTINGS[0]), 7),
    SectionFacts(_SCAMS[2], _SCAMS[2], "payments", "high", "close_account", "hold_account",
                 (_SCAMS[1], _ACCOUNTS[0]), 6),
    SectionFacts(_ACCOUNTS[0], "accounts", "identity", "high", "close_account", None,
                 (_ACCOUNTS[1], _SCAMS[2]), 4),
    SectionFacts(_ACCOUNTS[1], "accounts", "identity", "medium", "strike", None, (_ACCOUNTS[0], _ACCOUNTS[2]), 4),
    SectionFacts(_ACCOUNTS[2], "accounts", "identity", "low", "strike", None, (_ACCOUNTS[1], _ROUND), 4),
    SectionFacts(_PRIVATE[0], "private-information", "safety", "high", "strike", "cover_text",
                 (_PRIVATE[1], _HARASSMENT[1]), 5),
    SectionFacts(_PRIVATE[1], "private-information", "safety", "medium", "strike", "cover_text",
                 (_PRIVATE[0], _HARASSMENT[1]), 4),
    SectionFacts(_YOUNG, _YOUNG, "work", "high", "take_down", "alert_safety", (_DANGER, _UNPAID), 5, "minors"),
    SectionFacts(_DANGER, _DANGER, "work", "high", "take_down", "alert_safety", (_YOUNG, _LISTINGS[2]), 5),
    SectionFacts(_UNPAID, _PAY, "work", "medium", "strike", None, (_ADVERTISED, _SCAMS[1]), 6),
    SectionFacts(_ADVERTISED, _PAY, "work", "low", "take_down", None, (_UNPAID, _LISTINGS[0]), 10),
    SectionFacts(_LISTINGS[0], "listings", "listings", "low", "take_down", None, (_ADVERTISED, _LISTINGS[1]), 5),
    SectionFacts(_LISTINGS[1], "listings", "listings", "low", "strike", None, (_LISTINGS[0], _SCAMS[1]), 5),
    SectionFacts(_LISTINGS[2], "listings", "listings", "high", "take_down", "hold_account",
                 (_LISTINGS[0], _DANGER), 4),
    SectionFacts(_ROUND, "enforcement-and-appeals", "identity", "medium", "close_account", None,
                 (_ACCOUNTS[2], _ACCOUNTS[1]), 4),
    SectionFacts(_LEGAL[0], "legal-requests", "legal", "medium", "refuse", None, (_LEGAL[2], _LEGAL[1]), 4),
    SectionFacts(_LEGAL[1], "legal-requests", "legal", "medium", "provide_part", None, (_LEGAL[0], _LEGAL[2]), 4),
    SectionFacts(_LEGAL[2], "legal-requests", "legal", "low", "ask_again", None, (_LEGAL[0], _LEGAL[1]), 3),
    SectionFacts(_LEGAL[3], "legal-requests", "legal", "critical", "refuse", None, (_LEGAL[0], _LEGAL[1]), 2),
)  # fmt: skip
SECTIONS = {facts.key: facts for facts in _ROWS}


def right_action(workflow: str, section: str | None, *, clause: str, strikes: int) -> str:
    """The action that the policies ask for; *strikes* are those of the last 90 days."""
    if section is None:
        return NO_VIOLATION_ACTION[workflow]
    facts = SECTIONS[section]
    if workflow == "escalation":
        if facts.urgent is None:
            raise ValueError(f"{section} is never urgent")
        return facts.urgent
    action = CLAUSE_ACTIONS.get(clause, facts.action)
    return LADDER[min(strikes, 2)] if action == "strike" else action


@cache
def sections_of(workflow: str) -> tuple[SectionFacts, ...]:
    """The sections that cases of a workflow can be about."""
    legal = workflow == "legal_request"
    known = [facts for facts in _ROWS if (facts.queue == "legal") == legal]
    return tuple(facts for facts in known if workflow != "escalation" or facts.urgent is not None)
