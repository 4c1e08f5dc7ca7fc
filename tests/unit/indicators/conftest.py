"""A result of nothing in particular, for the tests that only look at one part of it."""

import pytest

from panelpack.indicators.results import IndicatorResult


@pytest.fixture(scope="session")
def result():
    return IndicatorResult(
        indicator="SP01.a",
        priority="SP01",
        title="A title",
        unit="count",
        polarity="lower",
        scored=True,
        baseline_period="",
        baseline=None,
        latest_period="",
        latest=None,
        change=None,
        pct_change=None,
        rule="none",
        verdict="improved",
        reason="",
        evidence="",
        lower_95=None,
        upper_95=None,
        reconstructed=False,
        notes=(),
    )
