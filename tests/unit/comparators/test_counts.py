"""The folder data/comparators: its tables belong together, and counts are of the forces that have all of a period."""

import pandas as pd
import pytest

from made_up_forces import FORCES, KINDS, QUARTERS, SMALL, TABLE, counts_of_forces, seal, write_comparators
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.config.official import OfficialOffences
from panelpack.errors import ConfigurationError, SourceError
from panelpack.project import Project

EVERY = OfficialOffences.model_validate("all")


@pytest.fixture
def project(tmp_path):
    write_comparators(tmp_path / "data" / "comparators")
    return Project(tmp_path)


def test_counts_are_of_the_kinds_that_a_comparison_may_count(project):
    of = read_official_counts_of_forces(project)
    assert of.kinds == list(KINDS[:3])  # fraud is left out
    assert of.forces == sorted(FORCES)
    assert of.quarters(SMALL) == QUARTERS and of.quarters("Nowhere") == []


def test_counts_of_offences_are_a_row_a_quarter_and_a_column_a_force(project):
    of, made = read_official_counts_of_forces(project), counts_of_forces().set_index(["quarter", "force"])
    counts = of.of(OfficialOffences(subgroups=("Theft of a vehicle", "Injury")), ["2013Q4", "2013Q1"])
    assert list(counts.index) == ["2013Q4", "2013Q1"]
    expected = made.loc[("2013Q1", FORCES[3]), [KINDS[1], KINDS[2]]].sum()
    assert counts.loc["2013Q1", FORCES[3]] == expected
    every = of.of(EVERY, ["2013Q1"])
    assert every.loc["2013Q1", FORCES[0]] == made.loc[("2013Q1", FORCES[0]), list(KINDS[:3])].sum()
    group = of.of(OfficialOffences(groups=("Theft",)), ["2013Q1"])
    assert group.loc["2013Q1", FORCES[0]] == made.loc[("2013Q1", FORCES[0]), list(KINDS[:2])].sum()


def test_a_force_that_lacks_a_quarter_is_not_among_them(tmp_path):
    counts = counts_of_forces()
    lacks = counts[~((counts["quarter"] == "2013Q2") & (counts["force"] == FORCES[2]))]
    write_comparators(tmp_path / "data" / "comparators", counts=lacks)
    of = read_official_counts_of_forces(Project(tmp_path))
    assert FORCES[2] not in of.of(EVERY, ["2013Q1", "2013Q2"])
    assert FORCES[2] in of.of(EVERY, ["2013Q1"])


@pytest.mark.parametrize("name", ["counts.csv", "moves.csv", "gaps.csv", "offences.yml"])
def test_files_that_do_not_belong_together_are_refused_by_name(project, name):
    path = project.comparators / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match=rf"{name}: this is not the file that made_from\.yml beside it names"):
        read_official_counts_of_forces(project)


def test_a_table_that_is_not_there_is_refused_too(project):
    (project.comparators / "moves.csv").unlink()
    with pytest.raises(SourceError, match=r"moves\.csv: .* Run make comparators"):
        read_official_counts_of_forces(project)


def test_counts_that_stand_twice_are_no_such_table(tmp_path):
    counts = counts_of_forces()
    write_comparators(tmp_path / "data" / "comparators", counts=pd.concat([counts, counts.head(1)]))
    with pytest.raises(SourceError, match=r"counts\.csv: this is not the table of counts by quarter and force"):
        read_official_counts_of_forces(Project(tmp_path))


def test_another_table_is_none_either(tmp_path):
    write_comparators(tmp_path / "data" / "comparators", counts=counts_of_forces().drop(columns="force"))
    with pytest.raises(SourceError, match=r"counts\.csv"):
        read_official_counts_of_forces(Project(tmp_path))


def test_what_is_known_of_the_table_is_checked_by_file_and_line(project):
    path = project.comparators / "offences.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("  release: May 2016\n", ""), encoding="utf-8")
    seal(project.comparators)
    with pytest.raises(ConfigurationError, match=r"offences\.yml.*release"):
        read_official_counts_of_forces(project)
    assert TABLE["source"]["release"] == "May 2016"
