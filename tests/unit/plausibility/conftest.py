"""Made-up tables with a season, a trend and chance, beside their own past."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.periods import month_range
from panelpack.plausibility.history import join
from panelpack.plausibility.panel import read_panel
from panelpack.plausibility.queries import find_in_history

MONTHS = month_range("2017-04", "2020-06")  # the last three are new
NEW = MONTHS[-3:]
DISTRICTS = ("Ashdale", "Birkmoor", "Calder", "Dunholm", "Elmet")
LEVELS = (2400, 310, 720, 90, 45)


def made_counts(rows=DISTRICTS, levels=LEVELS, months=MONTHS, seed=3):
    """Counts by month (index) and district (columns): a season of a tenth, a slow trend, and chance."""
    chance = np.random.default_rng(seed)
    time = np.arange(len(months))
    season = 1 + 0.1 * np.sin(2 * np.pi * time / 12)
    counts = {row: chance.poisson(level * season * (1 + 0.002 * time)) for row, level in zip(rows, levels, strict=True)}
    return pd.DataFrame(counts, index=list(months))


def long_table(counts, name="thefts", column="thefts", kind="count"):
    """A table of month, district and a number, line by line as a supplier sends it; gaps have no line."""
    spec = SupplierFile(
        file=f"{name}.csv", columns={"month": "month", "district": "category", column: kind}, key=["month", "district"]
    )
    lines = [
        (month, row, f"{value:g}" if value != int(value) else str(int(value)))
        for month, values in counts.iterrows()
        for row, value in values.items()
        if not np.isnan(value)
    ]
    text = pd.DataFrame(lines, columns=["month", "district", column])
    return ReceivedTable(name, spec, text, len(text))


def single_table(values, name="calls", kind="count", months=MONTHS):
    """A table of one number a month."""
    spec = SupplierFile(file=f"{name}.csv", columns={"month": "month", "calls": kind}, key=["month"])
    text = pd.DataFrame({"month": list(months)[: len(values)], "calls": [f"{value:g}" for value in values]})
    return ReceivedTable(name, spec, text, len(text))


def findings_of(table, earlier=None, new=NEW, **settings):
    """What is asked of a table, beside the file before."""
    before = read_panel(earlier) if earlier is not None else None
    return find_in_history(join(read_panel(table), before, new, period_column="month", **settings))


def kinds_of(table, earlier=None, **settings):
    return [finding.kind for finding in findings_of(table, earlier, **settings)]


@pytest.fixture
def made():
    """The tools above; counts and earlier: an honest table's numbers, and those of the file before."""
    counts = made_counts()
    return SimpleNamespace(
        counts=counts.astype(float),
        before=long_table(counts.iloc[:-3]),
        table=long_table,
        single=single_table,
        findings=findings_of,
        kinds=kinds_of,
        series=made_counts(rows=("all",), levels=(900,), seed=8)["all"].to_numpy(float),
        made=made_counts,
        months=MONTHS,
        new=NEW,
        rows=DISTRICTS,
    )


@pytest.fixture(params=["beside the file before", "alone"])
def before(request, made):
    """The file before, or none: most slips must be found either way."""
    return made.before if request.param == "beside the file before" else None
