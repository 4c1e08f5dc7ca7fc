"""A run's own surroundings: folders that are its own and go with it, and an environment that is given back."""

import os
import warnings
from pathlib import Path

import pytest

from panelpack import surroundings


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("HOME", "TERM", "COLUMNS", *surroundings.HOMES):
        monkeypatch.setenv(name, f"the user's {name}")
    monkeypatch.setenv("PYTHONSTARTUP", "startup.py")
    monkeypatch.delenv("PYTHONWARNINGS", raising=False)


def test_the_environment_is_given_back_and_the_folder_goes(tmp_path):
    before = dict(os.environ)
    with surroundings.own_surroundings(tmp_path / "kept"):
        folder = Path(os.environ[surroundings.FOLDER])
        assert all(Path(os.environ[name]).is_relative_to(folder) for name in surroundings.CONFIGURATION)
        assert os.environ["MPLCONFIGDIR"] == str(tmp_path / "kept" / "matplotlib")
        assert "PYTHONSTARTUP" not in os.environ
        assert os.environ["HOME"] == "the user's HOME"  # git and browsers read it
    assert dict(os.environ) == before
    assert not folder.exists() and not (tmp_path / "kept").exists()


def test_the_environment_is_given_back_after_a_failure(tmp_path):
    before = dict(os.environ)
    with pytest.raises(ZeroDivisionError), surroundings.own_surroundings(tmp_path):
        1 / 0  # noqa: B018
    assert dict(os.environ) == before


def test_a_notebook_s_process_has_a_home_of_the_run(tmp_path):
    with surroundings.own_surroundings(tmp_path):
        surroundings.leave_home()
        folder = os.environ[surroundings.FOLDER]
        assert all(os.environ[name].startswith(folder) for name in surroundings.HOMES)
        assert "COLUMNS" not in os.environ and os.environ["TERM"] == "dumb"


def test_the_kernel_that_jupyter_finds_first_is_this_python(tmp_path):
    import sys

    from jupyter_client.kernelspec import KernelSpecManager

    with surroundings.own_surroundings(tmp_path):
        spec = KernelSpecManager().get_kernel_spec("python3")
        assert spec.argv[0] == sys.executable
        assert spec.resource_dir.startswith(os.environ[surroundings.FOLDER])


def test_warnings_that_the_user_makes_errors_stop_no_run(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with surroundings.own_surroundings(tmp_path):
            warnings.warn("A library's.", DeprecationWarning, stacklevel=1)
            assert "PYTHONWARNINGS" not in os.environ
