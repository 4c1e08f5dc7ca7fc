"""Every figure of this office's quarters is worked out again from the workbook that is published, and from it alone."""

import pytest

from panelpack.config.configuration import Configuration
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.periods import Quarter
from recomputation import Book, faults_of_access, work_out, workbook_of, wrong_of_forces


@pytest.mark.parametrize("quarter", ["2014Q4", "2015Q1"])
def test_every_figure_is_worked_out_again_from_the_workbook_alone(quarter, real_project, tmp_path):
    if not real_project.raw(Quarter.parse(quarter)).is_dir():
        pytest.skip(f"this office has no {quarter}")
    data = data_of_raw_files(Configuration.read(real_project, Quarter.parse(quarter)))
    results = {result.indicator: result for result in compute_every(data)}
    path = workbook_of(data, results, tmp_path)
    book = Book.read(path)
    ways, wrong = work_out(book)
    assert wrong == []
    assert wrong_of_forces(book) == []
    assert {way for way in ways.values() if way != "points"} <= {"[c]", "[x]"}  # withheld, or nothing to compare with
    assert {name for name, _ in ways} >= {name for name, result in results.items() if result.latest is not None}
    assert list(faults_of_access(path)) == []
