"""The mixture Shiryaev-Roberts e-detector on two fixed sequences, in exact rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from calibration.stats.drift import detect

ODDS = [Fraction(x) for x in ("1.6", "2.1", "2.7", "3.35", "4.75", "8.1")]
MIXTURE = [Fraction(x) for x in (".10", ".20", ".25", ".20", ".15", ".10")]
#: errors of 60 cases at a baseline of 0.05, and the evidence after some of them
SEQUENCES = [
    ([9, 36], {0: 0.8961630296072104, 9: 18.0751099056631, 29: 12.043537706123212,
               39: 26.478341844470876, 59: 15.322638061852421}),
    ([3, 6, 7, 11, 19, 28, 29, 48, 49, 59],
     {0: 0.8961630296072104, 9: 82.82872708709962, 29: 1111.771918501772, 39: 293.47093091126027,
      59: 1117.7419552398637}),
]  # fmt: skip


def exact(errors: list[bool], baseline: Fraction) -> list[Fraction]:
    """The recursion R <- (1 + R) LR in rational arithmetic, mixed."""
    states = [Fraction(0)] * len(ODDS)
    evidence = []
    for wrong in errors:
        for k, odds in enumerate(ODDS):
            raised = odds * baseline / (1 - baseline + odds * baseline)
            ratio = raised / baseline if wrong else (1 - raised) / (1 - baseline)
            states[k] = (1 + states[k]) * ratio
        evidence.append(sum(w * r for w, r in zip(MIXTURE, states, strict=True)))
    return evidence


def run(wrong: list[int], cases: int) -> np.ndarray:
    """The evidence of one policy's cases: pooled and policy stream are then the same."""
    error = np.isin(np.arange(cases), wrong)
    found = detect(np.zeros(cases, dtype=np.int64), error, np.full(cases, 0.05), policies=1, act=1e12, watch=1e12)
    return found.evidence


@pytest.mark.parametrize(("wrong", "expected"), SEQUENCES)
def test_the_evidence_is_that_of_the_reference_sequences(wrong, expected):
    evidence = run(wrong, 60)

    assert {at: evidence[at] for at in expected} == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("wrong", [row[0] for row in SEQUENCES])
def test_the_evidence_is_that_of_rational_arithmetic_at_every_case(wrong):
    errors = [at in wrong for at in range(60)]

    evidence = run(wrong, 60)

    assert evidence == pytest.approx([float(m) for m in exact(errors, Fraction(1, 20))], rel=1e-11)
