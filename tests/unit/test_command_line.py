"""The command line: every command tells of itself, and what is typed wrongly is answered in one line."""

import os
import subprocess
import sys

import pytest

import running
from panelpack import __main__ as command_line
from panelpack.__main__ import COMMANDS, QUARTER_HELP, main
from panelpack.errors import PanelPackError
from panelpack.project import Project

COMMANDS_OF_A_QUARTER = [name for name, (_, arguments) in COMMANDS.items() if ("quarter", QUARTER_HELP) in arguments]


@pytest.fixture(autouse=True)
def inside(monkeypatch, project):
    """Run in the made-up office, from a folder below its own."""
    monkeypatch.chdir(project.root / "params")
    for name in ("JOBS", "ENGINE", "OFFICE"):
        monkeypatch.setenv(name, "")  # so that what a command sets is put back
        monkeypatch.delenv(name)


@pytest.fixture
def called(monkeypatch):
    """Return a function that has a command do nothing, and the calls that it heard."""
    calls = []

    def stand_in(name, result=None, error=None):
        def command(project, *arguments):
            """Do nothing."""
            calls.append((project, *arguments))
            if error:
                raise error
            return result

        monkeypatch.setitem(command_line.COMMANDS, name, (command, COMMANDS[name][1]))
        return calls

    return stand_in


def test_help_names_every_command_in_a_line(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    for name, (function, _) in COMMANDS.items():
        assert f"\n    {name}" in told
        assert " ".join(function.__doc__.splitlines()[0].split()) in " ".join(told.split()), name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_its_docstring_with_its_arguments(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    function, arguments = COMMANDS[name]
    assert ended.value.code == 0
    assert told.startswith(f"usage: panelpack {name} ")
    assert " ".join(function.__doc__.split()) in told
    assert all(argument in told and " ".join(about.split()) in told for argument, about in arguments)
    assert ("--jobs" in told and "--engine" in told) is (name in command_line.RUNS)


def test_the_help_of_quarter_tells_of_quarter(capsys):
    with pytest.raises(SystemExit):
        main(["quarter", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "Make the panel pack of a quarter." in told and "Q1 is April to June" in told


@pytest.mark.parametrize("name", [n for n in COMMANDS_OF_A_QUARTER if n not in ("check", "lab", "new-quarter")])
def test_a_missing_quarter_is_told_in_one_line(name, capsys):
    assert main([name]) == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert said == (
        "panelpack: Q is missing: expected the label of a quarter, Q=YYYYQn. "
        "Quarters with a folder under data/raw: 2014Q4, 2015Q1.\n"
    )


def test_a_missing_new_quarter_is_told_too(capsys):
    assert main(["new-quarter"]) == 2
    out, said = capsys.readouterr()
    assert out == "" and said.startswith("panelpack: Q") and said.count("\n") == 1


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("2015Q5", "Q='2015Q5' is not a quarter: expected YYYYQn"),
        (
            "2031Q1",
            "Q='2031Q1': there is no folder data/raw/2031Q1. Type make new-quarter OFFICE=tests/office "
            "Q=2031Q1 to start it. ",
        ),
        ("2001Q1", "Q='2001Q1': there is no folder data/raw/2001Q1. Quarters with"),
    ],
)
def test_a_quarter_that_there_is_not_is_named(label, told, capsys):
    assert main(["quarter", label]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"panelpack: {told}") and said.count("\n") == 1 and "2014Q4, 2015Q1" in said


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["quart"], "invalid choice: 'quart'"),
        ([], "the following arguments are required: COMMAND"),
        (["quarter", "2015Q1", "2014Q4"], "unrecognized arguments: 2014Q4"),
        (["validate", "2015Q1", "--jobs", "2"], "unrecognized arguments: --jobs 2"),
    ],
)
def test_a_command_typed_wrongly_exits_2(typed, told, capsys):
    with pytest.raises(SystemExit) as ended:
        main(typed)
    said = capsys.readouterr().err
    assert ended.value.code == 2 and told in said and "Traceback" not in said


def test_compare_needs_two_quarters(capsys):
    for typed, missing in (([], "A"), (["2014Q4"], "B")):
        assert main(["compare", *typed]) == 2
        assert capsys.readouterr().err == (
            f"panelpack: {missing} is missing: expected two quarters. "
            "Type make compare OFFICE=tests/office A=YYYYQn B=YYYYQn.\n"
        )


