"""What the measurements measure in: larger projects that are still right, single changes, and a build that is naive."""

from types import SimpleNamespace

import pandas as pd
import pytest

from benchmarks import naive_build, project_copies
from benchmarks.speed import Bench
from panelpack.config import commentary
from panelpack.config.plan import load_plan
from panelpack.indicators.quarter_data import series_tables
from panelpack.intake.restated import find_restated
from panelpack.pipeline.tracking import part_digest
from panelpack.project import Project


@pytest.fixture
def copied(project, quarter, tmp_path):
    return Bench(project_copies.copy(project, quarter, tmp_path / "copy"), quarter)


def test_a_copy_has_what_make_needs(copied, project):
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "src/panelpack/environment.py"):
        assert (copied.project.root / name).read_bytes() == (project.root / name).read_bytes()


def test_more_priorities_make_a_plan_without_mistakes(copied, project):
    project_copies.more_priorities(copied.project, 3)
    before, after = load_plan(project.plan), load_plan(copied.project.plan)
    judged = [box for box in before.priorities if any(row.rule != "assessment" for row in box.indicators)]
    assert len(after.priorities) == len(before.priorities) + 2 * len(judged)
    assert len({figure for figure in after.figures}) > 2 * len(before.figures)


def test_more_rows_change_no_series_and_restate_nothing(copied, project, quarter):
    before, after = project_copies.more_rows(copied.project, quarter, 4)
    assert after > 3 * before
    series = series_tables(project, quarter)
    larger = series_tables(copied.project, quarter)
    assert list(series) == list(larger)
    for table, frame in series.items():
        pd.testing.assert_frame_equal(larger[table], frame, obj=table)
    restated = find_restated(copied.project, quarter)
    pd.testing.assert_frame_equal(restated, find_restated(project, quarter))


def test_an_edited_word_is_of_one_priority(copied, project, quarter):
    copied.edit_commentary()
    plan = load_plan(project.plan)
    before, after = (commentary.read(p.commentary(quarter), plan) for p in (project, copied.project))
    changed = [
        update.id
        for update in plan.updates
        if part_digest(before.part("update", update.id)) != part_digest(after.part("update", update.id))
    ]
    assert changed == [plan.updates[1].id]


def test_one_more_in_a_raw_file_is_one_cell(copied, project, quarter):
    table = load_plan(project.plan).tables["asb_incidents"]
    project_copies.add_one(copied.project.raw(quarter) / table.file, table)
    before, after = (pd.read_csv(p.raw(quarter) / table.file) for p in (project, copied.project))
    assert (after["incidents"] - before["incidents"]).tolist() == [1] + [0] * (len(before) - 1)


def test_the_naive_build_is_naive(project, quarter, tmp_path, monkeypatch):
    """Papermill and nbconvert from the command line, a call a notebook and format, with papermill's own engine."""
    commands = []

    def run(command, cwd, **_):
        assert cwd == project.notebooks
        commands.append([command[0].rsplit("/")[-1], *command[1:]])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(naive_build.subprocess, "run", run)
    seconds = naive_build.build(Project(project.root), quarter, tmp_path / "naive")
    assert set(seconds) == {"papermill", *naive_build.FORMATS}
    notebooks = len(load_plan(project.plan).priorities) + 5
    assert [command[0] for command in commands] == ["papermill", "jupyter", "jupyter"] * notebooks
    assert not any("--engine" in command for command in commands)
    assert commands[2 * 3][1:3] == ["3_priority.ipynb", str(tmp_path / "naive" / "3_priority-SP01.ipynb")]
    assert commands[2 * 3][6:9] == ["-p", "priority", "SP01"]
