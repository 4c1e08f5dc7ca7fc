"""Charts: what each shape means, that nothing is cut or covers another, and that the pictures are plain and stable."""

import base64
import io
import re
import xml.etree.ElementTree as xml
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from PIL import Image

from panelpack.formats import Form
from panelpack.rendering import chart_svg
from panelpack.rendering.area_charts import area_charts
from panelpack.rendering.chart_frame import AXIS_NOTE, NARROW, WIDE, Frame, Label, draw_periods, scale_of
from panelpack.rendering.chart_svg import Drawing, width_of, wrapped
from panelpack.rendering.chart_text import caption, data_table, kinds_of, missing_words, newest_run, value_text
from panelpack.rendering.charts import MARKS, Chart, Reference, projection_chart, run_chart
from panelpack.rendering.palette import BAND, BETTER, CHANGED, SAME, WORSE
from picture_checking import check_pictures, elements, marks_of, texts_of

COUNT, PERCENT = Form("count"), Form("percent", 1)
MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
WORDS = {"title": "Robbery above average", "subtitle": "Robbery by month.", "alt": "Line chart of robbery."}


@pytest.fixture
def points():
    """Fifteen months: steady, one high month, the last quarter low."""
    values = np.array([100, 110, 90, 105, 95, 100, 180, 100, 110, 90, 105, 95, 40, 42, 38], float)
    return charted(values)


