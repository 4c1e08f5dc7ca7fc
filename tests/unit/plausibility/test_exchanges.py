"""Numbers on the wrong rows: exchanged, moved, sorted."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panelpack.periods import month_range


def test_two_rows_of_a_new_period_exchanged(made, before):
    made.counts.loc["2020-06", ["Birkmoor", "Calder"]] = made.counts.loc["2020-06", ["Calder", "Birkmoor"]].to_numpy()
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding[:3] == ("swapped", "2020-06", "thefts Birkmoor, Calder")
    assert "Birkmoor and Calder in 2020-06 look exchanged" in finding.words


def test_two_old_numbers_exchanged_against_the_file_before(made):
    made.counts.loc["2018-09", ["Dunholm", "Elmet"]] = made.counts.loc["2018-09", ["Elmet", "Dunholm"]].to_numpy()
    (finding,) = made.findings(made.table(made.counts), made.before)
    assert finding.kind == "swapped" and "of the file of the quarter before" in finding.words


def test_two_months_of_a_row_exchanged(made):
    first, second = made.months.index("2018-07"), made.months.index("2019-12")
    values = made.series.copy()
    values[[first, second]] = values[[second, first]]
    (finding,) = made.findings(made.single(values), made.single(made.series[:-3]))
    assert finding[:2] == ("swapped", "2018-07")


def test_labels_exchanged_from_a_month_on(made, before):
    pair = ["Calder", "Birkmoor"]
    made.counts.loc["2019-11":, pair] = made.counts.loc["2019-11":, pair[::-1]].to_numpy()
    kinds = {finding.kind: finding for finding in made.findings(made.table(made.counts), before)}
    assert kinds["swapped"].subject == "thefts Birkmoor, Calder"


def test_rows_of_one_size_that_cross_are_not_exchanged(made):
    alike = made.made(rows=("a", "b"), levels=(300, 306), seed=11).astype(float)
    assert made.kinds(made.table(alike), None) == []


def moved(table, column, start, by):
    text = table.text.copy()
    cells = text[column].to_list()
    text[column] = cells[:start] + list(np.roll(np.array(cells[start:]), by))
    return type(table)(table.name, table.spec, text, table.rows)


@pytest.mark.parametrize("by", [1, -1])
def test_a_column_one_line_from_its_labels(made, before, by):
    table = moved(made.table(made.counts), "thefts", 62, by)
    found = made.findings(table, before)
    assert "shifted" in [finding.kind for finding in found]


def test_a_series_one_month_late_against_the_file_before(made):
    values = made.series.copy()
    values[20:] = made.series[19:-1]
    (finding,) = made.findings(made.single(values), made.single(made.series[:-3]))
    assert finding[:2] == ("shifted", "2018-12") and "one month later" in finding.words


def test_a_series_whose_season_moved(made):
    chance, time = np.random.default_rng(4), np.arange(48)
    values = chance.poisson(3000 * (1 + 0.3 * np.sin(2 * np.pi * time / 12))).astype(float)
    months = month_range("2016-07", "2020-06")
    assert made.kinds(made.single(values, months=months), None) == []
    late = values.copy()
    late[34:] = values[33:-1]
    assert "shifted" in made.kinds(made.single(late, months=months), None)


@pytest.mark.parametrize("way", [1, -1])
def test_a_column_sorted_apart_from_its_rows(made, before, way):
    table = made.table(made.counts)
    text = table.text.assign(thefts=sorted(table.text["thefts"], key=lambda cell: way * int(cell)))
    found = made.findings(type(table)(table.name, table.spec, text, table.rows), before)
    assert found[0][:3] == ("sorted_apart", "", "thefts")
    assert "in order of size" in found[0].words


def test_a_series_sorted_apart_from_its_months(made):
    values = np.sort(made.series)
    assert made.kinds(made.single(values), None)[0] == "sorted_apart"
    assert made.kinds(made.single(values), made.single(made.series[:-3]))[0] == "sorted_apart"


def test_what_is_sorted_apart_says_how_much_of_the_file_before_is_different(made):
    values = np.sort(made.series)
    earlier = made.series[:-3].copy()
    earlier[:4] += 5000  # so that it is not the same numbers in another order
    before = made.single(earlier)
    finding = made.findings(made.single(values), before)[0]
    of = len(earlier)
    differ = int((values[:of] != earlier).sum())
    assert differ > 30
    assert finding.words == (
        "calls: all numbers stand in order of size, as if they had been sorted apart from their periods. "
        f"{differ} of the {of} that the file of the quarter before had are different now."
    )
    quiet = made.findings(made.single(values), before, is_quiet=True)[0]
    assert quiet.words.endswith("their periods. Many differ from those of the file of the quarter before.")
    alone = made.findings(made.single(values), None)[0]
    assert alone.words.endswith("as if they had been sorted apart from their periods.")


def test_a_short_honest_fall_is_not_sorted(made):
    assert "sorted_apart" not in made.kinds(made.single(np.array([96.0, 90, 81, 77, 70, 62, 60, 51, 47, 40])), None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_hardly_anything_is_asked_of_an_honest_table(made, seed):
    counts = made.made(seed=seed).astype(float)
    assert set(made.kinds(made.table(counts), made.table(counts.iloc[:-3]))) <= {"outside_range"}
