"""Steps in forked children: their order, every way to fail, and that nothing leaks from one to the next."""

import json
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from panelpack.errors import UsageError, ValidationFailed
from panelpack.pipeline import scheduler
from panelpack.pipeline.steps import Step

pytestmark = pytest.mark.xdist_group("scheduler")

LEAK: list[str] = []  # a module's global, for a child to change


def step(name, *after):
    return Step(name, Path("notebooks") / f"{name}.ipynb", {"quarter": "2015Q1"}, after)


class Calls(scheduler.Work):
    """Work that is done, and asked about, by calling functions."""

    def __init__(self, run, **more):
        self.run = run
        vars(self).update(more)


def outcomes(folder, run, *steps, jobs=1, **more):
    return scheduler.run_steps(steps, Calls(run, **more), folder, jobs=jobs)


def ran(folder, run, *steps, **more):
    return {outcome.step.name: outcome for outcome in outcomes(folder, run, *steps, **more)}


def times(folder):
    """When each step started and ended, by the clock that all processes share."""
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


def timed(folder, step, seconds=0.2):
    started = time.monotonic()
    time.sleep(seconds)
    (folder / f"{step.name}.json").write_text(json.dumps([started, time.monotonic()]))


def overlap(one, other):
    return one[0] < other[1] and other[0] < one[1]


def meets(folder, *others):
    """Return work of which each step of `others` ends only after all of them have started.

    So two steps are seen to run at a time on a machine however busy: neither waits for a clock.
    """

    def work(step):
        started = time.monotonic()
        (folder / f"{step.name}.here").touch()
        while step.name in others and not all((folder / f"{name}.here").exists() for name in others):
            assert time.monotonic() - started < 60, f"{step.name} waited in vain for {others}"
            time.sleep(0.01)
        (folder / f"{step.name}.json").write_text(json.dumps([started, time.monotonic()]))

    return work


@pytest.mark.parametrize("jobs", [1, 2])
def test_outcomes_stand_in_the_order_of_the_steps_whatever_order_they_end_in(tmp_path, jobs):
    ended = []

    def slow_first(step):
        while jobs == 2 and step.name == "a" and not (tmp_path / "c has ended").exists():
            time.sleep(0.01)

    def finished(outcome):
        ended.append(outcome.step.name)
        (tmp_path / f"{outcome.step.name} has ended").touch()

    steps = [step("a"), step("b"), step("c")]
    found = outcomes(tmp_path, slow_first, *steps, jobs=jobs, finished=finished)
    assert [outcome.step for outcome in found] == steps
    assert [outcome.failure for outcome in found] == ["", "", ""]
    assert ended == (["a", "b", "c"] if jobs == 1 else ["b", "c", "a"])
    if jobs == 2:
        assert found[0].seconds >= found[1].seconds


def test_one_job_runs_one_step_at_a_time_in_the_order_given(tmp_path):
    ran(tmp_path, partial(timed, tmp_path), step("c"), step("a"), step("b"))
    at = times(tmp_path)
    assert sorted(at, key=at.get) == ["c", "a", "b"]
    assert not overlap(at["c"], at["a"]) and not overlap(at["a"], at["b"])


def test_two_jobs_run_two_steps_at_a_time_and_never_three(tmp_path):
    found = ran(tmp_path, meets(tmp_path, "a", "b"), step("a"), step("b"), step("c"), jobs=2)
    assert not any(outcome.failure for outcome in found.values())
    at = times(tmp_path)
    assert overlap(at["a"], at["b"])
    assert at["c"][0] >= min(at["a"][1], at["b"][1])


def test_a_step_waits_for_those_it_comes_after_and_later_ones_go_ahead(tmp_path):
    steps = [step("last", "one", "two"), step("one"), step("two", "one"), step("free")]
    found = ran(tmp_path, meets(tmp_path, "one", "free"), *steps, jobs=2)
    at = times(tmp_path)
    assert list(found) == ["last", "one", "two", "free"]
    assert at["two"][0] >= at["one"][1]
    assert at["last"][0] >= at["two"][1]
    assert overlap(at["one"], at["free"])


def test_what_the_others_need_is_imported_once_while_the_first_steps_work(tmp_path):
    asked = []

    def meanwhile(waiting):
        while not (tmp_path / "a.here").exists():
            time.sleep(0.01)
        asked.append((time.monotonic(), [one.name for one in waiting]))

    work = meets(tmp_path, "a", "b")
    found = ran(tmp_path, work, step("a"), step("b"), step("c"), jobs=2, prepare=meanwhile)
    assert not any(outcome.failure for outcome in found.values())
    at = times(tmp_path)
    assert [waiting for _, waiting in asked] == [["b", "c"]]  # it takes the place of one step
    assert at["a"][0] < asked[0][0] < at["b"][0]
    assert overlap(at["a"], at["b"])


def test_with_one_job_they_are_imported_beside_the_first_step(tmp_path):
    asked = []
    ran(tmp_path, partial(timed, tmp_path), step("a"), step("b"), prepare=asked.append)
    assert [[one.name for one in waiting] for waiting in asked] == [["b"]]


def raises(step):
    raise ValidationFailed("The raw data did not pass: 1 violation.", ("a.csv, row 2: '−3' is below 0.",))


def kills_itself(step):
    os.kill(os.getpid(), signal.SIGKILL)


FAILURES = {
    "raises our own error": (
        raises,
        "The raw data did not pass: 1 violation.\na.csv, row 2: '−3' is below 0.",
    ),
    "raises without a message": (lambda step: (_ for _ in ()).throw(KeyError()), "KeyError"),
    "asks to exit": (lambda step: sys.exit("enough"), "enough"),
    "asks to exit with 0": (lambda step: sys.exit(0), "0"),
    "is killed": (
        kills_itself,
        "notebooks/a.ipynb: the process was ended by signal 9 (9: often out of memory).",
    ),
    "exits with a code": (
        lambda step: os._exit(3),
        "notebooks/a.ipynb: the process ended with code 3 and no message.",
    ),
}


