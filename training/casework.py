"""Settled cases as examples: masked, in a language that the learner reads, never one that somebody still judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from calibration.queries import kept
from qa import masking
from qa.core import access
from qa.policies import section_keys
from qa.redaction import personal
from training import sources as policies
from training.generation.material import ActionLabel, CaseExample, Source
from training.queries import evidence
from training.queries.evidence import Example

#: Cases of others that a bank is made from.
MOST_CASES = 400


@dataclass(frozen=True, slots=True)
class Casework:
    """The cases of a module, the actions they can end in, and which of them stay covered until asked for."""

    cases: tuple[CaseExample, ...] = ()
    actions: tuple[ActionLabel, ...] = ()
    sensitive: frozenset[str] = frozenset()


def about(person_id: int, sections: Collection[str], own: Sequence[str], known: Sequence[Source]) -> Casework:
    """The settled cases on *sections*, and of the learner's *own* ones those whose result is known to the learner."""
    keys = policies.covered(known, sections)
    there = policies.section_keys(known)
    others = (row for row in evidence.examples(keys, sections, limit=MOST_CASES) if row.agent_id != person_id)
    found = {row.public_id: row for row in others}
    found |= {row.public_id: row for row in evidence.own_errors(own)}
    read = _languages(person_id)
    usable = [row for row in found.values() if (not read or row.language in read) and _is_current(row, known, there)]
    workflow = Counter(row.workflow for row in usable).most_common(1)
    labels = evidence.actions(workflow[0][0]) if workflow else []
    agreed = [
        _precedent(row)
        for row in kept.exemplars(keys)
        if row.case_ref not in found and row.agent_id != person_id and row.section_key in there and _reads(row, read)
    ]
    return Casework(
        cases=(*(_example(row, person_id, set(own), there) for row in usable), *agreed),
        actions=tuple(ActionLabel(*label) for label in labels),
        sensitive=frozenset(row.public_id for row in usable if row.sensitive),
    )


def _reads(row: kept.Exemplar, read: frozenset[str]) -> bool:
    return not read or row.language is None or row.language.split("-")[0].lower() in read


def _precedent(row: kept.Exemplar) -> CaseExample:
    """What a session agreed on, as an example: everybody may read it, and nobody is asked about its decision."""
    return CaseExample(
        ref=row.case_ref, text=row.text, verdict=row.verdict, section=row.section_key, action=row.action,
        locale=(row.language or "en").split("-")[0].lower(),
    )  # fmt: skip


def _languages(person_id: int) -> frozenset[str]:
    person = access.actor(person_id)
    return frozenset(word.split("-")[0].lower() for word in person.languages) if person else frozenset()


def _is_current(row: Example, known: Sequence[Source], there: Collection[str]) -> bool:
    """Whether the section that settled the case stands unchanged in the version in force."""
    if row.truth_key == section_keys.NONE:
        return True
    hashes = {
        policies.full_key(source.slug, one.key): one.text_hash for source in known for one in source.document.sections
    }
    return row.truth_key in there and row.text_hash in (None, hashes[row.truth_key])


def _example(row: Example, person_id: int, own: Collection[str], there: Collection[str]) -> CaseExample:
    decided = None if row.decided_key == section_keys.NONE else row.decided_key
    section = None if row.truth_key == section_keys.NONE else row.truth_key
    if section is None:
        section = next((key for key in (decided, row.play_key) if key in there), None)
    return CaseExample(
        ref=row.public_id,
        text=row.text,
        verdict=row.truth_verdict,
        section=section,
        action=row.truth_action,
        decided_section=decided,
        decided_action=row.decided_action,
        reason=personal.masked(masking.nameless(row.reason)) if row.public_id in own else None,
        mine=row.agent_id == person_id,
        locale=row.language,
        critical=row.severity == "critical",
    )
