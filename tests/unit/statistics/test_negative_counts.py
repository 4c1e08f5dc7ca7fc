"""Counts below zero take offences back that were recorded before: data like any other, not errors."""

import pytest

from panelpack.rules.rule import RULES, Context
from panelpack.rules.verdict import NO_CHANGE, PeriodTotal
from panelpack.statistics.significance import dispersion


def total(*points: float) -> PeriodTotal:
    return PeriodTotal(sum(points), "a year", points=points, kind="count")


@pytest.mark.parametrize("points", [(-1, 3, 0, 2), (5, -2, 4, 4), (-1, -1, 0, 0)])
def test_a_quarter_below_zero_varies_as_a_quarter_of_none(points):
    assert dispersion(points) == dispersion([max(point, 0) for point in points])


@pytest.mark.parametrize(
    ("baseline", "latest"), [((-1, 3, 0, 2), (1, 0, 2, 1)), ((0, -1, 0, 0), (0, 0, 0, 1)), ((2, 1, 0, 0), (-1, 0, 0, 0))]
)
def test_periods_with_corrections_below_zero_have_a_verdict(baseline, latest):
    verdict = RULES["significance"].judge(total(*baseline), total(*latest), Context("lower"))
    assert verdict.verdict == NO_CHANGE and verdict.evidence.endswith(".")