def charted(values, **changed):
    count = len(values)
    years = [2012 + (place + 3) // 12 for place in range(count)]
    months = [(place + 3) % 12 + 1 for place in range(count)]
    frame = pd.DataFrame(
        {
            "period": [f"{year}-{month:02d}" for year, month in zip(years, months, strict=True)],
            "label": [f"{MONTHS[month - 4]} {year}" for year, month in zip(years, months, strict=True)],
            "value": np.asarray(values, float),
            "recorded": np.asarray(values, float),
            "adjusted": False,
            "mean": 93.3,
            "lower": 45.0,
            "upper": 141.6,
            "special_cause": "",
            "side": "",
            "variation": "common_cause",
            "segment": 0,
            "baseline": True,
            "no_limits": "",
            "latest": [place >= count - 3 for place in range(count)],
        }
    )
    return frame.assign(**changed)


def flagged(points, places, side, variation):
    points.loc[places, ["special_cause", "side", "variation"]] = ["outside", side, variation]
    return points


def drawn(points, form=COUNT, **more):
    return run_chart(points, form=form, **(WORDS | more))


# ------------------------------------------------------------------------------------- what colour and shape mean
@pytest.mark.parametrize(
    ("variation", "colour", "shape"),
    [("improvement", BETTER, "circle"), ("concern", WORSE, "square"), ("neither", CHANGED, "diamond")],
)
def test_a_signal_has_the_colour_and_the_shape_of_what_it_means(points, variation, colour, shape):
    chart = drawn(flagged(points, [12, 13, 14], "low", variation))
    for svg in (chart.svg, chart.narrow):
        marks = [mark for mark in marks_of(svg) if mark.fill == colour]
        assert [mark.shape for mark in marks] == [shape] * 3
        assert all(mark.shape == "circle" and mark.fill == SAME for mark in marks_of(svg) if mark not in marks)


def test_a_measure_without_a_better_side_shows_its_signals_as_changes(points):
    assert kinds_of(flagged(points, [6], "high", "neither"))[6] == "changed"
    assert kinds_of(points.drop(columns="variation"))[6] == "changed"


def test_the_shapes_differ_from_each_other_in_grey_too():
    looks = {(shape, across) for _, shape, across in MARKS.values()}
    assert len(looks) == len(MARKS)


def test_ordinary_points_are_small_and_grey_and_the_newest_is_a_ring(points):
    marks = marks_of(drawn(points).svg)
    assert {mark.fill for mark in marks[:-1]} == {SAME} and marks[-1].fill == "#FFFFFF"
    assert max(mark.across for mark in marks[:-1]) < marks[-1].across


def test_the_newest_run_of_signals_is_found_and_named(points):
    points = flagged(points, [6], "high", "concern")
    assert newest_run(points) == [6]
    points = flagged(points, [12, 13], "low", "improvement")
    assert newest_run(points) == [12, 13]
    chart = drawn(points, run="better: lower than usual in April and May 2013")
    for svg in (chart.svg, chart.narrow):
        note = " ".join(text.words for text in texts_of(svg) if text.fill == BETTER)
        assert note == "better: lower than usual in April and May 2013"
    assert newest_run(points.assign(special_cause="")) == []


# ----------------------------------------------------------------------------------------------------- its words
def test_lines_are_labelled_directly_and_there_is_no_legend(points):
    words = [text.words for text in texts_of(drawn(points).svg)]
    assert {"usual range", "45 to 142", "average 93", "38", "Jun 2013"} <= set(words)
    assert "target 120" in [text.words for text in texts_of(drawn(points.assign(target=120.0)).svg)]


def test_a_chart_without_its_season_labels_both_lines(points):
    points = points.assign(value=points["recorded"] / 0.95, adjusted=True)
    words = [text.words for text in texts_of(drawn(points).svg)]
    assert {"40", "for the season", "38 as", "recorded"} <= set(words)


def test_title_and_subtitle_are_words_of_the_page_and_stand_in_the_picture_of_a_notebook(points):
    chart = drawn(points)
    assert (chart.title, chart.alt) == (WORDS["title"], WORDS["alt"])
    assert chart.title not in chart.svg and chart.title not in chart.narrow and chart.title in chart.titled
    _, top, wide, tall = map(float, xml.fromstring(chart.titled).attrib["viewBox"].split())
    for text in texts_of(chart.titled):
        assert text.box().top >= top and text.box().right <= wide and text.box().bottom <= top + tall
    html, typst = chart.html(), chart.typst()
    assert f'<p class="chart-title">{chart.title}</p>' in html and html.count('role="img"') == 2
    assert html.count(f'aria-label="{chart.alt}"') == 2, "of the two the page shows one"
    assert typst.startswith("#chart(") and "[Robbery above average][Robbery by month\\.]" in typst
    tall, plain = (
        Image.open(io.BytesIO(image)).height for image in (chart.image, Drawing(WIDE.width, WIDE.height).png())
    )
    assert tall > plain


def test_without_a_usual_range_a_level_to_compare_with_is_drawn(points):
    points[["lower", "upper"]] = np.nan
    points["no_limits"] = "unsteady"
    with_level = drawn(points, reference=Reference(101.4, "2012/13 average"))
    assert {"2012/13 average", "101"} <= {text.words for text in texts_of(with_level.svg)}
    assert BAND not in with_level.svg and "stroke-dasharray" in with_level.svg
    assert "average" not in drawn(points).svg
    assert "2012/13" not in drawn(charted([1.0] * 9), reference=Reference(1, "2012/13 average")).svg, "it has a range"


def test_each_segment_has_a_band_of_its_own_and_a_part_without_limits_none(points):
    def bands(points):
        return sum(element.get("fill") == BAND for element in elements(drawn(points).svg))

    assert bands(points) == 1
    points.loc[12:, ["segment", "mean", "lower", "upper"]] = [1, 40.0, 30.0, 50.0]
    assert bands(points) == 2
    points.loc[:11, ["lower", "upper"]] = np.nan
    assert bands(points) == 1


def test_the_axis_says_when_it_does_not_start_at_zero(points):
    assert drawn(points).subtitle == "Robbery by month."
    high = points.assign(value=points["value"] + 900, recorded=points["value"] + 900, lower=945.0, upper=1041.0)
    assert drawn(high).subtitle == f"Robbery by month. {AXIS_NOTE}"
    assert drawn(high, subtitle="Robbery").subtitle == f"Robbery. {AXIS_NOTE}"


def test_the_caption_says_where_the_range_is_from_and_what_is_not_shown(points):
    assert caption(points) == "Average and usual range are those of Apr 2012 to Jun 2013 (15 points)."
    points.loc[12:, "baseline"] = False
    assert caption(points) == "Average and usual range are those of Apr 2012 to Mar 2013 (12 points)."
    assert caption(points.assign(adjusted=True)).endswith(" The season is taken out; the dotted line is as recorded.")
    missing = {"Jul 2012": "[c]", "Sep 2012": "[c]", "Jul 2013": "[x]"}
    words = "ot shown: 2 points (confidential: Jul 2012 and Sep 2012) and 1 point (not available: Jul 2013)"
    assert caption(points, missing).endswith(f" N{words}.")
    assert missing_words({f"{month} 2012": "[c]" for month in MONTHS}) == "not shown: 12 points (confidential)"
    assert missing_words({}) == ""


def test_the_caption_says_why_there_is_no_range(points):
    points.loc[6:, ["lower", "upper"]] = np.nan
    points.loc[6:, "segment"] = 1
    points.loc[6:, "no_limits"] = "unsteady"
    assert caption(points) == "No usual range since Oct 2012: its level was never steady for long enough."
    nowhere = points.assign(lower=np.nan, no_limits="few", segment=0)
    assert caption(nowhere) == "No usual range: too few points."


# ------------------------------------------------------------------------------- nothing is cut, nothing collides
EXTREMES = {
    "a peak at the newest point": [10] * 12 + [500, 580, 577],
    "all equal": [100] * 15,
    "all zero": [0] * 15,
    "one point": [5],
    "three points": [5, 900, 12],
    "many": list(np.linspace(1e4, 9.9e4, 39)),
    "tiny": list(np.linspace(0.001, 0.02, 20)),
    "below zero": list(np.linspace(-300, 40, 30)),
    "with gaps": [5, np.nan, 7, np.nan, np.nan, 9, 12, 3, np.nan, 4, 8, 9],
    "no value": [np.nan] * 6,
    "twenty years": list(np.abs(np.sin(np.arange(240))) * 90),
}


@pytest.mark.parametrize("form", [COUNT, PERCENT, Form("gbp_million", 1), Form("minutes", 2)], ids=str)
@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("limits", ["around", "far", "none"])
def test_no_mark_is_cut_and_no_words_collide(name, form, limits):
    values = np.array(EXTREMES[name], float)
    known = values[np.isfinite(values)] if np.isfinite(values).any() else np.array([0.0])
    spread = (known.max() - known.min() or 1) * (3 if limits == "far" else 0.2)
    points = charted(values, mean=known.mean(), lower=known.mean() - spread, upper=known.mean() + spread)
    points["latest"] = False
    if limits == "none":
        points = points.assign(lower=np.nan, upper=np.nan, no_limits="few")
    elif len(points) > 2:
        points = flagged(points, range(max(len(points) - 4, 0), len(points)), "high", "concern")
    run = "worse: above average for the season every month since September 2014" if newest_run(points) else ""
    check_pictures(drawn(points, form, run=run, reference=Reference(known.mean(), "2012/13 average")))


@pytest.mark.parametrize("form", [COUNT, PERCENT], ids=str)
@pytest.mark.parametrize("values", EXTREMES.values(), ids=EXTREMES)
def test_the_last_tick_is_at_or_above_the_maximum_and_the_first_at_or_below_the_minimum(values, form):
    values = np.array(values, float)
    scale = scale_of(values, form)
    known = values[np.isfinite(values)]
    if len(known):
        assert scale.ticks[0] <= known.min() and scale.ticks[-1] >= known.max()
    assert (scale.low, scale.high) == (scale.ticks[0], scale.ticks[-1]) and 2 <= len(scale.ticks) <= 8
    assert len(set(scale.words)) == len(scale.words)
    assert scale.from_zero is (scale.low == 0) or scale.low == 0


def of_quarters(count):
    return [f"Q{place % 4 + 1} {2012 + place // 4}/{13 + place // 4}" for place in range(count)], range(0, count, 4)


def of_months(count):
    return [f"{MONTHS[place % 12]} {2012 + (place + 3) // 12}" for place in range(count)], range(0, count, 12)


def of_halves(count):
    return [f"H{place % 2 + 1} {2012 + place // 2}/{13 + place // 2}" for place in range(count)], range(0, count, 2)


def of_years(count):
    return [f"{2012 + place}/{13 + place}" for place in range(count)], range(count)


@pytest.mark.parametrize("made", [of_months, of_quarters, of_halves, of_years])
@pytest.mark.parametrize("years", [1, 3, 7, 11, 20, 60])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["page", "telephone"])
def test_the_labels_of_an_axis_do_not_touch_and_the_newest_year_has_its_label(made, years, size):
    labels, starts = made(years * {of_months: 12, of_quarters: 4, of_halves: 2, of_years: 1}[made])
    scale = scale_of(np.array([0.0, 100]), COUNT)
    frame = Frame.around(size, scale, [Label(50, ("usual range",))], len(labels))
    page = Drawing(size.width, size.height)
    named = draw_periods(page, frame, labels)
    if len(labels) > 8:
        assert named[-1] == starts[-1] and set(named) <= set(starts)
    boxes = [text.box() for text in texts_of(page.svg())]
    assert all(not one.covers(other) for one, other in combinations(boxes, 2))
    assert named and all(box.left >= 0 and box.right <= size.width for box in boxes)


