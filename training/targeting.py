"""From an alert's evidence to what is taught: skill keys, the sections they name, and what fits into a sitting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calibration.signals.corrections import Asked
from qa.core import clock, preferences
from qa.policies import section_keys
from training import sources as policies
from training.generation.material import Source
from training.generation.similarity import Similarity
from training.generation.skills import Decision, Look, Posterior, SkillKey, keys_for, rank
from training.queries import evidence
from training.queries.evidence import Settled

#: How far back an agent's looks count; they count less by age anyway.
HORIZON = timedelta(days=182)
#: An alert's evidence: the errors of so many weeks before it crossed.
EVIDENCE = timedelta(weeks=13)
MOST_WORDS, MOST_SECTIONS = 1200, 6
#: A policy without a named section: take likely sections until this share, at most so many; closer is a guess.
ENOUGH_MASS, MOST_LIKELY, TOO_CLOSE = 0.7, 3, 0.05
NEARNESS, TEAM_SHARE = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Ranked:
    """A skill key with what is known of the agent's errors on it."""

    key: SkillKey
    known: Posterior


@dataclass(frozen=True, slots=True)
class Target:
    """What one person is to be taught, and from which results that follows."""

    person_id: int
    sections: tuple[str, ...]
    contrast: tuple[str, str] | None = None
    ranked: tuple[Ranked, ...] = ()
    #: The agent's own cases that were got wrong.
    cases: tuple[str, ...] = ()
    #: (finding, [(key, weight)]) to be kept.
    findings: tuple[tuple[int, tuple[tuple[SkillKey, float], ...]], ...] = ()
    #: (decided, true): how often the team took one for the other.
    confusions: tuple[tuple[tuple[str, str], int], ...] = ()
    #: Two sections were about as likely: a person should look.
    unsure: bool = False


def of_signal(asked: Asked, known: Sequence[Source]) -> Target:
    """What the errors behind an alert ask for, out of the policies in force."""
    until = asked.crossed_at
    own = evidence.settled(agent_id=asked.agent_id, since=until - HORIZON, until=until)
    errors = _evidence_of(asked, [row for row in own if row.is_error])
    return _target(asked.agent_id, own, errors, known, asked.section_keys or _lead(asked), asked.lead_key)


def of_sections(person_id: int, keys: Sequence[str], known: Sequence[Source]) -> Target:
    """What somebody asked for by hand, with the person's own errors on it."""
    until = clock.now()
    own = evidence.settled(agent_id=person_id, since=until - HORIZON, until=until)
    there = policies.section_keys(known)
    wanted = tuple(key for key in dict.fromkeys(keys) if key in there)
    under = policies.covered(known, wanted)
    errors = [row for row in own if row.is_error and under & {row.truth_key, row.decided_key}]
    return Target(
        person_id,
        wanted,
        cases=tuple(row.public_id for row in errors),
        findings=_kept(errors),
        confusions=_confusions(evidence.settled(since=until - HORIZON, until=until)),
    )


def _lead(asked: Asked) -> tuple[str, ...]:
    return (asked.lead_key,) if asked.lead_key else ()


def _evidence_of(asked: Asked, errors: Sequence[Settled]) -> list[Settled]:
    """The errors that the alert names; else those in the policies that carry it; else those before it crossed."""
    recent = [row for row in errors if row.closed_at >= asked.crossed_at - EVIDENCE]
    named = {str(ref) for name in ("cases", "findings") for ref in asked.evidence.get(name) or () if ref}
    by_name = [row for row in errors if named & {row.public_id, row.finding_public_id, str(row.case_id)}]
    carried = set(asked.section_keys or _lead(asked))
    by_policy = [row for row in recent if carried & {row.play_key, row.truth_key, row.decided_key}]
    return by_name or by_policy or recent


