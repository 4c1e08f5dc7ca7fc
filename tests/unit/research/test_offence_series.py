"""The quarterly series of each force, from the rows of the official table."""

import pandas as pd
import pytest

import running
from panelpack.config.study import OffenceSeries, load_offences
from panelpack.errors import SourceError
from panelpack.intake.published_table import read_published
from panelpack.project import Project
from research.backtest.offence_series import force_series, left_out

SHARED = running.ROOT.parent / "shared"
TABLE = SHARED / "data" / "police_recorded_crime_pfa_12_forces.csv.gz"
SUMS = SHARED / "reference" / "leicestershire_recorded_crime_by_quarter.csv"
COLUMNS = ["year", "number", "force", "description", "group", "subgroup", "code", "offences"]
ROWS = [
    ("2001/02", 1, "North", "Robbery", "Robbery", "Robbery of personal property", "34B", 7),
    ("2001/02", 1, "North", "Taking (outcomes only)", "Theft offences", "Theft of a motor vehicle", "37.2", 5),
    ("2001/02", 2, "North", "Robbery", "Robbery", "Robbery of personal property", "34B", -2),
    ("2001/02", 2, "North", "Taking", "Theft offences", "Theft of a car", "37.2", 4),
]
STUDY = OffenceSeries.model_validate(
    {
        "source": {
            "title": "A table",
            "release": "a year",
            "licence": "a licence",
            "released_after_months": 4,
        },
        "forces": ["North", "South"],
        "columns": {name: name for name in COLUMNS},
        "series": {
            "all": {"title": "All"},
            "robbery": {"title": "Robbery", "groups": ["Robbery"]},
            "taking": {"title": "Taking", "subgroups": ["Theft of a motor vehicle", "Theft of a car"]},
        },
    }
)


def table(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def changed(row, old, new):
    return tuple(cell.replace(old, new) if isinstance(cell, str) else cell for cell in row)


def test_rows_are_added_up_by_quarter_under_each_of_the_names_that_a_series_has():
    series = force_series(table(*ROWS), STUDY)
    assert list(series.index) == ["2001Q1", "2001Q2"]
    assert list(series["all", "North"]) == [12, 2]  # the correction of -2 stays in the sum
    assert list(series["robbery", "North"]) == [7, -2]
    assert list(series["taking", "North"]) == [5, 4]  # an "(outcomes only)" row counts; so does the new name


def test_a_renamed_subgroup_is_not_a_zero():
    renamed = table(*ROWS[:3], changed(ROWS[3], "of a car", "of a van"))
    with pytest.raises(SourceError, match="2001Q2: no row is of the series 'taking'"):
        force_series(renamed, STUDY)


def test_a_force_that_misses_a_quarter_or_is_not_named_is_left_out_by_name():
    rows = table(*ROWS, changed(ROWS[0], "North", "South"), *(changed(row, "North", "Fraud desk") for row in ROWS))
    series = force_series(rows, STUDY)
    assert set(series.columns.get_level_values("force")) == {"North"}
    assert left_out(rows, STUDY) == ("Fraud desk", "South")
    assert left_out(table(*ROWS), STUDY) == ()


def test_a_force_with_as_many_rows_and_none_of_a_series_recorded_none_of_it():
    cheating = (("Taking", "Cheating"), ("Theft offences", "Fraud"), ("Theft of a motor vehicle", "Fraud"))
    south = [changed(row, "North", "South") for row in ROWS]
    for old, new in (*cheating, ("Theft of a car", "Fraud")):
        south = [changed(row, old, new) for row in south]
    series = force_series(table(*ROWS, *south), STUDY)
    assert list(series["taking", "South"]) == [0, 0]
    assert list(series["robbery", "South"]) == [7, -2]


def test_a_table_that_ends_in_the_middle_of_a_quarter_is_refused_with_the_last_quarter_read():
    forces = ["North", "South"]
    rows = [changed(row, "North", force) for force in forces for row in ROWS]
    rows.sort(key=lambda row: (row[1], row[2]))
    assert force_series(table(*rows), STUDY).shape == (2, 6)
    with pytest.raises(SourceError) as caught:
        force_series(table(*rows[:-1]), STUDY)
    assert str(caught.value) == (
        "the table of recorded crime: rows are missing: 1 of 'South' in 2001/02 quarter 2 where most forces have 2. "
        "The last quarter read is 2001/02 quarter 2; the table may end too early. Give the police force area table as "
        "published."
    )


def test_who_is_not_named_may_have_fewer_rows():
    desk = changed(ROWS[0], "North", "Fraud desk"), changed(ROWS[2], "North", "Fraud desk")
    series = force_series(table(*ROWS, *desk), STUDY)
    assert set(series.columns.get_level_values("force")) == {"North"}


@pytest.mark.skipif(not TABLE.exists(), reason="the official table is not beside this checkout")
@pytest.mark.parametrize("rows", [70_000, 60_001, 40_404])
def test_the_official_table_cut_anywhere_inside_a_force_is_refused(project, rows):
    study = load_offences(project.projection)
    cut = read_published(Project(running.ROOT), TABLE).typed().iloc[:rows]
    last = cut.iloc[-1]
    with pytest.raises(SourceError) as caught:
        force_series(cut, study)
    quarter = f"{last['year']} quarter {last['number']}"
    assert f"of {last['force']!r} in {quarter} where most forces have" in str(caught.value)
    assert f"The last quarter read is {quarter};" in str(caught.value)


@pytest.mark.skipif(not TABLE.exists(), reason="the official table is not beside this checkout")
def test_the_sums_are_those_that_were_counted_by_hand(project):
    study = load_offences(project.projection)
    series = force_series(read_published(Project(running.ROOT), TABLE).typed(), study)
    counted = pd.read_csv(SUMS, index_col="quarter")
    compared = [name for name in study.series if name in counted]
    assert len(compared) == 8
    ours = series.xs("Leicestershire", axis="columns", level="force").loc[counted.index, compared]
    # Counted by hand without the deaths by dangerous driving, which left the subgroup in 2013/14.
    whole = "violence_with_injury"
    pd.testing.assert_frame_equal(
        ours.drop(columns=whole), counted[compared].drop(columns=whole), check_dtype=False, check_names=False
    )
    assert (ours[whole] >= counted[whole]).all()
    assert list(ours[whole][:4]) == list(counted[whole][:4])
    year = [f"2013Q{number}" for number in (1, 2, 3, 4)]
    assert ours.loc[year, whole].sum() == 5052  # as the panel's minutes print it
    assert counted.loc[year, whole].sum() == 5043
