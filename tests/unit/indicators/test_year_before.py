"""The same quarter a year before, on series small enough to work out by eye."""

from pathlib import Path

import pandas as pd
import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.disclosure import Disclosure
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Indicator, Plan, Priority
from panelpack.config.series import OrdinaryMovement, Series, Spread
from panelpack.config.supplied_table import SupplierFile
from panelpack.disclosure.points import GAP_COLUMNS
from panelpack.indicators.judgement import judge, totals_compared, why_not_compared
from panelpack.indicators.quarter_data import QuarterData
from panelpack.indicators.year_before import disagreement, year_before
from panelpack.periods import Quarter, key_range
from panelpack.project import Project
from panelpack.rules.verdict import Verdict

QUARTER = Quarter.parse("2022Q4")
WHEN = {"month": "month", "quarter": "quarter", "half_year": "half_year", "day": "date"}
WHEN |= {"year": "financial_year", "calendar": "calendar_year"}
COMPARE = {"baseline": "financial_year-3", "latest": "rolling_12_months"}


def data_of(periodicity, points, quarter=QUARTER, compare=COMPARE, **spec):
    """Return the data of an office with one indicator of one series. points: period to value, or (value, base)."""
    when = next(name for name, kind in WHEN.items() if kind == periodicity)
    table = SupplierFile(file="a.csv", columns={when: periodicity, "n": "count", "asked": "count"}, key=[when])
    series = Series(**({"title": "t", "table": "t", "value": "n"} | spec))
    figure = Indicator(
        id="P1.a", title="A", polarity="lower", rule="significance", series="s",
        compare=compare,
    )  # fmt: skip
    box = Priority(id="P1", number="1", update="P1", title="Box", indicators=[figure])
    plan = Plan.model_construct(
        tables={"t": table}, series={"s": series}, priorities=[box], baseline_year="2019/20", disclosure=Disclosure(),
        verdict_words={}, bedding_in_months=12,
        ordinary=OrdinaryMovement(spreads=[Spread(years=1, percent=9)], reason="r"),
    )  # fmt: skip
    office = Configuration(Project(Path()), quarter, plan, Parameters.model_construct(availability={}))
    rows = [(key, *(value if isinstance(value, tuple) else (value, float("nan")))) for key, value in points.items()]
    frame = pd.DataFrame(rows, columns=["period", "value", "base"]).assign(series="s", lower=float("nan"))
    frame = frame.assign(upper=float("nan"))
    return QuarterData(office, {"s": frame}, {}, pd.DataFrame(columns=GAP_COLUMNS, dtype=str)), figure


def quarters(*values, last="2022Q4"):
    keys = [str(Quarter.parse(last).shift(-back)) for back in range(len(values) - 1, -1, -1)]
    return dict(zip(keys, values, strict=True))


def test_the_latest_quarter_stands_beside_the_same_one_a_year_before():
    data, figure = data_of("quarter", quarters(90, 100, 110, 120, 91, 101, 111, 150))
    year = year_before(figure, data)
    assert (year.latest.value, year.before.value, year.change) == (150, 120, 30)
    assert (year.latest.words, year.before.words) == ("Quarter 4 2022/23", "Quarter 4 2021/22")
    assert year.pct_change(figure, data.plan) == 25


@pytest.mark.parametrize(
    ("periodicity", "keys", "words"),
    [
        ("month", key_range("2021-01", "2023-03"), ("Quarter 4 2022/23", "Quarter 4 2021/22")),
        ("half_year", key_range("2021H1", "2022H2"), ("half year October 2022 to March 2023", "half year October 20")),
        ("financial_year", key_range("2020/21", "2022/23"), ("2022/23", "2021/22")),
        ("calendar_year", key_range("2020", "2022"), ("calendar year 2022", "calendar year 2021")),
        ("date", ("2021-09-30", "2022-03-31", "2022-09-30", "2023-03-31"), ("2023-03-31", "2022-03-31")),
    ],
)
def test_slower_data_are_compared_with_their_own_period_a_year_before(periodicity, keys, words):
    data, figure = data_of(periodicity, dict.fromkeys(keys, 7))
    year = year_before(figure, data)
    assert year.latest.words == words[0] and year.before.words.startswith(words[1])


