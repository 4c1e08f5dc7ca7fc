"""The tables that research wrote and a pack reads: what they say, and what is no such table."""

import pandas as pd
import pytest

import running
from made_up_forces import FORCES, OWN, QUARTERS, counts_of_forces, write_comparators
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.config.study import OffenceSeries
from panelpack.errors import SourceError
from panelpack.indicators.reference_tables import (
    FALSE_ALARMS,
    RECORDED_LATER,
    counts_by_series,
    expected_false_alarms,
    read_false_alarms,
    read_official_counts,
    read_recorded_later,
)
from panelpack.project import Project

BY_HAND = running.ROOT.parent / "shared" / "reference" / "leicestershire_recorded_crime_by_quarter.csv"
ALARMS, LATER = (",".join(names) for names in (FALSE_ALARMS, RECORDED_LATER))


def table(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


NO_ALARMS = (
    "the cells are not those of the table of false alarms, with at least one case that is of_pack. Write it with"
)
NO_NUMBERS = (
    "the cells are not those of the table of what was recorded later, whole numbers in the column 'recorded'. Correct"
)


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
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


# ------------------------------------------------------------------------------------------------ official counts
SERIES = {
    "all": {"title": "All"},
    "theft": {"title": "Theft", "groups": ["Theft"]},
    "harm": {"title": "Harm", "subgroups": ["Injury", "Injury, as it was called"]},
}


def counts_of(folder, forces=FORCES, **tables):
    """Return the counts by series of made-up forces, as far as a study names them."""
    write_comparators(folder, **tables)
    study = OffenceSeries.model_validate({"forces": forces, "series": SERIES})
    return counts_by_series(read_official_counts_of_forces(Project(folder.parents[1])), study)


def test_a_series_is_the_sum_of_the_kinds_that_it_names_by_quarter_and_force(tmp_path):
    counts = counts_of(tmp_path / "data" / "comparators")
    made = counts_of_forces().set_index(["quarter", "force"])
    assert list(counts.index) == QUARTERS and counts.columns.names == ["series", "force"]
    assert list(counts["harm", OWN]) == list(made.xs(OWN, level="force")["Violence: Injury"])
    thefts = made[["Theft: Theft from a vehicle", "Theft: Theft of a vehicle"]].sum(axis="columns")
    assert list(counts["theft", OWN]) == list(thefts.xs(OWN, level="force"))
    # Every kind, of those too that no comparison counts.
    assert counts["all"].sum(axis="columns").tolist() == made.sum(axis="columns").groupby("quarter").sum().tolist()


def test_a_force_with_a_gap_with_fewer_kinds_or_under_another_name_is_left_out(tmp_path):
    counts, folder = counts_of_forces(), tmp_path / "data" / "comparators"
    lacks = counts[~((counts["quarter"] == "2013Q2") & (counts["force"] == FORCES[2]))]
    found = counts_of(folder, FORCES[1:], counts=lacks, gaps=[(FORCES[3], "2013Q1", 2, 4)])
    assert set(found.columns.get_level_values("force")) == set(FORCES) - {FORCES[0], FORCES[2], FORCES[3]}


def test_a_kind_that_a_force_has_no_row_of_is_none_recorded(tmp_path):
    counts = counts_of_forces()
    counts["Violence: Injury"] = counts["Violence: Injury"].where(counts["quarter"] != "2013Q2")
    counts["Violence: Injury, as it was called"] = 7.0
    found = counts_of(tmp_path / "data" / "comparators", counts=counts)
    assert found.loc["2013Q2", ("harm", OWN)] == 7


def test_counts_that_the_back_test_did_not_know_are_refused(project_copy):
    write_comparators(project_copy.comparators)
    with pytest.raises(SourceError, match=r"^data/comparators/counts\.csv: this is not the file that data/projection/"):
        read_official_counts(project_copy)


@pytest.mark.skipif(not BY_HAND.exists(), reason="the sums are not beside this checkout")
def test_the_sums_are_those_that_were_counted_by_hand(project):
    counted = pd.read_csv(BY_HAND, index_col="quarter")
    counts = read_official_counts(project).xs("Leicestershire", axis="columns", level="force").loc[counted.index]
    compared = [name for name in counts if name in counted]
    assert len(compared) == 8
    # Counted by hand without the deaths by dangerous driving, which left the subgroup in 2013/14.
    whole = "violence_with_injury"
    counts, counted = counts[compared], counted[compared]
    assert (counts.drop(columns=whole) == counted.drop(columns=whole)).all(axis=None)
    assert (counts[whole] >= counted[whole]).all() and list(counts[whole][:4]) == list(counted[whole][:4])
    year = [f"2013Q{number}" for number in (1, 2, 3, 4)]
    assert counts.loc[year, whole].sum() == 5052  # as the panel's minutes print it
    assert counted.loc[year, whole].sum() == 5043


def test_the_shipped_counts_have_each_series_that_is_projected(project, office):
    counts = read_official_counts(project)
    projected = {figure.series for figure in office.plan.figures.values() if figure.projection_year}
    assert projected and projected <= set(counts.columns.get_level_values("series"))


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
