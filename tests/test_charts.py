import xml.etree.ElementTree as xml

import numpy as np
import pandas as pd
import pytest

from panelpack.chart_words import data_table, describe
from panelpack.charts import Figure, projection_chart, run_chart

MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]


@pytest.fixture
def points():
    """Fifteen months: steady, one high month, the last quarter low."""
    values = np.array([100, 110, 90, 105, 95, 100, 180, 100, 110, 90, 105, 95, 40, 42, 38], float)
    years = [2012 + (place + 3) // 12 for place in range(15)]
    months = [(place + 3) % 12 + 1 for place in range(15)]
    frame = pd.DataFrame(
        {
            "period": [f"{year}-{month:02d}" for year, month in zip(years, months, strict=True)],
            "label": [f"{MONTHS[month - 4]} {year}" for year, month in zip(years, months, strict=True)],
            "value": values,
            "mean": 93.3,
            "lower": 45.0,
            "upper": 141.6,
            "special_cause": "",
            "side": "",
            "latest": [False] * 12 + [True] * 3,
        }
    )
    frame.loc[6, ["special_cause", "side"]] = ["outside", "high"]
    frame.loc[12:, ["special_cause", "side"]] = ["outside", "low"]
    return frame


def test_the_same_points_give_the_same_bytes(points):
    first, second = (run_chart(points, title="Robbery", unit="count") for _ in range(2))
    assert first == second
    assert "<dc:date>" not in first.svg


def test_the_svg_is_well_formed_and_as_wide_as_the_page(points):
    root = xml.fromstring(run_chart(points, title="Robbery", unit="offences", baseline=100).svg)
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(170 / 25.4 * 72, abs=0.01)


def test_alt_text_says_what_the_chart_shows(points):
    assert describe(points, "offences", "Robbery") == (
        "Robbery, offences, Apr 2012 to Jun 2013: lowest 38 in Jun 2013, highest 180 in Oct 2012, latest 38 in "
        "Jun 2013; mean expected level 93.3. Special causes: significantly high Oct 2012 (outside the limits); "
        "significantly low Apr 2013 to Jun 2013 (outside the limits)."
    )


def test_gaps_and_absent_limits_are_drawn_and_described(points):
    points.loc[3, "value"] = np.nan
    points[["mean", "lower", "upper"]] = np.nan
    points[["special_cause", "side"]] = ""
    chart = run_chart(points, title="Robbery", unit="count", source_note="Police records.")
    assert "mean expected level" not in chart.alt and "nan" not in chart.alt.lower()
    assert chart.caption == "Apr 2012 to Jun 2013. Police records."


def test_without_values_the_alt_text_says_so(points):
    points["value"] = np.nan
    assert run_chart(points, title="Robbery", unit="count").alt == "Robbery: no values."


def test_alternative_text_and_caption_travel_as_metadata():
    data, metadata = Figure("<svg/>", "alt", "caption")._repr_mimebundle_()
    assert data == {"image/svg+xml": "<svg/>", "text/plain": "alt"}
    assert metadata == {"image/svg+xml": {"alt": "alt", "caption": "caption"}}


@pytest.mark.parametrize("baseline, where", [(1051, "outside"), (1221, "inside"), (1500, "inside")])
def test_projection_says_where_the_baseline_lies(baseline, where):
    totals = pd.DataFrame({"label": ["2012/13", "2013/14"], "value": [1051, 1102]})
    chart = projection_chart(
        totals,
        title="Theft",
        unit="count",
        baseline=baseline,
        baseline_label="baseline",
        year_label="2016/17",
        projected=1502,
        lower=1221,
        upper=1790,
    )
    assert chart.alt.endswith(f"The baseline of {baseline:,} lies {where} it.")


def test_data_table_by_month_totals_complete_years_only(points):
    table = data_table(points, "count", "Robbery by month", 0)
    assert list(table) == ["Year", *MONTHS, "Total"]
    assert table.loc[0, ["Year", "Oct", "Mar", "Total"]].tolist() == ["2012/13", "180", "95", "1,280"]
    assert table.loc[1, ["Year", "Jun", "Jul", "Total"]].tolist() == ["2013/14", "38", "", ""]
    assert table.attrs["caption"] == "Robbery by month"
    assert all(isinstance(cell, str) for cell in table.to_numpy().ravel())


def test_data_table_by_quarter_reads_financial_years():
    points = pd.DataFrame({"period": ["2014Q3", "2014Q4", "2015Q1"], "value": [74.25, 75.0, 75.35]})
    table = data_table(points, "percent", "Confidence", 1)
    assert table.to_numpy().tolist() == [["2014/15", "", "", "74.3", "75.0"], ["2015/16", "75.4", "", "", ""]]