@pytest.mark.parametrize("name", ["reissue", "approve", "verify", "compare"])
def test_what_leaves_the_office_knows_no_edition_with_embargoed_figures(name, called, monkeypatch, capsys):
    calls = called(name)
    monkeypatch.setenv("EDITION", "review")
    assert main([name, "2015Q1"]) == 2 and calls == []
    assert capsys.readouterr().err.startswith(
        f"panelpack: EDITION=review: make {name} OFFICE=tests/office is of the pa"
    )


def test_reissue_needs_a_reason(capsys):
    assert main(["reissue", "2015Q1"]) == 2
    assert capsys.readouterr().err.startswith("panelpack: REASON is missing: expected why the new edition is issued")


@pytest.mark.slow
def test_approve_needs_a_role(made_run, monkeypatch, capsys):
    monkeypatch.chdir(made_run.root)
    assert main(["approve", "2015Q1"]) == 2
    assert capsys.readouterr().err.startswith("panelpack: ROLE='': expected the role of who approves, in words")
    assert not (made_run.root / "params" / "approvals.yml").exists()


def test_options_of_a_run_stand_for_the_variables_that_make_passes_on(called):
    calls = called("quarter")
    assert main(["quarter", "2015Q1", "--jobs", "1", "--engine", "stock"]) == 0
    assert (os.environ["JOBS"], os.environ["ENGINE"]) == ("1", "stock")
    assert [arguments for _, *arguments in calls] == [["2015Q1"]]


def test_a_command_is_given_the_project_around_it_and_its_arguments(called, project):
    calls = called("approve")
    assert main(["approve", "2015Q1", "--role", "Chief Executive"]) == 0
    assert calls == [(Project(running.ROOT, project.office), "2015Q1", "Chief Executive")]


@pytest.mark.parametrize("name", ["JOBS", "ENGINE"])
def test_a_setting_that_there_is_not_is_told_in_one_line(name, monkeypatch, capsys):
    monkeypatch.setenv(name, "many")
    monkeypatch.setattr("panelpack.pipeline.records.last_words", lambda hashes: "")
    monkeypatch.setattr("panelpack.make_quarter.make_quarter", lambda *_, **__: pytest.fail("it ran all the same"))
    for command in command_line.RUNS:
        assert main([command, "2015Q1"]) == 2
        out, said = capsys.readouterr()
        assert out == "" and said.startswith(f"panelpack: {name}='many'") and said.count("\n") == 1


def test_an_expected_failure_is_its_sentence_and_its_exit_code(called, capsys):
    called("why", error=PanelPackError("params/plan.yml: a mistake. Correct it."))
    assert main(["why", "2015Q1"]) == 1
    assert capsys.readouterr() == ("", "panelpack: params/plan.yml: a mistake. Correct it.\n")


def test_ctrl_c_is_told_and_has_an_exit_code_of_its_own(called, capsys):
    called("verify", error=KeyboardInterrupt())
    assert main(["verify", "2015Q1"]) == 130
    assert "stopped. The last good outputs are untouched." in capsys.readouterr().err


def test_the_exit_code_of_verify_is_what_it_found(called):
    called("verify", result=1)
    assert main(["verify", "2015Q1"]) == 1


def test_outside_a_project_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["quarter", "2015Q1"]) == 2
    assert "no params/plan.yml here or above, so this is no project folder" in capsys.readouterr().err


def test_a_project_without_its_plan_says_how_to_have_it_back(project_copy, monkeypatch, capsys):
    (project_copy.root / "params/plan.yml").unlink()
    monkeypatch.chdir(project_copy.root / "data")
    assert main(["quarter", "2015Q1"]) == 1
    assert capsys.readouterr().err == (
        "panelpack: params/plan.yml: there is no such file. Restore it (git checkout params/plan.yml) or create it.\n"
    )


def test_check_lists_the_characters_that_cannot_be_printed(project_copy, monkeypatch, capsys):
    path = project_copy.root / "params" / "2014Q4.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nSirens \U0001f6a8 and more.\n", encoding="utf-8")
    monkeypatch.chdir(project_copy.root)
    assert main(["check", "2014Q4"]) == 1
    line = path.read_text(encoding="utf-8").count("\n")
    assert capsys.readouterr().err == (
        f"panelpack: params/2014Q4.md, line {line}: the character '\U0001f6a8' (U+1F6A8 POLICE CARS REVOLVING LIGHT) "
        "is not in the fonts of the pack. Write it in words.\n"
    )


def test_as_a_module_it_exits_with_the_code(project):
    command = [sys.executable, "-m", "panelpack", "quarter", "2031Q1"]
    source = os.environ | {"PYTHONPATH": str(command_line.__file__).rpartition("/panelpack/")[0]}
    done = subprocess.run(command, cwd=project.root, env=source, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("panelpack: Q='2031Q1'")
