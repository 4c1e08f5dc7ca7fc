"""The naive build: papermill and nbconvert from the command line, a call a notebook and format."""

from types import SimpleNamespace

from benchmarks import naive_build
from panelpack.make_quarter import steps_of


def test_the_naive_build_is_naive(measured, office, quarter, tmp_path, monkeypatch):
    commands = []

    def run(command, cwd, **_):
        assert cwd == measured.notebooks
        commands.append([command[0].rsplit("/")[-1], *command[1:]])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(naive_build.subprocess, "run", run)
    seconds = naive_build.build(measured, quarter, tmp_path / "naive")
    assert set(seconds) == {"papermill", *naive_build.FORMATS}
    steps = steps_of(office)
    assert [command[0] for command in commands] == ["papermill", "jupyter", "jupyter"] * len(steps)
    assert not any("--engine" in command for command in commands)
    place = next(n for n, step in enumerate(steps) if step.name == "3_priority-SP02")
    assert commands[3 * place][1:3] == ["3_priority.ipynb", str(tmp_path / "naive" / "3_priority-SP02.ipynb")]
    assert commands[3 * place][6:9] == ["-p", "priority", "SP02"]
    executed = str(tmp_path / "naive" / "3_priority-SP02.ipynb")
    assert [command[1:] for command in commands[3 * place + 1 : 3 * place + 3]] == [
        ["nbconvert", "--to", kind, executed] for kind in naive_build.FORMATS
    ]


def test_an_unknown_quarter_is_told_in_one_line(measured, monkeypatch, capsys):
    monkeypatch.chdir(measured.root)
    assert naive_build.main(["2031Q1"]) == 2
    assert capsys.readouterr().err.startswith("panelpack: Q='2031Q1': there is no folder")
