import xml.etree.ElementTree as xml
from collections import Counter
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager

from panelpack.formats import Form
from panelpack.rendering import charts
from panelpack.rendering.area_charts import area_charts
from panelpack.rendering.chart_text import caption, data_table, missing_words, run_chart_alt, value_text
from panelpack.rendering.charts import BLUE, GREY, VERMILION, Chart, projection_chart, run_chart

COUNT, PERCENT = Form("count"), Form("percent", 1)
SVG = "{http://www.w3.org/2000/svg}"
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
            "recorded": values,
            "adjusted": False,
            "mean": 93.3,
            "lower": 45.0,
            "upper": 141.6,
            "special_cause": "",
            "side": "",
            "segment": 0,
            "baseline": True,
            "no_limits": "",
            "latest": [False] * 12 + [True] * 3,
        }
    )
    frame.loc[6, ["special_cause", "side"]] = ["outside", "high"]
    frame.loc[12:, ["special_cause", "side"]] = ["outside", "low"]
    return frame


def test_the_same_points_give_the_same_bytes(points):
    first, second = (run_chart(points, title="Robbery", form=COUNT) for _ in range(2))
    assert first == second
    assert "<dc:date>" not in first.svg


def test_the_svg_is_well_formed_and_as_wide_as_the_page(points):
    root = xml.fromstring(run_chart(points, title="Robbery", form=Form("offences")).svg)
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(170 / 25.4 * 72, abs=0.01)


def test_alt_text_says_what_the_chart_shows(points):
    assert run_chart_alt(points, COUNT, "Robbery") == (
        "Robbery, number, Apr 2012 to Jun 2013: lowest 38 in Jun 2013, highest 180 in Oct 2012, latest 38 in "
        "Jun 2013; mean expected level 93.3. Special causes: unusually high Oct 2012 (outside the limits); "
        "unusually low Apr 2013 to Jun 2013 (outside the limits)."
    )


def test_gaps_and_absent_limits_are_drawn_and_described(points):
    points.loc[3, ["value", "recorded"]] = np.nan
    points[["mean", "lower", "upper"]] = np.nan
    points[["special_cause", "side"]] = ""
    points["no_limits"] = "few"
    chart = run_chart(points, title="Robbery", form=COUNT)
    assert "mean expected level" not in chart.alt and "nan" not in chart.alt.lower()
    assert chart.alt.endswith(" No limits: too few points.")
    assert chart.caption == "Apr 2012 to Jun 2013; no limits: too few points"


def test_without_limits_a_mean_is_no_expected_level_and_is_not_drawn(points):
    points.loc[6:, ["lower", "upper"]] = np.nan
    points.loc[6:, "segment"] = 1
    points.loc[6:, "no_limits"] = "unsteady"
    chart = run_chart(points, title="Robbery", form=COUNT)
    assert chart.caption == "Apr 2012 to Jun 2013; no limits since Oct 2012: no stable period to fix them"
    assert "mean expected level" not in chart.alt
    means = lines_of(chart.svg, GREY)
    points["mean"] = 10.0
    assert [path for path in lines_of(run_chart(points, title="Robbery", form=COUNT).svg, GREY)] != means
    points.loc[6:, "mean"] = 20.0
    again = lines_of(run_chart(points, title="Robbery", form=COUNT).svg, GREY)
    points.loc[6:, "mean"] = 30.0
    assert lines_of(run_chart(points, title="Robbery", form=COUNT).svg, GREY) == again, "of that part it is not drawn"


def paths(svg):
    """The lines of a drawing that are data: each one's path and its style."""
    found = xml.fromstring(svg).iter(f"{SVG}path")
    return [(path.attrib["d"], path.attrib.get("style", "")) for path in found if "clip-path" in path.attrib]


def lines_of(svg, colour):
    return [path for path, style in paths(svg) if f"stroke: {colour.lower()}" in style and "fill: none" in style]


def test_a_gap_interrupts_the_line(points):
    def pieces(chart):
        return sum(path.count("M ") for path in lines_of(chart.svg, BLUE))

    whole = pieces(run_chart(points, title="Robbery", form=COUNT))
    points.loc[7, ["value", "recorded"]] = np.nan
    assert pieces(run_chart(points, title="Robbery", form=COUNT)) == whole + 1


