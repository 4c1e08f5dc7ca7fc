"""The tables that research wrote and a pack reads: what they say, and what is no such table."""

import pandas as pd
import pytest

from panelpack.errors import SourceError
from panelpack.indicators.reference_tables import (
    FALSE_ALARMS,
    RECORDED_LATER,
    expected_false_alarms,
    read_calibration,
    read_false_alarms,
    read_recorded_later,
)
from panelpack.statistics.projection import BASIS, KEY, LEARNED

ERRORS, ALARMS, LATER = (",".join(names) for names in ([*KEY, *LEARNED, *BASIS], FALSE_ALARMS, RECORDED_LATER))
LEARNED_ROW = "0.01,0.1,10,36,6,6,2013Q1,2018Q1"


def table(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


NO_ALARMS = (
    "the cells are not those of the table of false alarms, with at least one case that is of_pack. Write it with"
)
NO_ALL = "the cells are not those of the table of projection errors, with rows of the series 'all'. Write it with make"
NO_NUMBERS = (
    "the cells are not those of the table of what was recorded later, whole numbers in the column 'recorded'. Correct"
)


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_calibration, None, "the file is missing, expected the table of projection errors, with rows of the ser"),
        (read_calibration, "", "the table of projection errors, with rows of the series 'all' cannot be read: No col"),
        (read_calibration, "series,lower_95\na,1\n", "found the columns ['series', 'lower_95'], expected ['series', "),
        (read_calibration, f"{ERRORS}\nrobbery,1,1,{LEARNED_ROW}\n", NO_ALL),
        (read_calibration, f"{ERRORS}\n", NO_ALL),
        (read_false_alarms, None, "the file is missing, expected the table of false alarms, with at least one case th"),
        (read_false_alarms, "", "the table of false alarms, with at least one case that is of_pack cannot be read: No"),
        (
            read_false_alarms,
            "case,share\na,0.1\n",
            "found the columns ['case', 'share'], expected ['case', 'of_pack', ",
        ),
        (read_false_alarms, f"{ALARMS}\nindependent counts,False,0.1,10,39,24,1\n", NO_ALARMS),
        (read_false_alarms, f"{ALARMS}\nindependent counts,perhaps,0.1,10,39,24,1\n", NO_ALARMS),
        (read_false_alarms, f"{ALARMS}\n", NO_ALARMS),
        (
            read_recorded_later,
            "",
            "the table of what was recorded later, whole numbers in the column 'recorded' cannot",
        ),
        (read_recorded_later, "series,year\nrobbery,2016/17\n", "found the columns ['series', 'year'], expected ['ser"),
        (read_recorded_later, f"{LATER}\nrobbery,2016/17,5.5,a\n", NO_NUMBERS),
        (read_recorded_later, f"{LATER}\nrobbery,2016/17,many,a\n", NO_NUMBERS),
        (read_recorded_later, f"{LATER}\nrobbery,2016/17,,a\n", NO_NUMBERS),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(read, text, said, tmp_path):
    path = tmp_path / "a.csv" if text is None else table(tmp_path, "a.csv", text)
    with pytest.raises(SourceError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: {said}")
    assert "\n" not in str(caught.value)


# -------------------------------------------------------------------------------------- past errors of projections
def test_past_errors_are_indexed_by_what_a_projection_asks_for(tmp_path):
    errors = read_calibration(table(tmp_path, "a.csv", f"{ERRORS}\nrobbery,1,1,{LEARNED_ROW}\nall,1,1,{LEARNED_ROW}\n"))
    assert errors.loc[("robbery", 1, 1), LEARNED].tolist() == [0.01, 0.1, 10]
    assert errors.loc[("all", 1, 1), "last_origin"] == "2018Q1"


def test_the_shipped_errors_cover_every_horizon_grow_with_it_and_have_each_series_that_is_projected(project, office):
    errors = read_calibration(project.calibration)
    horizons = [(ahead, number) for ahead in (0, 1, 2) for number in (1, 2, 3, 4) if (ahead, number) != (0, 4)]
    for name, rows in errors.groupby("series"):
        assert [key[1:] for key in rows.index] == horizons, name
        assert all(of.is_monotonic_increasing for _, of in rows["spread"].groupby("quarter")), name
    assert (errors["spread"] > 0).all() and (errors["degrees_of_freedom"] > 4).all()
    projected = {figure.series for figure in office.plan.figures.values() if figure.projection_year}
    assert projected and projected <= set(errors.index.get_level_values("series"))


# ------------------------------------------------------------------------------------------- what came later
def test_what_was_recorded_later_is_read_and_often_nothing(tmp_path):
    nothing = read_recorded_later(tmp_path / "2015Q1.csv")
    assert list(nothing) == RECORDED_LATER and nothing.empty
    later = table(tmp_path, "2015Q1.csv", f'{LATER}\nrobbery,2016/17,55,"A table, of a day"\n')
    assert read_recorded_later(later).to_numpy().tolist() == [["robbery", "2016/17", 55, "A table, of a day"]]


# --------------------------------------------------------------------------------------- signals that chance gives
def test_the_false_alarms_to_expect_are_the_charts_times_the_mean_share_of_the_packs_cases():
    cases = [(True, 0.01), (True, 0.04), (True, 0.01), (False, 0.6)]
    shares = pd.DataFrame(cases, columns=["of_pack", "share"])
    assert expected_false_alarms(50, shares) == pytest.approx(50 * 0.02)
    assert expected_false_alarms(0, shares) == 0


def test_the_shipped_shares_bear_out_what_the_methods_say_of_them(project):
    shares = read_false_alarms(project.false_alarms).set_index("case")
    share, of_pack = shares["share"], shares[shares["of_pack"]]["share"]
    assert shares.index.is_unique and share.between(0, 1).all()
    # About three of 34 charts of series as they are: with a season, dispersed, of a level that wanders.
    assert len(of_pack) > 3 and of_pack.between(0.04, 0.13).all()
    assert round(expected_false_alarms(34, read_false_alarms(project.false_alarms))) == 3
    # Simple series are flagged less often; a steady trend more, though nothing happens.
    assert share["independent counts"] < of_pack.min()
    (growth,) = [case for case in share.index if case.startswith("steady growth")]
    assert share[growth] > of_pack.max() and growth not in of_pack
