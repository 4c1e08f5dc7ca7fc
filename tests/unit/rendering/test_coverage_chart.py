"""The grid of which points each series has: its cells, letters, words and bytes."""

import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from panelpack.periods import key_range, month_range
from panelpack.rendering.chart_svg import TEXT
from panelpack.rendering.coverage_chart import (
    MOST,
    MOST_ROWS,
    STATES,
    Row,
    cells_of,
    coverage_charts,
    grid_of,
    letters_of,
)
from picture_checking import SVG, check_pictures, elements, texts_of

MONTHS = month_range("2014-04", "2015-03")
MONTHLY = Row("Offences", dict.fromkeys(MONTHS, "shown") | {"2014-06": "hidden", "2014-09": "missing"})
QUARTERLY = Row("Confidence", {"2014Q2": "shown", "2014Q3": "shown", "2014Q4": "hidden"})
YEARLY = Row("Satisfaction", {"2014/15": "shown"})
POSITION = Row("Savings, £ & $ at $5", {"2014-12-31": "shown"})
NONE = Row("Rape", {}, "no point is shown")
ROWS = [MONTHLY, QUARTERLY, YEARLY, POSITION, NONE]


def coverage_chart(rows):
    (chart,) = coverage_charts(rows)
    return chart


def states(rows, columns):
    names = list(STATES)
    return [["" if place < 0 else names[place] for place in row] for row in grid_of(rows, columns)]


@pytest.fixture(scope="module")
def chart():
    return coverage_chart(ROWS)


def whole(chart):
    return replace(chart, narrow=chart.svg)


def test_each_cell_says_what_is_shown_of_a_month():
    month = "month"
    assert states(ROWS, MONTHS) == [
        [month, month, "hidden", month, month, "missing", *[month] * 6],
        [*[""] * 3, *["quarter"] * 6, *["hidden"] * 3],
        ["year"] * 12,
        [*[""] * 8, "date", *[""] * 3],
        [""] * 12,
    ]


def test_other_years_and_halves_cover_their_own_months():
    row = Row("Roads", {"2014": "shown"}), Row("Harm", {"2014H1": "shown", "2014H2": "missing"})
    columns = month_range("2014-01", "2015-03")
    assert states(row, columns) == [
        [*["year"] * 12, *[""] * 3],
        [*[""] * 3, *["half_year"] * 6, *["missing"] * 6],
    ]


def test_where_points_share_a_column_one_that_is_not_shown_counts():
    columns = key_range("2014Q1", "2014Q4")
    row = Row("Offences", MONTHLY.points | {"2014-07": "missing", "2014-08": "hidden"})
    assert states([row], columns) == [["hidden", "hidden", "month", "month"]]


def test_long_times_have_longer_columns():
    subtitles = []
    for years in (3, 8, 40):
        chart = coverage_chart([Row("Offences", dict.fromkeys(month_range("1980-04", f"{1980 + years}-03"), "shown"))])
        subtitles.append(chart.subtitle)
    assert ["a column a month" in subtitles[0], "a column a quarter" in subtitles[1]] == [True, True]
    assert "a column a year" in subtitles[2] and "one that is not shown counts" in subtitles[2]


def test_points_not_shown_have_a_letter_each_and_runs_of_shown_points_one():
    assert letters_of(cells_of(MONTHLY, MONTHS), 20) == [(2.5, "c"), (5.5, "x")]
    assert letters_of(cells_of(QUARTERLY, MONTHS), 20) == [(10.5, "c"), (4.5, "Q")]
    assert letters_of(cells_of(YEARLY, MONTHS), 20) == [(6.0, "Y")]


def test_a_letter_without_room_is_left_out():
    row = Row("Offences", dict.fromkeys(MONTHS, "hidden"))
    assert len(letters_of(cells_of(row, MONTHS), 3)) == 6


def test_states_are_told_apart_in_grey_by_their_letters_and_have_words():
    letters = [state.letter for state in STATES.values()]
    assert len({*letters}) == len({state.ground for state in STATES.values()}) == len(STATES) == len(letters)
    assert all(state.words for state in STATES.values())