def test_a_chart_without_its_season_shows_both_and_speaks_of_what_was_recorded(points):
    plain = run_chart(points, title="Robbery", form=COUNT)
    points["value"] = points["recorded"] / 0.9
    points["adjusted"] = True
    chart = run_chart(points, title="Robbery", form=COUNT)
    assert len(lines_of(chart.svg, GREY)) > len(lines_of(plain.svg, GREY))
    assert "lowest 38 in Jun 2013, highest 180 in Oct 2012" in chart.alt
    assert " The limits and signals are of the values without their season." in chart.alt
    assert chart.caption.endswith(", with the season taken out")
    assert "season" not in plain.alt + plain.caption


def test_each_segment_has_limits_of_its_own(points):
    one = run_chart(points, title="Robbery", form=COUNT)
    points.loc[12:, ["segment", "mean", "lower", "upper"]] = [1, 40.0, 30.0, 50.0]
    two = run_chart(points, title="Robbery", form=COUNT)
    # Three levels, each drawn once in each segment.
    assert (len(lines_of(one.svg, GREY)), len(lines_of(two.svg, GREY))) == (3, 6)
    assert "mean expected level 40" in two.alt, "the latest"


def test_the_caption_names_the_points_that_fix_the_latest_limits(points):
    assert caption(points) == "Apr 2012 to Jun 2013; mean and limits from Apr 2012 to Jun 2013 (15 points)"
    points.loc[12:, "baseline"] = False
    assert caption(points) == "Apr 2012 to Jun 2013; mean and limits from Apr 2012 to Mar 2013 (12 points)"
    points["baseline"], points["segment"] = True, [0] * 3 + [1] * 12
    assert caption(points) == "Apr 2012 to Jun 2013; mean and limits from Jul 2012 to Jun 2013 (12 points)"


def test_points_that_fix_the_limits_are_marked_where_they_are_not_all(points):
    def marked(points):
        return run_chart(points, title="Robbery", form=COUNT).svg.count("stroke-width: 3")

    assert marked(points) == 0
    points.loc[12:, "baseline"] = False
    assert marked(points) >= 1


def test_a_target_is_drawn_with_the_other_levels(points):
    without = run_chart(points, title="Robbery", form=COUNT)
    chart = run_chart(points.assign(target=120.0), title="Robbery", form=COUNT)
    assert len(lines_of(chart.svg, GREY)) == len(lines_of(without.svg, GREY)) + 1


def test_a_special_cause_has_a_shape_of_its_own_on_each_side(points):
    def shapes(points):
        """The markers in the colour of a special cause: how often each is drawn, its place in the key included."""
        used = xml.fromstring(run_chart(points, title="Robbery", form=COUNT).svg).iter(f"{SVG}use")
        marks = [mark for mark in used if f"fill: {VERMILION.lower()}" in mark.attrib.get("style", "")]
        return sorted(Counter(mark.attrib["{http://www.w3.org/1999/xlink}href"] for mark in marks).values())

    assert shapes(points) == [2, 4], "one high and three low, and each once in the key"
    points.loc[6, ["special_cause", "side"]] = ""
    assert shapes(points) == [4]
    points[["special_cause", "side"]] = ""
    assert shapes(points) == []


def test_without_values_the_alt_text_says_so(points):
    points[["value", "recorded"]] = np.nan
    assert run_chart(points, title="Robbery", form=COUNT).alt == "Robbery: no values."


def test_alternative_text_and_caption_travel_as_metadata():
    data, metadata = Chart("<svg/>", "alt", "caption")._repr_mimebundle_()
    assert data == {"image/svg+xml": "<svg/>", "text/plain": "alt"}
    assert metadata == {"image/svg+xml": {"alt": "alt", "caption": "caption"}}


@pytest.fixture
def totals():
    return pd.DataFrame({"label": ["Mar 2013", "Jun 2013", "Sep 2013"], "value": [1051.0, 1102.0, 1098.0]})


