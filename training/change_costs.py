"""What a policy's change would ask of people here: who has to learn it anew, because of what, and how long it takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from qa.core import clock
from qa.core.access import Actor
from qa.core.registries import ChangeCost
from qa.policies import section_keys
from training.queries import owing
from training.queries.owing import Change, Owing

#: What a change brings is three or four questions and the sections that they are about.
MINUTES_EACH = 5.0


def costs(_reader: Actor, keys: Collection[str]) -> Iterator[ChangeCost]:
    """Those who learnt the changed sections, and those who decide by them and never learnt them."""
    people: dict[int, Owing] = {}
    for slug in {section_keys.policy_of(key) for key in keys}:
        of_policy = frozenset(key for key in keys if section_keys.policy_of(key) == slug)
        for one in owing.owing(Change(slug, "", "", "", clock.now().date(), of_policy)):
            known = people.setdefault(one.person_id, one)
            known.learnt |= one.learnt
            known.decided |= one.decided
    learnt = sum(bool(one.learnt) for one in people.values())
    for count, why in (
        (learnt, "passed it as it stands, and are asked about the change"),
        (len(people) - learnt, f"decided cases there in the last {owing.WORKS_IN.days} days, and never had it taught"),
    ):
        if count:
            yield ChangeCost("person" if count == 1 else "people", count, MINUTES_EACH * count, why)
