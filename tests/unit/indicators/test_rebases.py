"""New limits that a control chart suggests: when, from where, and as a line that the plan reads."""

import numpy as np
import pandas as pd
import pytest
import yaml

from panelpack.config.series import Rebase, Series
from panelpack.indicators.control_charts import AFTER_REBASE, draw_up
from panelpack.indicators.rebases import propose
from panelpack.periods import Quarter, month_range, shift_month

QUARTER = Quarter.parse("2015Q1")
CALM = [100, 104, 96, 101, 99, 103, 97] * 4
HIGH = [value + 60 for value in CALM]


def charted(values, **how):
    last = QUARTER.months[-1]
    months = month_range(shift_month(last, 1 - len(values)), last)
    points = pd.DataFrame({"period": months, "value": values, "base": np.nan})
    spec = Series(title="Robbery", table="a_table", value="offences", **how)
    return draw_up(points, QUARTER, "month", spec, "lower")


@pytest.mark.parametrize(
    ("length", "proposed"), [(AFTER_REBASE - 1, False), (AFTER_REBASE, True), (AFTER_REBASE + 3, True)]
)
def test_a_run_is_proposed_once_its_points_can_have_limits_of_their_own(length, proposed):
    table = charted([*CALM[:24], *HIGH[:length]])
    found = propose(table)
    assert (found is not None) is proposed
    if found:
        assert found.first == table["period"].iloc[24]
        assert found.plan_line == f'rebase: [{{from: {found.first}, reason: "..."}}]'


def test_a_run_that_has_ended_is_not_proposed():
    assert propose(charted([*CALM[:24], *HIGH[:14], 100])) is None
    assert propose(charted(CALM)) is None


def test_of_a_chart_without_a_stable_period_the_start_of_one_is_proposed():
    rise = [40, 48, 55, 66, 70, 79, 88, 90, 99, 110, 118, 125, 133, 140, 149, 160]
    table = charted([*rise, *(value + 60 for value in CALM[:20])])
    assert table["no_limits"].iloc[-1] == "unsteady"
    found = propose(table)
    assert table["period"].iloc[12] <= found.first <= table["period"].iloc[18]
    assert found.why == "the level has been steady"


def test_a_trend_that_goes_on_and_a_series_of_too_few_points_suggest_nothing():
    assert propose(charted(list(np.linspace(10, 400, 39)))) is None
    assert propose(charted(CALM[:20])) is None


def test_what_is_proposed_is_read_by_the_plan_and_accepted_it_is_proposed_no_more():
    values = [*CALM[:24], *HIGH[:15]]
    found = propose(charted(values))
    (entry,) = yaml.safe_load(found.plan_line)["rebase"]
    assert Rebase.model_validate(entry).first == found.first
    accepted = charted(values, rebase=[entry | {"reason": "A new team."}])
    assert set(accepted["no_limits"]) == {""} and set(accepted["special_cause"]) == {""}
    assert propose(accepted) is None