@pytest.fixture
def fan():
    figures = {
        "label": ["2013/14", "2014/15"],
        "quarters": [2, 6],
        "total": [1150.4, 1210.6],
        "lower_80": [1120.0, 1100.0],
        "upper_80": [1180.0, 1330.0],
        "lower_95": [1101.0, 1040.0],
        "upper_95": [1200.0, 1410.0],
    }
    return pd.DataFrame(figures)


VERDICT = "No change: the baseline lies inside the interval."


def projected(totals, fan, **changed):
    told = {"title": "Theft", "form": COUNT, "baseline": 1051, "baseline_label": "baseline 2012/13"}
    return projection_chart(totals, fan, **told, verdict=VERDICT, **changed)


def test_a_projection_says_every_year_with_both_intervals_the_baseline_and_the_verdict(totals, fan):
    assert projected(totals, fan).alt == (
        "Theft, number, 12-month totals, Mar 2013 to Sep 2013: latest 1,098. "
        "Projected for 2013/14: 1,150, 80% prediction interval 1,120 to 1,180, 95% prediction interval 1,101 to 1,200. "
        "Projected for 2014/15: 1,211, 80% prediction interval 1,100 to 1,330, 95% prediction interval 1,040 to 1,410. "
        f"The baseline 2012/13 is 1,051. {VERDICT}"
    )


def test_the_caption_of_a_projection_names_the_judged_year_and_the_verdict(totals, fan):
    words = projected(totals, fan).caption
    assert words == f"12-month totals that end a quarter, and the projection to 2014/15. {VERDICT}"


def test_a_projection_is_the_same_twice_well_formed_and_a_fan(totals, fan):
    first, second = projected(totals, fan), projected(totals, fan)
    assert first == second
    lines = lines_of(first.svg, VERMILION)
    # Two ends of two intervals and the middle, from the last total on: a vertex there and one a projected year.
    assert [path.split().count("L") for path in lines] == [2] * 5
    starts = {tuple(path.split()[1:3]) for path in lines}
    assert len(starts) == 1, "all of them open from the last total"
    # Outer ends, inner ends, middle: on paper, lower values lie further down.
    low_95, high_95, low_80, high_80, middle = (float(path.split()[-1]) for path in lines)
    assert low_95 > low_80 > middle > high_80 > high_95


def test_a_fan_of_one_year_is_drawn_too(totals, fan):
    alone = projected(totals, fan.iloc[1:])
    assert "2013/14" not in alone.alt and "Projected for 2014/15: 1,211" in alone.alt


def test_data_table_by_month_totals_complete_years_only(points):
    first, second = data_table(points, COUNT)
    assert list(first) == ["Year", *MONTHS, "Total"]
    assert [first[name] for name in ("Year", "Oct", "Mar", "Total")] == ["2012/13", "180", "95", "1,280"]
    assert [second[name] for name in ("Year", "Jun", "Jul", "Total")] == ["2013/14", "38", "", ""]
    assert {type(cell) for row in (first, second) for cell in row.values()} == {str}


def test_only_whole_years_of_counts_as_recorded_have_totals(points):
    def has_total(form, **more):
        return "Total" in data_table(points, form, **more)[0]

    assert has_total(COUNT)
    assert not has_total(COUNT, total=False), "without the season"


def test_revised_values_are_marked_in_the_data_table(points):
    first, second = data_table(points, COUNT, revised={"2012-10", "2013-06", "2031-01"})
    assert (first["Oct"], second["Jun"]) == ("180 [r]", "38 [r]")
    assert sum("[r]" in cell for row in (first, second) for cell in row.values()) == 2


SIGNS = {"2012-07": "[c]", "2013-07": "[x]", "2012-10": "[x]", "2012-03": "[z]"}


def test_a_month_that_is_not_shown_has_its_sign_and_so_has_the_total_of_its_year(points):
    points.loc[3, "value"] = np.nan
    before, first, second = data_table(points, COUNT, missing=SIGNS)
    assert (before["Year"], before["Mar"], before["Total"]) == ("2011/12", "[z]", "[z]")
    assert (first["Jul"], first["Oct"], first["Total"]) == ("[c]", "180", "[c]"), "a value is no gap"
    assert (second["Jul"], second["Aug"], second["Total"]) == ("[x]", "", "[x]"), "what is still to come is blank"


