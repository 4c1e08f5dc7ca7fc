"""Whatever numbers stand in a table, looking at it never fails, and every query is a sentence with a name."""

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.periods import month_range
from panelpack.plausibility.query import KINDS

cells = st.one_of(
    st.sampled_from(["", "0", "1", "22", "205205", "-5", "1e300", "999999999999", "n/a", "0.5", "nan", "inf"]),
    st.integers(0, 3000).map(str),
)


def table_of(grid, kind, gaps):
    columns = {"month": "month", "area": "category", "n": kind, "of": "count"}
    spec = SupplierFile(file="t.csv", columns=columns, key=["month", "area"])
    months = month_range("2018-01", "2022-12")[: grid.shape[1]]
    lines = [
        (month, f"area {row}", grid[row, place, 0], grid[row, place, 1])
        for place, month in enumerate(months)
        for row in range(grid.shape[0])
        if not gaps[row, place]
    ]
    text = pd.DataFrame(lines, columns=list(columns), dtype=str)
    return ReceivedTable("t", spec, text, len(text))


@st.composite
def tables(draw):
    rows, periods = draw(st.integers(1, 4)), draw(st.integers(1, 30))
    kind = draw(st.sampled_from(["count", "decimal"]))
    seed = draw(st.integers(0, 99))
    grid = np.random.default_rng(seed).poisson(draw(st.sampled_from([0.5, 8, 400])), (rows, periods, 2)).astype(str)
    grid = grid.astype(object)
    for _ in range(draw(st.integers(0, 8))):
        place = tuple(draw(st.integers(0, size - 1)) for size in grid.shape)
        grid[place] = draw(cells)
    few = st.sampled_from([True, *[False] * 9])
    gaps = draw(arrays(bool, (rows, periods), elements=few, fill=st.just(False)))
    return grid, kind, gaps


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(made_up=tables(), cut=st.integers(0, 4), other=st.booleans())
def test_any_table(made, made_up, cut, other):
    grid, kind, gaps = made_up
    now = table_of(grid, kind, gaps)
    if now.text.empty:
        return
    before = None
    if grid.shape[1] > cut:
        old = grid[:, : grid.shape[1] - cut]
        if other:
            old = old[::-1]
        before = table_of(old, kind, gaps[:, : old.shape[1]])
        before = None if before.text.empty else before
    months = tuple(sorted(now.text["month"].unique())[-3:])
    found = made.findings(now, before, months, parts=[("n", "of")])
    for finding in found:
        assert finding.kind in KINDS and finding.words.endswith(".") and "nan" not in finding.words
    names = [finding[:3] for finding in found]
    assert len(set(names)) == len(names)
