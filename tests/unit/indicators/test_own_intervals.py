"""A survey's own interval: kept beside its figure and its base, lost where several points are put together."""

import pandas as pd
import pytest

from panelpack.disclosure.period_totals import period_total
from panelpack.named_periods import resolve_period
from panelpack.rules.intervals import of_change, of_latest
from panelpack.statistics.significance import LEVEL, Interval

NONE = float("nan")


def total(rows, name, *, kind="share", over_time="none", worked_out=True):
    frame = pd.DataFrame(rows, columns=["period", "value", "base", "lower", "upper"])
    period = resolve_period(name, "2019-03", 2012)
    return period_total(frame, period, "financial_year", "2019-03", kind, over_time, is_worked_out=worked_out)


@pytest.mark.parametrize(
    ("value", "base", "kind"), [(78.6, NONE, "share"), (0.786 * 397, 397, "share"), (7.2, NONE, "rate")]
)
def test_it_stands_beside_the_figure_with_a_base_and_without(value, base, kind):
    figure = 7.2 if kind == "rate" else 78.6
    found = total([("2018/19", value, base, figure - 3, figure + 4)], "2018/19", kind=kind)
    assert found.value == pytest.approx(figure) and found.successes is None
    assert (found.lower, found.upper) == (figure - 3, figure + 4)
    ends = of_latest(found)(LEVEL)
    assert (ends.lower, ends.upper) == pytest.approx((figure - 3, figure + 4))


@pytest.mark.parametrize("ends", [(NONE, NONE), (70.0, NONE), (NONE, 80.0)])
def test_half_of_one_is_none(ends):
    found = total([("2018/19", 78.6, NONE, *ends)], "2018/19")
    assert (found.lower, found.upper) == (None, None) and of_latest(found) is None


def test_a_mean_of_years_has_them_in_quadrature():
    # Half widths of 2 and 3 and 6 make 7, a third of it of the mean; up 1 and 2 and 2 make 3.
    years = [
        ("2016/17", 70.0, NONE, 68.0, 71.0),
        ("2017/18", 75.0, NONE, 72.0, 77.0),
        ("2018/19", 80.0, NONE, 74.0, 82.0),
    ]
    found = total(years, "mean of 2016/17 to 2018/19")
    assert (found.value, found.exposure) == (75.0, 3)
    assert (found.lower, found.upper) == pytest.approx((75 - 7 / 3, 76))
    latest = total([("2018/19", 85.0, NONE, 81.0, 88.0)], "2018/19")
    change = of_change(latest, found)(LEVEL)
    assert (change.lower, change.upper) == pytest.approx((10 - (4**2 + 1) ** 0.5, 10 + (3**2 + (7 / 3) ** 2) ** 0.5))


def test_a_mean_with_a_year_that_lacks_one_has_none():
    years = [("2017/18", 75.0, NONE, 72.0, 77.0), ("2018/19", 80.0, NONE, NONE, NONE)]
    found = total(years, "mean of 2017/18 to 2018/19")
    assert (found.lower, found.upper) == (None, None)
    assert of_latest(found) is None


def test_of_several_points_put_together_none_is_known():
    rows = [("2017/18", 0.75 * 400, 400, 72.0, 77.0), ("2018/19", 0.85 * 400, 400, 82.0, 87.0)]
    frame = pd.DataFrame(rows, columns=["period", "value", "base", "lower", "upper"])
    period = resolve_period("2018/19", "2019-03", 2012)
    both = type(period)(resolve_period("2017/18", "2019-03", 2012).months + period.months, "two years")
    found = period_total(frame, both, "financial_year", "2019-03", "share", "weighted_mean", is_worked_out=True)
    assert (found.value, found.lower, found.upper) == (pytest.approx(80.0), None, None)
    assert isinstance(of_latest(found)(LEVEL), Interval)  # that of its answers