@pytest.mark.parametrize(("work", "told"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_told_in_words(tmp_path, work, told):
    assert ran(tmp_path, work, step("a"))["a"].failure == told


def test_a_step_that_runs_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduler, "TIME_LIMIT_SECONDS", 1)
    found = ran(tmp_path, lambda step: time.sleep(60 if step.name == "a" else 0), step("a"), step("b"), jobs=2)
    assert found["a"].failure == "notebooks/a.ipynb: it had not ended after 1 seconds, and was stopped."
    assert 1 <= found["a"].seconds < 5
    assert found["b"].failure == ""


def test_after_failures_the_others_finish_and_only_what_comes_after_them_stays_away(tmp_path):
    def work(step):
        if step.name.startswith("fails"):
            raise ValueError(step.name)
        (tmp_path / f"{step.name}.done").touch()

    steps = [step("fails"), step("runs"), step("fails too"), step("later", "runs"), step("never", "runs", "fails")]
    told = []
    found = ran(tmp_path, work, *steps, jobs=2, finished=told.append)
    assert {name: outcome.failure for name, outcome in found.items()} == {
        "fails": "fails",
        "runs": "",
        "fails too": "fails too",
        "later": "",
    }
    assert sorted(outcome.step.name for outcome in told) == ["fails", "fails too", "later", "runs"]
    assert sorted(path.stem for path in tmp_path.glob("*.done")) == ["later", "runs"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_step_that_is_as_it_was_is_not_run_and_is_asked_when_those_before_it_are_done(tmp_path, jobs):
    asked = []

    def is_current(step):
        done = {path.stem for path in tmp_path.glob("*.json")}
        asked.append((step.name, done))
        return step.name in ("kept", "kept after")

    steps = [step("a"), step("kept"), step("kept after", "a", "kept"), step("b", "kept after"), step("kept too", "b")]
    found = ran(tmp_path, partial(timed, tmp_path), *steps, jobs=jobs, is_current=is_current)
    assert list(found) == ["a", "b", "kept too"]
    assert [name for name, _ in asked] == ["a", "kept", "kept after", "b", "kept too"]
    assert dict(asked)["kept after"] == {"a"} and dict(asked)["kept too"] == {"a", "b"}


def test_what_a_step_prints_is_in_its_log_and_not_on_the_terminal(tmp_path, capfd):
    def prints(step):
        os.write(1, b"out of the child\n")
        os.write(2, b"error of the child\n")

    ran(tmp_path, prints, step("a"))
    assert (tmp_path / "a.log").read_bytes() == b"out of the child\nerror of the child\n"
    assert capfd.readouterr() == ("", "")


def state():
    from matplotlib import pyplot

    return {
        "global": list(LEAK),
        "cwd": os.getcwd(),
        "random": np.random.get_state()[1][:3].tolist(),
        "figures": pyplot.get_fignums(),
        "font size": matplotlib.rcParams["font.size"],
        "environment": os.environ.get("PANELPACK_LEAK"),
        "modules": "colorsys_of_the_child" in sys.modules,
    }


def test_nothing_leaks_from_one_child_to_the_next_or_to_the_parent(tmp_path):
    def work(step):
        from matplotlib import pyplot

        (tmp_path / f"{step.name}.json").write_text(json.dumps(state()))
        LEAK.append("a child was here")
        os.environ["PANELPACK_LEAK"] = "a child was here"
        os.chdir(tmp_path.parent)
        np.random.seed(1)
        pyplot.figure()
        matplotlib.rcParams["font.size"] = 77
        sys.modules["colorsys_of_the_child"] = sys
        (tmp_path / f"{step.name}-left.json").write_text(json.dumps(state()))

    before = state()
    assert not any(outcome.failure for outcome in ran(tmp_path, work, step("a"), step("b", "a")).values())
    seen = times(tmp_path)
    assert seen["a"] == seen["b"] == state() == before
    assert all(seen["a-left"][name] != before[name] for name in before), "the first step changed everything"


@pytest.mark.parametrize(("jobs", "expected"), [("1", 1), ("3", 3), ("64", 64)])
def test_jobs_say_how_many_processes_run(monkeypatch, jobs, expected):
    monkeypatch.setenv("JOBS", jobs)
    assert scheduler.cores() == expected


@pytest.mark.parametrize("jobs", [None, ""])
def test_without_jobs_every_core_is_used(monkeypatch, jobs):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    if jobs is None:
        monkeypatch.delenv("JOBS", raising=False)
    else:
        monkeypatch.setenv("JOBS", jobs)
    assert scheduler.cores() == 4


@pytest.mark.parametrize("jobs", ["abc", "2.5", "-1", "0", "two"])
def test_jobs_that_are_no_number_are_named(monkeypatch, jobs):
    monkeypatch.setenv("JOBS", jobs)
    with pytest.raises(UsageError, match=f"JOBS='{jobs}'") as caught:
        scheduler.cores()
    assert "\n" not in str(caught.value)


def test_a_step_after_one_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="steps wait for one that is not there: gone"):
        ran(tmp_path, lambda step: None, step("a", "gone"))


def test_what_others_wait_for_starts_first(tmp_path):
    ran(tmp_path, partial(timed, tmp_path), step("alone"), step("needed"), step("last", "needed"))
    at = times(tmp_path)
    assert sorted(at, key=at.get) == ["needed", "alone", "last"]
