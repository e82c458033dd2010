"""Arms are drawn by a key, the same for whoever looks."""

from __future__ import annotations

from training.trials import drawing


def test_half_of_the_alerts_fall_into_each_arm_and_another_key_draws_anew() -> None:
    alerts = [f"{number:032x}" for number in range(2000)]

    first = [drawing.arm("00" * 32, one) for one in alerts]
    second = [drawing.arm("01" * 32, one) for one in alerts]

    assert 900 < first.count("now") < 1100
    assert 900 < sum(one == other for one, other in zip(first, second, strict=True)) < 1100
    assert first == [drawing.arm("00" * 32, one) for one in alerts]


def test_a_key_is_long_and_its_hash_tells_nothing_of_it() -> None:
    key = drawing.new_key()

    assert len(key) == 64 and key != drawing.new_key()
    assert len(drawing.hash_of(key)) == 64 and drawing.hash_of(key) != key
