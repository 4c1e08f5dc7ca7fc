"""What messages say at the terminal: files and commands as they must be typed there."""

import pytest

from panelpack.project import Project
from panelpack.terminal import VERBS, for_terminal
from running import ROOT

FOLDERS = {"inside": ("here", "here/examples/a"), "outside": ("here", "far off/b")}


@pytest.fixture(params=FOLDERS)
def office(request, tmp_path, monkeypatch):
    """An office apart from the software, its folder as a command names it, and as files are named from the software."""
    root, office = (tmp_path / name for name in FOLDERS[request.param])
    for folder in (root / "params" / "layouts", office / "params" / "layouts"):
        folder.mkdir(parents=True)
    (root / "params/layouts/shipped.yml").touch()
    (office / "params/layouts/own.yml").touch()
    monkeypatch.chdir(root)
    place = "examples/a" if request.param == "inside" else str(office)
    return Project(root, office), place if " " not in place else f"'{place}'", place


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("params/plan.yml, line 3: a mistake.", "{at}/params/plan.yml, line 3: a mistake."),
        ("a (git checkout params/plan.yml).", "a (git checkout {at}/params/plan.yml)."),
        ("data/raw/2020Q1: no folder under data/raw.", "{at}/data/raw/2020Q1: no folder under {at}/data/raw."),
        ("expectations/a.json: no", "{at}/expectations/a.json: no"),
        ("  outputs/2020Q1/pack/a.pdf", "  {at}/outputs/2020Q1/pack/a.pdf"),
        ("the last good outputs are untouched.", "the last good outputs are untouched."),
        ("data/projection/split.yml: this", "data/projection/split.yml: this"),
        ("notebooks/1_validate.ipynb: it", "notebooks/1_validate.ipynb: it"),
        ("docs/params/a.md and ../params/b.yml", "docs/params/a.md and ../params/b.yml"),
        ("params/layouts/shipped.yml: that.", "params/layouts/shipped.yml: that."),
        ("See params/layouts/own.yml.", "See {at}/params/layouts/own.yml."),
        ("Type make validate Q=2020Q1.", "Type make validate OFFICE={typed} Q=2020Q1."),
        ("Type make new-quarter Q=2020Q1", "Type make new-quarter OFFICE={typed} Q=2020Q1"),
        (
            "make backtest, make the pack, make quarterly",
            "make backtest, make the pack, make quarterly",
        ),
    ],
)
def test_files_and_commands_are_those_of_the_office(office, message, expected):
    project, typed, place = office
    assert for_terminal(message, project) == expected.format(at=place, typed=typed)


def test_from_inside_the_office_files_are_as_they_were(office, monkeypatch):
    project, typed, _ = office
    monkeypatch.chdir(project.office / "params")
    assert for_terminal("params/plan.yml: make check", project) == f"params/plan.yml: make check OFFICE={typed}"


def test_of_one_folder_nothing_is_changed(tmp_path):
    message = "params/plan.yml: type make check Q=2020Q1, outputs/a"
    assert for_terminal(message, Project(tmp_path)) == message


def test_the_verbs_are_those_of_the_makefile_that_are_about_an_office():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    of_an_office = text[text.index("##@ For the analyst") : text.index("##@ For the developer")]
    verbs = {line.split(":")[0] for line in of_an_office.splitlines() if ": ## " in line}
    # One makes an office, the others make what is of no office.
    assert set(VERBS) == verbs - {"new-office", "comparators", "atlas", "atlas-verify"}
