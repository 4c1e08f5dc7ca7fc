"""Larger projects to measure in: they are still right, and what grew is only what was to grow."""

import pandas as pd
import pytest

from benchmarks import project_copies
from panelpack.config.configuration import Configuration
from panelpack.disclosure.publication import prepare_series
from panelpack.errors import UsageError
from panelpack.intake.restated import find_restated
from panelpack.pack_files import code_files, input_files, notebook_files
from panelpack.project import Project, hashed
from panelpack.validation.raw_data import check_raw_data


def test_a_copy_has_what_a_quarter_is_made_from_and_what_make_needs(bench, measured, quarter):
    there = bench.project
    for files in (input_files, lambda project, _: [*code_files(project), *notebook_files(project)]):
        assert hashed(there.root, files(there, quarter)) == hashed(measured.root, files(measured, quarter))
    for name in project_copies.FOR_MAKE:
        assert (there.root / name).read_bytes() == (measured.root / name).read_bytes()


def test_more_priorities_make_a_plan_without_mistakes(bench, office, quarter):
    project_copies.more_priorities(bench.project, quarter, 3)
    before, after = office.plan, Configuration.read(bench.project, quarter).plan
    judged = [box for box in before.priorities if any(row.rule != "assessment" for row in box.indicators)]
    assert len(after.priorities) == len(before.priorities) + 2 * len(judged)
    assert len(after.figures) > 2 * len(before.figures)


def test_more_rows_pass_the_checks_change_no_series_and_restate_nothing(bench, office, quarter):
    before, after = project_copies.more_rows(bench.project, quarter, 4)
    assert after > 3 * before
    larger = Configuration.read(bench.project, quarter)
    assert check_raw_data(larger).failures == []
    series, grown = prepare_series(office).points, prepare_series(larger).points
    assert list(series) == list(grown)
    for table, frame in series.items():
        pd.testing.assert_frame_equal(grown[table], frame, obj=table)
    pd.testing.assert_frame_equal(find_restated(larger), find_restated(office))


def test_one_more_in_a_raw_file_is_one_cell(bench, measured, office, quarter):
    table = office.plan.tables["night_time_economy"]
    project_copies.add_one(bench.project.raw(quarter) / table.file, table)
    before, after = (pd.read_csv(at.raw(quarter) / table.file) for at in (measured, bench.project))
    assert (after["incidents"] - before["incidents"]).tolist() == [1] + [0] * (len(before) - 1)


def test_without_a_label_the_last_quarter_is_measured(measured, tmp_path):
    assert str(project_copies.asked_for(measured, "")) == "2015Q1"
    assert str(project_copies.asked_for(measured, "2014Q4")) == "2014Q4"
    with pytest.raises(UsageError, match="Q is missing"):
        project_copies.asked_for(Project(tmp_path), "")
