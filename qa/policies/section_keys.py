"""Section keys: "<policy slug>/<section slug>", the policy's slug alone, or "none" for no violation."""

from __future__ import annotations

#: The key of a decision that found no violation.
NONE = "none"


def policy_of(key: str) -> str:
    """The policy's slug, the coarsest that can be said of a section."""
    return key.split("/", 1)[0]


def is_coarse(key: str) -> bool:
    """Whether *key* names a whole policy and no section of it."""
    return "/" not in key and key != NONE


def same(one: str, other: str) -> bool:
    """Whether two keys match at the coarsest level that both recorded.

    A key that names the whole policy matches each of its sections; two sections match only when they are the same.
    """
    if one == other:
        return True
    if NONE in (one, other):
        return False
    return (is_coarse(one) or is_coarse(other)) and policy_of(one) == policy_of(other)


def full(policy_slug: str, key: str) -> str:
    """The whole key of a policy's section: the slug alone for the text above any heading."""
    return f"{policy_slug}/{key}" if key else policy_slug


def short(key: str) -> str:
    """A section's key within its policy; "" for the policy itself."""
    return key.partition("/")[2]


def address(key: str) -> str:
    """Where the section of the version in force is read.

    >>> address("conduct/threats")
    '/policies/conduct#s-threats'
    """
    policy, _, section = key.partition("/")
    return f"/policies/{policy}" + (f"#s-{section}" if section else "")
