"""A printed paper beside the computed figures: equal at the decimals that were printed."""

import csv
import dataclasses

import pandas as pd
import pytest

from panelpack.errors import SourceError
from panelpack.indicators.reconciliation import (
    PRINTED_COLUMNS,
    RECONCILIATION_COLUMNS,
    compare_with_print,
    read_printed,
)


def written(tmp_path, *rows, columns=PRINTED_COLUMNS):
    path = tmp_path / "printed.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])
    return path


def printed(**values):
    row = dict.fromkeys(PRINTED_COLUMNS, "") | {"indicator": "SP01.a"} | values
    return pd.DataFrame([row], columns=PRINTED_COLUMNS)


@pytest.fixture
def compared(result):
    """Return a function that compares one printed row with one computed result: the rows without the indicator."""

    def run(computed, **values):
        table = compare_with_print(printed(**values), [dataclasses.replace(result, **computed)])
        assert list(table.columns) == RECONCILIATION_COLUMNS
        return [tuple(row) for row in table.drop(columns="indicator").itertuples(index=False)]

    return run


@pytest.mark.parametrize(
    ("figure", "text", "value", "row"),
    [
        ("latest", "58318", 58318.0, ("latest", "58,318", "58,318", "equal")),
        ("latest", "58318", 58317.5, ("latest", "58,318", "58,318", "equal")),
        ("latest", "58318", 58317.4, ("latest", "58,318", "58,317", "differs")),
        ("latest", "83.5", 83.45, ("latest", "83.5", "83.5", "equal")),
        ("latest", "83.5", 83.44, ("latest", "83.5", "83.4", "differs")),
        ("latest", "83.50", 83.5, ("latest", "83.50", "83.50", "equal")),
        ("latest", "83.50", 83.46, ("latest", "83.50", "83.46", "differs")),
        ("baseline", "0", 0.0, ("baseline", "0", "0", "equal")),
        ("pct_change", "-51", -51.12, ("% change", "−51%", "−51%", "equal")),
        ("pct_change", "5.6", 5.55, ("% change", "5.6%", "5.6%", "equal")),
        ("pct_change", "5.6", -5.6, ("% change", "5.6%", "−5.6%", "differs")),
        ("pct_change", "-0.4", -0.2, ("% change", "−0.4%", "−0.2%", "differs")),
        ("latest", "4975", None, ("latest", "4,975", "none", "differs")),
        ("latest", "NA", None, ("latest", "NA", "none", "equal")),
        ("latest", "-", None, ("latest", "-", "none", "equal")),
        ("latest", "*", None, ("latest", "*", "none", "equal")),
        ("latest", "NA", 0.0, ("latest", "NA", "0.0", "differs")),
        ("baseline", "-", 4975.0, ("baseline", "-", "4,975.0", "differs")),
        ("latest", "*", 61.25, ("latest", "*", "61.3", "differs")),
    ],
)
def test_a_printed_figure_is_compared_at_its_own_decimals(figure, text, value, row, compared):
    assert compared({figure: value}, **{figure: text}) == [row]


@pytest.mark.parametrize(
    ("verdict", "reason", "computed", "row"),
    [
        ("improved", "", ("improved", ""), ("verdict", "Better", "Better", "equal")),
        ("no_change", "", ("improved", ""), ("verdict", "No clear change", "Better", "differs")),
        (
            "not_assessed", "embargoed", ("not_assessed", "embargoed"),
            ("verdict", "Not assessed (not yet released)", "Not assessed (not yet released)", "equal"),
        ),
        (
            "not_assessed", "no_metric", ("not_assessed", "no_comparator"),
            ("verdict", "Not assessed (no measure yet)", "Not assessed (nothing earlier to compare with)", "differs"),
        ),
        ("improved", "", ("", ""), ("verdict", "Better", "Not scored", "differs")),
    ],
)  # fmt: skip
def test_a_verdict_is_compared_with_its_reason(verdict, reason, computed, row, compared):
    computed = dict(zip(("verdict", "reason"), computed, strict=True))
    assert compared(computed, verdict=verdict, reason=reason) == [row]


@pytest.mark.parametrize("unit", ["assessment", "narrative", None])
def test_words_are_no_figures(unit, compared):
    assert compared({"unit": unit}, baseline="NA", latest="No change") == []


def test_what_was_not_printed_is_not_compared(compared):
    assert compared({"baseline": 1.0, "latest": 2.0, "pct_change": 100.0}) == []


def test_an_unknown_indicator_is_named(result):
    with pytest.raises(SourceError, match=r"'SP99.none', which is not in the plan\. Correct the name\.$"):
        compare_with_print(printed(indicator="SP99.none"), [result])


def test_cells_are_read_as_text(tmp_path):
    path = written(tmp_path, ["SP01.a", "667", "NA", "-51", "improved", "", "a note"])
    assert read_printed(path).to_dict("records") == [
        dict(zip(PRINTED_COLUMNS, ["SP01.a", "667", "NA", "-51", "improved", "", "a note"], strict=True))
    ]


@pytest.mark.parametrize("columns", [PRINTED_COLUMNS[:-1], PRINTED_COLUMNS[::-1], [*PRINTED_COLUMNS, "more"]])
def test_other_columns_are_refused(tmp_path, columns):
    with pytest.raises(SourceError, match=r"printed\.csv: found the columns \[.*\], expected \['indicator', "):
        read_printed(written(tmp_path, columns=columns))


@pytest.mark.parametrize("text", ["58,805", "about 600", "83.5%"])
def test_a_printed_figure_that_is_no_number_is_named(text, compared):
    with pytest.raises(SourceError, match=text):
        compared({"latest": 58805.0}, latest=text)


def test_an_empty_file_is_named(tmp_path):
    path = tmp_path / "printed.csv"
    path.touch()
    with pytest.raises(SourceError, match=r"printed\.csv"):
        read_printed(path)
