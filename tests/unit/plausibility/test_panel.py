"""A table's numbers by column, row and period."""

import numpy as np
import pandas as pd

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.plausibility.history import join
from panelpack.plausibility.panel import read_panel

COLUMNS = {"quarter": "quarter", "area": "category", "seen": "count", "rate": "decimal"}


def table(*lines, columns=COLUMNS, key=("quarter", "area"), file="t.csv"):
    spec = SupplierFile(file=file, columns=columns, key=list(key))
    return ReceivedTable("t", spec, pd.DataFrame(lines, columns=list(columns)), len(lines))


def test_numbers_stand_by_column_row_and_period_with_gaps_between():
    panel = read_panel(
        table(("2019Q4", "east", "5", "0.5"), ("2020Q2", "east", "7", ""), ("2020Q2", "west", "x", "1.5"))
    )
    assert panel.periods == ("2019Q4", "2020Q1", "2020Q2")
    assert panel.rows == (("east",), ("west",)) and panel.columns == ("seen", "rate")
    assert panel.are_counts == (True, False)
    np.testing.assert_array_equal(panel.values[0], [[5, np.nan, 7], [np.nan] * 3])
    np.testing.assert_array_equal(panel.values[1], [[0.5, np.nan, np.nan], [np.nan, np.nan, 1.5]])
    np.testing.assert_array_equal(panel.present, [[True, False, True], [False, False, True]])
    assert panel.places.tolist() == [[0, 0], [0, 2], [1, 2]]


def test_of_two_lines_with_one_key_the_first_counts():
    panel = read_panel(table(("2019Q4", "east", "5", "1"), ("2019Q4", "east", "6", "2")))
    assert panel.values[:, 0, 0].tolist() == [5, 1]


def test_what_cannot_be_read_is_left_to_the_format_check():
    odd = [("2019Q4", "east", "1e999", "1"), ("Q4 2019", "east", "6", "2"), ("", "west", "6", "2")]
    panel = read_panel(table(*odd))
    assert panel.periods == ("2019Q4",) and np.isnan(panel.values[0, 0, 0])
    assert read_panel(table(("soon", "east", "1", "1"))) is None
    no_period = table(("east", "1"), columns={"area": "category", "seen": "count"}, key=("area",))
    assert read_panel(no_period) is None


def test_of_persons_only_the_rows_are_counted():
    columns = {"case": "text", "month": "month", "person": "pseudonym"}
    lines = [("C1", "2020-01", "P1"), ("C2", "2020-03", "P1"), ("C3", "2020-03", "P2")]
    panel = read_panel(table(*lines, columns=columns, key=("case",)))
    assert panel.values.tolist() == [[[1, 0, 2]]] and panel.columns == ("number of rows",)


def test_a_wrong_year_fills_no_calendar():
    columns = {"month": "month", "seen": "count"}
    panel = read_panel(table(("2020-01", "1"), ("9020-01", "2"), columns=columns, key=("month",)))
    assert panel.periods == ("2020-01", "9020-01")


def test_two_files_on_one_grid():
    old = read_panel(table(("2019Q3", "east", "3", "1"), ("2019Q4", "east", "5", "1"), ("2019Q4", "north", "9", "1")))
    new = read_panel(table(("2019Q4", "east", "6", "1"), ("2020Q1", "east", "8", "1")))
    history = join(new, old, ("2020Q1",))
    assert history.panel.periods == ("2019Q3", "2019Q4", "2020Q1") and history.first_new == 2
    assert history.panel.rows == (("east",), ("north",))
    np.testing.assert_array_equal(history.panel.values[0, 0], [np.nan, 6, 8])
    np.testing.assert_array_equal(history.known[0, 0], [3, 6, 8])  # what this file begins too late for
    assert history.asked[0].tolist() == [[False, True, True], [False] * 3]
    assert history.changed[0].tolist() == [[False, True, False], [False] * 3]