def test_a_quarter_that_is_not_shown_has_its_sign():
    points = pd.DataFrame({"period": ["2014Q3", "2014Q4", "2015Q1"], "value": [74.25, np.nan, 75.35]})
    rows = [list(row.values()) for row in data_table(points, PERCENT, missing={"2014Q4": "[c]"}, revised={"2014Q4"})]
    assert rows == [["2014/15", "", "", "74.3", "[c]"], ["2015/16", "75.4", "", "", ""]]


def test_a_value_that_rounds_to_zero_is_low_in_the_data_table():
    points = pd.DataFrame({"period": ["2014Q3", "2014Q4", "2015Q1"], "value": [0.04, 0.0, 0.05]})
    rows = [list(row.values()) for row in data_table(points, PERCENT)]
    assert rows == [["2014/15", "", "", "[low]", "0.0"], ["2015/16", "0.1", "", "", ""]]


def test_what_is_not_shown_stands_with_its_reason_in_the_alternative_text_and_below_the_chart(points):
    points.loc[[3, 5], ["value", "recorded"]] = np.nan
    missing = {"Jul 2012": "[c]", "Sep 2012": "[c]", "Jul 2013": "[x]"}
    chart = run_chart(points, title="Robbery", form=COUNT, missing=missing)
    words = "ot shown: 2 points (confidential: Jul 2012 and Sep 2012) and 1 point (not available: Jul 2013)"
    assert f" N{words}. " in chart.alt and chart.caption.endswith(f"; n{words}")
    assert missing_words({f"{month} 2012": "[c]" for month in MONTHS}) == "not shown: 12 points (confidential)"
    assert missing_words({}) == ""


def test_an_area_without_some_of_its_points_says_so_and_a_point_alone_is_drawn():
    labels = ["Q1 2014/15", "Q2 2014/15", "Q3 2014/15", "Q4 2014/15", "Q1 2015/16"]
    frame = pd.DataFrame(
        {"label": labels, "value": [1.0, np.nan, 3.0, np.nan, 5.0], "sign": ["", "[c]", "", "[x]", ""]}
    )
    none = frame.assign(value=np.nan, sign="[c]")
    drawn = area_charts({"Moors": frame, "Hills": none}, title="Robbery by area", form=COUNT)
    assert "latest 5 in Q1 2015/16, not shown: 1 point (confidential: Q2 2014/15) and 1 point" in drawn.alt
    assert "Hills: no values, not shown: 5 points (confidential)." in drawn.alt
    assert drawn.caption.endswith(", all to one scale; a line is broken where a point is not shown")
    whole = area_charts({"Moors": frame.assign(value=[1.0, 2, 3, 4, 5], sign="")}, title="a", form=COUNT)
    assert drawn.svg.count("<use ") > whole.svg.count("<use ") and whole.caption.endswith("all to one scale")


def test_no_number_of_a_chart_is_minus_zero():
    assert value_text(-0.04, COUNT) == "0.0" and value_text(-3.25, COUNT) == "−3.3"


def test_data_table_by_quarter_reads_financial_years():
    points = pd.DataFrame({"period": ["2014Q3", "2014Q4", "2015Q1"], "value": [74.25, 75.0, 75.35]})
    rows = [list(row.values()) for row in data_table(points, PERCENT)]
    assert rows == [["2014/15", "", "", "74.3", "75.0"], ["2015/16", "75.4", "", "", ""]]


def test_letters_are_matplotlibs_own_whatever_fonts_the_machine_has(points, monkeypatch):
    expected = run_chart(points, title="A", form=Form("crimes")).svg
    own = font_manager.fontManager.findfont("DejaVu Sans")
    serif = own.replace("DejaVuSans.ttf", "DejaVuSerif.ttf")
    system = font_manager.FontEntry(fname=serif, name="DejaVu Sans", weight="normal")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [system])
    font_manager.fontManager._findfont_cached.cache_clear()
    charts.use_bundled_settings.cache_clear()
    assert run_chart(points, title="A", form=Form("crimes")).svg == expected


