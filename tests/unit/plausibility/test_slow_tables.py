"""Tables of halves and years: what is odd is found with two or one point a year, and what is ordinary is not asked."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from panelpack.config.disclosure import Disclosure
from panelpack.config.plan import Plan
from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.periods import Quarter, key_range
from panelpack.plausibility.history import join, read_history
from panelpack.plausibility.panel import read_panel
from panelpack.plausibility.queries import find_in_history
from panelpack.plausibility.restatements import nothing_new

SPANS = {
    "half_year": key_range("2016H1", "2021H2"),
    "financial_year": key_range("2010/11", "2021/22"),
    "calendar_year": key_range("2010", "2021"),
}


def table(kind, keys, spoilt=None, rows=4, lag_months=None):
    """Return steady counts of some places; `spoilt`: the place whose last number is ten times as large."""
    columns = {"when": kind, "place": "category", "n": "count"}
    spec = SupplierFile(file="t.csv", columns=columns, key=["when", "place"], lag_months=lag_months)
    random, lines = np.random.default_rng(1), []
    for key in keys:
        for place in range(rows):
            count = int(random.poisson(400 * (place + 1)))
            lines.append((key, f"p{place}", str(count * (10 if key == keys[-1] and place == spoilt else 1))))
    return ReceivedTable("t", spec, pd.DataFrame(lines, columns=list(columns), dtype="str"), len(lines))


@pytest.mark.parametrize(("kind", "season"), [("half_year", 2), ("financial_year", 1), ("calendar_year", 1)])
@pytest.mark.parametrize("rows", [1, 5])
def test_a_number_that_is_ten_times_its_history_is_found_and_nothing_else(kind, season, rows):
    keys = SPANS[kind]
    panel = read_panel(table(kind, keys, rows=rows))
    assert (panel.season, panel.periods) == (season, keys)
    assert find_in_history(join(panel, None, keys[-1:])) == []
    spoilt = read_panel(table(kind, keys, spoilt=0, rows=rows))
    (finding,) = find_in_history(join(spoilt, None, keys[-1:]))
    assert (finding.kind, finding.period) == ("scale", keys[-1])
    earlier = read_panel(table(kind, keys[:-1], rows=rows))
    assert find_in_history(join(panel, earlier, keys[-1:])) == []


@pytest.mark.parametrize(
    ("kind", "last", "quarter", "lag", "asked"),
    [
        ("financial_year", "2020/21", "2021Q3", None, False),  # the year is still that: nothing new can be there
        ("financial_year", "2020/21", "2021Q4", None, True),
        ("financial_year", "2020/21", "2021Q4", 21, False),  # it may come later
        ("half_year", "2021H1", "2021Q3", None, False),
        ("half_year", "2021H1", "2021Q4", None, True),
        ("calendar_year", "2020", "2021Q2", None, False),
        ("calendar_year", "2020", "2021Q3", None, True),
    ],
)
def test_a_file_like_that_before_is_asked_about_where_a_new_period_is_due(kind, last, quarter, lag, asked):
    same = table(kind, [key for key in SPANS[kind] if key <= last], lag_months=lag)
    office = SimpleNamespace(
        quarter=Quarter.parse(quarter),
        plan=Plan.model_construct(series={}, tables={same.name: same.spec}, disclosure=Disclosure()),
        corrections=[],
        sources=SimpleNamespace(by_table={}),
        withheld=lambda _: "",
    )
    assert [finding.kind for finding in nothing_new(read_history(office, same, same))] == ["nothing_new"] * asked
