"""Residents and regions by force: which vintage a day knew, households for offences of homes, nobody's mistakes."""

from datetime import date

import pytest

from made_up_forces import FORCES, OWN, SMALL, residents_of_forces, write_comparators
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.comparators.forces import denominator, read_forces
from panelpack.errors import SourceError
from panelpack.project import Project


def read(root, **tables):
    write_comparators(root / "data" / "comparators", **tables)
    project = Project(root)
    table = read_official_counts_of_forces(project).table
    return read_forces(project, table), table


def test_each_force_has_its_region_and_nation(tmp_path):
    forces, _ = read(tmp_path)
    assert set(forces.index) == set(FORCES)
    assert forces.loc[OWN, "region"] == "North" and forces.loc[OWN, "nation"] == "England"
    assert set(forces.loc[forces["region"] == "Wales", "nation"]) == {"Wales"}


@pytest.mark.parametrize(("day", "words", "times"), [
    (date(2015, 9, 16), "Census of 2011", 1),
    (date(2020, 5, 31), "Census of 2011", 1),
    (date(2020, 6, 1), "mid-2019 estimate", 1.5),
])  # fmt: skip
def test_a_rate_is_per_those_who_were_known_on_the_day(tmp_path, day, words, times):
    forces, table = read(tmp_path)
    per = denominator(forces, table, day, households=False)
    assert (per.vintage.words, per.words, per.what) == (words, "per 1,000 people", "people")
    assert per.of[OWN] == times * 200_000
    assert SMALL not in per.of and len(per.of) == len(FORCES) - 1


def test_offences_of_homes_are_told_per_household_once_their_number_was_known(tmp_path):
    forces, table = read(tmp_path)
    per = denominator(forces, table, date(2015, 9, 16), households=True)
    assert per.words == "per 1,000 households" and per.of[OWN] == 50_000
    assert SMALL not in per.of  # by its people, not by its homes
    later = table.model_copy(update={"households": ()})
    assert denominator(forces, later, date(2015, 9, 16), households=True).what == "people"


def test_a_day_before_all_that_is_known_is_refused(tmp_path):
    forces, table = read(tmp_path)
    with pytest.raises(SourceError, match="none was known by 2012-06-30"):
        denominator(forces, table, date(2012, 6, 30), households=False)


@pytest.mark.parametrize("change", [
    lambda frame: frame.assign(pfa=FORCES[0]),
    lambda frame: frame.assign(old=frame["old"] + 0.5),
    lambda frame: frame.assign(new=0),
    lambda frame: frame.drop(columns="homes"),
])  # fmt: skip
def test_a_table_that_cannot_be_is_refused_by_name(tmp_path, change):
    with pytest.raises(SourceError, match=r"residents_by_force\.csv"):
        read(tmp_path, residents=change(residents_of_forces()))