def _target(
    person_id: int, own: Sequence[Settled], errors: Sequence[Settled], known: Sequence[Source], carried: Sequence[str],
    lead: str | None,
) -> Target:  # fmt: skip
    there = policies.section_keys(known)
    team = evidence.settled(since=own[0].closed_at, until=own[-1].closed_at) if own else []
    ranked = _carried_first(ranked_keys(own, team, errors, now=clock.now()), carried, lead)
    unsure = False
    wanted: list[tuple[str, ...]] = []
    for one in ranked:
        named: tuple[str, ...] = ()
        for key in (one.key.a, one.key.b):
            if section_keys.is_coarse(key) and key in there and key:
                likely, guessed = _likely(key, errors, team, known)
                named, unsure = (*named, *likely), unsure or guessed
            elif key in there:
                named = (*named, key)
        wanted.append(named)
    wanted += [(key,) for key in carried if key in there and not ranked]
    sections = fitting(wanted, known)
    return Target(
        person_id,
        sections,
        contrast=_contrast(ranked, sections),
        ranked=tuple(ranked),
        cases=tuple(row.public_id for row in errors),
        findings=_kept(errors),
        confusions=_confusions(team),
        unsure=unsure,
    )


def _carried_first(ranked: Sequence[Ranked], carried: Sequence[str], lead: str | None) -> list[Ranked]:
    """Keys of what leads the alert come first, then of what carries it: what is taught is what was noticed.

    What leads it and is not carried is the clause's matter, and nobody is trained on it.
    """
    led = [key for key in carried if lead is not None and section_keys.same(key, lead)]
    policies_first = [section_keys.policy_of(key) for key in carried]

    def distance(one: Ranked) -> int:
        named = [key for key in (one.key.a, one.key.b) if key]
        if any(section_keys.same(key, first) for key in named for first in led):
            return -1
        if any(section_keys.same(key, carry) for key in named for carry in carried):
            return 0
        return 1 if any(section_keys.policy_of(key) in policies_first for key in named) else 2

    return sorted(ranked, key=distance) if carried else list(ranked)


def fitting(wanted: Sequence[Sequence[str]], known: Sequence[Source]) -> tuple[str, ...]:
    """Sections in the order of need, as many as one sitting takes; always the first one, none within another."""
    chosen: list[str] = []
    words = 0
    for key in dict.fromkeys(key for named in wanted for key in named):
        if key in policies.covered(known, chosen):
            continue
        more = policies.words_under(known, key)
        if chosen and (words + more > MOST_WORDS or len(chosen) >= MOST_SECTIONS):
            continue
        chosen.append(key)
        words += more
    inner = {key for key in chosen if key in policies.covered(known, [other for other in chosen if other != key])}
    return tuple(key for key in chosen if key not in inner)


def _contrast(ranked: Sequence[Ranked], sections: Collection[str]) -> tuple[str, str] | None:
    """The first pair of which both halves are taught."""
    pairs = (one.key for one in ranked if one.key.kind == "pair")
    return next(((key.a, key.b) for key in pairs if key.a in sections and key.b in sections), None)


def ranked_keys(
    own: Sequence[Settled], team: Sequence[Settled], errors: Sequence[Settled], *, now: datetime
) -> list[Ranked]:
    """The keys that *errors* are evidence for, in the order in which to teach them."""
    keys = dict.fromkeys(key for row in errors for key, _ in keys_of(row))
    target = 1 - preferences.get("target_accuracy")
    looks: dict[SkillKey, list[Look]] = {}
    rates: dict[SkillKey, float] = {}
    for key in keys:
        concerns = in_play(key)
        looks[key] = [_look(row, key, now) for row in own if concerns(row)]
        others = [row for row in team if concerns(row)]
        wrong = sum(any(found == key for found, _ in keys_of(row)) for row in others)
        rates[key] = (wrong + 0.5) / (len(others) + 1)
    return [Ranked(key, known) for key, known in rank(looks, team_rates=rates, target=target)]


