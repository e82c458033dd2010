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

    assert found["coefficients"]["krippendorff_alpha"]["reason"] == ("the interval level needs labels that are numbers")


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
    assert found["intra_rater"]["mean_of_rater_kappas"] == 0.0
    assert found["intra_rater"]["by_rater"] == [
        {"rater": "a", "pairs": 12, "same": 6, "percent": 0.5, "low": pytest.approx(0.2538, abs=1e-4),
         "high": pytest.approx(0.7462, abs=1e-4), "cohen_kappa": 0.0}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "said"),
    [({"level": "metric"}, "the level is one of"), ({"weights": "cubic"}, "weights are one of"),
     ({"confidence": 95}, "between 0 and 1"), ({"interval": "exact"}, "the interval is one of"),
     ({"weights": np.ones((3, 3))}, "are 2 x 2"), ({"weights": np.full((2, 2), 2.0)}, "within 0..1"),
     ({"weights": np.array([[1.0, 0.5], [0.2, 1.0]])}, "symmetric"),
     ({"weights": np.zeros((2, 2))}, "1 for a label and itself")],
)  # fmt: skip
def test_options_out_of_range_are_refused(options, said):
    with pytest.raises(ValueError, match=said):
        made(many({"c1": "xy"}), **options)


def test_a_matrix_of_ones_own_is_the_named_weights_it_spells():
    rows = many({"c1": "123", "c2": "113", "c3": "22.", "c4": "331", "c5": "21."}, 9)
    linear = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])

    own, named = made(rows, weights=linear), made(rows, weights="linear")

    assert own["weights"] == "matrix"
    assert own["coefficients"] == named["coefficients"]


def test_plain_t_intervals_are_what_other_software_prints():
    found = made(many({"c1": "xx", "c2": "xy", "c3": "yy"}, 40), interval="t")["coefficients"]["gwet_ac"]

    assert found["method"] == "t"
    assert (found["low"] + found["high"]) / 2 == pytest.approx(found["value"])


def test_clusters_widen_what_came_together_and_leave_the_values():
    rows = many({"c1": "xx", "c2": "xy", "c3": "yy", "c4": "yx"}, 30)
    ratings = from_long(*zip(*rows, strict=True))
    alone, apart = np.arange(ratings.unit_count), np.arange(ratings.unit_count) // 6
    of_kind = np.array([int(name[1]) for name in dict.fromkeys(unit for unit, *_ in rows)])

    plain, each, six, kinds = (
        report(ratings, cluster=cluster)["coefficients"] for cluster in (None, alone, apart, of_kind)
    )

    for name in ("krippendorff_alpha", "gwet_ac", "fleiss_kappa", "conger_kappa", "percent", "cohen_kappa"):
        assert each[name]["value"] == six[name]["value"] == plain[name]["value"]
        assert each[name]["se"] == pytest.approx(plain[name]["se"], rel=0.01)
        assert kinds[name]["se"] > 1.5 * plain[name]["se"]
    assert report(ratings, cluster=of_kind)["clusters"] == 4
    assert "4 clusters" in report(ratings, cluster=of_kind)["warnings"][-1]


def test_nobody_differs_over_few_clusters_hides_more_than_over_many_units():
    rows = many({"c1": "xx", "c2": "yy"}, 60)
    ratings = from_long(*zip(*rows, strict=True))

    units = report(ratings)["coefficients"]["krippendorff_alpha"]
    clusters = report(ratings, cluster=np.arange(120) // 12)["coefficients"]["krippendorff_alpha"]

    assert units["method"] == clusters["method"] == "zero-disagreement rule"
    assert clusters["low"] < units["low"] < 1


def test_each_rater_stands_beside_the_others_and_is_left_out_in_turn():
    found = made(many({"c1": "xxy", "c2": "yyy", "c3": "xxx", "c4": "yyx"}, 10))

    odd = found["by_rater"][2]
    assert (odd["rater"], odd["n"], odd["units_shared"], odd["same"]) == ("c", 40, 40, 0.5)
    assert odd["low"] < 0.5 < odd["high"]
    assert odd["leaning"]["x"]["value"] == pytest.approx(0)
    left_out = found["leave_one_out"]["raters"]
    assert [row["krippendorff_alpha"] for row in left_out][2] == 1.0
    assert left_out[0]["krippendorff_alpha"] < found["coefficients"]["krippendorff_alpha"]["value"]
    over = found["leave_one_out"]["krippendorff_alpha"]
    assert over["se"] > found["coefficients"]["krippendorff_alpha"]["se"]
    assert over["low"] < found["coefficients"]["krippendorff_alpha"]["low"]


def test_the_most_confused_pair_is_named_with_its_interval():
    found = made(many({"c1": "xy", "c2": "xx", "c3": "yy", "c4": "yz"}, 20) + many({"d": "xy"}, 15))

    first, second = found["most_confused"]
    assert (first["a"], first["b"], second["a"], second["b"]) == ("x", "y", "y", "z")
    assert first["share"] == pytest.approx(35 / 95)
    assert 0 <= first["low"] < first["share"] < first["high"]
    assert found["unanimous"] == {"units": 40, "share": pytest.approx(40 / 95)}
