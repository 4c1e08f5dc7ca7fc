"""The edition for those who may see embargoed figures: whole, marked on every page, and apart from the pack."""

import csv
import os
import shutil
import subprocess
import zipfile

import pypdf
import pytest

from running import QUARTER, copy_project, digests, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("embargoed edition")]
WORDS = "Holds figures under embargo: drug treatment until 5 November 2015."


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The edition of a quarter, made where the pack for publication has not been made yet."""
    root = copy_project(tmp_path_factory.mktemp("embargoed"))
    done = run(root, "quarter", QUARTER, env={"EDITION": "review"})
    assert done.returncode == 0, done.stderr
    return root, done.stdout


def test_it_stands_in_folders_of_its_own(made):
    root, said = made
    assert {path.name for path in (root / "outputs").iterdir()} == {f"{QUARTER}-embargoed"}
    processed = {path.name for path in (root / "data" / "processed").iterdir() if path.is_dir()}
    assert processed - {".kept"} == {f"{QUARTER}-embargoed"}
    assert f"outputs/{QUARTER}-embargoed/pack/panel-pack.pdf" in said


def test_its_figures_are_those_of_the_embargoed_table(made):
    root, _ = made
    with (root / "data" / "raw" / QUARTER / "drug_treatment.csv").open(encoding="utf-8", newline="") as file:
        newest = list(csv.DictReader(file))[-1]
    with (root / f"outputs/{QUARTER}-embargoed/pack/indicators.csv").open(encoding="utf-8", newline="") as file:
        shown = {row["indicator"]: row["latest"] for row in csv.DictReader(file)}
    assert newest["quarter"] == QUARTER
    assert float(shown["SP03.treatment_completions"]) == float(newest["completions"])


def test_every_page_of_it_says_what_it_holds(made):
    outputs = made[0] / "outputs" / f"{QUARTER}-embargoed"
    for path in (outputs / "pack" / "panel-pack.pdf", outputs / "review" / "3_priority-SP03.pdf"):
        pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages]
        assert [number for number, text in enumerate(pages, 1) if WORDS not in text] == [], path.name
    for path in (outputs / "pack" / "panel-pack.html", *sorted((outputs / "review").glob("*.html"))):
        text = path.read_text(encoding="utf-8")
        assert WORDS in text and "EMBARGOED, NOT FOR PUBLICATION" in text, path.name
    with zipfile.ZipFile(outputs / "pack" / "indicators.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert any("EMBARGOED, NOT FOR PUBLICATION" in sheet for sheet in sheets)  # at the head of a printed sheet


def test_git_takes_nothing_of_it(made, tmp_path):
    for name in ("outputs", "data/processed"):  # of an office whose git ignores nothing
        shutil.copytree(made[0] / name, tmp_path / name, ignore=shutil.ignore_patterns("*.lock", ".kept"))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    seen = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert seen.stdout == ""


@pytest.mark.skipif("PANELPACK_LONG" not in os.environ, reason="a second pack; set PANELPACK_LONG=1")
def test_the_pack_beside_it_is_what_it_would_be_without_it(made, made_run):
    root, _ = made
    before = digests(root / "outputs" / f"{QUARTER}-embargoed")
    done = run(root, "quarter", QUARTER)
    assert done.returncode == 0, done.stderr
    assert digests(root / "outputs" / QUARTER / "pack") == digests(made_run.root / "outputs" / QUARTER / "pack")
    assert digests(root / "outputs" / f"{QUARTER}-embargoed") == before


@pytest.mark.parametrize("verb", ["approve", "verify", "compare"])
def test_what_is_of_the_pack_for_publication_refuses_it(made, verb):
    done = run(made[0], verb, QUARTER, env={"EDITION": "review"})
    assert done.returncode == 2
    assert done.stderr == (
        f"panelpack: EDITION=review: make {verb} is of the pack for publication, expected one of make quarter, "
        "make live, make why, make lab. Type it without EDITION.\n"
    )


def test_another_edition_is_refused(made):
    done = run(made[0], "quarter", QUARTER, env={"EDITION": "embargoed"})
    assert (done.returncode, done.stderr) == (
        2,
        "panelpack: EDITION='embargoed': expected nothing, or review for the edition with embargoed figures. "
        "Correct it.\n",
    )


def test_there_is_none_of_a_quarter_without_an_embargo(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "office", ignore=shutil.ignore_patterns("outputs", "processed"))
    path = tmp_path / "office" / "params" / f"{QUARTER}.yml"
    path.write_text(path.read_text("utf-8").replace("release_date: 2015-11-05", "release_date: 2015-09-16"), "utf-8")
    sources = tmp_path / "office" / "data" / "raw" / QUARTER / "sources.yml"
    sources.write_text(
        sources.read_text("utf-8").replace("embargoed_until: 2015-11-05", "embargoed_until: 2015-09-16"), "utf-8"
    )
    done = run(tmp_path / "office", "quarter", QUARTER, env={"EDITION": "review"})
    assert done.returncode == 2
    assert "no table of 2015Q1 is under embargo, so the pack for publication holds every figure." in done.stderr
