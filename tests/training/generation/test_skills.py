"""An error is evidence for the skills of training.md's table, and the posterior is Beta's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from training.generation.skills import Decision, Look, SkillKey, age_weight, keys_for, pair, posterior, rank

NOTHING = Decision(False)
WARN_A, WARN_B = Decision(True, "p/a", "warn"), Decision(True, "p/b", "warn")
A_OR_B = SkillKey("pair", "p/a", "p/b")
TABLE = [
    (WARN_A, WARN_B, [(A_OR_B, 1.0), (SkillKey("section", "p/b"), 0.5)]),
    (WARN_B, WARN_A, [(A_OR_B, 1.0), (SkillKey("section", "p/a"), 0.5)]),
    (NOTHING, Decision(True, "p/b"), [(SkillKey("boundary", "p/b", side="prohibited"), 1.0)]),
    (Decision(True, "p/a"), NOTHING, [(SkillKey("boundary", "p/a", side="permitted"), 1.0)]),
    (WARN_A, Decision(True, "p/a", "ban"), [(SkillKey("action", "p/a"), 1.0)]),
    (WARN_A, WARN_A, []),
    (WARN_A, Decision(True, "p/a", None), []),
    (NOTHING, NOTHING, []),
    (Decision(True, None), NOTHING, []),
]


@pytest.mark.parametrize(("decided", "truth", "keys"), TABLE)
def test_the_table_of_step_1(decided, truth, keys):
    assert keys_for(decided, truth) == keys


def test_a_missed_step_is_a_procedure_even_where_the_decision_was_right():
    assert keys_for(NOTHING, NOTHING, steps_missed=["p/notify"]) == [(SkillKey("procedure", "p/notify"), 1.0)]


def test_a_pair_has_no_order():
    assert pair("p/b", "p/a") == pair("p/a", "p/b")


def test_the_weight_halves_every_45_days():
    assert [age_weight(days) for days in (0, 45, 135)] == [1.0, 0.5, 0.125]


def test_a_negative_age_is_refused():
    with pytest.raises(ValueError, match="age_days"):
        age_weight(-1)


def test_fresh_looks_give_the_conjugate_mean():
    looks = [Look(0, error=n < 4) for n in range(11)]

    known = posterior(looks, prior_rate=0.1, target=0.2)

    assert known.mean == pytest.approx((20 * 0.1 + 4) / (20 + 11))
    assert (known.n, known.errors) == (11, 4)
    assert (known.low, known.high) == pytest.approx(beta(6, 25).ppf([0.025, 0.975]))


def test_the_tail_of_the_posterior_agrees_with_the_binomial():
    """For whole a and b, P(Beta(a, b) > x) = P(Binomial(a + b - 1, x) < a)."""
    looks = [Look(0, error=n < 3) for n in range(10)]

    known = posterior(looks, prior_rate=0.1, target=0.2)

    assert known.above_target == pytest.approx(binom.cdf(4, 29, 0.2))


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.01, 0.5))
def test_one_more_error_never_lowers_the_worry(right, wrong, rate):
    looks = [Look(5, error=False)] * right + [Look(5, error=True)] * wrong

    before = posterior(looks, prior_rate=rate, target=0.1).above_target
    after = posterior([*looks, Look(5, error=True)], prior_rate=rate, target=0.1).above_target

    assert after >= before - 1e-12


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_team_rate_without_doubt_is_refused(rate):
    with pytest.raises(ValueError, match="prior_rate"):
        posterior([], prior_rate=rate, target=0.1)


def test_keys_with_two_raw_errors_come_first():
    lonely, twice, never = (SkillKey("section", f"p/{name}") for name in ("lonely", "twice", "never"))
    looks = {
        never: [Look(0, error=False)] * 9,
        lonely: [Look(0, error=True)],
        twice: [Look(200, error=True)] * 2 + [Look(0, error=False)] * 20,
    }

    order = [key for key, _ in rank(looks, team_rates=dict.fromkeys(looks, 0.1), target=0.1)]

    assert order == [twice, lonely, never]