def test_projected_years_have_their_labels_before_all_others():
    labels, _ = of_quarters(44)
    labels[-1] = labels[-5] = "2023/24\nprojected"
    frame = Frame.around(WIDE, scale_of(np.array([0.0, 1]), COUNT), [], 44)
    assert draw_periods(Drawing(WIDE.width, WIDE.height), frame, labels, always=[39, 43])[-1] == 43


def test_a_gap_interrupts_the_line(points):
    def pieces(points):
        line = next(e for e in elements(drawn(points).svg) if e.get("stroke-width") == "1.2")
        return line.attrib["d"].count("M")

    assert pieces(points) == 1
    points.loc[7, ["value", "recorded"]] = np.nan
    assert pieces(points) == 2


# -------------------------------------------------------------------------------------------------- the pictures
def test_the_svg_is_plain_white_and_says_its_typeface(points):
    for svg in (drawn(points).svg, drawn(points).narrow):
        root = xml.fromstring(svg)
        ground = next(iter(root))
        assert (ground.tag, ground.get("fill")) == ("{http://www.w3.org/2000/svg}rect", "#FFFFFF")
        assert (ground.get("width"), ground.get("height")) == tuple(root.get("viewBox").split()[2:])
        assert not re.search(r"\bid=|<style|clip|<defs|<use|xlink|transform", svg)
        assert (root.get("font-family"), root.get("font-weight")) == ("'Source Sans 3', sans-serif", "500")
        assert {text.get("font-weight") for text in elements(svg) if "x" in text.attrib} <= {None, "700"}