def test_the_key_names_the_states_that_occur_and_no_other(chart):
    said = {text.words for text in texts_of(chart.svg)}
    assert {STATES[name].words for name in ("month", "quarter", "year", "date", "hidden", "missing")} <= said
    assert STATES["half_year"].words not in said
    full = coverage_chart([YEARLY])
    assert not any("empty" in text.words for text in texts_of(full.svg))


def test_title_and_alternative_text_count_what_is_not_shown(chart):
    assert chart.title == "4 of 5 series have points, from April 2014 to March 2015: 2 are hidden and 1 missing"
    assert chart.alt == (
        "Grid of the points of each series: 4 of 5 series have points, from April 2014 to March 2015, "
        "of which 2 are hidden and 1 missing."
    )
    assert coverage_chart([YEARLY, POSITION]).alt.endswith("to March 2015, of which none is hidden or missing.")


def test_titles_stand_as_they_are_and_long_ones_are_cut(chart):
    said = [text.words for text in texts_of(chart.svg)]
    assert {"Offences", "Savings, £ & $ at $5", "Rape", "no point is shown", "Apr", "2014"} <= {*said}
    cut = coverage_chart([replace(YEARLY, title="Satisfaction of victims " * 9)])
    assert any(
        text.words.startswith("Satisfaction of victims S") and text.words[-1] == "…" for text in texts_of(cut.svg)
    )


def test_nothing_is_cut_or_covered_and_no_word_is_small(chart):
    check_pictures(whole(chart))
    assert {text.size for text in texts_of(chart.svg)} == {TEXT}
    years = month_range("2010-04", f"{2010 + MOST // 4}-03")
    check_pictures(whole(coverage_chart([Row("Offences", dict.fromkeys(years, "hidden"))])))


def test_pictures_have_no_id_no_style_and_no_clipping_and_stand_on_white(chart):
    for svg in (chart.svg, chart.titled):
        assert not {" id=", "<style", "style=", "clip", "url(", "DejaVu", "<metadata"} & {
            word for word in (" id=", "<style", "style=", "clip", "url(", "DejaVu", "<metadata") if word in svg
        }
        assert {element.tag for element in elements(svg)} == {f"{SVG}path", f"{SVG}text"}
    image = Image.open(io.BytesIO(chart.image))
    pixels = np.asarray(image.convert("RGB"))
    assert (pixels[0, 0] == 255).all() and (pixels[-1, -1] == 255).all() and image.info == {}
    assert chart.title in "".join(text.words + " " for text in reversed(texts_of(chart.titled)))


def test_the_same_data_give_the_same_bytes(chart):
    again = coverage_chart(ROWS)
    assert (again.svg, again.titled, again.image) == (chart.svg, chart.titled, chart.image)


def test_seaborn_is_loaded_only_when_drawn_and_without_what_it_does_not_need():
    code = (
        "import sys\n"
        "from panelpack.rendering.coverage_chart import Row, coverage_charts\n"
        "assert 'seaborn' not in sys.modules\n"
        "coverage_charts([Row('Offences', {'2014-04': 'shown'})])\n"
        "assert 'seaborn' in sys.modules and 'scipy.stats' not in sys.modules\n"
        "import scipy.stats\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_more_series_than_a_page_holds_have_several_pictures_on_one_axis():
    rows = [NONE] * MOST_ROWS + [YEARLY, MONTHLY]
    first, second = coverage_charts(rows)
    assert first.title == "0 of 25 series have points, from April 2014 to March 2015: none is hidden or missing"
    assert second.title == "2 of 25 series have points, from April 2014 to March 2015: 1 is hidden and 1 missing"
    assert first.subtitle.endswith("has. Part 1 of 2.") and second.alt.endswith("1 missing. Part 2 of 2.")
    with pytest.raises(ValueError, match="empty"):
        coverage_charts([NONE])