def _look(row: Settled, key: SkillKey, now: datetime) -> Look:
    weight = next((weight for found, weight in keys_of(row) if found == key), None)
    age = max(0.0, (now - row.closed_at).total_seconds() / 86400)
    return Look(age, error=weight is not None, weight=weight or 1.0)


def in_play(key: SkillKey) -> Callable[[Settled], bool]:
    """Whether a settled case could have shown an error on *key*."""

    def concerns(row: Settled) -> bool:
        if key.kind == "pair":
            return row.truth_key in (key.a, key.b)
        if key.kind == "boundary" and key.side == "permitted":
            harmless = row.truth_key == section_keys.NONE and section_keys.same(row.play_key, key.a)
            return row.decided_key == key.a or harmless
        if key.kind == "section":
            return key.a in (row.truth_key, row.decided_key)
        return row.truth_key == key.a

    return concerns


def keys_of(row: Settled) -> list[tuple[SkillKey, float]]:
    """The keys that one result is evidence for; none when the decision stands."""
    if not row.is_error:
        return []
    section = None if row.decided_key == section_keys.NONE else row.decided_key
    true_section = None if row.truth_key == section_keys.NONE else row.truth_key
    if section is not None and true_section is not None and section_keys.same(section, true_section):
        section = true_section
    decided = Decision(section is not None, section, row.decided_action)
    return keys_for(decided, Decision(row.truth_verdict == "violates", true_section, row.truth_action))


def _kept(errors: Sequence[Settled]) -> tuple[tuple[int, tuple[tuple[SkillKey, float], ...]], ...]:
    return tuple((row.finding_id, tuple(keys_of(row))) for row in errors)


def _confusions(team: Sequence[Settled]) -> tuple[tuple[tuple[str, str], int], ...]:
    """How often one section was taken for another."""
    counts: dict[tuple[str, str], int] = {}
    for row in team:
        if row.finding_kind == "wrong_selection" and row.decided_key != row.truth_key:
            pair = (row.decided_key, row.truth_key)
            counts[pair] = counts.get(pair, 0) + 1
    return tuple(sorted(counts.items()))


def _likely(
    policy: str, errors: Sequence[Settled], team: Sequence[Settled], known: Sequence[Source]
) -> tuple[tuple[str, ...], bool]:
    """The sections of a policy that its errors are probably about, and whether that is a guess."""
    source = next(one for one in known if one.slug == policy)
    keys = [policies.full_key(policy, one.key) for one in source.document.sections if one.key and one.text]
    own = {row.public_id: row for row in errors if section_keys.policy_of(row.truth_key) == policy}
    words = " ".join(evidence.texts(list(own)).values())
    if not keys or not words:
        return (policy,), False
    sections = [one.text for one in source.document.sections if one.key and one.text]
    near = Similarity(sections).to_all(words)
    shares = _team_shares(team, keys)
    scores = {key: NEARNESS * float(value) + TEAM_SHARE * shares[key] for key, value in zip(keys, near, strict=True)}
    return _most_of(scores)


def _team_shares(team: Sequence[Settled], keys: Sequence[str]) -> dict[str, float]:
    wrong = [row.truth_key for row in team if row.is_error and row.truth_key in keys]
    return {key: wrong.count(key) / len(wrong) if wrong else 0.0 for key in keys}


def _most_of(scores: Mapping[str, float]) -> tuple[tuple[str, ...], bool]:
    order = sorted(scores, key=lambda key: (-scores[key], key))
    total = sum(scores.values())
    if total == 0:
        return tuple(order[:1]), True
    chosen: list[str] = []
    while order and len(chosen) < MOST_LIKELY and sum(scores[key] for key in chosen) < ENOUGH_MASS * total:
        chosen.append(order.pop(0))
    best = sorted(scores.values(), reverse=True)
    return tuple(chosen), len(best) > 1 and best[0] - best[1] < TOO_CLOSE