def test_settings_are_matplotlibs_own_whatever_the_user_has(points):
    expected = run_chart(points, title="A", form=Form("crimes")).svg
    users = {"font.size": 33, "axes.facecolor": "red", "lines.linewidth": 9, "axes.titlecolor": "red"}
    with mpl.rc_context(users | {"legend.fontsize": 40, "axes.xmargin": 0.3, "savefig.facecolor": "blue"}):
        charts.use_bundled_settings.cache_clear()
        assert run_chart(points, title="A", form=Form("crimes")).svg == expected


# --------------------------------------------------------------------------------------------- labels of the axis
def of_quarters(count):
    labels = [f"Q{place % 4 + 1} {2012 + place // 4}/{13 + place // 4}" for place in range(count)]
    return labels, range(0, count, 4)


def of_months(count):
    return [f"{MONTHS[place % 12]} {2012 + (place + 3) // 12}" for place in range(count)], range(0, count, 12)


@pytest.mark.parametrize("made", [of_quarters, of_months])
@pytest.mark.parametrize("years", [3, 7, 11, 20, 60])
def test_the_labels_of_an_axis_do_not_touch_and_every_year_has_its_line(made, years):
    labels, starts = made(years * (4 if made is of_quarters else 12))
    page, axes = charts.canvas("A", COUNT)
    charts.periods(axes, labels)
    shown = list(axes.get_xticks())
    assert shown[-1] == starts[-1], "the newest year has its label"
    assert sorted([*shown, *axes.get_xticks(minor=True)]) == list(starts)
    page.canvas.draw()
    boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    assert len(shown) == len(starts) or len(shown) >= 4, "no more are left out than must be"


def test_projected_years_have_their_labels_before_all_others():
    labels, _ = of_quarters(44)
    labels[-1] = labels[-5] = "2023/24\nprojected"
    _, axes = charts.canvas("A", COUNT)
    charts.periods(axes, labels, always=[39, 43])
    assert list(axes.get_xticks())[-1] == 43


@pytest.mark.parametrize(
    ("periods", "heads"),
    [
        (["2014H1", "2014H2", "2015H1"], ["Year", "Apr to Sep", "Oct to Mar"]),
        (["2013/14", "2014/15"], ["Year", "Value"]),
        (["2013", "2014"], ["Year", "Value"]),
    ],
)
def test_data_tables_of_halves_and_years(periods, heads):
    points = pd.DataFrame({"period": periods, "value": np.arange(len(periods)) + 1000.0})
    rows = data_table(points, COUNT, revised={periods[-1]})
    assert list(rows[0]) == heads
    cells = [cell for row in rows for cell in list(row.values())[1:] if cell]
    assert cells == [f"1,00{place}" for place in range(len(periods) - 1)] + [f"1,00{len(periods) - 1} [r]"]


@pytest.mark.parametrize(
    ("form", "value", "words"),
    [
        (COUNT, 93.3, "93.3"),
        (COUNT, 4010.4, "4,010"),
        (PERCENT, 76.44, "76.4%"),
        (Form("gbp_million", 1), 21.7, "£21.7m"),
        (Form("minutes", 1), 10.24, "10.2"),
        (Form("", 2), 0.5, "0.50"),
    ],
)
def test_a_value_of_a_chart_has_no_words_of_its_unit(form, value, words):
    assert value_text(value, form) == words


def test_areas_are_drawn_to_one_scale_and_told_one_by_one():
    areas = {
        name: pd.DataFrame({"label": ["Q1 2022/23", "Q2 2022/23", "Q3 2022/23"], "value": values})
        for name, values in (("North", [10.0, 20.0, 30.0]), ("South", [np.nan, 5.0, 4.0]), ("Nowhere", [np.nan] * 3))
    }
    first, second = (area_charts(areas, title="Robbery by area", form=COUNT) for _ in range(2))
    assert first == second and first.svg.count("<svg") == 1
    assert first.alt == (
        "Robbery by area, number, Q1 2022/23 to Q3 2022/23. North: lowest 10 in Q1 2022/23, highest 30 in Q3 2022/23, "
        "latest 30 in Q3 2022/23. South: lowest 4 in Q3 2022/23, highest 5 in Q2 2022/23, latest 4 in Q3 2022/23. "
        "Nowhere: no values."
    )