def test_the_same_points_give_the_same_bytes_without_date_or_program(points):
    first, second = drawn(points), drawn(points)
    assert first == second
    chunks = set(re.findall(rb"(IHDR|PLTE|IDAT|IEND|tEXt|iTXt|tIME|eXIf|pHYs)", first.image))
    assert chunks == {b"IHDR", b"PLTE", b"IDAT", b"IEND"} and len(first.image) < 25_000


def test_a_notebook_has_both_pictures_and_the_words(points):
    chart = drawn(points, caption="Below.")
    data, metadata = chart._repr_mimebundle_()
    assert list(data) == ["image/svg+xml", "image/png", "text/plain"] and data["text/plain"] == chart.alt
    assert base64.b64decode(data["image/png"]) == chart.image
    said = metadata["image/svg+xml"]
    assert data["image/svg+xml"] == chart.titled
    assert said == {
        "page": chart.svg,
        "alt": chart.alt,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "caption": "Below.",
        "narrow": chart.narrow,
    }


def test_words_in_html_and_typst_are_words_whatever_they_hold():
    chart = Chart("<svg />", "<svg />", "<svg />", b"", "A <b> & #c", "[x](y)", 'Say "so"', "*Below* [more](#a)")
    assert "<b>" not in chart.html() and 'aria-label="Say &quot;so&quot;"' in chart.html()
    assert "\\#c" in chart.typst() and "\\[x\\]" in chart.typst() and "#emph[Below]" in chart.typst()


def test_letters_are_matplotlibs_own_whatever_fonts_the_machine_has(points, monkeypatch):
    expected = drawn(points)
    own = font_manager.fontManager.findfont("DejaVu Sans")
    serif = own.replace("DejaVuSans.ttf", "DejaVuSerif.ttf")
    system = font_manager.FontEntry(fname=serif, name="DejaVu Sans", weight="normal")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [system])
    font_manager.fontManager._findfont_cached.cache_clear()
    chart_svg.use_bundled_settings.cache_clear()
    chart_svg.width_of.cache_clear()
    assert drawn(points) == expected


def test_settings_are_matplotlibs_own_whatever_the_user_has(points):
    expected = drawn(points)
    users = {"font.size": 33, "axes.facecolor": "red", "lines.linewidth": 9, "path.simplify": True}
    with mpl.rc_context(users | {"lines.antialiased": False, "text.antialiased": False}):
        chart_svg.use_bundled_settings.cache_clear()
        assert drawn(points) == expected


def test_words_are_broken_into_lines_that_fit():
    lines = wrapped("Recorded theft of motor vehicles by month", 80)
    assert len(lines) > 2 and all(width_of(line) <= 80 for line in lines)
    assert " ".join(lines) == "Recorded theft of motor vehicles by month"
    assert wrapped("unbreakably-long-word", 10) == ["unbreakably-long-word"] and wrapped("", 10) == []


# ---------------------------------------------------------------------------------------------------- projections
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


