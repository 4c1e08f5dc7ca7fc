"""Every figure and verdict that a paper of this office printed, at the precision it printed: data/published."""

import csv
from decimal import ROUND_HALF_UP, Decimal

import pytest

import running
from panelpack.indicators.reconciliation import compare_with_print, read_printed
from panelpack.periods import Quarter
from panelpack.project import Project

PUBLISHED = sorted(path.stem for path in (running.ROOT / "data" / "published").glob("*.csv"))
NO_FIGURE = {"NA", "-", "*"}  # what a paper prints where it gives no figure
NO_PAPER = pytest.param("", marks=pytest.mark.skip(reason="data/published has no printed paper to hold figures to"))


@pytest.fixture(scope="module", params=PUBLISHED or [NO_PAPER])
def paper(request):
    quarter = Quarter.parse(request.param)
    if not Project(running.ROOT).raw(quarter).is_dir():
        pytest.skip(f"data/raw/{quarter} is not there")
    return quarter


@pytest.fixture(scope="module")
def rows(paper, real_project):
    with real_project.published(paper).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def results(paper, computed):
    return computed(paper)


def as_printed(value, decimals):
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def printed_figures(rows):
    """Yield indicator, column and text of each printed cell that is a figure, or the mark of one that is none."""
    for row in rows:
        for column in ("baseline", "latest", "pct_change"):
            if row[column] and (row[column] in NO_FIGURE or row[column].lstrip("-").replace(".", "", 1).isdigit()):
                yield row["indicator"], column, row[column]


def test_every_printed_figure_is_computed_and_none_where_none_was_printed(rows, results):
    differing = []
    for indicator, column, printed in printed_figures(rows):
        value = getattr(results[indicator], column)
        if column == "baseline" and value is None and not results[indicator].baseline_period:
            value = results[indicator].target_value  # a paper prints what is required where baselines stand
        if printed in NO_FIGURE:
            is_equal = value is None
        else:
            decimals = len(printed.partition(".")[2])
            is_equal = value is not None and as_printed(value, decimals) == Decimal(printed)
        if not is_equal:
            differing.append(f"{indicator}, {column}: printed {printed}, computed {value}")
    assert differing == []


def test_every_printed_verdict_and_its_reason_is_given(rows, results):
    printed = {row["indicator"]: (row["verdict"], row["reason"]) for row in rows}
    given = {name: (results[name].verdict, results[name].reason) for name in printed}
    assert given == printed


def test_every_row_of_the_dashboard_is_held_to_the_paper(rows, results):
    assert [row["indicator"] for row in rows] == [name for name, result in results.items() if not result.measure]


def test_the_pack_reconciles_as_these_tests_do(paper, results, real_project):
    table = compare_with_print(read_printed(real_project.published(paper)), list(results.values()))
    assert table[table["equal"] != "equal"].to_dict("records") == []
    assert len(table) > len(results) / 2


def test_the_figures_are_the_same_without_the_printed_paper(paper, results, without_paper):
    project, compute = without_paper
    assert not project.published(paper).exists()
    assert compute(paper) == results