def test_a_financial_year_that_is_not_over_is_not_the_latest():
    data, figure = data_of("financial_year", dict.fromkeys(("2020/21", "2021/22"), 7), Quarter.parse("2022Q3"))
    year = year_before(figure, data)
    assert (year.latest.words, year.before.words) == ("2021/22", "2020/21")


def test_a_median_of_months_is_compared_with_that_month_of_the_year_before():
    months = dict.fromkeys(key_range("2022-01", "2023-03"), 10)
    data, figure = data_of("month", months, kind="duration", statistic="median", unit="minutes")
    year = year_before(figure, data)
    assert (year.latest.words, year.before.words, year.p_value) == ("March 2023", "March 2022", None)


@pytest.mark.parametrize(("base", "is_shown"), [(100, True), (99, False)])
def test_a_percentage_of_fewer_answers_than_the_plan_asks_for_is_left_out(base, is_shown):
    points = quarters((80, 200), *[(80, 200)] * 3, (40, base))
    data, figure = data_of("quarter", points, base="asked", population="people")
    assert (year_before(figure, data).latest is not None) is is_shown


def test_without_the_year_before_there_is_nothing():
    data, figure = data_of("quarter", quarters(1, 2, 3, 4))
    assert year_before(figure, data).change is None


def test_more_taken_back_than_counted_has_no_test():
    data, figure = data_of("quarter", quarters(9, 9, 9, 9, 9, 9, 9, -2))
    year = year_before(figure, data)
    assert (year.change, year.p_value) == (-11, None)


def test_a_rise_inside_the_year_that_the_verdict_does_not_tell_is_said():
    """The rise itself makes the counts of the year vary, so that the verdict on the baseline is 'no change'."""
    told = quarters(*[2500] * 8, 2600, 2650, 2600, 2576, 2800, 3000, 3300, 3534)
    data, figure = data_of("quarter", told)
    words = disagreement(figure, Verdict("no_change"), year_before(figure, data), data)
    assert words == (
        "No clear change on 2019/20, but +37% in Quarter 4 2022/23 on the same period a year before, and that is more "
        "than chance gives."
    )


@pytest.mark.parametrize("verdict", ["deteriorated", "not_assessed", "met", "changed", ""])
def test_nothing_is_said_where_the_verdict_tells_the_same_or_is_not_of_a_change(verdict):
    data, figure = data_of("quarter", quarters(*[2500] * 11, 2576, *[2600] * 3, 3534))
    assert disagreement(figure, Verdict(verdict), year_before(figure, data), data) == ""


def test_a_single_quarter_is_held_to_how_two_years_vary_not_to_pure_chance():
    """By Poisson alone 120 on 80 would stand out; counts that swing like this make no news of it."""
    data, figure = data_of("quarter", quarters(60, 140, 60, 80, 140, 60, 140, 120))
    year = year_before(figure, data)
    assert year.p_value > 0.05 and disagreement(figure, Verdict("no_change"), year, data) == ""


def test_the_only_position_that_is_known_is_not_compared_with_itself():
    data, figure = data_of("date", {"2021-06-30": 7}, compare={"baseline": "position-12", "latest": "position"})
    assert year_before(figure, data).change is None
    assert why_not_compared(figure, *totals_compared(figure, data), data, is_judged=False) != ""


def test_a_year_that_is_named_in_two_ways_is_not_compared_with_itself():
    told = quarters(*[100] * 4, last="2019Q4")
    compare = {"baseline": "baseline_year", "latest": "2019/20"}
    data, figure = data_of("quarter", told, compare=compare)
    verdict = judge(figure, data)
    assert (verdict.verdict, verdict.reason) == ("not_assessed", "no_comparator")


@pytest.mark.parametrize(("began", "is_shown"), [("2021-01", True), ("2021-02", False), (None, True)])
def test_the_first_months_of_a_new_practice_are_no_comparator_here_either(began, is_shown):
    """With twelve months to settle, January 2022 is compared with once recording began in January 2021 or before."""
    data, figure = data_of("quarter", quarters(*[9] * 8), **({"began": began} if began else {}))
    assert (year_before(figure, data).change is not None) is is_shown
