"""What is hidden cannot be worked out from what is published: by an attacker that shares no code with the solver."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from made_tables import exact_of, office_of, published, ranges, solved, table_of
from panelpack.disclosure.publication import publish
from panelpack.periods import key_range

FIGURE = ("people", "rolling_12_months")
POSSIBLE = 4  # whole numbers that must stay possible, with a threshold of 5 people


def quarters(count, last="2015Q1"):
    every = key_range("2010Q1", last)
    return every[-count:]


# ------------------------------------------------------------------------------------------ city, county and all
SERIES_OF_AREAS = {
    "people": {"value": "n", "people": True},
    "city": {"value": "n", "people": True, "where": {"area": "A"}},
    "county": {"value": "n", "people": True, "where": {"area": "B"}},
}


def two_areas(city, county):
    """Return a table of people in a city and a county by quarter, and an office that shows both and their sum."""
    rows = [
        (q, a, n) for q, c, k in zip(quarters(len(city)), city, county, strict=True) for a, n in (("A", c), ("B", k))
    ]
    frame = pd.DataFrame(rows, columns=["when", "area", "n"])
    return frame, office_of(table_of("quarter", "area"), SERIES_OF_AREAS, [FIGURE])


def test_a_small_count_of_a_city_follows_from_the_county_and_all_unless_more_is_hidden():
    frame, office = two_areas([9, 8, 7, 9, 8, 3, 9, 8, 9, 7, 9, 9], [20] * 12)
    small = (frame.index[frame["n"] == 3][0], 0)
    assert small in solved(published(frame, office, step=False), frame, office, ["n"])
    low, high = ranges(frame, office, published(frame, office), ["n"])[small]
    assert high - low >= POSSIBLE - 1


def test_what_more_is_hidden_is_the_smallest_of_the_same_quarter():
    frame, office = two_areas([9, 8, 7, 9, 8, 3, 9, 8, 9, 7, 9, 9], [20] * 12)
    quarter = quarters(12)[5]
    gaps = publish(exact_of(frame, office), office).gaps
    assert set(gaps.itertuples(index=False, name=None)) == {
        ("city", quarter, "confidential"),
        ("county", quarter, "confidential"),
    }


def test_without_a_small_number_all_is_shown():
    frame, office = two_areas([9] * 12, [20] * 12)
    found = publish(exact_of(frame, office), office)
    assert found.gaps.empty and found.protected.empty and len(found.points["t"]) == 36


@pytest.mark.parametrize(("count", "is_hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_count_of_people_is_hidden_from_one_to_four(count, is_hidden):
    frame, office = two_areas([9] * 11 + [count], [20] * 12)
    assert publish(exact_of(frame, office), office).gaps["series"].eq("city").any() == is_hidden


# ------------------------------------------------------------------------------------------- districts by quarter
def districts(counts, **by):
    """Return a table of counts by district and of the whole. counts: a row a district, a column a quarter."""
    names = [f"D{place}" for place in range(len(counts))]
    rows = [
        (quarter, name, n)
        for column, quarter in enumerate(quarters(len(counts[0])))
        for name, n in [*((name, row[column]) for name, row in zip(names, counts, strict=True)),
                        ("All", sum(row[column] for row in counts))]
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["when", "district", "n"])
    table = table_of("quarter", "district", by={"column": "district", "total": "All", **by})
    return frame, office_of(table, {"people": {"value": "n", "people": True}}, [FIGURE])


def wholes_of(frame):
    for _, rows in frame.groupby("when"):
        yield rows.index[rows["district"] == "All"][0], list(rows.index[rows["district"] != "All"])


def small_cells(frame, fewest=5):
    return [(row, 0) for row, n in enumerate(frame["n"]) if 0 < n < fewest]


def test_one_small_district_is_not_the_whole_less_the_others():
    counts = [[12] * 12, [9] * 12, [30] * 12, [20] * 12]
    counts[1][4] = 2
    frame, office = districts(counts)
    (cell,) = small_cells(frame)
    wholes = list(wholes_of(frame))
    naive = ranges(frame, office, published(frame, office, step=False), ["n"], wholes=wholes, only=[cell])
    assert naive[cell] == pytest.approx((2, 2))
    low, high = ranges(frame, office, published(frame, office), ["n"], wholes=wholes, only=[cell])[cell]
    assert high - low >= POSSIBLE - 1


def test_areas_that_are_not_the_whole_give_nothing_away():
    counts = [[12] * 12, [9] * 12, [30] * 12]
    counts[1][4] = 2
    frame, office = districts(counts, why_not_total="Some are of no district.")
    assert list(publish(exact_of(frame, office), office).gaps["series"]) == ["people | D1"]


@settings(max_examples=8, phases=[Phase.generate])
@given(st.lists(st.lists(st.integers(0, 14), min_size=5, max_size=5), min_size=3, max_size=5))
def test_of_any_table_no_small_number_can_be_known(counts):
    frame, office = districts(counts)
    rows = published(frame, office)
    found = ranges(frame, office, rows, ["n"], wholes=list(wholes_of(frame)), only=small_cells(frame))
    told = {(name, when) for name, when, *_ in rows}
    for cell in small_cells(frame):
        low, high = found[cell]
        assert np.floor(high + 1e-6) - np.ceil(low - 1e-6) + 1 >= POSSIBLE, (counts, frame.loc[cell[0]].tolist(), told)


# ------------------------------------------------------------------------------------ a year whose total is printed
def test_a_single_month_that_is_hidden_is_not_its_year_less_the_others():
    counts = [12] * 39
    counts[20] = 3  # December 2013
    frame = pd.DataFrame({"when": key_range("2012-04", "2015-06"), "n": counts})
    office = office_of(table_of(), {"people": {"value": "n", "people": True}}, [("people", "2013/14")])
    assert (20, 0) in solved(published(frame, office, step=False), frame, office, ["n"])
    found = publish(exact_of(frame, office), office)
    assert "2013-12" in set(found.gaps["period"]) and len(found.gaps) == 2
    low, high = ranges(frame, office, published(frame, office), ["n"])[20, 0]
    assert high - low >= POSSIBLE - 1
    (total,) = found.totals["t"].query("period == '2013/14'").to_dict("records")
    assert total["value"] == sum(counts[12:24])


def test_a_figure_that_alone_gives_a_number_away_is_withheld():
    frame, office = two_areas([9] * 11 + [3], [20] * 12)
    office = office_of(office.plan.tables["t"], SERIES_OF_AREAS, [("county", "quarter"), ("people", "quarter")])
    found = publish(exact_of(frame, office), office)
    withheld = found.totals["t"].query("withheld == 'suppressed'")
    assert len(withheld) >= 1
    cell = (len(frame) - 2, 0)
    low, high = ranges(frame, office, published(frame, office), ["n"])[cell]
    assert high - low >= POSSIBLE - 1


# --------------------------------------------------------------------------- a survey whose groups are shown together
def survey(of, months=24, start="2013-07", ended=12):
    """Return a survey of four groups by month and of all together; one is small, and one of the others has ended."""
    chance = np.random.default_rng(5)
    when = key_range(start, "2015-06")[:months]
    asked = {"burglary": 60, "theft_from": 65, "theft_of": of, "violence": 50}
    rows = [
        (month, group, base, int(chance.binomial(base, 0.8)))
        for place, month in enumerate(when)
        for group, usual in asked.items()
        if group in ("burglary", "violence") or place < ended
        for base in [usual + int(chance.integers(-2, 3))]
    ]
    frame = pd.DataFrame(rows, columns=["when", "group", "asked", "n"])
    series = {group: {"value": "n", "base": "asked", "where": {"group": group}} for group in asked} | {
        "all": {"value": "n", "base": "asked", "where": {"group": list(asked)}}
    }
    return frame, office_of(
        table_of("month", "group", columns=("asked", "n")), series, [("theft_of", "12 months to 2014-06")]
    )


def of_group(frame, group):
    return [(row, column) for row in frame.index[frame["group"] == group] for column in (0, 1)]


def test_a_group_of_a_survey_is_not_all_less_the_other_groups():
    frame, office = survey(9)
    columns, hidden = ["asked", "n"], of_group(frame, "theft_of")
    naive = ranges(frame, office, published(frame, office, step=False), columns, only=hidden)
    assert len(naive) == 24 and all(high - low < 1e-6 for low, high in naive.values())
    found = ranges(frame, office, published(frame, office), columns, only=hidden)
    assert len(found) == 24 and all(high - low >= POSSIBLE - 1 for low, high in found.values())


def test_the_series_that_has_ended_becomes_coarser_and_those_that_go_on_stay():
    frame, office = survey(9)
    about = publish(exact_of(frame, office), office).protected.set_index("series")
    assert set(about.index) == {"theft_from", "theft_of"}
    assert about.loc["theft_from", "why"] == "others"


@pytest.mark.parametrize(("asked", "grain"), [(32, "month"), (29, "quarter"), (8, "")])
def test_a_group_is_shown_as_finely_as_its_answers_allow(asked, grain):
    frame = pd.DataFrame({"when": key_range("2013-04", "2015-06"), "asked": asked, "n": asked - 1})
    office = office_of(table_of(columns=("asked", "n")), {"s": {"value": "n", "base": "asked"}})
    found = publish(exact_of(frame, office), office)
    assert ([*found.protected["grain"], "month"][0], found.gaps.empty) == (grain, True)


@pytest.mark.parametrize(("base", "is_shown"), [(29, False), (30, True)])
def test_one_month_of_too_few_answers_is_hidden(base, is_shown):
    asked = [40] * 27
    asked[13] = base
    frame = pd.DataFrame({"when": key_range("2013-04", "2015-06"), "asked": asked, "n": 20})
    office = office_of(table_of(columns=("asked", "n")), {"s": {"value": "n", "base": "asked"}})
    assert ("2014-05" in set(publish(exact_of(frame, office), office).points["t"]["period"])) is is_shown


# -------------------------------------------------------------------------------------- what a supplier withholds
def test_what_one_area_alone_lacks_cannot_be_worked_out_from_the_others():
    counts = [[40 + place for place in range(12)], [30] * 12, [20] * 12]
    frame, office = districts(counts)
    row = frame.index[(frame["when"] == quarters(12)[3]) & (frame["district"] == "D1")][0]
    frame["n"] = frame["n"].astype(float)
    frame.loc[row, "n"] = np.nan
    wholes = list(wholes_of(frame))
    naive = ranges(frame, office, published(frame, office, step=False), ["n"], wholes=wholes, only=[(row, 0)])
    assert naive[row, 0] == pytest.approx((30, 30))
    low, high = ranges(frame, office, published(frame, office), ["n"], wholes=wholes, only=[(row, 0)])[row, 0]
    assert high - low >= POSSIBLE - 1
