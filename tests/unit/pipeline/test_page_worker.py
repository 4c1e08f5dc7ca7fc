"""The page worker: functions are called in a process of its own, in order; failures come back in words."""

import os
import signal
import time

import pytest

from panelpack.config.strict_yaml import read_yaml
from panelpack.errors import ConfigurationError, RenderError
from panelpack.formats import number
from panelpack.pipeline.page_worker import PageWorker
from panelpack.project import sha256

LOADED: list[str] = []


def is_loaded():
    return list(LOADED)


@pytest.fixture
def worker():
    with PageWorker() as started:
        yield started


def test_what_is_submitted_is_called_in_order_and_its_result_comes_back_by_its_key(worker):
    worker.submit("a", sha256, b"one")
    worker.submit("b", number, 1234)
    assert list(worker.results().items()) == [
        ("a", "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"),
        ("b", "1,234"),
    ]
    assert worker.results() == {}


def test_our_own_error_is_a_result_of_its_call_and_the_next_call_is_made(worker, tmp_path):
    worker.submit("bad", read_yaml, tmp_path / "none.yml")
    worker.submit("good", number, 7)
    found = worker.results()
    assert isinstance(found["bad"], ConfigurationError)
    assert "none.yml" in str(found["bad"])
    assert found["good"] == "7"
    with pytest.raises(ConfigurationError, match=r"none\.yml"):
        worker.call(read_yaml, tmp_path / "none.yml")


def test_a_defect_comes_back_with_its_traceback(worker):
    with pytest.raises(RuntimeError, match=r"Traceback(.|\n)*formats\.py(.|\n)*ValueError"):
        worker.call(number, "no number")


def test_a_worker_that_dies_is_said_in_one_line(worker):
    os.kill(worker._process.pid, signal.SIGKILL)
    with pytest.raises(RenderError, match=r"ended with code -9 \(-9: often out of memory\)\. Try again with JOBS=1\."):
        worker.call(number, 1)


def test_ctrl_c_is_left_to_the_run(worker):
    assert worker.call(number, 1) == "1"
    os.kill(worker._process.pid, signal.SIGINT)
    assert worker.call(number, 2) == "2"


def test_what_it_needs_is_loaded_in_its_own_process_first():
    with PageWorker(lambda: LOADED.append("heavy")) as worker:
        assert worker.call(is_loaded) == ["heavy"]
    assert LOADED == []


def test_it_has_ended_when_it_is_stopped():
    with PageWorker() as worker:
        worker.submit("long", time.sleep, 60)
    assert not worker._process.is_alive()
