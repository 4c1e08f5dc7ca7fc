"""The press: functions are called by name in a process of its own, in order; failures come back in words."""

import os
import signal

import pytest

from panelpack.errors import ConfigurationError, RenderError
from panelpack.pipeline.page_worker import PageWorker


@pytest.fixture
def press():
    with PageWorker() as started:
        yield started


def test_what_is_sent_is_called_in_order_and_its_result_comes_back_by_its_key(press):
    press.send("a", "checksums.sha256", b"one")
    press.send("b", "formats.number", 1234)
    assert list(press.results().items()) == [
        ("a", "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"),
        ("b", "1,234"),
    ]
    assert press.results() == {}


def test_our_own_error_is_a_result_of_its_call_and_the_next_call_is_made(press, tmp_path):
    press.send("bad", "configuration.read_yaml", tmp_path / "none.yml")
    press.send("good", "formats.number", 7)
    found = press.results()
    assert isinstance(found["bad"], ConfigurationError)
    assert "none.yml" in str(found["bad"])
    assert found["good"] == "7"
    with pytest.raises(ConfigurationError, match=r"none\.yml"):
        press.result("configuration.read_yaml", tmp_path / "none.yml")


def test_a_defect_comes_back_with_its_traceback(press):
    with pytest.raises(RuntimeError, match=r"Traceback(.|\n)*formats\.py(.|\n)*ValueError"):
        press.result("formats.number", "no number")


def test_a_press_that_dies_is_said_in_one_line(press):
    os.kill(press._process.pid, signal.SIGKILL)
    with pytest.raises(RenderError, match=r"ended with code -9 \(-9: often out of memory\)\. Try again with JOBS=1\."):
        press.result("formats.number", 1)


def test_ctrl_c_is_left_to_the_run(press):
    assert press.result("formats.number", 1) == "1"
    os.kill(press._process.pid, signal.SIGINT)
    assert press.result("formats.number", 2) == "2"
