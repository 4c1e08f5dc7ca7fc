"""The cells of a received table as values: what the figures get, and what Great Expectations looks at."""

import pandas as pd
import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.intake.typed import as_checked, typed

KINDS = {"quarter": "quarter", "stops": "count", "share": "decimal", "day": "date", "place": "category"}


def table(**cells):
    frame = pd.DataFrame(cells, dtype="str")
    spec = SupplierFile(file="stops.csv", columns={name: KINDS[name] for name in cells}, key=[next(iter(cells))])
    return ReceivedTable("stops", spec, frame, len(frame))


def test_the_figures_get_numbers_and_text():
    frame = typed(table(quarter=["2014Q4", "2015Q1"], stops=["-3", "1030"], share=["0.25", "7"], place=["", "x"]))
    assert frame.dtypes.astype(str).to_dict() == {
        "quarter": "str",
        "stops": "int64",
        "share": "float64",
        "place": "str",
    }
    assert frame.to_dict("list") == {
        "quarter": ["2014Q4", "2015Q1"],
        "stops": [-3, 1030],
        "share": [0.25, 7],
        "place": ["", "x"],
    }


def test_a_count_with_a_gap_is_a_float_and_keeps_fifteen_digits():
    frame = typed(table(stops=["", "999999999999999"], share=["1.5", ""]))
    assert frame["stops"].dtype == "float64" and pd.isna(frame["stops"][0]) and frame["stops"][1] == 999999999999999
    assert pd.isna(frame["share"][1])


def test_an_index_in_words_stays():
    received = table(stops=["1", "2"])
    received.text.index = ["north.csv, row 2", "south.csv, row 2"]
    assert list(typed(received).index) == ["north.csv, row 2", "south.csv, row 2"]


def test_what_is_checked_has_days_and_nulls():
    frame = as_checked(
        table(quarter=["2015Q1", ""], day=["", "9999-12-31"], place=["  ", "x"], stops=["4", ""]).text, KINDS
    )
    assert frame["day"].tolist()[1] == pd.Timestamp("9999-12-31") and frame["day"].dtype.kind == "M"
    assert frame.isna().to_dict("list") == {
        "quarter": [False, True],
        "day": [True, False],
        "place": [True, False],
        "stops": [False, True],
    }


def test_a_column_that_the_plan_does_not_know_is_text():
    assert as_checked(pd.DataFrame({"new": ["1", "2"]}, dtype="str"), KINDS)["new"].tolist() == ["1", "2"]


@pytest.mark.parametrize("kind", ["stops", "share", "day", "quarter"])
def test_a_table_without_rows_has_its_types(kind):
    received = table(**{kind: []})
    assert len(typed(received)) == 0
    assert as_checked(received.text, KINDS)[kind].dtype.kind == {"stops": "i", "share": "f", "day": "M"}.get(kind, "O")
