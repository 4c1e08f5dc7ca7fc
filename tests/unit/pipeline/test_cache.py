"""What is kept of a step: its record, and when it is used again."""

import multiprocessing
from dataclasses import replace

import pytest

import running
from panelpack.config.configuration import Configuration
from panelpack.make_quarter import paper_of, steps_of
from panelpack.pipeline.cache import StepCache
from panelpack.pipeline.records import FileHashes
from panelpack.project import Project


@pytest.fixture
def cache(tmp_path, quarter):
    project = Project(running.copy_project(tmp_path / "project"))
    return again(project, quarter)


def again(project, quarter, **about):
    """The cache of another run of the same project."""
    office = Configuration.read(project, quarter)
    cache = StepCache(office, FileHashes(project, quarter), replace(paper_of(office), **about))
    cache.folder.mkdir(parents=True, exist_ok=True)
    return cache


@pytest.fixture
def step(cache, quarter):
    return steps_of(Configuration.read(cache.project, quarter))[2]  # the first priority


def made(cache, step, *lines):
    """Make a step whose notebook does what some lines of Python do, in a process of its own."""

    def execute(step, tracker):
        tracker.start()
        exec("\n".join(lines), {"root": cache.project.root, "cache": cache})
        cache.executed(step).write_text("{}")

    child = multiprocessing.get_context("fork").Process(target=cache.make, args=(step, execute))
    child.start()
    child.join()
    assert child.exitcode == 0
    return cache.record(step)


READS = "(root / 'params/plan.yml').read_text()"
WRITES = "(root / 'data/processed/2015Q1/{0}.csv').write_text('{0}')"


def test_a_record_holds_what_was_read_written_and_may_be_run(cache, step):
    record = made(cache, step, READS, WRITES.format("a"))
    assert list(record.reads) == ["params/plan.yml"]
    assert set(record.writes) == {"data/processed/2015Q1/a.csv", f"data/processed/2015Q1/steps/{step.name}.ipynb"}
    assert record.writes["data/processed/2015Q1/a.csv"] == cache.hashes["data/processed/2015Q1/a.csv"]
    assert record.code == cache.code_of(step)
    assert "the parameters" in record.facts
    assert cache.is_current(step)


def test_a_step_is_made_again_for_other_parameters(cache, step):
    made(cache, step, READS)
    other = replace(step, parameters=step.parameters | {"priority": "SP02"})
    assert list(cache.differences(other)) == ["the parameters changed"]


def test_a_table_that_is_written_no_more_is_removed(cache, step):
    made(cache, step, WRITES.format("a"), WRITES.format("b"))
    made(cache, step, WRITES.format("b"))
    folder = cache.project.processed(cache.quarter)
    assert not (folder / "a.csv").exists() and (folder / "b.csv").exists()


def test_a_step_that_fails_leaves_no_record(cache, step):
    made(cache, step, READS)
    with pytest.raises(AssertionError):
        made(cache, step, "1 / 0")
    assert cache.record(step) is None
    assert list(cache.differences(step)) == ["it has not been made here yet"]


def test_a_word_of_commentary_changes_only_the_step_that_used_its_part(cache, step, quarter):
    made(cache, step, "import panelpack.config.commentary as c",
         "from panelpack.config.configuration import Configuration",
         "from panelpack.periods import Quarter", "from panelpack.project import Project",
         "Configuration.read(Project(root), Quarter.parse('2015Q1')).commentary.of_update('SP01')")  # fmt: skip
    assert "params/2015Q1.md: update SP01" in cache.record(step).reads
    assert "params/2015Q1.md" not in cache.record(step).reads
    path = cache.project.commentary(quarter)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Priority 16 continues", "Priority 16 still continues"), encoding="utf-8")
    assert again(cache.project, quarter).is_current(step)
    path.write_text(text.replace("In Westmoor City there were", "In the city there were"), encoding="utf-8")
    assert list(again(cache.project, quarter).differences(step)) == ["params/2015Q1.md: update SP01 changed"]


def test_what_every_page_says_makes_pages_again_and_no_step(cache, step, quarter):
    made(cache, step, READS)
    for kind in ("html", "pdf", "pack.html", "pack.typ"):
        (cache.folder / f"{step.name}.{kind}").write_text(kind)
    cache.record_pages(step)
    assert cache.is_current(step, pages=True)
    other = again(cache.project, quarter, marking="RESTRICTED")
    assert other.is_current(step)
    assert list(other.differences(step, pages=True)) == ["what every page says of the paper changed"]
    (cache.folder / f"{step.name}.html").write_text("tampered")
    assert any("html is not as it was written" in why for why in cache.differences(step, pages=True))


def test_what_no_step_of_the_plan_left_is_pruned(cache, step):
    made(cache, step, WRITES.format("a"))
    folder = cache.project.processed(cache.quarter)
    (folder / "old").mkdir()
    for name in ("old/table.csv", "left.csv", "steps/3_priority-SP99.json"):
        (folder / name).write_text("{}")
    cache.prune([step])
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert left == {"a.csv", f"steps/{step.name}.ipynb", f"steps/{step.name}.json"}
    assert not (folder / "old").exists()
