"""The report holds what the interfaces promise, and says what it cannot."""

import json

import numpy as np
import pytest

from calibration.stats.agreement import report
from calibration.stats.ratings import from_long


def many(labels: dict[str, str], times: int = 1) -> list[tuple[str, str, str]]:
    """Rows (unit, rater, label) from labels of raters a, b, .. for each unit, repeated."""
    return [
        (f"{unit}-{no}", rater, label)
        for no in range(times)
        for unit, row in labels.items()
        for rater, label in zip("abcdef", row, strict=False)
        if label != "."
    ]


def made(rows: list[tuple[str, str, str]], **options: object) -> dict:
    return report(from_long(*zip(*rows, strict=True)), **options)


def test_the_report_has_the_promised_fields_and_is_plain_json():
    found = made(many({"c1": "xx", "c2": "xy", "c3": "yy"}, 20))

    assert set(found) >= {
        "units", "units_paired", "raters", "ratings", "categories", "level", "confidence", "coefficients",
        "by_category", "pairs", "confusion", "intra_rater", "warnings",
    }  # fmt: skip
    assert set(found["coefficients"]) == {
        "percent", "fleiss_kappa", "conger_kappa", "krippendorff_alpha", "gwet_ac", "brennan_prediger",
        "cohen_kappa", "scott_pi",
    }  # fmt: skip
    for figure in found["coefficients"].values():
        assert set(figure) >= {"value", "se", "low", "high", "method"}
        assert figure["low"] < figure["value"] < figure["high"]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_three_raters_have_no_cohen_and_the_report_says_why():
    found = made(many({"c1": "xxx", "c2": "xyx", "c3": "yyy"}, 5))

    cohen = found["coefficients"]["cohen_kappa"]
    assert (cohen["value"], cohen["reason"]) == (None, "needs exactly two raters, not 3")
    assert len(found["pairs"]) == 3


def test_everybody_always_saying_the_same_is_undefined_not_one():
    found = made(many({"c1": "xx"}, 30))

    figures = found["coefficients"]
    for name in ("krippendorff_alpha", "fleiss_kappa", "conger_kappa", "cohen_kappa", "scott_pi"):
        assert figures[name]["value"] is None
        assert "no variation" in figures[name]["reason"]
    assert figures["percent"]["value"] == 1.0
    assert found["warnings"] == ["only one category was used: nothing tells agreement from habit"]


def test_labels_that_are_no_numbers_have_no_interval_level():
    found = made(many({"c1": "xx", "c2": "xy"}, 5), level="interval")

    assert found["coefficients"]["krippendorff_alpha"]["reason"] == (
        "the interval level needs labels that are numbers"
    )


def test_negative_labels_have_no_ratio_level():
    rows = [("c1", "a", "-1"), ("c1", "b", "2"), ("c2", "a", "2"), ("c2", "b", "2")]

    found = made(rows, level="ratio")

    assert "not negative" in found["coefficients"]["krippendorff_alpha"]["reason"]


def test_few_units_and_single_ratings_are_said():
    found = made(many({"c1": "xx", "c2": "xy", "c3": "y."}))

    assert found["units"] == 3
    assert found["units_paired"] == 2
    assert [sentence.split(":")[0] for sentence in found["warnings"]] == [
        "2 units have two ratings",
        "1 ratings are outside the most frequent category",
        "1 units have a single rating and show no agreement",
    ]


def test_no_rating_at_all_gives_a_report_without_figures():
    found = report(from_long([], [], []))

    assert (found["units"], found["ratings"], found["pairs"], found["by_category"]) == (0, 0, [], [])
    assert all(figure["value"] is None for figure in found["coefficients"].values())
    json.dumps(found, allow_nan=False)


def test_the_bootstrap_can_be_asked_for_and_repeats_itself():
    rows = many({"c1": "xx", "c2": "xy", "c3": "yy"}, 100)

    first, again = (made(rows, bootstrap=300, seed=5)["coefficients"] for _ in range(2))
    plain = made(rows)["coefficients"]

    assert first == again
    assert first["krippendorff_alpha"]["replicates"] == 300
    assert "replicates" not in plain["krippendorff_alpha"]
    assert first["gwet_ac"]["low"] == pytest.approx(plain["gwet_ac"]["low"], abs=0.03)


def test_the_confusion_of_two_raters_is_their_table():
    found = made([("1", "a", "x"), ("1", "b", "y"), ("2", "a", "x"), ("2", "b", "x")])

    assert found["confusion"] == {
        "labels": ["x", "y"], "matrix": [[1, 1], [0, 0]], "kind": "table", "rows": "a", "columns": "b",
    }  # fmt: skip


def test_the_confusion_of_more_raters_sums_to_the_pairable_ratings():
    found = made(many({"c1": "xxy", "c2": "xyz", "c3": "x.."}, 4))

    matrix = np.array(found["confusion"]["matrix"])
    assert matrix.sum() == pytest.approx(24)
    assert np.allclose(matrix, matrix.T)
    assert matrix[0, 1] == pytest.approx(4 * (1 + 0.5))


def test_rounds_are_compared_and_the_first_is_read():
    rows = [(f"c{no}", rater, "xy"[no % 2], "1") for no in range(12) for rater in "ab"]
    rows += [(f"c{no}", "a", "x", "2") for no in range(12)]

    found = report(from_long(*zip(*rows, strict=True)))

    assert found["ratings"] == 24
    assert found["intra_rater"]["pairs"] == 12
    assert found["intra_rater"]["same"] == 6
    assert found["intra_rater"]["by_rater"] == [
        {"rater": "a", "pairs": 12, "same": 6, "percent": 0.5, "cohen_kappa": 0.0}
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [({"level": "metric"}, "the level is one of"), ({"weights": "cubic"}, "weights are one of"),
     ({"confidence": 95}, "between 0 and 1")],
)  # fmt: skip
def test_options_out_of_range_are_refused(options, said):
    with pytest.raises(ValueError, match=said):
        made(many({"c1": "xy"}), **options)
