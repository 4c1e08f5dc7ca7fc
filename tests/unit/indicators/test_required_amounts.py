"""What is set beside a required amount of the same time: no baseline and no change; and the numbers behind a figure."""

from dataclasses import replace

import pandas as pd
import pytest

from panelpack.indicators.comparisons import compare_together, more_than_chance
from panelpack.indicators.compute import compute
from panelpack.indicators.reconciliation import PRINTED_COLUMNS, compare_with_print
from panelpack.pages.priority import _lacking

NAME = "SP18.savings"


def printed(**values):
    return pd.DataFrame([dict.fromkeys(PRINTED_COLUMNS, "") | values], columns=PRINTED_COLUMNS)


@pytest.fixture
def computed(data):
    """Return a function that computes the savings anew, of other amounts or with other keys in the plan."""

    def run(required=27.8, realised=21.7, **keys):
        amounts = {"savings_required": required, "savings_realised": realised}
        points = {**{name: data.points[name] for name in data.plan.series if name in data.points}}
        points |= {name: data.points[name].assign(value=value) for name, value in amounts.items()}
        changed = replace(data, points=points)
        figure = data.plan.figures[NAME].model_copy(update=keys)
        return compute(figure, "SP18", changed, more_than_chance(compare_together(data)))

    return run


@pytest.mark.parametrize(
    ("required", "realised", "lacks"),
    [
        (27.8, 21.7, "; £6.1m still to go"),
        (10.0, 12.5, "; reached"),
        (4.0, 4.0, "; reached"),
        (0.4, 0.0, "; £0.4m still to go"),
    ],
)
def test_it_has_a_target_and_neither_baseline_nor_change(required, realised, lacks, computed):
    one = computed(required, realised)
    assert (one.latest, one.target_value) == (realised, required)
    assert (one.baseline, one.baseline_period, one.baseline_shorthand) == (None, "", "")
    assert (one.change, one.pct_change) == (None, None)
    assert one.target == f"£{required:.1f}m (Latest estimate of savings required)"
    assert _lacking(one) == lacks


def test_an_earlier_position_is_a_baseline(data, computed):
    compare = data.plan.figures[NAME].compare.model_copy(update={"baseline": "position-3"})
    assert not data.plan.figures[NAME].model_copy(update={"compare": compare}).is_against_amount
    one = computed(compare=compare)
    assert (one.target, one.target_value) == ("", None)


def test_another_population_of_the_same_time_is_no_required_amount(data):
    figure = data.plan.figures["SP14A.satisfaction"]
    same = figure.compare.model_copy(update={"baseline": figure.compare.latest})
    assert not figure.model_copy(update={"compare": same}).is_against_amount
    assert data.plan.figures[NAME].is_against_amount


def test_a_printed_baseline_of_it_is_held_to_the_amount(computed):
    table = compare_with_print(printed(indicator=NAME, baseline="27.8", latest="21.7"), [computed()])
    assert list(table["equal"]) == ["equal", "equal"]
    table = compare_with_print(printed(indicator=NAME, baseline="27.8"), [computed(required=28.0)])
    assert list(table["equal"]) == ["differs"]


def test_a_percentage_comes_with_the_counts_behind_it(results):
    for one in results.values():
        for value, numerator, base in (
            (one.latest, one.latest_numerator, one.latest_base),
            (one.baseline, one.baseline_numerator, one.baseline_base),
            (one.year_latest, one.year_numerator, one.year_base),
            (one.year_before, one.year_before_numerator, one.year_before_base),
        ):
            if value is None:
                assert (numerator, base) == (None, None), one.indicator
            elif one.kind == "share":
                assert value == pytest.approx(100 * numerator / base), one.indicator
            else:
                assert base is None, one.indicator