def projected(totals, fan, kind="worse", **changed):
    told = {"form": COUNT, "baseline": 1051, "baseline_label": "2012/13", "kind": kind}
    return projection_chart(totals, fan, **(WORDS | told | changed))


def test_a_projection_names_its_bands_its_total_and_the_baseline(totals, fan):
    words = {text.words for text in texts_of(projected(totals, fan).svg)}
    assert {"1,211", "projected", "19 in 20:", "1,040 to 1,410", "4 in 5:", "1,100 to 1,330", "2012/13"} <= words
    assert {"1,051", "1,098 now", "2013/14", "2014/15"} <= words


@pytest.mark.parametrize(("kind", "colour"), [("better", BETTER), ("worse", WORSE), ("same", "#FFFFFF")])
def test_the_projected_total_is_marked_by_its_verdict(totals, fan, kind, colour):
    assert marks_of(projected(totals, fan, kind).svg)[-1].fill == colour


@pytest.mark.parametrize("years", [1, 2])
@pytest.mark.parametrize("baseline", [0, 1051, 90_000])
@pytest.mark.parametrize("kind", ["worse", "none"])
def test_a_projection_is_whole_and_the_same_twice(totals, fan, years, baseline, kind):
    first, second = (projected(totals, fan.iloc[-years:], kind, baseline=baseline) for _ in range(2))
    assert first == second
    check_pictures(first)


# ---------------------------------------------------------------------------------------------------------- areas
QUARTERS = ["Q1 2014/15", "Q2 2014/15", "Q3 2014/15", "Q4 2014/15", "Q1 2015/16"]


def of_areas(**values):
    return {
        name: pd.DataFrame({"label": QUARTERS, "value": line, "sign": ["[c]" * (value != value) for value in line]})
        for name, line in values.items()
    }


def test_areas_are_drawn_to_one_scale_each_with_its_newest_value():
    areas = of_areas(North=[10.0, 20, 30, 20, 30], South=[np.nan, 5, 4, 4, 4], Nowhere=[np.nan] * 5)
    first, second = (area_charts(areas, form=COUNT, **WORDS) for _ in range(2))
    assert first == second
    check_pictures(first)
    words = [text.words for text in texts_of(first.svg)]
    assert {"North", "30", "South", "4", "Nowhere", "confidential"} <= set(words)
    assert words.count("Q1") == 6, "the first and the last period of each"
    assert first.caption == "All to one scale. A line is broken where a point is not shown."
    whole = area_charts(of_areas(North=[1.0, 2, 3, 4, 5]), form=COUNT, **WORDS)
    assert whole.caption == "All to one scale."


def test_a_point_alone_between_gaps_is_drawn_and_a_long_name_is_cut():
    areas = of_areas(**{"A district whose name is longer than its chart is wide, by far": [1.0, np.nan, 3, np.nan, 5]})
    chart = area_charts(areas, form=COUNT, **WORDS)
    assert len(marks_of(chart.svg)) == 4, "three points alone, and the newest of them a ring"
    assert any(text.words.endswith("…") for text in texts_of(chart.svg))
    check_pictures(chart)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 11])
def test_any_number_of_areas_fits(count):
    areas = of_areas(**{f"Area number {place}": [1.0, 2, 3, 4, 1000.0 * place] for place in range(count)})
    check_pictures(area_charts(areas, form=COUNT, **WORDS))


# ------------------------------------------------------------------------------------------------------ the table
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


def test_no_number_of_a_chart_is_minus_zero():
    assert value_text(-0.04, COUNT) == "0.0" and value_text(-3.25, COUNT) == "−3.3"


def test_data_table_by_quarter_reads_financial_years():
    points = pd.DataFrame({"period": ["2014Q3", "2014Q4", "2015Q1"], "value": [74.25, 75.0, 75.35]})
    rows = [list(row.values()) for row in data_table(points, PERCENT)]
    assert rows == [["2014/15", "", "", "74.3", "75.0"], ["2015/16", "75.4", "", "", ""]]


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
        (COUNT, 9.33, "9.3"),
        (COUNT, 93.3, "93"),
        (COUNT, 4010.4, "4,010"),
        (PERCENT, 76.44, "76.4%"),
        (Form("gbp_million", 1), 21.7, "£21.7m"),
        (Form("minutes", 1), 10.24, "10.2"),
        (Form("", 2), 0.5, "0.50"),
    ],
)
def test_a_value_of_a_chart_has_no_words_of_its_unit(form, value, words):
    assert value_text(value, form) == words
